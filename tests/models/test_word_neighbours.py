import numpy as np
import pytest

from helpers.data.vocab import build_vocab
from helpers.models.word_neighbours import neighbour_kinds, neighbour_words


def test_neighbours_by_hand():
    vectors = np.array([[1.0, 0], [2.0, 0.1], [0, 1.0], [0.1, 3.0]])
    near = neighbour_kinds(vectors, ["a", "b", "c", "d"], n=2)
    assert near.tolist() == [["b", "d"], ["a", "d"], ["d", "b"], ["c", "b"]]


def test_a_word_is_no_neighbour_of_itself_though_its_cosine_is_rounded():
    vectors = np.random.default_rng(0).standard_normal((40, 16)).astype(np.float32)
    names = [str(i) for i in range(40)]
    near = neighbour_kinds(vectors, names, n=39)
    assert all(name not in row and {name, *row} == {*names} for name, row in zip(names, near.tolist(), strict=True))


@pytest.mark.parametrize(("kinds", "n"), [(["a"] * 3, 1), (["a"] * 4, 4), (["a"] * 4, 0)])
def test_what_does_not_fit_is_refused(kinds, n):
    with pytest.raises(ValueError, match="expected"):
        neighbour_kinds(np.ones((4, 2)), kinds, n)


def test_words_by_hand():
    vocab = build_vocab(["a", "a", "a", "b", "b", "c"])
    table = np.array([[0.0, -1]] * 4 + [[1, 0], [1, 1], [0, 1]])
    assert neighbour_words("a", table, vocab, 2) == ["b", "<pad>"]  # the others are at right angles, in their order
    assert neighbour_words("c", table, vocab, 1) == ["b"]
    with pytest.raises(ValueError, match="expected one of the 7 words"):
        neighbour_words("cow", table, vocab)
    with pytest.raises(ValueError, match="table"):
        neighbour_words("a", table[1:], vocab)
