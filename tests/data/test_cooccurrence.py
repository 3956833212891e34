import numpy as np
import pytest

from helpers.data.cooccurrence import cooccurrence_counts, count_sentences_with
from helpers.data.vocab import Corpus, build_vocab, encode_sentences


def test_counts_by_hand():
    """Of "a b a" and "c b": a and b meet twice at distance 1, a and a once at distance 2, b and c once."""
    vocab = build_vocab(["a", "b", "c"])
    corpus = encode_sentences(vocab, [["a", "b", "a"], ["c", "b"]])
    a, b, c = (vocab.ids[word] for word in "abc")
    near = cooccurrence_counts(corpus, len(vocab), 1)
    assert near[a, b] == near[b, a] == 2
    assert near[b, c] == 1
    assert near[a, a] == near[a, c] == 0
    far = cooccurrence_counts(corpus, len(vocab), 2)
    assert far[a, a] == 2  # once from either side
    assert far[a, b] == 2
    assert far.sum() == near.sum() + 2


@pytest.mark.parametrize("window", [1, 2, 5, 100])
def test_counts_equal_a_loop(window):
    rng = np.random.default_rng(window)
    sentences = [rng.integers(6, size=n) for n in (1, 4, 9, 2)]
    corpus = Corpus(np.concatenate(sentences).astype(np.int32), np.cumsum([0, *map(len, sentences)]))
    wanted = np.zeros((6, 6))
    for words in sentences:
        for i, v in enumerate(words):
            for j, w in enumerate(words):
                wanted[v, w] += i != j and abs(i - j) <= window
    np.testing.assert_array_equal(cooccurrence_counts(corpus, 6, window), wanted)


def test_a_corpus_of_one_word_meets_nothing():
    assert not cooccurrence_counts(Corpus(np.array([3]), np.array([0, 1])), 4, 2).any()


@pytest.mark.parametrize("change", [{"V": 2}, {"window": 0}, {"window": 1.5}])
def test_what_cannot_be_counted_is_refused(change):
    arguments = {"corpus": Corpus(np.array([0, 3]), np.array([0, 2])), "V": 4, "window": 1} | change
    with pytest.raises(ValueError, match=next(iter(change)) if "window" in change else "tokens"):
        cooccurrence_counts(**arguments)


def test_sentences_that_have_all_of_some_words_by_hand():
    vocab = build_vocab(["a", "b", "c"])
    corpus = encode_sentences(vocab, [["a", "b", "a"], ["c", "b"], ["a", "c"], ["b", "c", "a"]])
    a, b, c = (vocab.ids[word] for word in "abc")
    assert [count_sentences_with(corpus, [word]) for word in (a, b, c)] == [3, 3, 3]
    assert count_sentences_with(corpus, [a, b]) == count_sentences_with(corpus, [b, a]) == 2
    assert count_sentences_with(corpus, [a, b, c]) == 1
    assert count_sentences_with(corpus, [a, 99]) == 0


@pytest.mark.parametrize(
    ("words", "message"), [([], "words is empty"), ([0.5], "words has dtype"), (3, "words has sh")]
)
def test_words_that_are_no_ids_are_refused(words, message):
    corpus = Corpus(np.array([4, 5], np.int32), np.array([0, 2]))
    with pytest.raises(ValueError, match=message):
        count_sentences_with(corpus, np.array(words))
