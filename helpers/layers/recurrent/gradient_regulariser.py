"""A penalty on a message that changes its size on the way back through a plain recurrent layer."""

import numpy as np

from helpers.core.checks import check_shape
from helpers.core.numerics import activation_named
from helpers.core.overflow import refuse_overflow
from helpers.layers.recurrent.arguments import check_recurrent_gradients


@refuse_overflow
def rnn_gradient_regulariser(dh, cache, params):
    """Ω = Σ_t (‖dh_t J_t‖ / ‖dh_t‖ − 1)², J_t = diag(act'(a_t)) W_hhᵀ, mean over the batch; and its gradient in W_hh.

    The states and dh count as given, as in the paper: only W_hh in J_t is differentiated. A message that is zero has no
    size to keep, and adds nothing.

    Parameters
    ----------
    dh : ndarray (T, B, H)
        ∂L/∂h_t along all paths, from `rnn_state_gradients`.
    cache : tuple
        From `rnn`.
    params : RNNParams

    Returns
    -------
    omega : float
    dW_hh : ndarray (H, H)

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.

    References
    ----------
    Pascanu, Mikolov, Bengio 2013, "On the difficulty of training recurrent neural networks", equations 9 and 10,
    https://arxiv.org/abs/1211.5063
    """
    _, state, h, activation = cache
    _, B, _ = check_shape("dh", dh, "T B H")
    check_recurrent_gradients(dh, state, h, params)
    _, slope = activation_named(activation)
    da = dh * slope(h)
    before = da @ params.W_hh.T  # what the message is one step earlier, (T, B, H)
    size, size_before = (np.linalg.norm(message, axis=-1, keepdims=True) for message in (dh, before))
    there = (size > 0) & (size_before > 0)
    ratio = np.divide(size_before, size, out=np.ones_like(size), where=size > 0)
    # ∂‖before‖/∂W_hh = unitᵀ da with unit = before / ‖before‖
    unit = np.divide(before, size_before, out=np.zeros_like(before), where=there)
    weight = np.divide(2 * (ratio - 1), size, out=np.zeros_like(size), where=there) / B
    dW_hh = np.einsum("tbi,tbj->ij", weight * unit, da)
    return float(((ratio - 1) ** 2).sum() / B), dW_hh
