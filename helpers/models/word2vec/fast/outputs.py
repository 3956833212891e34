"""All outputs for a block of text at once: full softmax, the tree, negative sampling and NCE, as matrix products."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from helpers.core.numerics import log_softmax
from helpers.layers.embedding import sum_rows
from helpers.models.word2vec.fast.blocks import (
    GROUP,
    RowGradients,
    ask,
    ask_one,
    block_hidden,
    block_hidden_backward,
    block_sides,
    by_chunk,
    by_place,
    list_examples,
)
from helpers.models.word2vec.huffman import huffman_paths
from helpers.models.word2vec.noise import alias_table, draw_noise, log_frequency, noise_distribution

# Words. With more, bundles were faster on prose: most scores of the large product are of what no pair asks.
SMALL = 1000


def find_pairs(block):
    """Give the input and the target of every pair, (pairs,) each."""
    seen = block.seen
    place = np.arange(len(seen))
    nth = np.arange(seen.sum()) - np.repeat(np.cumsum(seen) - seen, seen)  # the first that a centre sees, the second, …
    first = place - block.left + block.window  # centre i stands at place i + window
    target = np.repeat(first, seen) + nth + (nth >= np.repeat(block.left, seen))  # the centre itself is skipped
    return block.tokens.take(np.repeat(place + block.window, seen)), block.tokens.take(target)


def pair_gradients(ask_counted, params, block, _, want_loss=False):
    """The loss and the gradients of a block; ask_counted is one of the functions below, or what they have made."""
    inputs, targets = find_pairs(block)
    used = np.flatnonzero(np.bincount(inputs))
    row = np.zeros(len(params.E), np.int64)
    row[used] = np.arange(len(used))
    h = params.E.take(used, axis=0)
    loss, dh, dW, asked = ask_counted(h, row.take(inputs), targets, params.W, want_loss)
    return loss, RowGradients(used, dh, asked.sum(axis=1)), RowGradients(np.arange(len(dW)), dW, asked.sum(axis=0))


def count_nodes(tree):
    """Make ask_counted for hierarchical softmax; tree is what `huffman_paths` gives, or begins as that does."""
    nodes = len(tree.nodes) - 1
    # A column for each node and bit. What fills the path up comes last and is not looked at.
    column = np.where(tree.mask, tree.nodes + (nodes + 1) * tree.bits, nodes)

    def ask_counted(h, row, word, W, want_loss):
        steps = column.take(word, axis=0)
        counts = _count(row[:, None], steps, (len(h), 2 * (nodes + 1)), W.dtype)
        no, yes = counts[:, :nodes], counts[:, nodes + 1 : -1]
        asked = no + yes
        return *ask(h, W, asked, yes, 0, want_loss), asked

    return ask_counted


def count_words(h, row, word, W, want_loss):
    """ask_counted for the full softmax."""
    wanted = _count(row, word, (len(h), len(W)), W.dtype)
    log_p = log_softmax(h @ W.T)
    expected = wanted.sum(axis=1, keepdims=True) * np.exp(log_p)
    ds = expected - wanted
    loss = -float((wanted * log_p).sum(dtype=np.float64)) if want_loss else 0.0
    return loss, ds @ W, ds.T @ h, expected + wanted


def _count(row, column, shape, dtype):
    where = row * shape[1] + column
    return np.bincount(where.ravel(), minlength=shape[0] * shape[1]).astype(dtype).reshape(shape)


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


SHARED = 8  # noise words for each group of centres


class BlockOutput(NamedTuple):
    """An output for one of the contexts, with its tree or its noise filled in."""

    rows: int  # of W
    draw: Callable  # draw(rng, N) -> negatives (N / GROUP, SHARED), or None where nothing is drawn
    # gradients(params, block, negatives, want_loss=False) -> loss, dE, dW: the loss of `word2vec_loss` over the windows
    # of a block, in nats and summed (0 where it is not wanted), and RowGradients for each table
    gradients: Callable


def make_block_output(name, context, counts, k=5, power=0.75, dtype=np.float32):
    """Make the fast form of an output for a context; the other arguments are those of `make_output`."""
    counts = np.asarray(counts)
    V = len(counts)
    if name == "softmax":
        if context == "skip-gram":
            return BlockOutput(V, _draw_nothing, partial(pair_gradients, count_words))
        return BlockOutput(V, _draw_nothing, partial(_block_gradients, context, _ask_all, 2.0))
    if name == "hierarchical":
        paths = huffman_paths(counts)
        if context == "skip-gram" and V <= SMALL:
            return BlockOutput(V - 1, _draw_nothing, partial(pair_gradients, count_nodes(paths)))
        ask_paths, questions = partial(ask_tree, sort_tree(paths)), counts @ paths.mask.sum(axis=1) / counts.sum()
        return BlockOutput(V - 1, _draw_nothing, partial(_block_gradients, context, ask_paths, questions))
    q = noise_distribution(counts, power)
    shift = _nce_shift(counts, q, k).astype(dtype) if name == "nce" else np.zeros(V, dtype)
    ask_both = partial(_ask_targets_and_noise, k, shift)
    return BlockOutput(V, partial(_draw_shared, alias_table(q)), partial(_block_gradients, context, ask_both, 1.0 + k))


def _block_gradients(context, ask_block, questions, params, block, negatives, want_loss=False):
    inputs, targets = block_sides(block, context, params.E.dtype)
    h = block_hidden(inputs, params.E)
    loss, dh, dW = ask_block(h, targets, params.W, negatives, want_loss)
    rows = block_hidden_backward(dh, inputs)
    each = questions * targets.weights.sum() / len(rows)
    return loss, RowGradients(inputs.ids, rows, np.full(len(rows), each)), dW


def _ask_targets_and_noise(k, shift, h, targets, W, negatives, want_loss):
    D = W.shape[1]
    G, K = negatives.shape
    loss, dh, dtargets = _ask_targets(h, targets, W, shift, want_loss)
    # An example has k negatives, and each of the K stands for k / K of one.
    weight = (targets.weights.sum(axis=2) * W.dtype.type(k / K)).reshape(G, -1, 1)
    noise, noise_shift = W.take(negatives, axis=0), shift.take(negatives)[:, None]
    noise_loss, dh_noise, dnoise = ask(h.reshape(G, -1, D), noise, weight, 0, noise_shift, want_loss)
    dh += dh_noise.reshape(h.shape)
    ids = np.concatenate([targets.ids, negatives.ravel()])
    rows = np.concatenate([dtargets, dnoise.reshape(-1, D)])
    return loss + noise_loss, dh, RowGradients(ids, rows, np.full(len(ids), (1 + k) * targets.weights.sum() / len(ids)))


def _ask_targets(h, targets, W, shift, want_loss):
    """Ask every example whether its target is right: yes."""
    wanted, width = targets.weights, targets.weights.shape[2]
    rows, shift = W.take(targets.ids, axis=0), shift.take(targets.ids)
    if width == 1:
        wanted = wanted.ravel()
        loss, dh, drows = ask_one(h.reshape(rows.shape), rows, wanted, wanted, shift, want_loss)
        return loss, dh.reshape(h.shape), drows
    shift = by_chunk(shift[:, None], width).swapaxes(1, 2)
    loss, dh, drows = ask(h, by_chunk(rows, width), wanted, wanted, shift, want_loss)
    return loss, dh, by_place(drows)


def _ask_all(h, targets, W, _, want_loss):
    """Full softmax."""
    M, L, D = h.shape
    centre, word = list_examples(targets)
    h = h.reshape(-1, D)
    loss, dh, dW, asked = count_words(h, centre, word, W, want_loss)
    return loss, dh.reshape(M, L, D), RowGradients(np.arange(len(W)), dW, asked.sum(axis=0))


def _nce_shift(counts, q, k):
    # A word that never occurs is never met. Its shift would be −∞ − (−∞), and is not needed.
    return np.where(q > 0, log_frequency(counts) - np.log(np.where(q > 0, k * q, 1)), 0)


def _draw_shared(table, rng, N):
    return draw_noise(rng, table, (N // GROUP, SHARED))


def _draw_nothing(rng, N):
    return None
