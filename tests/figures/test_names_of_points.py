from itertools import combinations

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg

from helpers.figures import analogies, embeddings
from helpers.figures.names_of_points import name_offsets
from helpers.sliders import layout


def names(figure):
    layout.lay_out(figure)
    renderer = FigureCanvasAgg(figure).get_renderer()
    return [text.get_window_extent(renderer) for text in figure.axes[0].texts if text.get_text()]


def overlaps(boxes):
    return [1 for one, other in combinations(boxes, 2) if one.overlaps(other)]


def test_no_name_of_an_analogy_lies_over_another(rng):
    for spread in (0.3, 0.6, 1.0):
        starts = rng.uniform(-spread, spread, (7, 2))
        pairs = {(f"word {n}", f"other {n}"): (start, start + np.array([0.4, 0.05])) for n, start in enumerate(starts)}
        figure = analogies.draw_arrows(pairs, ("word 1", "other 1"), (0, 0), 0.5, 1.5)
        boxes = names(figure)
        assert len(boxes) == 14
        assert not overlaps(boxes)


def test_no_name_of_a_word_lies_over_another(rng):
    words = {f"word {n}": tuple(point) for n, point in enumerate(rng.uniform(-0.2, 0.2, (12, 2)))}
    boxes = names(embeddings.draw_words({"all": words}, 0.5, 1.0, names=list(words)))
    assert len(boxes) == 12
    assert not overlaps(boxes)


def test_a_name_alone_stands_to_the_right_of_its_point_and_at_the_right_end_to_its_left():
    assert name_offsets([("word", (0, 0))], 1) == [(4, 4)]
    ((across, _),) = name_offsets([("word", (0.99, 0))], 1)
    assert across < -4


def test_a_name_keeps_off_a_mark():
    ((across, up),) = name_offsets([("girl", (0, 0))], 1, [(0.08, 0.06)])
    assert across < 0, "the mark lies where the name would stand"
    assert up == 4
