"""Cross-entropy over every belief: the floor, what lies between, and the sentence."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from helpers.figures.cross_entropy_curve import draw_cross_entropy
from helpers.figures.style import ORANGE

SHARES = [0.05, 0.3, 0.5, 0.95]


@pytest.mark.parametrize("q", SHARES)
@pytest.mark.parametrize("p", SHARES)
def test_the_curve_touches_the_floor_at_p_alone(p, q, check_layout):
    (bars, curve), said = draw_cross_entropy(p, q)
    check_layout(bars, "x")
    check_layout(curve)
    axes = curve.axes[0]
    beliefs, values = axes.lines[0].get_data()
    H = -p * np.log(p) - (1 - p) * np.log(1 - p)
    np.testing.assert_allclose(values, -p * np.log(beliefs) - (1 - p) * np.log(1 - beliefs))
    assert values.min() >= H - 1e-12
    assert beliefs[values.argmin()] == pytest.approx(p)
    (between,) = (line for line in axes.lines if to_hex(line.get_color()) == ORANGE)
    low, high = between.get_ydata()
    assert low == pytest.approx(H)
    assert high == pytest.approx(-p * np.log(q) - (1 - p) * np.log(1 - q))
    assert said.startswith(f"{high:.3f} = {low:.3f} + {high - low:.3f} nats")
    assert ("nothing lies between" in said) == (p == q)
    assert ("too little in “rain”" in said) == (q < p)


@pytest.mark.parametrize(("p", "q"), [(0, 0.5), (0.5, 1), (np.nan, 0.5)])
def test_a_probability_of_zero_or_one_is_refused(p, q):
    with pytest.raises(ValueError, match="above 0 and below 1"):
        draw_cross_entropy(p, q)
