from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.models.word2vec.huffman import huffman_codes, huffman_paths, mean_code_length

COUNTS = st.lists(st.integers(0, 1000), min_size=1, max_size=60).filter(any)


def test_a_case_by_hand():
    # 1 + 1 = 2 (word 2 first: the lower id), then 2 + 2: the word before the merged node; then 4 + 5.
    assert huffman_codes([5, 2, 1, 1]) == [(1,), (0, 0), (0, 1, 0), (0, 1, 1)]


def test_the_mean_length_weights_each_code_by_its_count():
    assert mean_code_length([5, 3, 1, 1]) == pytest.approx((5 * 1 + 3 * 2 + 1 * 3 + 1 * 3) / 10)
    assert mean_code_length([8, 4, 2, 1, 1]) == pytest.approx(1.875)
    assert mean_code_length([7]) == 0


def test_the_mean_length_of_counts_whose_sum_overflows_is_finite():
    assert mean_code_length([1e308, 1e308]) == 1


def test_one_word_needs_no_bit_and_two_need_one():
    assert huffman_codes([7]) == [()]
    assert huffman_codes([7, 3]) == [(1,), (0,)]
    paths = huffman_paths([7])
    assert paths.nodes.shape == paths.bits.shape == paths.mask.shape == (1, 0)


@settings(deadline=None)
@given(COUNTS)
def test_mean_length_is_at_least_the_entropy_and_less_than_one_bit_above(counts):
    codes = huffman_codes(counts)
    p = np.array(counts) / sum(counts)
    entropy = -sum(x * np.log2(x) for x in p if x)
    mean = sum(x * len(code) for x, code in zip(p, codes, strict=True))
    assert entropy - 1e-9 <= mean
    assert mean < entropy + 1 if all(counts) else mean <= entropy + 1 + 1e-9


@settings(deadline=None)
@given(COUNTS)
def test_no_code_begins_another_and_none_is_wasted(counts):
    codes = huffman_codes(counts)
    prefixes = {code[:n] for code in codes for n in range(len(code))}
    assert len(set(codes)) == len(codes)
    assert not prefixes & set(codes)
    assert sum(2.0 ** -len(code) for code in codes) == pytest.approx(1)  # Kraft: the tree is full


@settings(deadline=None)
@given(COUNTS)
def test_more_frequent_words_have_no_longer_codes(counts):
    lengths = np.array([len(code) for code in huffman_codes(counts)])
    order = np.argsort(counts)
    for rare, frequent in pairwise(order):
        assert counts[rare] == counts[frequent] or lengths[rare] >= lengths[frequent]


@settings(deadline=None)
@given(COUNTS)
def test_paths_are_the_codes_as_arrays(counts):
    codes, paths = huffman_codes(counts), huffman_paths(counts)
    below = {}
    for word, code in enumerate(codes):
        n = len(code)
        assert tuple(paths.bits[word, :n].astype(int)) == code
        np.testing.assert_array_equal(paths.mask[word], np.arange(paths.mask.shape[1]) < n)
        assert not paths.bits[word, n:].any()
        for place in range(n):  # a node is the words whose codes begin alike
            assert below.setdefault(paths.nodes[word, place], code[:place]) == code[:place]
    assert sorted(below) == list(range(len(counts) - 1))
    assert len(set(below.values())) == len(below)


def test_nodes_are_numbered_from_the_root_by_falling_count():
    counts = np.array([40, 30, 5, 9, 2, 2, 12])
    paths = huffman_paths(counts)
    met = np.zeros(6)
    np.add.at(met, paths.nodes[paths.mask], np.repeat(counts, paths.mask.sum(axis=1)))
    assert met[0] == counts.sum()
    assert (np.diff(met) <= 0).all()


@pytest.mark.parametrize("make", [huffman_codes, huffman_paths])
@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([], "counts has 0 numbers"),
        ([0, 0], "counts has 2 numbers, the smallest 0; expected none below 0 and one above"),
        ([5, -1], "counts has 2 numbers, the smallest -1"),
        ([1.0, np.nan], "counts has 1 of 2 values that are NaN or infinite"),
        ([np.inf, 1], "counts has 1 of 2 values that are NaN or infinite"),
        (["a"], "counts has dtype <U1, expected numbers"),
        ([True, True], "counts has dtype bool, expected numbers"),
        ([[1, 2]], r"counts has shape \(1, 2\)"),
    ],
)
def test_bad_counts_are_refused(make, counts, message):
    with pytest.raises(ValueError, match=message):
        make(counts)
