import asyncio
import sys

import numpy as np
import pytest

from helpers.core.exercises import check


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def verdict(capsys):
    """What `check` says of a function, line by line: `verdict(exercise, function)`."""

    def lines(exercise, function):
        check(exercise, function)
        return capsys.readouterr().out.splitlines()

    return lines


@pytest.fixture(autouse=True)
def no_figure_stays_open():
    """Tests that ask which figures of pyplot are open must not meet those of the tests before them."""
    _close_figures()
    yield
    _close_figures()


@pytest.fixture(autouse=True)
def no_loop_of_a_browser_runs(request):
    """A browser that is open for the whole session leaves its event loop running in this thread, between its calls.

    What asks whether a loop runs would find that one, and wait for it in vain.
    """
    loop = None if "browser" in request.fixturenames else asyncio._get_running_loop()
    if loop is None:
        yield
        return
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(loop)


def _close_figures():
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")
