"""Pairs between two groups of words are those of the text, numbered anew, and counted."""

import numpy as np
import pytest

from helpers.models.word2vec.inputs import Examples
from helpers.models.word2vec.pairs_of_two_groups import pair_counts, pairs_between

SEEN, NAMED = [9, 4], [6, 9, 5]
PAIRS = [(9, 5), (4, 6), (4, 4), (6, 9), (9, 9), (9, 5), (7, 7)]  # (4, 4) and (6, 9) have one word of a wrong group


def examples(pairs=PAIRS):
    inputs, targets = np.array(pairs).T
    return Examples(inputs[:, None], np.ones((len(pairs), 1), bool), targets)


def test_pairs_of_both_groups_are_kept_in_order_and_numbered_by_their_places():
    kept = pairs_between(examples(), SEEN, NAMED)
    assert list(zip(kept.inputs[:, 0].tolist(), kept.targets.tolist(), strict=True)) == [(0, 2), (1, 0), (0, 1), (0, 2)]
    assert kept.mask.shape == kept.inputs.shape == (4, 1)
    assert kept.mask.all()
    assert kept.mask.dtype == bool


@pytest.mark.parametrize(
    ("seen", "named", "message"),
    [
        ([9, 9], NAMED, "seen has 2 ids and 1 different ones"),
        (SEEN, [8], "none of the 7 examples has a word of both groups"),
        (SEEN, [5.0], "named has dtype float64"),
        ([[9, 4]], NAMED, "seen has shape"),
        ([-1], NAMED, "seen spans"),
    ],
)
def test_groups_that_are_none_are_refused(seen, named, message):
    with pytest.raises(ValueError, match=message):
        pairs_between(examples(), seen, named)


def test_examples_that_see_more_than_one_word_are_refused():
    two = Examples(np.array([[9, 4]]), np.ones((1, 2), bool), np.array([5]))
    with pytest.raises(ValueError, match="inputs has shape"):
        pairs_between(two, SEEN, NAMED)


def test_counts_by_hand():
    assert pair_counts(np.array([0, 1, 0, 0]), np.array([2, 0, 1, 2]), 2, 3).tolist() == [[0, 1, 2], [1, 0, 0]]


def test_every_word_that_stood_beside_one_counts():
    """Two words for each: 0 with 2 and 2, then 1 with 0 and 1, then 0 with 1 and 2."""
    beside = np.array([[2, 2], [0, 1], [1, 2]])
    assert pair_counts(np.array([0, 1, 0]), beside, 2, 3).tolist() == [[0, 1, 3], [1, 1, 0]]


@pytest.mark.parametrize(
    ("seen", "named", "message"),
    [
        ([0, 2], [0, 1], "seen spans"),
        ([0, 1], [0, 3], "named spans"),
        ([0, 1], [0, 1, 2], "named has shape"),
        ([0.0, 1.0], [0, 1], "seen has dtype"),
    ],
)
def test_numbers_that_are_none_are_refused(seen, named, message):
    with pytest.raises(ValueError, match=message):
        pair_counts(np.array(seen), np.array(named), 2, 3)
