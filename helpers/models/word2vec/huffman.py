"""Huffman's code: frequent words get short codes, and the codes are paths down a tree."""

from heapq import heapify, heappop, heappush
from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_counts


class Paths(NamedTuple):
    """The way from the root to each word, padded to the longest.

    Inner nodes are numbered from the root, which is 0, in the order of falling counts: those that are met most
    often come first.
    """

    nodes: np.ndarray  # (V, P) of int: the inner nodes on the way, the root first; padding is 0
    bits: np.ndarray  # (V, P) of bool: which way it goes there, True = the branch of bit 1
    mask: np.ndarray  # (V, P) of bool: True = a step, False = padding


def huffman_codes(counts):
    """Merge the two rarest nodes, again and again; a word's code is its way down the tree that this makes.

    No code begins another one. The mean length, weighted by the counts, lies from the entropy of the words in
    bits to just below one bit above it, and no other such code has a shorter one. (Words that never occur need codes
    too. With them it may be exactly one bit above: counts 0 and 1 have an entropy of 0, and a bit each.)

    Parameters
    ----------
    counts : sequence of numbers (V,)
        Not negative, and not all zero. A word that never occurs has a code too, a long one.

    Returns
    -------
    list of tuple of int
        V tuples of 0 and 1. Of two nodes that are merged, the rarer takes bit 0; among equal counts, the word with
        the lower id goes first, and words go before merged nodes. A vocabulary of one word has the empty code: nothing
        is left to decide.

    Raises
    ------
    ValueError
        When counts are no list of finite numbers, negative, all zero or none.

    References
    ----------
    Huffman 1952, "A Method for the Construction of Minimum-Redundancy Codes",
    https://doi.org/10.1109/JRPROC.1952.273898
    """
    return _read_codes(*_build_tree(counts))


def mean_code_length(counts):
    """Σ p(w) · length of the code of w: how many questions it takes to name a word, on average.

    Parameters
    ----------
    counts : sequence of numbers (V,)
        As for `huffman_codes`.

    Returns
    -------
    float
        In bits.

    Raises
    ------
    ValueError
        As `huffman_codes`.
    """
    lengths = np.array([len(code) for code in huffman_codes(counts)])
    counts = check_counts(counts).astype(np.float64)
    shares = counts / counts.max()  # so that no sum of large counts overflows
    return float(shares @ lengths / shares.sum())


def huffman_paths(counts):
    """Lay the same paths out as arrays: what hierarchical softmax reads.

    Parameters
    ----------
    counts : sequence of numbers (V,)
        As for `huffman_codes`.

    Returns
    -------
    Paths
        There are V − 1 inner nodes; P is the length of the longest code.

    Raises
    ------
    ValueError
        As `huffman_codes`.
    """
    V, parent, bit = _build_tree(counts)
    codes = _read_codes(V, parent, bit)
    P = max(map(len, codes))
    nodes, bits, mask = np.zeros((V, P), np.int64), np.zeros((V, P), bool), np.zeros((V, P), bool)
    for word, code in enumerate(codes):
        node = word
        for place in range(len(code) - 1, -1, -1):  # from the word up to the root
            node = parent[node]
            nodes[word, place] = 2 * V - 2 - node  # inner nodes are made from rare to frequent
        bits[word, : len(code)] = code
        mask[word, : len(code)] = True
    return Paths(nodes, bits, mask)


def _build_tree(counts):
    """Words are nodes 0 … V − 1, merged ones follow in the order in which they are made."""
    counts = check_counts(counts)
    V = len(counts)
    heap = [(count, node) for node, count in enumerate(counts.tolist())]  # the number breaks ties
    heapify(heap)
    parent, bit = [0] * (2 * V - 1), [0] * (2 * V - 1)
    for node in range(V, 2 * V - 1):
        (count_0, rarer), (count_1, other) = heappop(heap), heappop(heap)
        parent[rarer] = parent[other] = node
        bit[other] = 1
        heappush(heap, (count_0 + count_1, node))
    return V, parent, bit


def _read_codes(V, parent, bit):
    codes = [()] * (2 * V - 1)
    for node in range(2 * V - 3, -1, -1):  # a parent has a higher number than its children: the root is last
        codes[node] = (*codes[parent[node]], bit[node])
    return codes[:V]
