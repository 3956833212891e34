"""The letter model that writes: what stands in its columns and bars, and what its sentence says."""

import numpy as np
import pytest

from helpers.decoding import write_tokens
from helpers.figures.writing_letters import draw_writing_letters, tell_writing_letters
from helpers.models.language_model import first_language_state, init_language_model, next_token_step

NAMES = ["", "", "", "■", "b", "a", "c"]


def written(**options):
    params = init_language_model(np.random.default_rng(0), "gru", 7, 4, 8)
    state = first_language_state(1, params)
    inner = next_token_step(params)

    def step(tokens, state):
        log_probs, state = inner(tokens, state)
        log_probs[:, :3] = -np.inf  # what has no name does not come
        return log_probs, state

    return write_tokens(step, state, 2, -1, np.random.default_rng(1), **options)


def test_the_sentence_says_what_was_read_and_what_comes():
    steps = written(beginning=[4, 5], max_length=6)
    order = sorted(range(3, 7), key=lambda v: -steps[1].p[v])
    assert tell_writing_letters(steps, NAMES, 2) == (
        f"It has read “b”. Most probable next: “{NAMES[order[0]]}” {steps[1].p[order[0]]:.2f} and "
        f"“{NAMES[order[1]]}” {steps[1].p[order[1]]:.2f}. “a” was given, with probability {steps[1].p[5]:.2f}."
    )
    assert tell_writing_letters(steps, NAMES, 1).startswith("It has read nothing but the start.")
    assert "was drawn" in tell_writing_letters(steps, NAMES, 3)


def test_there_is_a_column_for_each_letter_read_and_a_bar_for_each_next_one():
    steps = written(beginning=[4, 5], max_length=6)
    texts = [text.get_text() for text in draw_writing_letters(steps, NAMES, 3, control="step").findobj(match=_is_text)]
    assert [text for text in texts if text == "■"]
    for letter in "abc":
        assert letter in texts
    assert "<s>" in texts
    gids = {artist.get_gid() for artist in draw_writing_letters(steps, NAMES, 3, control="step").findobj()}
    assert {"step=1", "step=2", "step=3"} <= gids


def test_bars_stand_in_the_order_of_the_alphabet():
    figure = draw_writing_letters(written(max_length=3), NAMES, 1)
    places = {text.get_text(): text.get_position()[0] for text in figure.findobj(match=_is_text)}
    assert places["a"] < places["b"] < places["c"]


@pytest.mark.parametrize("step", [0, 4])
def test_a_step_that_is_not_there_is_refused(step):
    with pytest.raises(ValueError, match="expected 1 to 3"):
        draw_writing_letters(written(max_length=3), NAMES, step)


def test_a_token_without_a_name_is_refused():
    steps = written(max_length=3)
    steps[0] = steps[0]._replace(next=1)
    with pytest.raises(ValueError, match="token 1 has no name"):
        draw_writing_letters(steps, NAMES, 1)


def _is_text(artist):
    return type(artist).__name__ == "Text" and bool(artist.get_text())
