"""Blocks of running text: where windows reach, and the scores of all windows of a block as matrix products.

A block is cut into chunks of a few places. The centres of a chunk and all words around them make one small matrix
product of scores, of which the band near the diagonal counts: the places that are within reach. Skip-gram and CBOW are
this same band, read from its two sides. Noise words are shared by all centres of a group, so their scores are a matrix
product too. What comes out is the gradient of `word2vec_loss`, summed over the block.

The idea is that of Ji, Satish, Li, Dubey 2016, "Parallelizing Word2Vec in Shared and Distributed Memory",
https://arxiv.org/abs/1604.04661
"""

from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided

from helpers.core.checks import check_integer
from helpers.data.vocab import PAD, check_corpus
from helpers.models.word2vec.outputs import softplus

CHUNK = 16  # centres: with fewer the products are too small for BLAS, with more most scores lie outside the band
GROUP = 32  # centres that share their noise words; a multiple of CHUNK


class Block(NamedTuple):
    """N places of a text, with the w places before and after them that their windows may touch."""

    tokens: np.ndarray  # (N + 2 w,) of int; N is a multiple of GROUP
    left: np.ndarray  # (N,) of int: how many places each centre sees to its left
    right: np.ndarray  # (N,)

    @property
    def window(self):
        """The largest distance that a centre may see, w."""
        return (len(self.tokens) - len(self.left)) // 2

    @property
    def centres(self):
        """The N words without those around them."""
        return self.tokens[self.window : len(self.tokens) - self.window]

    @property
    def seen(self):
        """How many places each centre sees."""
        return self.left + self.right


class Side(NamedTuple):
    """One side of a block: the words that are read from one table, and which of them each centre uses."""

    ids: np.ndarray  # (n,)
    # (M, CHUNK, width): chunk m reads `width` words, from place m · CHUNK on. With a width of 1 each centre uses only
    # the word at its own place, and no matrix product is needed.
    weights: np.ndarray


class RowGradients(NamedTuple):
    """Gradients of some rows of a table. An id may occur more than once: its rows add up."""

    ids: np.ndarray  # (n,)
    rows: np.ndarray  # (n, D)
    terms: np.ndarray  # (n,) about how many terms of the loss each row takes part in


def text_block(corpus, window, rng=None, fill=PAD):
    """Lay out a whole text as one block. The places that are added at its ends see nothing and are not seen.

    Parameters
    ----------
    corpus : Corpus
    window : int
    rng : numpy.random.Generator, optional
        As for `window_reach`.
    fill : int
        The word at the places that are added.

    Returns
    -------
    Block
    """
    check_corpus(corpus)
    window = check_integer("window", window)
    fill = check_integer("fill", fill, least=0)
    left, right = window_reach(corpus.starts, window, rng)
    added = -len(left) % GROUP
    tokens = np.pad(corpus.tokens.astype(np.int64), (window, window + added), constant_values=fill)
    return Block(tokens, np.pad(left, (0, added)), np.pad(right, (0, added)))


def cut_block(block, size):
    """Yield blocks of `size` places, a multiple of GROUP; the last may be smaller."""
    for begin in range(0, len(block.left), size):
        end = begin + size
        yield Block(block.tokens[begin : end + 2 * block.window], block.left[begin:end], block.right[begin:end])


def window_reach(starts, window, rng=None):
    """Say how far each place may look to its left and right: at most `window`, and never out of its sentence.

    With an rng, each place draws its own reach from 1 … window, as `helpers.data.windows.context_windows` does.

    Returns
    -------
    left, right : ndarray of int (N,)
    """
    sizes = np.diff(starts)
    N = starts[-1] - starts[0]
    place = np.arange(N) - np.repeat(starts[:-1] - starts[0], sizes)
    reach = window if rng is None else rng.integers(1, window + 1, size=N)
    return np.minimum(place, reach), np.minimum(np.repeat(sizes, sizes) - 1 - place, reach)


def block_sides(block, context, dtype=np.float32):
    """Say which places are inputs and which are targets.

    Returns
    -------
    inputs : Side
        Its weights make h = weights @ rows: a mean for CBOW, the row of the centre for skip-gram.
    targets : Side
        Its weights are 1 where a centre is to predict the word at that place.
    """
    band, seen = _find_band(block, dtype), block.seen.reshape(-1, CHUNK, 1)
    if context == "skip-gram":
        return Side(block.centres, np.ones(seen.shape, dtype)), Side(block.tokens, band)
    band *= (1 / np.maximum(seen, 1)).astype(dtype)
    return Side(block.tokens, band), Side(block.centres, (seen > 0).astype(dtype))


