"""A recurrent language model by hand: a table of tokens, any cell, and a guess of the next token after every step."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_dtype, check_integer, check_shape
from helpers.core.numerics import log_softmax
from helpers.core.optimisers import adam
from helpers.core.params import zeros_like
from helpers.core.training import train
from helpers.layers.embedding import embedding, embedding_backward
from helpers.layers.linear import linear
from helpers.layers.losses import cross_entropy, cross_entropy_backward
from helpers.layers.recurrent.stack import cell_named
from helpers.models.reader import ReaderParams, cell_of, first_reader_state, init_reader, reader, reader_backward


class LanguageModelParams(NamedTuple):
    """The weights of the model; its gradients have the same type."""

    E: np.ndarray  # (V, D), a row for each token
    reader: ReaderParams  # the cell, D inputs and H units, and its output (H, V)


def init_language_model(rng, cell, V, D, H, dtype=np.float64):
    """Draw first parameters: E ~ N(0, 1 / D), the cell and the output as `init_reader` draws them.

    Parameters
    ----------
    rng : numpy.random.Generator
    cell : "rnn", "lstm" or "gru"
    V, D, H : int
        Tokens, numbers for each token, units of the cell.
    dtype : dtype

    Returns
    -------
    LanguageModelParams

    Raises
    ------
    ValueError
        When the cell is unknown or a size is not positive.
    """
    for name, size in (("V", V), ("D", D), ("H", H)):
        check_integer(name, size)
    check_dtype(dtype)
    E = (rng.standard_normal((V, D)) / np.sqrt(D)).astype(dtype)
    return LanguageModelParams(E, init_reader(rng, cell, D, H, V, dtype))


def first_language_state(B, params):
    """Zeros for each of B sequences: the state before anything was read, a tuple of (B, H)."""
    check_integer("B", B)
    return first_reader_state(B, params.reader)


def language_model(ids, state, params):
    """y_t = h_t W + b with h_t from x_t = E[ids_t]: softmax(y_t) is P(next token | ids_1 … ids_t).

    Parameters
    ----------
    ids : ndarray of int (T, B)
        The tokens that are read.
    state : tuple of ndarray (B, H)
        Before the first step: `first_language_state`, or the state after the window before.
    params : LanguageModelParams

    Returns
    -------
    logits : ndarray (T, B, V)
    state : tuple of ndarray (B, H)
        After the last step.
    cache : tuple

    Raises
    ------
    ValueError
        When shapes do not fit, there is no step, or a token has no row in the table.
    """
    check_shape("ids", ids, "T B")
    x, table_cache = embedding(ids, params.E)
    logits, state, reader_cache = reader(x, state, params.reader)
    return logits, state, (table_cache, reader_cache)


def language_model_backward(dlogits, dstate, cache, params):
    """dE = Σ_t one_hot(ids_t)ᵀ dx_t, where dx_t comes from the cell's backward.

    Parameters
    ----------
    dlogits : ndarray (T, B, V)
    dstate : tuple of ndarray (B, H)
        What the loss takes from the last state; zeros if nothing follows, or if what follows is cut off.
    cache : tuple
        From `language_model`.
    params : LanguageModelParams

    Returns
    -------
    dstate : tuple of ndarray (B, H)
        Of the first state.
    grads : LanguageModelParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    table_cache, reader_cache = cache
    dx, dstate, dreader = reader_backward(dlogits, dstate, reader_cache, params.reader)
    return dstate, LanguageModelParams(embedding_backward(dx, table_cache, params.E), dreader)


def language_model_loss(params, ids, targets, mask=None, state=None):
    """L = mean of −ln P(targets_t | ids_1 … ids_t), nats a token.

    Parameters
    ----------
    params : LanguageModelParams
    ids, targets : ndarray of int (T, B)
        Targets are the ids one step later: the token that comes after each.
    mask : ndarray of bool (T, B), optional
        True = counts.
    state : tuple of ndarray (B, H), optional
        Before the first step; zeros without one. It counts as given: no gradient goes back into what came before.

    Returns
    -------
    loss : float
    grads : LanguageModelParams
    state : tuple of ndarray (B, H)
        After the last step, to carry on to the next window.

    Raises
    ------
    ValueError
        When shapes do not fit, or a token that counts is out of range.
    """
    _, B = check_shape("ids", ids, "T B")
    state = first_language_state(B, params) if state is None else state
    logits, last, cache = language_model(ids, state, params)
    loss, loss_cache = cross_entropy(logits, targets, mask)
    _, grads = language_model_backward(cross_entropy_backward(loss_cache), zeros_like(last), cache, params)
    return loss, grads, last


def train_over_windows(params, windows, steps, rate=3e-3, clip=1.0, progress=None):
    """Truncated backpropagation as it is practised: one update a window, the state carried on, the gradient cut.

    The state that a window begins with was made by weights that are a step older: a stale state.

    Parameters
    ----------
    params : LanguageModelParams
        The first values; float32 trains faster.
    windows : iterable of StreamWindow
        The next window of every strip, in order, as `helpers.data.streams.stream_windows` gives them. Where a strip
        begins anew its state goes back to zeros.
    steps : int
        Windows to learn from.
    rate, clip : float
        Adam's rate and the threshold of the gradient norm.
    progress : str, optional
        See `helpers.core.training.train`.

    Returns
    -------
    params : LanguageModelParams
    history : History

    Raises
    ------
    ValueError
        When a window does not fit, or they end before the steps do.
    FloatingPointError
        When the loss or the gradient is NaN or infinite.
    """
    carried = None

    def loss_and_grads(params, inputs, targets, reset):
        nonlocal carried
        state = first_language_state(len(reset), params) if carried is None else carried
        state = tuple(np.where(reset[:, None], s.dtype.type(0), s) for s in state)
        loss, grads, carried = language_model_loss(params, inputs, targets, state=state)
        return loss, grads

    return train(loss_and_grads, params, iter(windows), adam(rate), steps, clip, progress)


def next_token_step(params):
    """Give the model to a search: step(tokens (N,), state) -> log_probs (N, V), state, as `helpers.decoding` asks.

    The first state is `first_language_state(N, params)`.
    """

    def step(tokens, state):
        x, _ = embedding(np.asarray(tokens), params.E)
        state = cell_of(params.reader).step(x, state, params.reader.cell)
        logits, _ = linear(state[0], params.reader.output)
        return log_softmax(logits), state

    return step


def count_language_model(cell, V, D, H):
    """The number of weights and biases: V D for the table, the cell's, and (H + 1) V for the output."""
    return V * D + cell_named(cell).count(D, H) + (H + 1) * V
