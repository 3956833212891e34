"""The outputs in their fast form: the questions of a whole block, as matrix products."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np

from helpers.models.word2vec.block_pairs import SMALL, count_nodes, count_words, pair_gradients
from helpers.models.word2vec.block_tree import ask_tree, sort_tree
from helpers.models.word2vec.blocks import (
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
