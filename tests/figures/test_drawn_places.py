import numpy as np
import pytest

from helpers.figures.drawn_places import draw_estimate

SCORES, LOSSES = np.random.default_rng(0).standard_normal((2, 64))
LOSSES = LOSSES + 5


def off_by(draws, baseline):
    _, told = draw_estimate(SCORES, LOSSES, draws, baseline)
    return float(told.split("off by ")[1].split()[0])


@pytest.mark.parametrize("draws", [1, 1000])
@pytest.mark.parametrize("baseline", ["none", "mean loss"])
def test_three_maps_and_their_sentence(draws, baseline, check_layout):
    figure, told = draw_estimate(SCORES, LOSSES, draws, baseline)
    check_layout(figure, names="")
    assert [axes.images[0].get_array().shape for axes in figure.axes] == [(8, 8, 4)] * 3
    assert told.startswith(f"{draws:,} ")
    assert f"baseline: {baseline}." in told


def test_many_draws_come_near_and_a_baseline_helps():
    assert off_by(100_000, "mean loss") < 0.1 < off_by(1, "none")
    assert off_by(1000, "mean loss") < off_by(1000, "none")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"draws": 0}, "draws"),
        ({"baseline": "some"}, "baseline"),
        ({"losses": LOSSES[:9]}, "losses"),
        ({"scores": SCORES * np.nan}, "scores"),
    ],
)
def test_bad_input_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        draw_estimate(**({"scores": SCORES, "losses": LOSSES, "draws": 1} | change))
