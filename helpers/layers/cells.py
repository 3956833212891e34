"""The recurrent layers by name, so that a model takes any of them."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice
from helpers.core.initial import orthogonal
from helpers.layers.gru import gru, gru_backward, gru_step, init_gru, zero_gru_state
from helpers.layers.lstm import init_lstm, lstm, lstm_backward, lstm_step, zero_lstm_state
from helpers.layers.rnn import init_rnn, rnn, rnn_backward, rnn_step, zero_state


class Cell(NamedTuple):
    """The functions of one recurrent layer; its state is a tuple whose first member is h."""

    init: Callable  # init(rng, D, H, dtype=np.float64) -> params
    zero_state: Callable  # zero_state(B, params) -> state
    step: Callable  # step(x_t, state, params) -> state
    forward: Callable  # forward(x, state, params) -> h, state, cache
    backward: Callable  # backward(dh, dstate, cache, params) -> dx, dstate, grads
    states: Callable  # states(cache) -> the state after every step, each member (T, B, H)
    backward_steps: Callable  # backward_steps(dsteps, cache, params): as backward, from what the loss takes of `states`
    count: Callable  # count(D, H) -> the number of weights and biases


def _init_rnn(rng, D, H, dtype=np.float64):
    return init_rnn(rng, D, orthogonal(rng, H, dtype=dtype))


def _init_lstm(rng, D, H, dtype=np.float64):
    return init_lstm(rng, D, H, dtype=dtype)


def _rnn_states(cache):
    _, _, h, _ = cache
    return (h,)


def _gru_states(cache):
    _, h, *_ = cache
    return (h[1:],)


def _lstm_states(cache):
    _, h, c, *_ = cache
    return h[1:], c[1:]


def _rnn_backward_steps(dsteps, cache, params):
    (dh,) = dsteps
    return rnn_backward(dh, (np.zeros_like(dh[0]),), cache, params)


def _lstm_backward_steps(dsteps, cache, params):
    dh, dc = dsteps
    return lstm_backward(dh, (np.zeros_like(dh[0]), np.zeros_like(dc[0])), cache, params, dc)


def _gru_backward_steps(dsteps, cache, params):
    (dh,) = dsteps
    return gru_backward(dh, (np.zeros_like(dh[0]),), cache, params)


CELLS = {
    "rnn": Cell(
        init=_init_rnn,
        zero_state=zero_state,
        step=rnn_step,
        forward=rnn,
        backward=rnn_backward,
        states=_rnn_states,
        backward_steps=_rnn_backward_steps,
        count=lambda D, H: H * (D + H + 1),
    ),
    "lstm": Cell(
        init=_init_lstm,
        zero_state=zero_lstm_state,
        step=lstm_step,
        forward=lstm,
        backward=lstm_backward,
        states=_lstm_states,
        backward_steps=_lstm_backward_steps,
        count=lambda D, H: 4 * H * (D + H + 1),
    ),
    "gru": Cell(
        init=init_gru,
        zero_state=zero_gru_state,
        step=gru_step,
        forward=gru,
        backward=gru_backward,
        states=_gru_states,
        backward_steps=_gru_backward_steps,
        count=lambda D, H: 3 * H * (D + H + 2),  # torch's two biases
    ),
}


def cell_named(name):
    """Look up a cell in `CELLS`.

    Raises
    ------
    ValueError
        When the name is unknown.
    """
    check_choice("cell", name, CELLS)
    return CELLS[name]
