"""Exercises of the plain recurrent layer: one step forward, and the same step back."""

import numpy as np

from helpers.core.exercises import Exercise, Mistake
from helpers.layers.recurrent.rnn import RNNParams


def _draw_forward(rng):
    B, D, H = rng.permutation([2, 3, 5])  # three sizes, so that a swapped axis shows
    params = RNNParams(*(rng.standard_normal(shape) / 2 for shape in ((D, H), (H, H), (H,))))
    return rng.standard_normal((B, D)), np.tanh(rng.standard_normal((B, H))), params


def _forward(x_t, h_before, params):
    return np.tanh(x_t @ params.W_xh + h_before @ params.W_hh + params.b_h)


rnn_forward_exercise = Exercise(
    name="rnn_forward",
    shapes={"h_t": "B H"},
    draw=_draw_forward,
    values=_forward,
    mistakes=(
        Mistake("two things enter: add h_before @ W_hh.", lambda x, h, p: np.tanh(x @ p.W_xh + p.b_h)),
        Mistake("two things enter: add x_t @ W_xh.", lambda x, h, p: np.tanh(h @ p.W_hh + p.b_h)),
        Mistake("the bias b_h is missing.", lambda x, h, p: np.tanh(x @ p.W_xh + h @ p.W_hh)),
        Mistake("the tanh is missing.", lambda x, h, p: x @ p.W_xh + h @ p.W_hh + p.b_h),
        Mistake("vectors are rows: h_before @ W_hh, no transpose.", lambda x, h, p: _forward(x, h, _turned(p))),
    ),
)


def _turned(params):
    return params._replace(W_hh=params.W_hh.T)


def _draw_back(rng):
    x_t, h_before, params = _draw_forward(rng)
    return rng.standard_normal(h_before.shape), h_before, _forward(x_t, h_before, params), params.W_hh


def _back(dh_t, h_before, h_t, W_hh):
    da = dh_t * (1 - h_t**2)
    return da, h_before.T @ da, da @ W_hh.T


def _no_slope(dh_t, h_before, h_t, W_hh):
    return _back(dh_t, h_before, np.zeros_like(h_t), W_hh)


def _slope_twice(dh_t, h_before, h_t, W_hh):
    return _back(dh_t, h_before, np.tanh(h_t), W_hh)


def _no_transpose(dh_t, h_before, h_t, W_hh):
    return _back(dh_t, h_before, h_t, W_hh.T)


def _state_after(dh_t, h_before, h_t, W_hh):
    da, _, dh_before = _back(dh_t, h_before, h_t, W_hh)
    return da, h_t.T @ da, dh_before


rnn_back_exercise = Exercise(
    name="rnn_back",
    shapes={"da": "B H", "dW_hh": "H H", "dh_before": "B H"},
    draw=_draw_back,
    values=_back,
    mistakes=(
        Mistake("the slope of tanh is missing: multiply by 1 − h_t².", _no_slope),
        Mistake("h_t is after tanh: its slope is 1 − h_t².", _slope_twice),
        Mistake("a gradient goes back through the transposed matrix: da @ W_hh.T.", _no_transpose),
        Mistake("W_hh multiplied the state before: h_before.T @ da.", _state_after),
    ),
)
