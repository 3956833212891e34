"""Masked tokens: a case by hand, the frequencies over batches, and what is never chosen."""

import numpy as np
import pytest

from helpers.data.masking import MaskRule, mask_tokens, seen_likelihood
from helpers.data.vocab import SPECIALS

V = 12


class Given:
    """In place of a generator: it gives the numbers that were written down, in turn."""

    def __init__(self, *numbers):
        self.numbers = list(numbers)

    def random(self, size):
        return np.reshape(self.numbers.pop(0), size)

    def integers(self, low, high, size, dtype):
        return np.reshape(self.numbers.pop(0), size).astype(dtype)


def test_by_hand():
    """`<start>` and six words; the 2nd, 3rd, 4th and 5th word are chosen, for a mask, a word, itself and a mask."""
    tokens = np.array([2, 4, 5, 6, 7, 8, 9])
    chance = [0.01, 0.9, 0.1, 0.149, 0.0, 0.14, 0.15]
    fate = [0.0, 0.0, 0.79, 0.85, 0.95, 0.1, 0.5]
    words = [11, 11, 11, 10, 11, 11, 11]
    seen, targets, chosen = mask_tokens(tokens, V, Given(chance, fate, words))
    assert chosen.tolist() == [False, False, True, True, True, True, False]
    assert seen.tolist() == [2, 4, V, 10, 7, V, 9]
    assert targets is tokens


@pytest.mark.parametrize("rule", [MaskRule(), MaskRule(0.4, 0.5, 0.2), MaskRule(1.0, 1.0, 0.0)], ids=str)
def test_frequencies_are_within_four_sigma(rule, rng):
    counts, words = np.zeros(4), 0
    of_word = np.zeros(V)
    for _ in range(50):
        tokens = rng.integers(V, size=(20, 40)).astype(np.int32)
        seen, _, chosen = mask_tokens(tokens, V, rng, rule)
        masked, same = seen == V, seen == tokens
        counts += [chosen.sum(), (chosen & masked).sum(), (chosen & ~masked & ~same).sum(), (chosen & same).sum()]
        of_word += np.bincount(seen[chosen & ~masked & ~same], minlength=V)
        words += (tokens >= len(SPECIALS)).sum()
    other = rule.random * (1 - 1 / (V - len(SPECIALS)))  # a random word may be the word itself
    for n, count, p in [
        (words, counts[0], rule.rate),
        (counts[0], counts[1], rule.masked),
        (counts[0], counts[2], other),
        (counts[0], counts[3], 1 - rule.masked - other),
    ]:
        assert abs(count - n * p) <= 4 * np.sqrt(n * p * (1 - p)) + 1e-9
    assert not of_word[: len(SPECIALS)].any()
    if rule.random:
        expected = of_word.sum() / (V - len(SPECIALS))
        assert (np.abs(of_word[len(SPECIALS) :] - expected) < 4.5 * np.sqrt(expected)).all()


def test_specials_are_never_chosen_and_the_rest_is_shown_as_it_is(rng):
    tokens = rng.integers(V, size=(50, 50))
    seen, targets, chosen = mask_tokens(tokens, V, rng, MaskRule(1.0))
    assert (chosen == (tokens >= len(SPECIALS))).all()
    assert (seen[~chosen] == tokens[~chosen]).all()
    assert (targets == tokens).all()


def test_same_seed_same_batch_and_the_dtype_is_kept(rng):
    tokens = rng.integers(V, size=(9, 4)).astype(np.int32)
    first, second = (mask_tokens(tokens, V, np.random.default_rng(3)) for _ in range(2))
    assert all((a == b).all() for a, b in zip(first, second, strict=True))
    assert first.seen.dtype == np.int32


def test_the_likelihood_is_how_often_it_is_seen(rng):
    """Of one word, drawn often: chosen, and not known to be."""
    word, rule = 6, MaskRule(0.5, 0.6, 0.3)
    tokens = np.full(40_000, word)
    seen, _, chosen = mask_tokens(tokens, V, rng, rule)
    for known, draws in ((True, seen[chosen]), (False, seen)):
        shown = range(len(SPECIALS), V + 1)
        p = np.array([seen_likelihood(np.array([s]), np.array([known]), V, rule)[0, word] for s in shown])
        assert p.sum() == pytest.approx(1)
        counts = np.bincount(draws, minlength=V + 1)[len(SPECIALS) :]
        n = len(draws)
        assert (np.abs(counts - n * p) <= 4 * np.sqrt(n * p * (1 - p)) + 1e-9).all()
    assert not seen_likelihood(seen, chosen, V, rule)[:, : len(SPECIALS)].any()


@pytest.mark.parametrize(
    ("tokens", "V", "rule", "message"),
    [
        ([12], 12, None, "tokens spans 12 to 12, expected integers from 0 to 11"),
        ([4.0], 12, None, "tokens has dtype float64"),
        ([3], 4, None, "V is 4, expected an integer of at least 5"),
        ([4], 12, MaskRule(0.0), "expected shares"),
        ([4], 12, MaskRule(0.1, 0.8, 0.3), "expected shares"),
        ([4], 12, MaskRule(0.1, -0.1, 0.3), "expected shares"),
    ],
)
def test_it_refuses(tokens, V, rule, message, rng):
    with pytest.raises(ValueError, match=message):
        mask_tokens(np.array(tokens), V, rng, rule)


def test_the_likelihood_refuses():
    with pytest.raises(ValueError, match="chosen has shape"):
        seen_likelihood(np.array([4, 5]), np.array([True]), V)
    with pytest.raises(ValueError, match="seen spans 4 to 13"):
        seen_likelihood(np.array([4, 13]), np.array([True, False]), V)
    with pytest.raises(ValueError, match="a special"):
        seen_likelihood(np.array([4, 3]), np.array([True, False]), V)
