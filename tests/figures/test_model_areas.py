"""Areas are shares, names fit into their areas, and what is wrong with the numbers is refused."""

from itertools import combinations

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from helpers.figures.model_areas import draw_model_areas
from helpers.models.gpt_costs import PUBLISHED, forward_operations, parameter_counts, training_memory
from helpers.sliders import layout

SHAPES = PUBLISHED | {"tiny": PUBLISHED["GPT-2 124M"]._replace(V=600, D=64, layers=1, heads=4, groups=4, H=256)}


def columns_of(name, T=1024):
    shape = SHAPES[name]
    return {
        "weights\n124 M": parameter_counts(shape),
        "operations\n3 × 10¹²": forward_operations(shape, 1, T),
        "memory\n16 GB": training_memory(shape, 8, T),
    }


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("T", [1, 8192])
def test_names_stay_in_their_columns_and_meet_no_other(name, T, check_layout):
    figure = draw_model_areas(columns_of(name, T))
    check_layout(figure, "")
    layout.lay_out(figure)
    renderer, (axes,) = FigureCanvasAgg(figure).get_renderer(), figure.axes
    boxes = [(text, text.get_window_extent(renderer)) for text in axes.texts]
    assert boxes
    for text, box in boxes:
        column = axes.transData.transform([[round(text.get_position()[0]) - 0.5, 0], [text.get_position()[0] + 0.5, 1]])
        assert column[0, 0] <= box.x0 < box.x1 <= column[1, 0], text.get_text()
    for (one, a), (other, b) in combinations(boxes, 2):
        apart = a.x1 <= b.x0 or b.x1 <= a.x0 or a.y1 <= b.y0 + 1 or b.y1 <= a.y0 + 1
        assert apart, (one.get_text(), other.get_text())


def test_heights_are_shares():
    (axes,) = draw_model_areas({"a": {"attention": 3, "feed-forward": 1}, "b": {"output": 2, "norms": 0}}).axes
    bars = [(bar.get_y(), bar.get_height()) for container in axes.containers for bar in container]
    assert bars == [(0, 0.75), (0.75, 0.25), (0, 1), (1, 0)]
    assert [text.get_text() for text in axes.texts] == ["attention\n75%", "feed-forward\n25%", "output\n100%"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [({"a": {"norms": -1, "output": 2}}, "norms is -1"), ({"a": {"norms": 0}}, "column 'a' has nothing")],
)
def test_it_refuses(columns, message):
    with pytest.raises(ValueError, match=message):
        draw_model_areas(columns)
