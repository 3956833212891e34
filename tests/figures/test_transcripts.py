"""The bars of transcripts are their costs, and the sentence says whether what was said is found."""

import pytest
from matplotlib.text import Text

from helpers.decoding.ctc import Transcript
from helpers.figures.transcripts import draw_transcripts

FOUND = [Transcript((1, 2), -2.0, -3.0, -3.5), Transcript((1,), -3.0, -2.0, -4.0), Transcript((), -9.0, -1.0, -9.5)]


def text_of(tokens):
    return "".join(" ab"[token] for token in tokens)


def test_bars_are_costs_and_fit(check_layout):
    figure, sentence = draw_transcripts(FOUND, "a", text_of, 3, 0.5, 8.0, 60)
    check_layout(figure)
    widths = [bar.get_width() for bar in figure.axes[0].patches]
    assert widths == pytest.approx([2, 1.5, 3, 1, 8, 0])
    texts = [text.get_text() for text in figure.findobj(Text)]
    assert {"“ab”", "“a” — right", "(empty)"} <= {*texts}
    assert sentence.startswith("60 steps of training, width 3, weight 0.5: the search writes “ab”; ")
    assert sentence.endswith("what was said, “a”, stands at place 2 of 3.")


def test_the_sentence_says_when_it_is_right_and_when_it_is_lost():
    assert draw_transcripts(FOUND, "ab", text_of, 1, 0, 8.0, 60)[1].endswith("writes “ab”, which is right.")
    assert draw_transcripts(FOUND, "b", text_of, 1, 0, 8.0, 60)[1].endswith("“b”, is not in the beam.")


def test_more_than_five_are_not_drawn():
    figure, _ = draw_transcripts(FOUND[:1] * 7, "a", text_of, 9, 1, 8.0, 60)
    assert len(figure.axes[0].patches) == 10


def test_nothing_found_is_refused():
    with pytest.raises(ValueError, match="found is empty"):
        draw_transcripts([], "a", text_of, 1, 0, 8.0, 60)
    with pytest.raises(ValueError, match="width"):
        draw_transcripts(FOUND, "a", text_of, 0, 0, 8.0, 60)
