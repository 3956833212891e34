import numpy as np
import pytest

from helpers.figures.translation_machine import draw_translation
from helpers.models.seq2seq.written_steps import WrittenSteps

RNG = np.random.default_rng(0)
P = np.full((3, 5), 0.1)
P[[0, 1, 2], [4, 3, 2]] = 0.6
WRITTEN = WrittenSteps(
    ("dog", "sleeps", "<end>"),
    RNG.uniform(-1, 1, (3, 4)),
    np.array([0.11, -0.22, 0.33, 0.44]),
    ("risen", "kusus", "<end>"),
    RNG.uniform(-1, 1, (3, 4)),
    P,
)


def texts(figure):
    return [artist.get_text() for artist in figure.get_children() if hasattr(artist, "get_text")]


@pytest.mark.parametrize("use", ["first state", "every step"])
def test_every_moment_has_another_sentence_and_the_context_comes_after_the_source(use):
    drawn = [draw_translation(WRITTEN, moment, use) for moment in range(7)]
    assert len({told for _, told in drawn}) == 7
    assert all("0.33" not in texts(figure) for figure, _ in drawn[:3])
    assert all("0.33" in texts(figure) for figure, _ in drawn[3:])
    assert texts(drawn[4][0]).count("?") == 2
    assert "kusus, with 0.60" in drawn[5][1]


def test_the_context_goes_into_every_step_or_into_the_first():
    def arrows(use):
        children = draw_translation(WRITTEN, 3, use)[0].get_children()
        return {str(child.get_label()) for child in children if "c" in str(child.get_label())}

    assert arrows("first state") < arrows("every step")


def test_the_uses_tell_different_things_at_every_moment():
    for moment in range(7):
        assert draw_translation(WRITTEN, moment, "first state")[1] != draw_translation(WRITTEN, moment, "every step")[1]


def test_a_negative_moment_is_refused():
    with pytest.raises(ValueError, match="moment is -1"):
        draw_translation(WRITTEN, -1)
