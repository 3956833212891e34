"""Convolution over pictures, forward and backward, one place of the output after the other."""

import math
from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_list, check_floats, check_integer, check_shape
from helpers.core.initial_values import scaled_normal
from helpers.core.overflow import refuse_overflow


class ConvParams(NamedTuple):
    """The weights of the layer, as torch stacks them; its gradients have the same type."""

    W: np.ndarray  # (D, C, h, w): a filter of h rows and w columns over C channels, for each of D channels
    b: np.ndarray  # (D,)


def init_conv2d(rng, C, D, size=3, dtype=np.float64):
    """W ~ N(0, 2 / (C · size²)), b = 0: with ReLU after it, the size of the numbers is kept.

    Parameters
    ----------
    rng : numpy.random.Generator
    C, D : int
        Channels that come in, and channels that go out.
    size : int
        Rows and columns of a filter.
    dtype : dtype

    References
    ----------
    He, Zhang, Ren, Sun 2015, "Delving Deep into Rectifiers", https://arxiv.org/abs/1502.01852
    """
    C, D, size = check_integer("C", C), check_integer("D", D), check_integer("size", size)
    rows = scaled_normal(rng, (C * size * size, D), scale=math.sqrt(2), dtype=dtype)
    return ConvParams(rows.T.reshape(D, C, size, size).copy(), np.zeros(D, dtype))


@refuse_overflow
def conv2d(x, params, stride=1, padding=0):
    """y[d, i, j] = Σ_{c,m,n} W[d, c, m, n] · x[c, i · stride + m, j · stride + n] + b[d], after zeros around x.

    (Mathematics calls this a cross-correlation: its convolution turns the filter by 180°.)

    Parameters
    ----------
    x : ndarray (B, C, H, W)
        B pictures of C channels, H rows and W columns.
    params : ConvParams
    stride : int
        How far the filter moves from place to place.
    padding : int
        How many rows and columns of zeros stand around each picture.

    Returns
    -------
    y : ndarray (B, D, P, Q)
        P = (H + 2 · padding − h) // stride + 1 rows, and columns likewise.
    cache : tuple

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or the filter is larger than the picture.
    """
    P, Q = check_conv2d(x, params, stride, padding)
    W, b = params
    *_, h, w = W.shape
    x_around = with_padding(x, padding)
    y = np.empty((len(x), len(b), P, Q), x.dtype)
    for i in range(P):
        for j in range(Q):
            patch = x_around[:, :, i * stride : i * stride + h, j * stride : j * stride + w]  # (B, C, h, w)
            y[:, :, i, j] = np.einsum("bcmn,dcmn->bd", patch, W) + b
    return y, (x_around, stride, padding)


@refuse_overflow
def conv2d_backward(dy, cache, params):
    """A filter gets what it saw, times dy: dW = Σ_{b,i,j} dy · patch; a patch gets the filter back: Σ_d dy · W.

    Where patches overlap, what they get is added up.

    Parameters
    ----------
    dy : ndarray (B, D, P, Q)
    cache : tuple
        From `conv2d`.
    params : ConvParams

    Returns
    -------
    dx : ndarray (B, C, H, W)
    grads : ConvParams

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    x_around, stride, padding = cache
    check_conv2d_gradient(dy, x_around, params, stride)
    *_, h, w = params.W.shape
    dx_around, dW = np.zeros_like(x_around), np.zeros_like(params.W)
    for i, j in np.ndindex(dy.shape[2:]):
        window = np.s_[:, :, i * stride : i * stride + h, j * stride : j * stride + w]
        dW += np.einsum("bd,bcmn->dcmn", dy[:, :, i, j], x_around[window])
        dx_around[window] += np.einsum("bd,dcmn->bcmn", dy[:, :, i, j], params.W)
    return without_padding(dx_around, padding), ConvParams(dW, dy.sum(axis=(0, 2, 3)))


def with_padding(x, padding):
    """Zeros around each picture."""
    around = (padding, padding)
    return np.pad(x, ((0, 0), (0, 0), around, around))


def without_padding(x_around, padding):
    """The pictures (B, C, H, W) within the zeros."""
    _, _, H, W = x_around.shape
    return x_around[:, :, padding : H - padding, padding : W - padding]


def output_size(size, window, stride, padding=0):
    """P = (H + 2 · padding − h) // stride + 1: at how many places of H rows a window of h rows can stand.

    Raises
    ------
    ValueError
        When the window is larger than what it moves over, or a number is no integer.
    """
    size, window, stride = check_integer("size", size), check_integer("window", window), check_integer("stride", stride)
    padding = check_integer("padding", padding, least=0)
    if window > size + 2 * padding:
        raise ValueError(f"the window has {window} rows or columns, expected at most {size} + 2 · {padding}")
    return (size + 2 * padding - window) // stride + 1


def receptive_field(windows, strides):
    """How many rows of the picture one place of the last of several layers sees: 1 + Σ (h − 1) · the strides before.

    Parameters
    ----------
    windows, strides : sequence of int
        Of each layer, convolution or pooling, the first layer first.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        When there are not as many strides as windows, or a number is no integer above 0.
    """
    windows, strides = as_list("windows", windows), as_list("strides", strides)
    if len(windows) != len(strides):
        raise ValueError(f"windows is {windows} and strides is {strides}, expected one of each for every layer")
    field, step = 1, 1
    for window, stride in zip(windows, strides, strict=True):
        field += (check_integer("window", window) - 1) * step
        step *= check_integer("stride", stride)
    return field


def check_conv2d(x, params, stride, padding):
    """Refuse pictures that do not fit the filters; return the rows and columns that come out.

    Raises
    ------
    ValueError
    """
    W, b = params
    check_floats(x=x, W=W, b=b)
    D, C, h, w = check_shape("W", W, "D C h w")
    check_shape("b", b, "D", D=D)
    *_, H, columns = check_shape("x", x, "B C H W", C=C)
    if not x.size or not W.size:
        raise ValueError(f"x has shape {x.shape} and W {W.shape}, expected at least one of everything")
    return output_size(H, h, stride, padding), output_size(columns, w, stride, padding)


def check_conv2d_gradient(dy, x_around, params, stride):
    """Refuse a gradient that has not the shape of the output.

    Raises
    ------
    ValueError
    """
    P, Q = check_conv2d(x_around, params, stride, 0)
    check_floats(dy=dy, W=params.W)
    check_shape("dy", dy, "B D P Q", B=len(x_around), D=len(params.b), P=P, Q=Q)
