"""One to many: a vector goes in and a sequence comes out; the vector as first state, at the first or at every step."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice, check_floats, check_integer, check_shape
from helpers.core.params import zeros_like
from helpers.layers.linear import LinearParams, init_linear, linear, linear_backward
from helpers.layers.losses import cross_entropy, cross_entropy_backward
from helpers.models.reader import ReaderParams, cell_of, init_reader, reader, reader_backward

WIRINGS = ("first state", "first step", "every step", "none")


class OneToManyParams(NamedTuple):
    """The weights of the network; its gradients have the same type."""

    start: LinearParams  # W (C, H), b (H,): makes the first state of the vector; used by the wiring "first state"
    reader: ReaderParams  # a cell of D + C inputs, and its output


def init_one_to_many(rng, cell, C, D, H, V, dtype=np.float64):
    """Draw first parameters: a vector of C numbers, D inputs a step, H units, V answers a step."""
    for name, size in (("C", C), ("D", D), ("H", H), ("V", V)):
        check_integer(name, size)
    return OneToManyParams(init_linear(rng, C, H, dtype), init_reader(rng, cell, C + D, H, V, dtype))


def one_to_many(v, x, params, wiring="every step"):
    """y_t = h_t W + b; v is read at every step, at the first one, or as h_0 = tanh(v W_0 + b_0).

    Parameters
    ----------
    v : ndarray (B, C)
        The one vector, such as a language or a picture.
    x : ndarray (T, B, D)
        What is read besides: at each step the thing that was written before.
    params : OneToManyParams
    wiring : "first state", "first step", "every step" or "none"
        Where v goes in. "none" leaves it out: the control of an experiment.

    Returns
    -------
    logits : ndarray (T, B, V)
    cache : tuple

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed or the wiring is unknown.
    """
    check_choice("wiring", wiring, WIRINGS)
    check_floats(v=v, x=x, **{"start.W": params.start.W})
    T, B, _ = check_shape("x", x, "T B D")
    C, _ = check_shape("start.W", params.start.W, "C H")
    check_shape("v", v, "B C", B=B, C=C)
    steps = {"every step": T, "first step": 1}.get(wiring, 0)  # how many read v
    beside = np.zeros((T, *v.shape), v.dtype)
    beside[:steps] = v
    state, h_0, start_cache = cell_of(params.reader).zero_state(B, params.reader.cell), None, None
    if wiring == "first state":
        a_0, start_cache = linear(v, params.start)
        h_0 = np.tanh(a_0)
        state = (h_0, *state[1:])
    logits, _, reader_cache = reader(np.concatenate([beside, x], axis=-1), state, params.reader)
    return logits, (steps, v.shape, h_0, start_cache, reader_cache, state)


def one_to_many_backward(dlogits, cache, params):
    """dv = Σ_t of the steps that read v; through the first state, (dh_0 ⊙ (1 − h_0²)) W_0ᵀ.

    Parameters
    ----------
    dlogits : ndarray (T, B, V)
    cache : tuple
        From `one_to_many`.
    params : OneToManyParams

    Returns
    -------
    dv : ndarray (B, C)
    grads : OneToManyParams
    """
    steps, (_, C), h_0, start_cache, reader_cache, state = cache
    dx, dstate, dreader = reader_backward(dlogits, zeros_like(state), reader_cache, params.reader)
    dv, dstart = dx[:steps, :, :C].sum(axis=0), zeros_like(params.start)
    if h_0 is not None:
        dfrom_state, dstart = linear_backward(dstate[0] * (1 - h_0**2), start_cache, params.start)
        dv = dv + dfrom_state
    return dv, OneToManyParams(dstart, dreader)


def one_to_many_loss(params, v, x, targets, mask=None, wiring="every step"):
    """L = mean cross-entropy of what is named at every step that counts, in nats: -> loss, grads."""
    logits, cache = one_to_many(v, x, params, wiring)
    loss, loss_cache = cross_entropy(logits, targets, mask)
    _, grads = one_to_many_backward(cross_entropy_backward(loss_cache), cache, params)
    return loss, grads
