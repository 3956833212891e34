"""Kneser–Ney smoothing against its definition, counted anew."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.vocab import END, START, UNK, build_vocab, encode, encode_sentences
from helpers.models.kneser_ney import count_kneser_ney
from helpers.models.ngram import count_ngrams, next_probabilities

VOCAB = build_vocab(["a", "a", "b"])  # four specials, a = 4, b = 5
A, B = 4, 5
V = len(VOCAB)


def corpus_of(*sentences):
    return encode_sentences(VOCAB, [list(sentence) for sentence in sentences])


def kneser_ney_by_definition(sentences, n, context, w, discounts):
    """P(w | context) from the lists themselves: every count is counted anew."""
    padded = [[START] * (n - 1) + sentence + [END] for sentence in sentences]

    def came(length):  # every n-gram of a length that ends on a token that can come next, each time that it came
        return [tuple(text[end - length + 1 : end + 1]) for text in padded for end in range(n - 1, len(text))]

    P = 1 / (V - 2)
    for k in range(n):
        c = tuple(context[n - 1 - k :])
        if k == n - 1 or (c and c[0] == START):
            counts = Counter(ngram[-1] for ngram in came(k + 1) if ngram[:-1] == c)
        else:
            counts = Counter(ngram[-1] for ngram in set(came(k + 2)) if ngram[1:-1] == c)
        if counts:
            D = {token: discounts[min(count, 3) - 1] for token, count in counts.items()}
            P = (counts[w] - D.get(w, 0) + sum(D.values()) * P) / counts.total()
    return P


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_kneser_ney_is_its_definition(n):
    sentences, discounts = ["ab", "aab", "b", "aabab", "ab"], (0.4, 0.7, 1.3)
    model = count_kneser_ney(corpus_of(*sentences), n, V, discounts)
    ids = [encode(VOCAB, list(sentence)).tolist() for sentence in sentences]
    for said in ("", "a", "b", "ab", "aab", "bbb", "xa"):
        context = encode(VOCAB, list(said)).tolist() if said else []
        P = next_probabilities(model, context)
        last = ([START] * (n - 1) + context)[len(context) :]
        expected = [kneser_ney_by_definition(ids, n, last, w, discounts) for w in (UNK, END, A, B)]
        np.testing.assert_allclose(P[[UNK, END, A, B]], expected, rtol=1e-12)


def test_a_token_that_follows_only_one_is_improbable_elsewhere():
    # b comes four times, always after a; a comes after the start, after a and after b.
    corpus = corpus_of("ab", "ab", "ab", "abaa")
    P = next_probabilities(count_kneser_ney(corpus, 2, V, (0.5, 0.5, 0.5)), [UNK])
    by_counts = next_probabilities(count_ngrams(corpus, 2, V), [UNK])
    assert P[A] / P[B] > 2 * by_counts[A] / by_counts[B]


@pytest.mark.parametrize("n", [1, 2, 3, 5])
@settings(deadline=None, max_examples=30)
@given(st.lists(st.text("ab", min_size=1, max_size=6), min_size=1, max_size=25), st.text("abx", max_size=6))
def test_kneser_ney_sums_to_one_and_gives_every_token_a_share(n, sentences, context):
    P = next_probabilities(
        count_kneser_ney(corpus_of(*sentences), n, V), encode(VOCAB, list(context)) if context else []
    )
    assert P.sum() == pytest.approx(1, abs=1e-12)
    assert (P[[UNK, END, A, B]] > 0).all()


def test_discounts_are_estimated_from_how_many_came_how_often():
    # Sentences of one letter: after the start four letters came once, three twice, two three times, one four times.
    letters = build_vocab(list("abcdefghij"))
    sentences = [*"abcd", *"efg" * 2, *"hi" * 3, *"j" * 4]
    corpus = encode_sentences(letters, [list(each) for each in sentences])
    model = count_kneser_ney(corpus, 2, len(letters))
    n1, n2, n3, n4 = 4, 3, 2, 1  # and <end> after the letters as often
    n1, n2, n3, n4 = (2 * each for each in (n1, n2, n3, n4))
    Y = n1 / (n1 + 2 * n2)
    D = 1 - 2 * Y * n2 / n1, 2 - 3 * Y * n3 / n2, 3 - 4 * Y * n4 / n3
    once, twice, thrice, four = (model.followers[1][(START,)][letters.ids[letter]] for letter in "aehj")
    np.testing.assert_allclose([once, twice, thrice, four], [1 - D[0], 2 - D[1], 3 - D[2], 4 - D[2]])


@pytest.mark.parametrize("discounts", [(0, 0.5, 0.5), (1.1, 1.5, 2), (0.5, 0.5), (0.5, np.nan, 0.5)])
def test_discounts_out_of_range_are_refused(discounts):
    with pytest.raises(ValueError, match="discounts"):
        count_kneser_ney(corpus_of("ab"), 2, V, discounts)
