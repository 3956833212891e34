from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data.vocab import build_vocab
from helpers.models.word2vec.evaluate import (
    analogy_accuracy,
    analogy_answers,
    analogy_cosines,
    arrow_cosine,
    arrow_cosine_controls,
    neighbours,
    rank_correlation,
    similarity_correlation,
)

# man, woman, king, queen on two axes (royal, female), and two words that are in the way
E = np.array([[1.0, 0.0, 0.2], [1, 1, 0.2], [1, 0, 2.2], [1, 1, 2.2], [0, 0, 5], [-1, -1, -1]])
ABC = np.array([[0, 1, 2]])


def test_an_analogy_by_hand():
    questions = np.array([[0, 1, 2, 3], [2, 3, 0, 1], [0, 2, 1, 3]])
    np.testing.assert_array_equal(analogy_answers(E, questions), [3, 1, 3])
    np.testing.assert_array_equal(analogy_answers(E, questions[:, :3]), [3, 1, 3])
    assert analogy_accuracy(E, questions) == 1
    assert analogy_accuracy(E, np.array([[0, 1, 2, 3], [0, 1, 2, 4]])) == 0.5


def test_without_the_arrow_the_nearest_word_to_c_answers():
    crown = np.vstack([E, [1.0, -0.1, 2.2]])  # nearer to the king than the queen is
    question = np.array([[0, 1, 2, 3]])
    assert analogy_answers(crown, question) == [3]
    assert analogy_answers(crown, question, offset=False) == [6]
    assert analogy_answers(crown, question, exclude=[6], offset=False) == [3]
    assert [analogy_accuracy(crown, question, offset=offset) for offset in (True, False)] == [1, 0]


def test_each_baseline_leaves_out_its_part():
    rows = [[1.0, 0, 0], [0, 1, 0], [0, 0, 1], [-1, 1, 1], [0, 1, 1], [0, 0.1, 1]]  # a, b, c, and an answer for each
    E = np.array(rows)
    assert analogy_answers(E, ABC) == [3]
    assert analogy_answers(E, ABC, minus_a=False) == [4]
    assert analogy_answers(E, ABC, offset=False) == [5]
    assert analogy_accuracy(E, np.array([[0, 1, 2, 4]]), minus_a=False) == 1


def test_the_cosine_of_arrows_by_hand():
    unit = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1]])
    assert np.isclose(arrow_cosine(unit, np.array([[0, 1], [0, 2]])), 0.5)  # at 60 degrees
    assert np.isclose(arrow_cosine(5 * unit, np.array([[0, 1], [1, 0]])), -1)
    assert np.isclose(arrow_cosine(unit, np.array([[0, 1], [0, 2], [0, 1]])), (0.5 + 0.5 + 1) / 3)
    with pytest.raises(ValueError, match="1 pairs, expected at least two"):
        arrow_cosine(unit, np.array([[0, 1]]))


def test_the_cosine_of_each_analogy_by_hand_and_their_mean(rng):
    unit = np.array([[1.0, 0, 0], [0, 1, 0], [0, 0, 1]])
    np.testing.assert_allclose(analogy_cosines(3 * unit, np.array([[0, 1, 0, 2], [0, 1, 1, 0]])), [0.5, -1])
    E, pairs = rng.standard_normal((8, 5)), [(0, 1), (2, 3), (4, 5), (6, 7)]
    every = np.array([(*one, *other) for one in pairs for other in pairs if one != other])
    assert np.isclose(analogy_cosines(E, every).mean(), arrow_cosine(E, np.array(pairs)))


def test_arrows_with_partners_exchanged_and_with_arrows_turned(rng):
    square = np.array([[1.0, 0], [0, 1], [-1, 0], [0, -1]])
    two = np.array([[0, 1], [2, 3]])  # these two arrows point against each other
    assert np.isclose(arrow_cosine(square, two), -1)
    np.testing.assert_allclose(arrow_cosine_controls(square, two), (-1, 1), atol=1e-12)
    E, pairs = rng.standard_normal((8, 5)), np.arange(8).reshape(4, 2)
    shifted = [arrow_cosine(E, np.column_stack([pairs[:, 0], np.roll(pairs[:, 1], k)])) for k in (1, 2, 3)]
    choices = [np.where(np.array(flip)[:, None], pairs[:, ::-1], pairs) for flip in product((0, 1), repeat=4)]
    expected = np.mean(shifted), max(arrow_cosine(E, some) for some in choices)
    np.testing.assert_allclose(arrow_cosine_controls(E, pairs), expected)
    with pytest.raises(ValueError, match="17 pairs, expected at most 16"):
        arrow_cosine_controls(E, np.zeros((17, 2), int))


def test_the_words_of_the_question_and_excluded_ones_are_no_answer():
    opposite = np.array([[1, 0], [1, 0.1], [1, -0.1], [-1, 0]])  # a, b and c all score higher than what is left
    assert analogy_answers(opposite, ABC) == [3]
    assert analogy_answers(E, ABC, exclude=[3]) == [4]
    assert analogy_accuracy(E, np.array([[0, 1, 2, 3]]), exclude=[3]) == 0


