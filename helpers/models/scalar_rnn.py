"""An RNN whose input, state and output are single numbers: every value and every gradient of its unrolled graph."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_array, check_floats, check_number, check_shape
from helpers.core.overflow import refuse_overflow
from helpers.layers.linear import LinearParams, linear, linear_backward
from helpers.layers.recurrent.rnn import RNNParams, rnn, rnn_backward, rnn_state_gradients, zero_state
from helpers.models.reader import ReaderParams


class ScalarRNNTrace(NamedTuple):
    """The value at every node of the unrolled graph, and the gradient of L = Σ L_t there."""

    params: ReaderParams  # D = H = V = 1
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
    grads: ReaderParams


def scalar_rnn_params(w_xh=1.0, w_hh=1.0, w_hy=1.0):
    """Make parameters of an RNN whose input, state and output are single numbers; its biases are 0."""
    for name, weight in (("w_xh", w_xh), ("w_hh", w_hh), ("w_hy", w_hy)):
        check_number(name, weight)
    one, zero = np.ones((1, 1)), np.zeros(1)
    return ReaderParams(RNNParams(w_xh * one, w_hh * one, zero), LinearParams(w_hy * one, zero))


@refuse_overflow
def trace_scalar_rnn(x, targets, params, counts=None):
    """h_t = tanh(a_t), y_t = h_t W + b and L_t = ½ (y_t − target_t)², from h_0 = 0; then every gradient of L = Σ L_t.

    Parameters
    ----------
    x, targets : ndarray (T,)
    params : ReaderParams
        Of an RNN with D = H = V = 1, such as `scalar_rnn_params` makes.
    counts : ndarray of bool (T,), optional
        Which L_t count.

    Returns
    -------
    ScalarRNNTrace

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    check_floats(x=x, targets=targets, **params.cell._asdict(), W=params.output.W, b=params.output.b)
    (T,) = check_shape("x", x, "T")
    check_shape("targets", targets, "T", T=T)
    counts = np.ones(T, bool) if counts is None else as_array("counts", counts)
    check_shape("counts", counts, "T", T=T)
    if counts.dtype != bool:
        raise ValueError(f"counts has dtype {counts.dtype}, expected bool")
    check_shape("output.W", params.output.W, "D V", D=1, V=1)
    check_shape("cell.W_hh", params.cell.W_hh, "H H", H=1)
    zero = zero_state(1, params.cell)
    h, _, cache = rnn(x.reshape(T, 1, 1), zero, params.cell)
    y, output_cache = linear(h, params.output)
    w_xh, w_hh, b_h = (weight.item() for weight in params.cell)
    error = y.ravel() - targets

    dy = counts * error
    dh_direct, doutput = linear_backward(dy.reshape(T, 1, 1), output_cache, params.output)
    dh = rnn_state_gradients(dh_direct, zero, cache, params.cell)  # zero: nothing follows the last step
    _, _, drnn = rnn_backward(dh_direct, zero, cache, params.cell)
    states = np.concatenate([[0.0], h.ravel()])
    return ScalarRNNTrace(
        params=params,
        x=x,
        targets=targets,
        counts=counts,
        a=x * w_xh + states[:-1] * w_hh + b_h,
        h=states,
        y=y.ravel(),
        loss=counts * error**2 / 2,
        dy=dy,
        dh=dh.ravel(),
        da=(dh * (1 - h**2)).ravel(),
        grads=ReaderParams(drnn, doutput),
    )
