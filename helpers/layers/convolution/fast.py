"""Convolution as models train with it: all patches of a picture side by side as a matrix, and one product a picture."""

import numpy as np

from helpers.core.overflow import refuse_overflow
from helpers.layers.convolution.conv2d import (
    ConvParams,
    check_conv2d,
    check_conv2d_gradient,
    with_padding,
    without_padding,
)


@refuse_overflow
def fast_conv2d(x, params, stride=1, padding=0):
    """y = W @ patches + b: the arguments and results of `conv2d`."""
    P, Q = check_conv2d(x, params, stride, padding)
    W, b = params
    x_around = with_padding(x, padding)
    y = W.reshape(len(b), -1) @ _patches(x_around, W.shape, stride, P, Q)  # (B, D, P · Q)
    y += b[:, None]
    return y.reshape(len(x), len(b), P, Q), (x_around, stride, padding)


@refuse_overflow
def fast_conv2d_backward(dy, cache, params):
    """dW = Σ dy @ patchesᵀ and dpatches = Wᵀ @ dy: the arguments and results of `conv2d_backward`."""
    x_around, stride, padding = cache
    check_conv2d_gradient(dy, x_around, params, stride)
    (D, C, h, w), (B, _, P, Q) = params.W.shape, dy.shape
    columns = dy.reshape(B, D, P * Q)
    dW = (columns @ _patches(x_around, params.W.shape, stride, P, Q).swapaxes(1, 2)).sum(axis=0)
    dpatches = (params.W.reshape(D, -1).T @ columns).reshape(B, C, h, w, P, Q)
    dx_around = np.zeros_like(x_around)
    for m, n in np.ndindex(h, w):
        dx_around[_seen_from(m, n, stride, P, Q)] += dpatches[:, :, m, n]
    dx = np.ascontiguousarray(without_padding(dx_around, padding))
    return dx, ConvParams(dW.reshape(params.W.shape), dy.sum(axis=(0, 2, 3)))


def _patches(x_around, filters, stride, P, Q):
    """What the filter lies over at each place of each picture, (B, C · h · w, P · Q)."""
    _, C, h, w = filters
    patches = np.empty((len(x_around), C, h, w, P, Q), x_around.dtype)
    for m, n in np.ndindex(h, w):
        patches[:, :, m, n] = x_around[_seen_from(m, n, stride, P, Q)]
    return patches.reshape(len(x_around), C * h * w, P * Q)


def _seen_from(m, n, stride, P, Q):
    """The numbers that row m and column n of the filter lie over, at all places."""
    return np.s_[:, :, m : m + P * stride : stride, n : n + Q * stride : stride]
