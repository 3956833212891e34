import numpy as np
import pytest

from helpers.data.copied_runs import copied_run_lengths


def by_definition(tokens, text):
    """The longest of all pieces that cover a place and stand in the text."""
    pieces = {tuple(text[i:j]) for i in range(len(text)) for j in range(i + 1, len(text) + 1)}
    longest = [0] * len(tokens)
    for i in range(len(tokens)):
        for j in range(i + 1, len(tokens) + 1):
            if tuple(tokens[i:j]) in pieces:
                longest[i:j] = [max(length, j - i) for length in longest[i:j]]
    return longest


def test_runs_are_those_of_the_definition():
    rng = np.random.default_rng(0)
    for _ in range(30):
        tokens, text = rng.integers(3, size=12), rng.integers(3, size=15)
        assert copied_run_lengths(tokens, text).tolist() == by_definition(tokens.tolist(), text.tolist())


def test_a_run_by_hand():
    assert copied_run_lengths(np.array([1, 2, 3, 9, 1]), np.array([5, 1, 2, 3, 4])).tolist() == [3, 3, 3, 0, 1]
    assert copied_run_lengths(np.array([], int), np.array([1])).tolist() == []
    assert copied_run_lengths(np.array([1]), np.array([], int)).tolist() == [0]
    assert copied_run_lengths(np.array([0xD800, 0x10FFFF]), np.array([0xD800, 0x10FFFF])).tolist() == [2, 2]


@pytest.mark.parametrize("bad", [[0.5], [-1], [[1]], [0x110000], ["a"]])
def test_what_are_no_ids_is_refused(bad):
    with pytest.raises(ValueError, match=r"tokens|text"):
        copied_run_lengths(np.array(bad), np.array([1]))
    with pytest.raises(ValueError, match="text"):
        copied_run_lengths(np.array([1]), np.array(bad))
