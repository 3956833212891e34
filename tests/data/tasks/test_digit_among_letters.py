import numpy as np
import pytest

from helpers.data.tasks.digit_among_letters import (
    DIGITS,
    LETTERS,
    NOWHERE,
    SYMBOLS,
    letters_and_digit,
    three_questions,
    which_digit,
)


def test_every_sequence_has_one_digit_and_it_may_stand_anywhere():
    tokens, place = letters_and_digit(np.random.default_rng(0), 400, 5)
    assert tokens.shape == (400, 5)
    digits = tokens >= len(LETTERS)
    assert (digits.sum(axis=1) == 1).all()
    np.testing.assert_array_equal(digits.argmax(axis=1), place)
    assert set(place) == set(range(5))
    assert set(tokens.ravel()) == set(range(len(SYMBOLS)))


def test_three_questions_by_hand():
    tokens = np.array([[SYMBOLS.index(s) for s in "ab3a"]])
    before, after, digit = np.moveaxis(three_questions(tokens), -1, 0)
    a, b, three = 0, 1, len(LETTERS) + DIGITS.index("3")
    np.testing.assert_array_equal(before, [[NOWHERE, a, b, three]])
    np.testing.assert_array_equal(after, [[b, three, a, NOWHERE]])
    np.testing.assert_array_equal(digit, [[three] * 4])


@pytest.mark.parametrize("sizes", [(0, 3), (2, 0)])
def test_refuses_nothing(sizes):
    with pytest.raises(ValueError, match="expected"):
        letters_and_digit(np.random.default_rng(0), *sizes)


def test_which_digit_is_what_a_recurrent_layer_reads():
    x, targets = which_digit(np.random.default_rng(3), 20, 6)
    tokens, place = letters_and_digit(np.random.default_rng(3), 20, 6)
    assert x.shape == (6, 20, len(SYMBOLS))
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x.argmax(axis=-1), tokens.T)
    np.testing.assert_array_equal(targets, tokens[np.arange(20), place] - len(LETTERS))
