"""Pooling over pictures: of each window the largest number or the mean, channel by channel, forward and backward."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from helpers.core.checks import check_floats, check_integer, check_shape
from helpers.core.overflow import refuse_overflow
from helpers.layers.convolution.conv2d import output_size


@refuse_overflow
def max_pool2d(x, size=2, stride=None):
    """y[i, j] = max_{m,n} x[i · stride + m, j · stride + n].

    Parameters
    ----------
    x : ndarray (B, C, H, W)
    size : int
        Rows and columns of a window.
    stride : int, optional
        How far it moves. The size, unless it is given: then no windows overlap. Rows and columns at the end that no
        window reaches are left out.

    Returns
    -------
    y : ndarray (B, C, P, Q)
    cache : tuple

    Raises
    ------
    ValueError
        When x is no array of pictures, or a window is larger than they are.
    """
    windows, stride = _windows(x, size, stride)
    flat = windows.reshape(*windows.shape[:4], -1)  # (B, C, P, Q, size²)
    largest = flat.argmax(axis=-1)  # of equal ones the first, as in torch
    y = np.take_along_axis(flat, largest[..., None], axis=-1)[..., 0]
    return y, (largest, x.shape, size, stride)


@refuse_overflow
def max_pool2d_backward(dy, cache):
    """Each dy goes to the place where the maximum stood, and nothing to the others of its window.

    Parameters
    ----------
    dy : ndarray (B, C, P, Q)
    cache : tuple
        From `max_pool2d`.

    Returns
    -------
    dx : ndarray (B, C, H, W)

    Raises
    ------
    ValueError
        When the shape does not fit.
    """
    largest, shape, size, stride = cache
    _check_gradient(dy, largest.shape)
    dx = np.zeros(shape, dy.dtype)
    for m, n, window in _places(shape, size, stride):
        dx[window] += np.where(largest == m * size + n, dy, 0)
    return dx


@refuse_overflow
def mean_pool2d(x, size=2, stride=None):
    """y[i, j] = Σ_{m,n} x[i · stride + m, j · stride + n] / size²: arguments and results as those of `max_pool2d`."""
    windows, stride = _windows(x, size, stride)
    y = windows.mean(axis=(-2, -1))
    return y, (y.shape, x.shape, size, stride)


@refuse_overflow
def mean_pool2d_backward(dy, cache):
    """Each place of a window gets its share, dy / size²: arguments and results as those of `max_pool2d_backward`."""
    out_shape, shape, size, stride = cache
    _check_gradient(dy, out_shape)
    dx = np.zeros(shape, dy.dtype)
    for _, _, window in _places(shape, size, stride):
        dx[window] += dy / size**2
    return dx


def _windows(x, size, stride):
    """The windows (B, C, P, Q, size, size) and the stride."""
    check_floats(x=x)
    *_, H, W = check_shape("x", x, "B C H W")
    stride = check_integer("size", size) if stride is None else check_integer("stride", stride)
    if not x.size:
        raise ValueError(f"x has shape {x.shape}, expected at least one of everything")
    output_size(min(H, W), size, stride)
    return sliding_window_view(x, (size, size), axis=(2, 3))[:, :, ::stride, ::stride], stride


def _places(shape, size, stride):
    """Yield each place (m, n) of a window, and the slices of all numbers of the pictures that stand there."""
    P, Q = (output_size(length, size, stride) for length in shape[2:])
    for m, n in np.ndindex(size, size):
        yield m, n, np.s_[:, :, m : m + P * stride : stride, n : n + Q * stride : stride]


def _check_gradient(dy, shape):
    check_floats(dy=dy)
    B, C, P, Q = shape
    check_shape("dy", dy, "B C P Q", B=B, C=C, P=P, Q=Q)
