"""The four outputs of word2vec for a block of text at once: their losses and gradients as matrix products."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from helpers.core.checks import (
    check_choice,
    check_counts,
    check_dtype,
    check_floats,
    check_indices,
    check_integer,
    check_shape,
)
from helpers.core.numerics import log_softmax
from helpers.core.overflow import refuse_overflow
from helpers.models.word2vec.fast.blocks import (
    GROUP,
    RowGradients,
    block_hidden,
    block_hidden_backward,
    block_sides,
    by_chunk,
    by_place,
    cross_entropy_row_by_row,
    cross_entropy_with_all,
    list_examples,
)
from helpers.models.word2vec.fast.tree import sort_tree, tree_gradients
from helpers.models.word2vec.huffman import huffman_paths
from helpers.models.word2vec.inputs import INPUTS
from helpers.models.word2vec.model import OUTPUTS, Word2VecParams
from helpers.models.word2vec.noise import alias_table, draw_noise, log_frequency, noise_distribution

_SHARED = 8  # noise words for each group of centres
# Words. In a small vocabulary the same pairs come often, and one matrix product for all of them is fastest. In a larger
# one most of its scores would be of pairs that do not occur.
_SMALL_VOCABULARY = 1000


class BlockOutput(NamedTuple):
    """An output for one of the contexts, with its tree or its noise filled in."""

    rows: int  # of W
    draw: Callable  # draw(rng, N) -> negatives (groups, words), for N / GROUP groups, or None where nothing is drawn
    # gradients(params, block, negatives, want_loss=False) -> loss, dE, dW: the loss of `word2vec_loss` over the windows
    # of a block, in nats and summed (0 where it is not wanted), and RowGradients for each table
    gradients: Callable


def make_block_output(name, context, counts, k=5, power=0.75, dtype=np.float32):
    """Make the fast form of an output for a context; the other arguments are those of `make_output`."""
    check_choice("output", name, OUTPUTS)
    check_choice("context", context, INPUTS)
    k = check_integer("k", k)
    check_dtype(dtype)
    counts = check_counts(counts)
    V = len(counts)
    if name == "softmax":
        if context == "skip-gram":
            return BlockOutput(V, _draw_nothing, partial(_pair_gradients, _counted_softmax))
        return BlockOutput(V, _draw_nothing, partial(_block_gradients, context, _full_softmax, 2.0))
    if name == "hierarchical":
        paths = huffman_paths(counts)
        if context == "skip-gram" and V <= _SMALL_VOCABULARY:
            return BlockOutput(V - 1, _draw_nothing, partial(_pair_gradients, _counted_tree(paths)))
        mean_length = counts @ paths.mask.sum(axis=1) / counts.sum()
        hierarchical = partial(tree_gradients, sort_tree(paths))
        return BlockOutput(V - 1, _draw_nothing, partial(_block_gradients, context, hierarchical, mean_length))
    q = noise_distribution(counts, power)
    shift = _nce_shift(counts, q, k).astype(dtype) if name == "nce" else np.zeros(V, dtype)
    sampling = partial(_targets_and_noise, k, shift)
    return BlockOutput(V, partial(_draw_shared, alias_table(q)), partial(_block_gradients, context, sampling, 1.0 + k))


@refuse_overflow
def word2vec_block_loss(params, block, output, negatives=None):
    """The same loss and gradients as `word2vec_loss`, of all windows of a block.

    Parameters
    ----------
    params : Word2VecParams
    block : Block
        Such as `text_block` makes.
    output : BlockOutput
        From `make_block_output`.
    negatives : ndarray of int (groups, words), optional
        From ``output.draw(rng, N)``: a row for each GROUP of centres.

    Returns
    -------
    loss : float
        Nats, summed over the examples of the block.
    grads : Word2VecParams
        Training itself does not fill whole tables: it uses the rows that ``output.gradients`` gives.
    """
    check_floats(E=params.E, W=params.W)
    V, D = check_shape("E", params.E, "V D")
    check_shape("W", params.W, "rows D", rows=output.rows, D=D)
    check_indices("tokens of the block", block.tokens, V)
    loss, *gradients = output.gradients(params, block, negatives, want_loss=True)
    grads = Word2VecParams(*map(np.zeros_like, params))
    for table, (ids, rows, _) in zip(grads, gradients, strict=True):
        np.add.at(table, ids, rows)
    return loss, grads


def _nce_shift(counts, q, k):
    # A word that never occurs is never met. Its shift would be −∞ − (−∞), and is not needed.
    return np.where(q > 0, log_frequency(counts) - np.log(np.where(q > 0, k * q, 1)), 0)


def _draw_shared(table, rng, N):
    return draw_noise(rng, table, (N // GROUP, _SHARED))


def _draw_nothing(rng, N):
    return None


def _block_gradients(context, output_gradients, terms, params, block, negatives, want_loss=False):
    """The loss and the gradients of a block; terms is how many terms of the loss an example has."""
    inputs, targets = block_sides(block, context, params.E.dtype)
    h = block_hidden(inputs, params.E)
    loss, dh, dW = output_gradients(h, targets, params.W, negatives, want_loss)
    rows = block_hidden_backward(dh, inputs)
    each = terms * targets.weights.sum() / len(rows)
    return loss, RowGradients(inputs.ids, rows, np.full(len(rows), each)), dW


def _targets_and_noise(k, shift, h, targets, W, negatives, want_loss):
    """Negative sampling, and NCE by its shift: the targets are labelled 1, the noise words of each group 0."""
    D = W.shape[1]
    G, K = negatives.shape
    loss, dh, dtargets = _true_targets(h, targets, W, shift, want_loss)
    # An example has k negatives, and each of the K stands for k / K of one.
    weight = (targets.weights.sum(axis=2) * W.dtype.type(k / K)).reshape(G, -1, 1)
    noise, noise_shift = W.take(negatives, axis=0), shift.take(negatives)[:, None]
    noise_loss, dh_noise, dnoise = cross_entropy_with_all(h.reshape(G, -1, D), noise, weight, 0, noise_shift, want_loss)
    dh += dh_noise.reshape(h.shape)
    ids = np.concatenate([targets.ids, negatives.ravel()])
    rows = np.concatenate([dtargets, dnoise.reshape(-1, D)])
    return loss + noise_loss, dh, RowGradients(ids, rows, np.full(len(ids), (1 + k) * targets.weights.sum() / len(ids)))


def _true_targets(h, targets, W, shift, want_loss):
    """The classifications of the targets, all labelled 1."""
    wanted, width = targets.weights, targets.weights.shape[2]
    rows, shift = W.take(targets.ids, axis=0), shift.take(targets.ids)
    if width == 1:
        wanted = wanted.ravel()
        loss, dh, drows = cross_entropy_row_by_row(h.reshape(rows.shape), rows, wanted, wanted, shift, want_loss)
        return loss, dh.reshape(h.shape), drows
    shift = by_chunk(shift[:, None], width).swapaxes(1, 2)
    loss, dh, drows = cross_entropy_with_all(h, by_chunk(rows, width), wanted, wanted, shift, want_loss)
    return loss, dh, by_place(drows)


def _full_softmax(h, targets, W, _, want_loss):
    M, L, D = h.shape
    centre, word = list_examples(targets)
    h = h.reshape(-1, D)
    loss, dh, dW, terms = _counted_softmax(h, centre, word, W, want_loss)
    return loss, dh.reshape(M, L, D), RowGradients(np.arange(len(W)), dW, terms.sum(axis=0))


def _pair_gradients(counted_loss, params, block, _, want_loss=False):
    """The loss and the gradients of a block for skip-gram, with all equal pairs counted together.

    counted_loss(h, row, word, W, want_loss) -> loss, dh, dW, terms is that of the pairs of h[row[i]] and word[i]; terms
    says how many terms of the loss a row of h and a row of W share.
    """
    inputs, targets = _find_pairs(block)
    used = np.flatnonzero(np.bincount(inputs))
    row = np.zeros(len(params.E), np.int64)
    row[used] = np.arange(len(used))
    h = params.E.take(used, axis=0)
    loss, dh, dW, terms = counted_loss(h, row.take(inputs), targets, params.W, want_loss)
    return loss, RowGradients(used, dh, terms.sum(axis=1)), RowGradients(np.arange(len(dW)), dW, terms.sum(axis=0))


def _find_pairs(block):
    """Give the input and the target of every pair, (pairs,) each."""
    seen = block.seen
    place = np.arange(len(seen))
    nth = np.arange(seen.sum()) - np.repeat(np.cumsum(seen) - seen, seen)  # the first that a centre sees, the second, …
    first = place - block.left + block.window  # centre i stands at place i + window
    target = np.repeat(first, seen) + nth + (nth >= np.repeat(block.left, seen))  # the centre itself is skipped
    return block.tokens.take(np.repeat(place + block.window, seen)), block.tokens.take(target)


def _counted_softmax(h, row, word, W, want_loss):
    """counted_loss for the full softmax."""
    wanted = _count(row, word, (len(h), len(W)), W.dtype)
    log_p = log_softmax(h @ W.T)
    expected = wanted.sum(axis=1, keepdims=True) * np.exp(log_p)
    ds = expected - wanted
    loss = -float((wanted * log_p).sum(dtype=np.float64)) if want_loss else 0.0
    return loss, ds @ W, ds.T @ h, expected + wanted


def _counted_tree(paths):
    """Make counted_loss for hierarchical softmax."""
    nodes = len(paths.nodes) - 1
    # A column for each node and bit. Padding of a path has the last column, which is left out.
    column = np.where(paths.mask, paths.nodes + (nodes + 1) * paths.bits, nodes)

    def counted_loss(h, row, word, W, want_loss):
        steps = column.take(word, axis=0)
        counts = _count(row[:, None], steps, (len(h), 2 * (nodes + 1)), W.dtype)
        bit_0, bit_1 = counts[:, :nodes], counts[:, nodes + 1 : -1]
        total = bit_0 + bit_1
        return *cross_entropy_with_all(h, W, total, bit_1, 0, want_loss), total

    return counted_loss


def _count(row, column, shape, dtype):
    where = row * shape[1] + column
    return np.bincount(where.ravel(), minlength=shape[0] * shape[1]).astype(dtype).reshape(shape)
