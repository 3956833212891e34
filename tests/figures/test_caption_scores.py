import pytest

from helpers.figures.caption_scores import draw_caption_scores
from helpers.figures.style import BLUE, ORANGE

TEXT = "a large red triangle right of a large yellow triangle right of a small yellow triangle"
RIGHT = TEXT.split()
SCORES = {"BLEU": 0.87, "facts that are true": 1, "facts that are said": 0}


@pytest.mark.parametrize(("said", "colour"), [(RIGHT, BLUE), (RIGHT[:4], ORANGE)])
def test_captions_and_scores_are_shown(said, colour, check_layout):
    figure = draw_caption_scores(said, RIGHT, SCORES)
    check_layout(figure, names="")
    told, bars = figure.axes
    assert [bar.get_width() for bar in bars.patches] == [0.87, 1, 0]
    assert " ".join(text.get_text() for text in told.texts[1:]).startswith(" ".join(RIGHT))
    assert told.texts[-1].get_color() == colour
    assert [text.get_text() for text in bars.texts] == ["87", "100", "0"]
    assert all(text.get_window_extent().x1 < figure.bbox.x1 for text in told.texts)


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan"), "much"])
def test_what_is_no_share_is_refused(score):
    with pytest.raises(ValueError, match="BLEU"):
        draw_caption_scores(RIGHT, RIGHT, {"BLEU": score})
