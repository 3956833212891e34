"""p^L is what independent tokens do; and the share of outputs that begin right, by hand."""

import numpy as np
import pytest

from helpers.data.vocab import encode
from helpers.data.world import build_grammar, one_of
from helpers.models.scaling_laws import all_tokens_right, first_tokens_right

GRAMMAR = build_grammar(one_of("the king sleeps", "the dog", "a dog eats"))


def ids(text):
    return encode(GRAMMAR.vocab, text.split())


def test_whole_answers_are_right_as_often_as_drawn(rng):
    drawn = (rng.random((20_000, 5)) < 0.8).all(axis=1).mean()
    assert drawn == pytest.approx(all_tokens_right(0.8, 5), abs=4 * np.sqrt(0.33 * 0.67 / 20_000))
    np.testing.assert_allclose(all_tokens_right(np.array([0, 0.5, 1]), 2), [0, 0.25, 1])


def test_an_even_gain_looks_like_a_jump_in_long_answers():
    gains = np.diff(all_tokens_right(np.linspace(0.1, 1, 10), 10))
    assert gains[:4].max() < 0.01
    assert gains[-1] > 0.6


def test_first_tokens_by_hand():
    outputs = [ids("the king sleeps"), ids("the dog"), ids("a dog sleeps"), ids("the king")]
    # "the dog" is whole, so it counts at every n; "the king" is not.
    np.testing.assert_allclose(first_tokens_right(GRAMMAR, outputs, 4), [1, 1, 0.5, 0.5])
    np.testing.assert_allclose(first_tokens_right(GRAMMAR, [ids("dog"), np.array([], int)], 2), [0, 0])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: all_tokens_right(1.1, 2), "p spans 1.1"),
        (lambda: all_tokens_right(0.5, 0), "L is 0"),
        (lambda: first_tokens_right(GRAMMAR, []), "outputs is empty"),
        (lambda: first_tokens_right(GRAMMAR, [[99]]), "output"),
        (lambda: first_tokens_right(GRAMMAR, [ids("the")], 0), "most is 0"),
    ],
)
def test_it_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
