"""A feed-forward stack of tanh layers, plain or residual: how much of a gradient goes through all of it."""

import numpy as np

from helpers.core.checks import check_integer
from helpers.core.initial_values import scaled_normal
from helpers.core.overflow import refuse_overflow


@refuse_overflow
def gradient_through_layers(rng, layers, H, residual=False):
    """‖∂h_L/∂h_0‖ / √H for h_l = tanh(h_{l-1} W_l), or h_l = h_{l-1} + tanh(h_{l-1} W_l), with a new W_l in each layer.

    It is the size that is left of a gradient of size 1 and any direction: its root mean square.

    Parameters
    ----------
    rng : numpy.random.Generator
        W_l ~ N(0, 1 / H) and h_0 ~ N(0, 1) are drawn from it.
    layers, H : int
    residual : bool

    Returns
    -------
    float

    Raises
    ------
    ValueError
        When a number is too small.

    References
    ----------
    He, Zhang, Ren, Sun 2015, "Deep Residual Learning for Image Recognition", https://arxiv.org/abs/1512.03385
    """
    layers, H = check_integer("layers", layers), check_integer("H", H)
    skip = float(bool(residual))
    h, product = rng.standard_normal(H), np.eye(H)
    for _ in range(layers):
        W = scaled_normal(rng, (H, H))
        out = np.tanh(h @ W)
        jacobian = skip * np.eye(H) + (1 - out**2)[:, None] * W.T  # ∂h_l/∂h_{l-1}
        h, product = skip * h + out, jacobian @ product
    return float(np.linalg.norm(product) / np.sqrt(H))
