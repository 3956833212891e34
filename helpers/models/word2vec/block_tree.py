"""Hierarchical softmax in its fast form: examples that meet the same nodes of the tree are asked in bundles.

Two words share the beginning of their paths. So the examples are sorted by where their target stands in the tree;
those that stand side by side then meet nearly the same nodes, and few scores of their matrix product are left unused.
"""

from typing import NamedTuple

import numpy as np

from helpers.layers.sum_rows import sum_rows
from helpers.models.word2vec.blocks import RowGradients, ask, list_examples

BUNDLE = 32  # examples
SHARES = 3  # bundles are asked in this many shares: those that need few nodes are not to wait for those that need many


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


def ask_tree(tree, h, targets, W, _, want_loss):
    """Ask every example of a block about the nodes on the path of its target.

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
    if not len(centre) or not len(W):  # nothing to ask
        nothing = np.zeros(0, np.int64)
        return 0.0, np.zeros_like(h), RowGradients(nothing, np.zeros((0, D), h.dtype), nothing)
    loss, dh, dW = _ask_bundles(tree, h.reshape(M * L, D), centre, word, W, want_loss)
    return loss, dh.reshape(M, L, D), dW


def _ask_bundles(tree, h, centre, word, W, want_loss):
    """Ask bundles of examples whose targets stand side by side in the tree."""
    D = h.shape[1]
    order = np.argsort(tree.place.take(word), kind="stable")
    centre, word = centre.take(order), word.take(order)
    fill = -len(word) % BUNDLE  # the last bundle is filled up with examples that are asked nothing
    nodes, need, asked, yes = _columns(tree, np.pad(word, (0, fill), mode="edge"), W.dtype)
    asked[-1, BUNDLE - fill :] = yes[-1, BUNDLE - fill :] = 0
    rows = h.take(np.pad(centre, (0, fill), mode="edge"), axis=0).reshape(-1, BUNDLE, D)
    loss, drows, ids, dC, questions = 0.0, np.empty_like(rows), [], [], []
    for share in np.array_split(np.argsort(need), min(SHARES, len(need))):
        Q = int(need[share].max())
        candidates, times = nodes[share, :Q], asked[share, :, :Q]
        part, drows[share], d = ask(rows[share], W.take(candidates, axis=0), times, yes[share, :, :Q], 0, want_loss)
        loss += part
        needed = np.flatnonzero(np.arange(Q) < need[share][:, None])
        ids.append(candidates.ravel().take(needed))
        dC.append(d.reshape(-1, D).take(needed, axis=0))
        questions.append(times.sum(axis=1).ravel().take(needed))
    dh = np.zeros_like(h)
    met, sums = sum_rows(centre, drows.reshape(-1, D)[: len(centre)])
    dh[met] = sums
    return loss, dh, RowGradients(np.concatenate(ids), np.concatenate(dC), np.concatenate(questions))


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
    asked, yes : ndarray (bundles, BUNDLE, Q)
        1 where an example meets the node, and 1 where it takes bit 1 there.
    """
    first = np.concatenate(([True], words[1:] != words[:-1]))
    which = (np.cumsum(first) - 1).reshape(-1, BUNDLE)  # of the different words
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

    here = number.take(which, axis=0) - before[..., None]  # (bundles, BUNDLE, P)
    here = np.where(here >= 0, here + own[..., None], np.arange(path.shape[1]))
    here += (np.arange(which.size) * len(column)).reshape(*which.shape, 1)
    steps = mask.take(which, axis=0)
    asked, yes = np.zeros((2, *which.shape, len(column)), dtype)
    asked.reshape(-1)[here[steps]] = 1
    yes.reshape(-1)[here[steps]] = tree.bits.take(words, axis=0).reshape(steps.shape)[steps]
    return nodes, need, asked, yes