def _find_band(block, dtype):
    """1 where a centre of chunk m sees a place around it, else 0: (M, CHUNK, CHUNK + 2 window)."""
    w = block.window
    offset = (np.arange(CHUNK + 2 * w) - np.arange(CHUNK)[:, None] - w).astype(np.int16)
    left, right = (x.astype(np.int16).reshape(-1, CHUNK, 1) for x in (block.left, block.right))  # short is fast
    return ((offset >= -left) & (offset <= right) & (offset != 0)).astype(dtype)


def list_examples(targets):
    """Say for each example at which place its centre stands and which word is its target, (examples,) each."""
    _, L, width = targets.weights.shape
    m, place, j = np.nonzero(targets.weights)
    return m * L + place, targets.ids.take(m * L + (place if width == 1 else j))


def block_hidden(inputs, E):
    """h = weights @ E[ids] for every centre: (M, CHUNK, D)."""
    M, L, width = inputs.weights.shape
    rows = E.take(inputs.ids, axis=0)
    return rows.reshape(M, L, -1) if width == 1 else inputs.weights @ by_chunk(rows, width)


def block_hidden_backward(dh, inputs):
    """dE[ids] = weightsᵀ @ dh, a row for each place."""
    M, L, width = inputs.weights.shape
    return dh.reshape(M * L, -1) if width == 1 else by_place(inputs.weights.swapaxes(1, 2) @ dh)


def by_chunk(rows, width):
    """View rows (n, D) as overlapping chunks (M, width, D): chunk m begins at row m · CHUNK."""
    M = (len(rows) - width) // CHUNK + 1
    return as_strided(rows, (M, width, rows.shape[1]), (rows.strides[0] * CHUNK, *rows.strides), writeable=False)


def by_place(chunks):
    """Add up chunks (M, width, D) where they overlap, (n, D): the transpose of `by_chunk`."""
    M, width, D = chunks.shape
    n = (M - 1) * CHUNK + width
    places = np.zeros((-(-n // CHUNK), CHUNK, D), chunks.dtype)
    for m, begin in enumerate(range(0, width, CHUNK)):  # the first CHUNK rows of every chunk, then the next, …
        part = chunks[:, begin : begin + CHUNK]
        places[m : m + M, : part.shape[1]] += part
    return places.reshape(-1, D)[:n]


def cross_entropy_with_all(h, C, total, positive, shift=0, want_loss=False):
    """L = Σ total · softplus(s) − positive · s,  s = h Cᵀ + shift: each row of h is classified with each row of C.

    It is `binary_cross_entropy` where the same row of h and of C may meet several times, for one pair of matrices or a
    stack of small ones.

    Parameters
    ----------
    h : ndarray (…, n, D)
    C : ndarray (…, J, D)
    total, positive : ndarray that broadcasts to (…, n, J)
        How often the two rows meet, and how often the label is 1.
    shift : ndarray that broadcasts to (…, n, J)
    want_loss : bool
        The loss takes longer than the gradients, and most steps do not need it.

    Returns
    -------
    loss : float
        0 where it is not wanted.
    dh : ndarray (…, n, D)
    dC : ndarray (…, J, D)
    """
    loss, ds = _loss_and_ds(h @ C.swapaxes(-1, -2), total, positive, shift, want_loss)
    return loss, ds @ C, ds.swapaxes(-1, -2) @ h


def cross_entropy_row_by_row(h, c, total, positive, shift=0, want_loss=False):
    """As `cross_entropy_with_all`, but each row of h (n, D) meets its own row of c (n, D) only; total is (n,)."""
    loss, ds = _loss_and_ds(np.einsum("nd,nd->n", h, c), total, positive, shift, want_loss)
    return loss, ds[:, None] * c, ds[:, None] * h


def _loss_and_ds(s, total, positive, shift, want_loss):
    """The loss and ds = total · σ(s) − positive, which takes the place of s."""
    s += shift
    loss = float((total * softplus(s) - positive * s).sum(dtype=np.float64)) if want_loss else 0.0
    # σ(s) = (1 + tanh(s / 2)) / 2: tanh cannot overflow, and NumPy is faster at it than at exp and a division.
    s *= s.dtype.type(0.5)
    ds = np.tanh(s, out=s)
    ds += 1
    ds *= total * s.dtype.type(0.5)
    ds -= positive
    return loss, ds
