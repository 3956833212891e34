import numpy as np
import pytest

from helpers.figures.score_scaling import draw_score_scaling
from helpers.models.query_gradients import QueryGradients, compare_score_scales, how_many_make_half

SIZES = (1, 16, 64)
FOUND = compare_score_scales(SIZES, range(2), N=40)


@pytest.mark.parametrize("kind", FOUND)
@pytest.mark.parametrize("d", SIZES)
def test_layout_and_sentence(d, kind, check_layout):
    figure, said = draw_score_scaling(FOUND, d, kind)
    check_layout(figure)
    batch = FOUND[kind][d][0]
    assert said.startswith(f"d = {d}, {kind}: {how_many_make_half(batch.queries)} of 40 queries make half")
    assert f"median {np.median(batch.queries):.2f}" in said
    assert f"Root mean square {np.mean(batch.queries**2) ** 0.5:.2f}," in said
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    np.testing.assert_allclose(heights, np.sort(batch.queries)[::-1])
    assert figure.axes[0].lines[0].get_xdata()[0] == how_many_make_half(batch.queries) + 0.5
    curves = {line.get_label(): line.get_ydata() for line in figure.axes[1].lines}
    for name, batches in FOUND.items():
        expected = [np.median([how_many_make_half(b.queries) for b in batches[size]]) for size in SIZES]
        np.testing.assert_allclose(curves[name], expected)


def test_what_is_not_there_is_refused():
    with pytest.raises(ValueError, match="kind"):
        draw_score_scaling(FOUND, 16, "scaled")
    with pytest.raises(ValueError, match="d is 2"):
        draw_score_scaling(FOUND, 2, "not scaled")
    dead = {"not scaled": {2: [QueryGradients(np.ones(3), np.zeros(3), np.zeros(3), 0.0)]}}
    with pytest.raises(ValueError, match="norms"):
        draw_score_scaling(dead, 2, "not scaled")
