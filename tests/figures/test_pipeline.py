"""No stage does two things at once, none works on what has not come, and it waits as long as the formula says."""

from itertools import product

import pytest

from helpers.figures.pipeline import draw_pipeline, pipeline_times
from helpers.models.gpt_costs import pipeline_idle_share


@pytest.mark.parametrize(("stages", "pieces"), [(1, 1), (2, 3), (4, 1), (4, 12)])
def test_the_times_are_possible_and_waiting_is_what_the_formula_says(stages, pieces):
    forward, backward, waits = pipeline_times(stages, pieces)
    for stage in range(stages):
        times = [time for part in (forward, backward) for (at, _), time in part.items() if at == stage]
        assert len({*times}) == len(times) == 2 * pieces
    for stage, piece in product(range(1, stages), range(pieces)):
        assert forward[stage, piece] > forward[stage - 1, piece]
        assert backward[stage, piece] < backward[stage - 1, piece]
    assert min(backward.values()) > max(forward[stages - 1, piece] for piece in range(pieces))
    assert max(backward.values()) + 1 == 2 * (stages + pieces - 1)
    assert float(waits) == pytest.approx(pipeline_idle_share(stages, pieces))


@pytest.mark.parametrize(("stages", "pieces"), [(1, 1), (4, 4), (8, 16)])
def test_the_drawing(stages, pieces, check_layout):
    figure = draw_pipeline(stages, pieces)
    check_layout(figure, "x")
    assert len(figure.axes[0].patches) == 2 * stages * pieces
