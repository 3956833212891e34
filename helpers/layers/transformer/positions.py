"""Positions: sinusoids that are added to each step, and rotations of queries and keys. Attention knows no order."""

import numpy as np

from helpers.core.checks import check_dtype, check_finite, check_floats, check_integer, check_positive, check_shape
from helpers.core.overflow import refuse_overflow


def angular_frequencies(D, base=10000.0):
    """ω_i = base^(−2i / D) for i = 0, …, D / 2 − 1: how far pair i of the features turns in a step, in radians.

    Parameters
    ----------
    D : int
        Even.
    base : float

    Returns
    -------
    ndarray (D / 2,)
        In float64: 1 for the first pair, and less for each of the next.

    Raises
    ------
    ValueError
        When D is odd, or the base is not above 0.
    """
    D = check_integer("D", D)
    if D % 2:
        raise ValueError(f"D is {D}, expected an even number: positions turn pairs of features")
    check_positive("base", base)
    return float(base) ** (-np.arange(0, D, 2) / D)


@refuse_overflow
def sinusoids(T, D, base=10000.0, dtype=np.float64):
    """P[t, 2i] = sin(t ω_i) and P[t, 2i + 1] = cos(t ω_i), with ω_i = base^(−2i / D).

    Each pair of columns is a point that moves around a circle: the first by 1 radian a step, each of the next more
    slowly. From step t to t + r every point turns by r ω_i, whatever t is: P[t + r] = rotary(P[t], −r), a linear map.
    So the dot product of P[t] and P[s], Σ_i cos((t − s) ω_i), depends on the distance alone.

    Parameters
    ----------
    T : int
        Steps; there is no largest number, as nothing is learned.
    D : int
        Even.
    base : float
    dtype : dtype

    Returns
    -------
    ndarray (T, D)

    Raises
    ------
    ValueError
        When T is below 1, D is odd, or the base is not above 0.

    References
    ----------
    Vaswani et al. 2017, "Attention Is All You Need", section 3.5, https://arxiv.org/abs/1706.03762
    """
    T, D = check_integer("T", T), check_integer("D", D)
    angles = np.outer(np.arange(T), angular_frequencies(D, base))  # t ω_i, (T, D / 2)
    check_dtype(dtype)
    P = np.empty((T, D), dtype)
    P[:, 0::2] = np.sin(angles)
    P[:, 1::2] = np.cos(angles)
    return P


@refuse_overflow
def rotary(x, positions=None, base=10000.0):
    """(x_2i, x_2i+1) turned by the angle t ω_i, with ω_i = base^(−2i / d): for queries and for keys, not for values.

    The dot product of q turned by t and k turned by s equals that of q with k turned by s − t. So the score depends on
    the two vectors and on their distance in time, not on where they are. A rotation changes no length.

    Parameters
    ----------
    x : ndarray (..., T, d)
        Queries or keys, of one head each; d is even.
    positions : ndarray (T,), optional
        0, 1, … unless given.
    base : float

    Returns
    -------
    ndarray (..., T, d)
        There is no cache: the map is linear, and its backward is to turn back.

    Raises
    ------
    ValueError
        When d is odd, x holds no floats, or there is not one finite position a step.

    References
    ----------
    Su et al. 2021, "RoFormer: Enhanced Transformer with Rotary Position Embedding", section 3.2,
    https://arxiv.org/abs/2104.09864
    """
    check_floats(x=x)
    *_, T, d = check_shape("x", x, "... T d")
    angles = np.outer(_checked_positions(positions, T), angular_frequencies(d, base))  # t ω_i, (T, d / 2)
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)
    first, second = x[..., 0::2], x[..., 1::2]
    y = np.empty_like(x)
    y[..., 0::2] = first * cos - second * sin
    y[..., 1::2] = first * sin + second * cos
    return y


def rotary_backward(dy, positions=None, base=10000.0):
    """dx = dy turned back by the same angles, as the inverse of a rotation is its transpose.

    It takes what `rotary` took, with dy (..., T, d) in place of x, and returns dx (..., T, d).
    """
    *_, T, _ = check_shape("dy", dy, "... T d")
    return rotary(dy, -_checked_positions(positions, T), base)


def _checked_positions(positions, T):
    positions = np.arange(T) if positions is None else np.asarray(positions)
    check_shape("positions", positions, "T", T=T)
    if positions.dtype.kind not in "iuf":
        raise ValueError(f"positions has dtype {positions.dtype}, expected numbers")
    check_finite("positions", positions)
    return positions.astype(np.float64)
