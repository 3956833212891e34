"""Windows of letters: what is read, how it is divided, and what comes after what."""

import numpy as np
import pytest

from helpers.data.english_letters import draw_letter_windows, english_letters
from helpers.data.prose import python_topics


def test_the_letters_are_those_of_the_text():
    ids = np.concatenate([english_letters(41, part) for part in ("train", "test")])
    text = python_topics().lower()
    assert len(ids) == len(text)
    counts = np.bincount(ids, minlength=41)
    assert (np.diff(counts[:40]) <= 0).all()  # the most frequent first
    assert text[int(np.argmax(ids == 0))] == " "
    assert len({letter for letter, kind in zip(text, ids, strict=True) if kind == 3}) == 1


def test_a_window_is_followed_by_its_targets():
    ids = np.arange(30) % 7
    x, targets = draw_letter_windows(np.random.default_rng(0), ids, batch=4, length=5, kinds=7)
    assert x.shape == (5, 4, 7)
    assert ((x.argmax(-1) + 1) % 7 == targets).all()
    assert (x.sum(-1) == 1).all()


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (np.arange(3), "integers in a row"),
        (np.full(30, 9), "expected 0 to 6"),
        (np.full(30, -1), "expected 0 to 6"),
        (np.zeros(30), "integers in a row"),
    ],
)
def test_what_is_no_text_is_refused(ids, message):
    with pytest.raises(ValueError, match=message):
        draw_letter_windows(np.random.default_rng(0), ids, batch=4, length=5, kinds=7)


def test_an_unknown_part_is_refused():
    with pytest.raises(ValueError, match="part is 'dev'"):
        english_letters(part="dev")
