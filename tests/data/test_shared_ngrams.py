"""Shared runs by hand, and copies that are found where it is known which they are."""

import numpy as np
import pytest

from helpers.data.shared_ngrams import append_texts, change_tokens, found_copies, shared_ngram_shares, texts_of
from helpers.data.vocab import Corpus
from helpers.data.world import sample_corpus, world_grammar


def corpus(*texts):
    return Corpus(np.array([t for text in texts for t in text], np.int32), np.cumsum([0, *map(len, texts)]))


def test_texts_of_two_corpora():
    both = append_texts(corpus([4, 5], [6]), corpus([7], [8, 9]))
    np.testing.assert_array_equal(both.tokens, [4, 5, 6, 7, 8, 9])
    np.testing.assert_array_equal(both.starts, [0, 2, 3, 4, 6])
    assert [text.tolist() for text in texts_of(both)] == [[4, 5], [6], [7], [8, 9]]


def test_by_hand():
    texts = corpus([4, 5, 6, 7], [7, 8], [9], [5, 6, 7])
    training = corpus([1, 4, 5, 6], [7, 8, 9])
    np.testing.assert_allclose(shared_ngram_shares(texts, training, 1), [1, 1, 1, 1])
    np.testing.assert_allclose(shared_ngram_shares(texts, training, 2), [2 / 3, 1, 0, 1 / 2])
    np.testing.assert_allclose(shared_ngram_shares(texts, training, 3), [1 / 2, 0, 0, 0])
    for n in (9, 99):  # longer than the training texts, and than all texts together
        np.testing.assert_array_equal(shared_ngram_shares(texts, training, n), [0, 0, 0, 0])


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_it_is_what_a_set_of_tuples_finds(rng, n):
    def draw(count):
        return [rng.integers(3, size=length).tolist() for length in rng.integers(1, 9, size=count)]

    texts, training = draw(40), draw(10)
    grams = [{tuple(text[i : i + n]) for text in training for i in range(len(text) - n + 1)}]
    wanted = []
    for text in texts:
        ours = [tuple(text[i : i + n]) for i in range(len(text) - n + 1)]
        wanted.append(np.mean([gram in grams[0] for gram in ours]) if ours else 0)
    np.testing.assert_allclose(shared_ngram_shares(corpus(*texts), corpus(*training), n), wanted)


def test_copies_are_found_and_short_runs_are_shared_by_chance(rng):
    world = world_grammar()
    training, others, copies = (sample_corpus(world, count, rng) for count in (2000, 100, 100))
    both = Corpus(np.concatenate([training.tokens, copies.tokens]), np.append(training.starts, 0))
    both = both._replace(starts=np.concatenate([training.starts, training.starts[-1] + copies.starts[1:]]))
    texts = Corpus(
        np.concatenate([copies.tokens, others.tokens]),
        np.concatenate([copies.starts, copies.starts[-1] + others.starts[1:]]),
    )
    is_copy = np.arange(200) < 100
    long_enough = np.diff(texts.starts) >= 8
    short = found_copies(shared_ngram_shares(texts, both, 2), is_copy)
    long = found_copies(shared_ngram_shares(texts, both, 8)[long_enough], is_copy[long_enough])
    assert short.recall == long.recall == 1
    assert short.false_alarms > 0.9
    assert long.false_alarms < 0.4


def test_changed_tokens_break_long_runs(rng):
    texts = corpus(range(4, 24), range(30, 45), range(3))
    changed = change_tokens(texts, 5, rng)
    same = changed.tokens == texts.tokens
    place = np.concatenate([np.arange(20), np.arange(15), np.arange(3)])
    assert same[place % 5 != 4].all()
    assert not same[place % 5 == 4].all()
    np.testing.assert_array_equal(texts.tokens, corpus(range(4, 24), range(30, 45), range(3)).tokens)
    assert shared_ngram_shares(changed, texts, 4)[0] > 0
    assert shared_ngram_shares(changed, texts, 9)[0] == 0


def test_places_are_counted_anew_in_each_text(rng):
    texts = corpus([4, 5, 6], [7, 8, 9, 10])
    changed = change_tokens(texts, 4, rng)
    np.testing.assert_array_equal(changed.tokens[:6], texts.tokens[:6])  # the fourth of all is the first of its text


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shared_ngram_shares(corpus([4]), corpus([4]), 0), "n is 0"),
        (lambda: found_copies(np.ones(3), np.ones(3, bool)), "at least one True and one False"),
        (lambda: found_copies(np.array([0.5, 2.0]), np.array([True, False])), "other values than numbers from 0 to 1"),
        (lambda: found_copies(np.ones(2), np.array([True, False]), 2), "least is 2"),
        (lambda: change_tokens(corpus([4]), 0, np.random.default_rng(0)), "every is 0"),
    ],
)
def test_it_refuses(call, message):
    with pytest.raises(ValueError, match=message):
        call()
