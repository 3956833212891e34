"""Hierarchical softmax for a block of text: examples in bundles that share most of the nodes on their paths."""

from typing import NamedTuple

import numpy as np

from helpers.layers.fast_scatter_add import sum_rows
from helpers.models.word2vec.fast.blocks import RowGradients, cross_entropy_with_all, list_examples

_BUNDLE = 32  # examples
_SHARES = 3  # bundles are computed in this many shares: those that need few nodes do not wait for those that need many


class SortedTree(NamedTuple):
    """Paths, and the order of the words from the left of the tree to the right."""

    nodes: np.ndarray  # (V, P)
    bits: np.ndarray  # (V, P)
    mask: np.ndarray  # (V, P)
    place: np.ndarray  # (V,) where each word stands in that order


def sort_tree(paths):
    """Find the order of the words in which every node has its words side by side."""
    V, P = paths.nodes.shape
    place = np.arange(V)
    if P:
        way = np.where(paths.mask, 1 + paths.bits.astype(np.int8), 0)  # padding 0, left 1, right 2
        place[np.lexsort(way.T[::-1])] = np.arange(V)
    return SortedTree(*paths, place.astype(np.min_scalar_type(V)))  # short integers sort faster


def tree_gradients(tree, h, targets, W, _, want_loss):
    """Hierarchical softmax of every example of a block, with the nodes on the path of its target.

    Parameters
    ----------
    tree : SortedTree
    h : ndarray (M, CHUNK, D)
    targets : Side
    W : ndarray (V − 1, D)
    want_loss : bool

    Returns
    -------
    loss : float
    dh : ndarray (M, CHUNK, D)
    dW : RowGradients
    """
    M, L, D = h.shape
    centre, word = list_examples(targets)
    if not len(centre) or not len(W):  # no example, or no node
        nothing = np.zeros(0, np.int64)
        return 0.0, np.zeros_like(h), RowGradients(nothing, np.zeros((0, D), h.dtype), nothing)
    loss, dh, dW = _tree_bundles(tree, h.reshape(M * L, D), centre, word, W, want_loss)
    return loss, dh.reshape(M, L, D), dW


def _tree_bundles(tree, h, centre, word, W, want_loss):
    """The same in bundles of examples whose targets stand side by side in the tree."""
    D = h.shape[1]
    order = np.argsort(tree.place.take(word), kind="stable")
    centre, word = centre.take(order), word.take(order)
    fill = -len(word) % _BUNDLE  # the last bundle is filled up with examples that do not count
    nodes, need, total, positive = _columns(tree, np.pad(word, (0, fill), mode="edge"), W.dtype)
    total[-1, _BUNDLE - fill :] = positive[-1, _BUNDLE - fill :] = 0
    rows = h.take(np.pad(centre, (0, fill), mode="edge"), axis=0).reshape(-1, _BUNDLE, D)
    loss, drows, ids, dC, terms = 0.0, np.empty_like(rows), [], [], []
    for share in np.array_split(np.argsort(need), min(_SHARES, len(need))):
        Q = int(need[share].max())
        columns, counts, right = nodes[share, :Q], total[share, :, :Q], positive[share, :, :Q]
        C = W.take(columns, axis=0)
        part, drows[share], d = cross_entropy_with_all(rows[share], C, counts, right, 0, want_loss)
        loss += part
        needed = np.flatnonzero(np.arange(Q) < need[share][:, None])
        ids.append(columns.ravel().take(needed))
        dC.append(d.reshape(-1, D).take(needed, axis=0))
        terms.append(counts.sum(axis=1).ravel().take(needed))
    dh = np.zeros_like(h)
    met, sums = sum_rows(centre, drows.reshape(-1, D)[: len(centre)])
    dh[met] = sums
    return loss, dh, RowGradients(np.concatenate(ids), np.concatenate(dC), np.concatenate(terms))


def _columns(tree, words, dtype):
    """Give each node that a bundle meets a column of its own.

    The nodes are numbered as they are met for the first time, from word to word. A bundle meets those on the path of
    its first word, whose columns are their depths; and then, with numbers that follow each other, those that are
    new with its later words.

    Returns
    -------
    nodes : ndarray of int (bundles, Q)
        The node of each column.
    need : ndarray of int (bundles,)
        How many columns a bundle needs; those after them mean nothing.
    total, positive : ndarray (bundles, _BUNDLE, Q)
        1 where an example meets the node, and 1 where it takes bit 1 there.
    """
    first = np.concatenate(([True], words[1:] != words[:-1]))
    which = (np.cumsum(first) - 1).reshape(-1, _BUNDLE)  # of the different words
    different = words[first]
    path, mask = tree.nodes.take(different, axis=0), tree.mask.take(different, axis=0)  # (U, P)
    new = mask.copy()
    new[1:] &= path[1:] != path[:-1]  # padding is node 0, the root, which stands at depth 0 only
    met = np.cumsum(new.sum(axis=1))  # how many nodes are met up to and with each word
    number = np.zeros(path.shape, np.int64)
    number[new] = np.arange(met[-1])
    number = np.maximum.accumulate(number, axis=0)  # a node that is not new was new where this depth last had a new one

    begin, end = which[:, 0], which[:, -1]
    own = mask.sum(axis=1).take(begin)[:, None]  # columns for the first word
    before = met.take(begin)[:, None]
    need = own[:, 0] + met.take(end) - before[:, 0]
    column = np.arange(need.max())
    on_first = path.take(begin, axis=0).take(np.minimum(column, path.shape[1] - 1), axis=1)
    later = path[new].take(np.clip(before + column - own, 0, met[-1] - 1))
    nodes = np.where(column < own, on_first, later)

    here = number.take(which, axis=0) - before[..., None]  # (bundles, _BUNDLE, P)
    here = np.where(here >= 0, here + own[..., None], np.arange(path.shape[1]))
    here += (np.arange(which.size) * len(column)).reshape(*which.shape, 1)
    steps = mask.take(which, axis=0)
    total, positive = np.zeros((2, *which.shape, len(column)), dtype)
    total.reshape(-1)[here[steps]] = 1
    positive.reshape(-1)[here[steps]] = tree.bits.take(words, axis=0).reshape(steps.shape)[steps]
    return nodes, need, total, positive
