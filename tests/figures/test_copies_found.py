"""Both shares are drawn, and the chosen length is marked on both."""

import pytest

from helpers.figures.copies_found import draw_copies_found


@pytest.mark.parametrize("n", [2, 13])
def test_copies_found(n, check_layout):
    lengths, found, alarms = [*range(2, 14)], [1] * 12, [0.9**k for k in range(12)]
    figure = draw_copies_found(lengths, found, alarms, n)
    check_layout(figure)
    marks = [line.get_xydata().tolist() for line in figure.axes[0].lines if line.get_markersize() == 12]
    assert marks == [[[n, found[n - 2]]], [[n, alarms[n - 2]]]]
