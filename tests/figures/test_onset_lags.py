"""Delays as a histogram: shares that sum to 1, and nothing is cut."""

import numpy as np
import pytest

from helpers.figures.onset_lags import draw_onset_lags


def test_shares_sum_to_one_whatever_is_beyond_the_edges(check_layout):
    figure = draw_onset_lags({"known": [-500, 90, 95, 120], "new": np.linspace(0, 900, 7)})
    check_layout(figure)
    for stairs in figure.axes[0].patches:
        assert stairs.get_data().values.sum() == pytest.approx(1)
    medians = [line.get_xdata()[0] for line in figure.axes[0].lines]
    assert medians == pytest.approx([92.5, 450, 0])


@pytest.mark.parametrize("values", [[], [float("nan")], [[1.0, 2.0]]])
def test_what_is_no_list_of_delays_is_refused(values):
    with pytest.raises(ValueError, match="known has delays"):
        draw_onset_lags({"known": values})
