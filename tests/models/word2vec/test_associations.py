"""Measures of bias: by hand, and what they refuse."""

from itertools import combinations

import numpy as np
import pytest

from helpers.models.word2vec.associations import association, association_test, pair_direction, without_direction

E = np.array([[2.0, 0.0], [0.0, 3.0], [1.0, 1.0], [-1.0, 0.0]])


def test_association_by_hand():
    s = association(E, [0, 1, 2, 3], first=[0], second=[1])
    np.testing.assert_allclose(s, [1, -1, 0, -1], atol=1e-15)
    np.testing.assert_allclose(association(E, [2], [0, 3], [1]), [-np.sqrt(0.5)])
    np.testing.assert_allclose(association(E, [0], [1], [0, 2]), [-(1 + np.sqrt(0.5)) / 2])


def test_difference_d_and_p_by_hand():
    difference, d, p = association_test(np.array([3.0, 2.0]), np.array([1.0, 0.0]))
    assert difference == 2
    assert np.isclose(d, 2 / np.std([3, 2, 1, 0]))
    assert np.isclose(p, 1 / 6)  # no other of the six splits is as far apart


def test_p_counts_all_splits():
    every = np.random.default_rng(0).standard_normal(7)
    wanted = every[:3].mean() - every[3:].mean()
    splits = [every[list(c)].mean() - np.delete(every, c).mean() for c in combinations(range(7), 3)]
    assert np.isclose(association_test(every[:3], every[3:])[2], np.mean(np.array(splits) >= wanted - 1e-12))


def test_direction_of_pairs_and_its_removal():
    rng = np.random.default_rng(1)
    base, axis = rng.standard_normal((6, 5)), np.array([0, 0, 1.0, 0, 0])
    base[:, 2] = 0
    table = np.concatenate([base + axis, base - axis])
    pairs = np.stack([np.arange(6), np.arange(6) + 6], axis=1)
    np.testing.assert_allclose(pair_direction(table, pairs), axis, atol=1e-12)
    np.testing.assert_allclose(pair_direction(table, pairs[:, ::-1]), -axis, atol=1e-12)
    np.testing.assert_allclose(without_direction(table, axis), np.concatenate([base, base]))


def test_what_is_refused():
    with pytest.raises(ValueError, match="first is empty"):
        association(E, [0], [], [1])
    with pytest.raises(ValueError, match="second spans"):
        association(E, [0], [0], [4])
    with pytest.raises(ValueError, match="equal"):
        association_test(np.ones(2), np.ones(2))
    with pytest.raises(ValueError, match="splits"):
        association_test(np.arange(20.0), np.arange(20.0))
    with pytest.raises(ValueError, match="equal vectors"):
        pair_direction(E, np.array([[0, 0]]))
    with pytest.raises(ValueError, match="length"):
        without_direction(E, np.array([1.0, 1.0]))
