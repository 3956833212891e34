from itertools import pairwise

import numpy as np
import pytest

from helpers.data.pictures import OBJECT_SHAPES, OBJECT_SIZES, caption_vocab
from helpers.figures.composed_scene import AROUND, draw_composed, draw_said_of
from helpers.figures.style import BLUE, ORANGE
from helpers.models.captioner import Captioner, new_model

TEXT = "a large red triangle right of a large yellow triangle right of a small yellow triangle"
RIGHT = TEXT.split()


@pytest.mark.parametrize(("said", "colour"), [(RIGHT, BLUE), (RIGHT[:4], ORANGE), ((), ORANGE)])
def test_both_captions_stand_beside_the_picture(said, colour, check_layout):
    figure = draw_said_of(np.ones((32, 32, 3)), said, RIGHT, [(1, 2, 9, 10)])
    check_layout(figure, names="")
    _, told = figure.axes
    texts = [text.get_text() for text in told.texts]
    lines = texts[texts.index("It says:") + 1 : texts.index("True caption:")]
    assert " ".join(lines) == (" ".join(said) or "(nothing)")
    assert told.texts[1].get_color() == colour
    boxes = [text.get_window_extent() for text in told.texts]
    assert all(box.x1 < figure.bbox.x1 and box.y0 > 0 for box in boxes)
    assert all(a.y0 > b.y1 - 1 for a, b in pairwise(boxes))


@pytest.mark.parametrize("bad", [np.ones((32, 32)), np.ones((3, 32, 32))])
def test_what_is_no_picture_is_refused(bad):
    with pytest.raises(ValueError, match="picture"):
        draw_said_of(bad, RIGHT, RIGHT)


def test_every_scene_that_a_reader_can_compose_is_said(check_layout):
    vocab = caption_vocab()
    model = new_model(Captioner, len(vocab), seed=0).eval()
    for shape in OBJECT_SHAPES:
        for size in OBJECT_SIZES:
            for place in AROUND:
                figure, told = draw_composed(model, vocab, size, "red", shape, place)
                assert told.startswith(f"A {size} red {shape}, and {place} a small blue circle: “")
    check_layout(figure, names="")
    with pytest.raises(ValueError, match="place"):
        draw_composed(model, vocab, "small", "red", "circle", "behind")
