import matplotlib.pyplot as plt
import pytest


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    """Tests that ask which figures of pyplot are open must not meet those of the tests before them."""
    plt.close("all")
    yield
    plt.close("all")