def test_answers_are_those_of_one_question_at_a_time(rng):
    E = rng.standard_normal((30, 5))
    questions = rng.integers(30, size=(5000, 3))
    unit = E / np.linalg.norm(E, axis=1, keepdims=True)
    for i in (0, 17, 255, 256, 4999):
        a, b, c = questions[i]
        scores = unit @ unit[b] - unit @ unit[a] + unit @ unit[c]
        scores[[a, b, c]] = -9
        assert analogy_answers(E, questions)[i] == scores.argmax()


def test_rank_correlation_by_hand():
    x = np.array([1.0, 2, 3, 4, 5])
    assert rank_correlation(x, np.exp(x)) == pytest.approx(1)
    assert rank_correlation(x, -(x**3)) == pytest.approx(-1)
    assert rank_correlation(x, np.array([2, 1, 4, 3, 5])) == pytest.approx(1 - 6 * 4 / (5 * 24))
    # Ties: ranks 1.5, 1.5, 3 against 1, 2, 3.
    assert rank_correlation(np.array([7, 7, 9]), np.array([1, 2, 3])) == pytest.approx(1.5 / np.sqrt(1.5 * 2))


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2))
def test_rank_correlation_knows_only_the_order(pairs):
    x, y = np.array(pairs).T
    if len(set(x)) == 1 or len(set(y)) == 1:
        with pytest.raises(ValueError, match="has 1 different values, expected at least two"):
            rank_correlation(x, y)
        return
    rho = rank_correlation(x, y)
    assert -1 <= rho <= 1
    assert rank_correlation(y, x) == pytest.approx(rho, abs=1e-12)
    assert rank_correlation(np.exp(x), y.astype(float) ** 3) == pytest.approx(rho, abs=1e-12)
    assert rank_correlation(-x, y) == pytest.approx(-rho, abs=1e-12)


def test_similarity_correlation_compares_cosines():
    first, second = np.array([0, 0, 0]), np.array([0, 1, 5])
    assert similarity_correlation(E, first, second, [1.0, 0.5, 0.0]) == pytest.approx(1)
    assert similarity_correlation(10 * E, first, second, [0.0, 0.5, 1.0]) == pytest.approx(-1)


def test_neighbours_are_words():
    vocab = build_vocab(["sun", "sun", "sun", "moon", "moon", "star"])
    table = np.array([[1.0, 0]] * 4 + [[1, 0], [0, 1], [3, 1]])
    assert neighbours(vocab, table, "sun", 5) == [("star", pytest.approx(3 / np.sqrt(10))), ("moon", 0)]
    assert neighbours(vocab, table, "sun", 1) == [("star", pytest.approx(3 / np.sqrt(10)))]
    with pytest.raises(ValueError, match="word is 'mars', expected one of the 7 words"):
        neighbours(vocab, table, "mars")
    with pytest.raises(ValueError, match="E has shape"):
        neighbours(vocab, table[1:], "sun")
    with pytest.raises(ValueError, match="n is 0"):
        neighbours(vocab, table, "sun", 0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: analogy_answers(E, np.zeros((2, 2), int)), "questions has 2 columns, expected 3 or 4"),
        (lambda: analogy_answers(E, np.full((1, 4), 6)), "questions spans 6 to 6"),
        (lambda: analogy_answers(E, np.zeros((2, 5), int)), "questions has 5 columns, expected 3 or 4"),
        (lambda: analogy_answers(E, ABC, exclude=[6]), "exclude spans 6 to 6, expected integers from 0 to 5"),
        (lambda: analogy_answers(E, ABC, exclude=[-1]), "exclude spans -1 to -1"),
        (lambda: analogy_answers(E, ABC, exclude=range(3, 6)), "all 6 words are asked about or excluded"),
        (lambda: analogy_answers(E.astype(int), ABC), "E has dtype int64"),
        (lambda: analogy_answers(np.where(E > 4, np.nan, E), ABC), "E has 1 of 18 values that are NaN"),
        (lambda: analogy_accuracy(E, np.zeros((0, 4), int)), "questions is empty"),
        (lambda: analogy_accuracy(E, np.zeros((1, 3), int)), "questions has shape"),
        (lambda: rank_correlation(np.arange(3), np.arange(4)), "y has shape"),
        (lambda: rank_correlation([1.0, np.nan], [1, 2]), "x has 1 of 2 values that are NaN"),
        (lambda: rank_correlation([1, 2], [1.0, np.inf]), "y has 1 of 2 values that are NaN or infinite"),
        (lambda: rank_correlation([1, 2], [3, 3]), "y has 1 different values"),
        (lambda: rank_correlation([], []), "x has 0 different values"),
        (lambda: similarity_correlation(E, [9], [0], [1.0]), "first spans 9 to 9"),
        (lambda: similarity_correlation(E, [0], [9], [1.0]), "second spans 9 to 9"),
        (lambda: similarity_correlation(E, [0], [0, 1], [1.0, 2.0]), r"second has shape \(2,\), expected \(N=1\)"),
        (lambda: similarity_correlation(E, [0, 1], [0, 1], [1.0]), r"grades has shape \(1,\), expected \(N=2\)"),
        (lambda: similarity_correlation(E.tolist(), [0], [0], [1.0]), "E has type list"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
