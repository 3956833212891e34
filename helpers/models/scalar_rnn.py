"""A recurrent network of single numbers: every number of its way forward and back, to be looked at."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_shape
from helpers.layers.linear import LinearParams, linear, linear_backward
from helpers.layers.recurrent.rnn import (
    RNNParams,
    rnn,
    rnn_back_through_time,
    rnn_backward,
    rnn_state_gradients,
    zero_state,
)
from helpers.models.tagger import TaggerParams


class Walk(NamedTuple):
    """What stands at every node of the unrolled graph, and the gradient of L = Σ L_t there."""

    params: TaggerParams  # D = H = V = 1
    x: np.ndarray  # (T,)
    targets: np.ndarray  # (T,)
    counts: np.ndarray  # (T,), bool: which L_t count
    a: np.ndarray  # (T,), the pre-activations
    h: np.ndarray  # (T + 1,), h_0 first
    y: np.ndarray  # (T,)
    loss: np.ndarray  # (T,), L_t, 0 where it does not count
    dy: np.ndarray  # (T,)
    dh: np.ndarray  # (T,), of h_1 … h_T, along both paths
    da: np.ndarray  # (T,)
    grads: TaggerParams


def single_params(w_xh=1.0, w_hh=1.0, w_hy=1.0):
    """Parameters of a network whose input, state and output are single numbers; its biases are 0."""
    one, zero = np.ones((1, 1)), np.zeros(1)
    return TaggerParams(RNNParams(w_xh * one, w_hh * one, zero), LinearParams(w_hy * one, zero))


def walk(x, targets, params, counts=None):
    """h_t = tanh(a_t), y_t = h_t W + b and L_t = ½ (y_t − target_t)², from h_0 = 0; then every gradient of L = Σ L_t.

    Parameters
    ----------
    x, targets : ndarray (T,)
    params : TaggerParams
        With D = H = V = 1, such as `single_params` makes.
    counts : ndarray of bool (T,), optional
        Which L_t count.

    Returns
    -------
    Walk

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    (T,) = check_shape("x", x, "T")
    check_shape("targets", targets, "T", T=T)
    counts = np.ones(T, bool) if counts is None else counts
    check_shape("counts", counts, "T", T=T)
    check_shape("output.W", params.output.W, "D V", D=1, V=1)
    state = zero_state(1, params.rnn)
    h, _, cache = rnn(x.reshape(T, 1, 1), state, params.rnn)
    y, output_cache = linear(h, params.output)

    dy = counts * (y.ravel() - targets)
    dh_direct, doutput = linear_backward(dy.reshape(T, 1, 1), output_cache, params.output)
    da, _ = rnn_back_through_time(dh_direct, state, cache, params.rnn)  # zeros after the last step, as before the first
    dh = rnn_state_gradients(dh_direct, state, cache, params.rnn)
    _, _, drnn = rnn_backward(dh_direct, state, cache, params.rnn)
    states = np.concatenate([[0.0], h.ravel()])
    return Walk(
        params=params,
        x=x,
        targets=targets,
        counts=counts,
        a=x * params.rnn.W_xh.item() + states[:-1] * params.rnn.W_hh.item() + params.rnn.b_h.item(),
        h=states,
        y=y.ravel(),
        loss=counts * (y.ravel() - targets) ** 2 / 2,
        dy=dy,
        dh=dh.ravel(),
        da=da.ravel(),
        grads=TaggerParams(drnn, doutput),
    )
