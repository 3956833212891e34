"""The outputs in their fast form: the questions of a whole block, as stacks of matrix products."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from helpers.core.numerics import log_softmax
from helpers.models.word2vec.block_tree import ask_tree, sort_tree
from helpers.models.word2vec.blocks import (
    GROUP,
    RowGradients,
    ask,
    block_hidden,
    block_hidden_backward,
    block_sides,
    by_chunk,
    by_place,
)
from helpers.models.word2vec.huffman import huffman_paths
from helpers.models.word2vec.noise import alias_table, draw_noise, log_frequency, noise_distribution

SHARED = 8  # noise words for each group of centres


class BlockOutput(NamedTuple):
    """An output with its tree or its noise filled in."""

    rows: int  # of W
    questions: float  # asked for each example, on average
    draw: Callable  # draw(rng, N) -> negatives (N / GROUP, SHARED), or None where nothing is drawn
    ask: Callable  # ask(h, inputs, targets, W, negatives, want_loss) -> loss, dh, RowGradients of W


def make_block_output(name, counts, k=5, power=0.75, dtype=np.float32):
    """Make the fast form of an output; the arguments are those of `make_output`."""
    counts = np.asarray(counts)
    V = len(counts)
    if name == "softmax":
        return BlockOutput(V, 2.0, _draw_nothing, _ask_all)
    if name == "hierarchical":
        paths = huffman_paths(counts)
        tree = sort_tree(paths)
        length = float(counts @ paths.mask.sum(axis=1) / counts.sum())
        return BlockOutput(V - 1, length, _draw_nothing, lambda *args: ask_tree(tree, *args))
    q = noise_distribution(counts, power)
    table = alias_table(q)
    shift = None
    if name == "nce":
        # A word that never occurs is never met. Its shift would be −∞ − (−∞), and is not needed.
        shift = np.where(q > 0, log_frequency(counts) - np.log(np.where(q > 0, k * q, 1)), 0).astype(dtype)

    def draw(rng, N):
        return draw_noise(rng, table, (N // GROUP, SHARED))

    return BlockOutput(V, 1.0 + k, draw, lambda *args: _ask_targets_and_noise(k, shift, *args))


def block_gradients(params, block, context, output, negatives, want_loss=False):
    """The loss and the gradient of `word2vec_loss` over the windows of a block, by other products.

    Parameters
    ----------
    params : Word2VecParams
    block : Block
    context : "skip-gram" or "cbow"
    output : BlockOutput
    negatives : ndarray of int (N / GROUP, K), or None
        Those of a group serve each of its examples.
    want_loss : bool

    Returns
    -------
    loss : float
        In nats, summed; 0 where it is not wanted.
    dE, dW : RowGradients
    """
    inputs, targets = block_sides(block, context)
    h = block_hidden(inputs, params.E)
    loss, dh, dW = output.ask(h, inputs, targets, params.W, negatives, want_loss)
    rows = block_hidden_backward(dh, inputs)
    return (
        loss,
        RowGradients(inputs.ids, rows, np.full(len(rows), output.questions * targets.weights.sum() / len(rows))),
        dW,
    )


def _ask_targets_and_noise(k, shift, h, _, targets, W, negatives, want_loss):
    _, _, D = h.shape
    G, K = negatives.shape
    wanted, width = targets.weights, targets.weights.shape[2]
    noise = W.take(negatives, axis=0)  # (G, K, D)
    # An example has k negatives, and each of the K stands for k / K of one.
    weight = (wanted.sum(axis=2) * W.dtype.type(k / K)).reshape(G, -1, 1)
    target_shift, noise_shift = 0, 0
    if shift is not None:
        target_shift = by_chunk(shift.take(targets.ids)[:, None], width).swapaxes(1, 2)
        noise_shift = shift.take(negatives)[:, None]
    rows = by_chunk(W.take(targets.ids, axis=0), width)
    loss, dh, dtargets = ask(h, rows, wanted, wanted, target_shift, want_loss)
    noise_loss, dh_noise, dnoise = ask(h.reshape(G, -1, D), noise, weight, 0, noise_shift, want_loss)
    dh += dh_noise.reshape(h.shape)
    ids = np.concatenate([targets.ids, negatives.ravel()])
    rows = np.concatenate([by_place(dtargets), dnoise.reshape(-1, D)])
    return loss + noise_loss, dh, RowGradients(ids, rows, np.full(len(ids), (1 + k) * wanted.sum() / len(ids)))


def _ask_all(h, inputs, targets, W, _, want_loss):
    """Full softmax: a centre with several targets needs its scores only once."""
    (M, L, D), V = h.shape, len(W)
    m, place, j = np.nonzero(targets.weights)
    centre, word = m * L + place, targets.ids.take(m * L + j)
    wanted = np.bincount(centre * V + word, minlength=M * L * V).reshape(-1, V).astype(W.dtype)
    h = h.reshape(-1, D)
    log_p = log_softmax(h @ W.T)
    expected = wanted.sum(axis=1, keepdims=True) * np.exp(log_p)
    ds = expected - wanted
    loss = -float((wanted * log_p).sum(dtype=np.float64)) if want_loss else 0.0
    return loss, (ds @ W).reshape(M, L, D), RowGradients(np.arange(V), ds.T @ h, (expected + wanted).sum(axis=0))


def _draw_nothing(rng, N):
    return None
