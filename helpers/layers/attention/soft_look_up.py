"""What all kinds of attention end with, forward and backward: weights from scores, and the weighted sum of the values.

A dictionary gives the value of the one key that fits. This is a soft look-up: every key fits a little.
"""

from helpers.core.checks import check_floats, check_shape
from helpers.core.numerics import softmax
from helpers.core.overflow import refuse_overflow
from helpers.layers.attention.input_checks import check_dout, check_part, checked_mask


@refuse_overflow
def look_up(scores, v, mask=None):
    """out = weights v with weights = softmax(scores): the weighted sum of the values.

    Parameters
    ----------
    scores : ndarray (..., T, S)
        How well key s fits query t; only differences within a row matter.
    v : ndarray (..., S, d_v)
        The values.
    mask : ndarray of bool, optional
        True = may attend. It broadcasts to (..., T, S).

    Returns
    -------
    out : ndarray (..., T, d_v)
    weights : ndarray (..., T, S)
        Each row sums to 1. A query that may attend to nothing has weights of 0, and zeros as out.
    cache : tuple
        What `look_up_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, the mask is not of bools, or there is no key.
    """
    check_floats(scores=scores, v=v)
    *leading, _, S = check_shape("scores", scores, "... T S")
    check_part("v", v, leading, "S d_v", S=S)
    weights = softmax(scores, mask=checked_mask(mask, scores.shape))
    out = weights @ v
    return out, weights, (v, weights)


@refuse_overflow
def look_up_backward(dout, cache):
    """dv = weightsᵀ dout;  dweights = dout vᵀ;  dscores = weights ⊙ (dweights − Σ dweights ⊙ weights).

    A row of the Jacobian of softmax is weights_s (1[s = r] − weights_r). So from every dweights the weighted mean of
    its row is taken away. As out = weights v, this mean is dout · out. What is masked has weight 0: its score and its
    value get a gradient of exactly 0.

    Parameters
    ----------
    dout : ndarray (..., T, d_v)
    cache : tuple
        From `look_up`.

    Returns
    -------
    dscores : ndarray (..., T, S)
    dv : ndarray (..., S, d_v)

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    v, weights = cache
    check_dout(dout, (*weights.shape[:-1], v.shape[-1]), v.dtype)
    dv = transposed(weights) @ dout
    dweights = dout @ transposed(v)
    dscores = weights * (dweights - (dweights * weights).sum(axis=-1, keepdims=True))
    return dscores, dv


def transposed(matrices):
    """Swap the last two axes."""
    return matrices.swapaxes(-1, -2)
