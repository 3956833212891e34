"""Where a step stands: sinusoids, a learned table, and rotations of queries and keys. Attention alone cannot tell."""

import numpy as np

from helpers.core.checks import check_finite, check_floats, check_integer, check_positive, check_shape
from helpers.layers.embedding import embedding, embedding_backward


def sinusoids(T, D, base=10000.0, dtype=np.float64):
    """P[t, 2i] = sin(t ω_i) and P[t, 2i + 1] = cos(t ω_i), with ω_i = base^(−2i / D).

    Each pair of columns is the hand of a clock: the first turns by 1 radian a step, each of the next more slowly.
    To go from step t to t + r turns every hand by r ω_i, wherever t is: P[t + r] = rotary(P[t], −r), a linear map.
    So the dot product of P[t] and P[s], Σ_i cos((t − s) ω_i), depends on the distance alone.

    Parameters
    ----------
    T : int
        Steps, as many as you like: nothing is learned.
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
    check_integer("T", T)
    angles = _angles(np.arange(T), D, base)
    P = np.empty((T, D), dtype)
    P[:, 0::2], P[:, 1::2] = np.sin(angles), np.cos(angles)
    return P


def add_positions(x, P, start=0):
    """y_t = x_t + P[start + t]: the row of a table, learned or of sinusoids, is added to every step.

    Parameters
    ----------
    x : ndarray (..., T, D)
        Batch first.
    P : ndarray (T_max, D)
    start : int
        The position of the first step: above 0 where a text is continued.

    Returns
    -------
    y : ndarray (..., T, D)
    cache : tuple
        What `add_positions_backward` needs.

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or the table has too few rows.
    """
    check_floats(x=x, P=P)
    T_max, D = check_shape("P", P, "T_max D")
    *_, T, _ = check_shape("x", x, "... T D", D=D)
    check_integer("start", start, least=0)
    if start + T > T_max:
        raise ValueError(f"x has {T} steps from position {start} on, expected at most {T_max}, the rows of P")
    rows, cache = embedding(np.arange(start, start + T), P)
    return x + rows, (x.shape, cache)


def add_positions_backward(dy, cache, P):
    """dx = dy, and dP[start + t] = Σ dy_t over all sequences; rows that were not read get 0.

    Parameters
    ----------
    dy : ndarray (..., T, D)
    cache : tuple
        From `add_positions`.
    P : ndarray (T_max, D)

    Returns
    -------
    dx : ndarray (..., T, D)
    dP : ndarray (T_max, D)
        Not needed when P is fixed.

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    shape, embedding_cache = cache
    check_floats(dy=dy, P=P)
    if dy.shape != shape:
        raise ValueError(f"dy has shape {dy.shape}, expected {shape}")
    return dy.copy(), embedding_backward(dy.reshape(-1, *shape[-2:]).sum(axis=0), embedding_cache, P)


def rotary(x, positions=None, base=10000.0):
    """(x_2i, x_2i+1) turned by the angle t ω_i, with ω_i = base^(−2i / d): for queries and for keys, not for values.

    As q_t · k_s turned by t and by s is the same as q_t · k_s with k turned by s − t, the score depends on what the
    two are and on how far they are apart, not on where they stand. Turning changes no length.

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
    angles = _angles(_checked_positions(positions, T), d, base)
    cos, sin = np.cos(angles).astype(x.dtype), np.sin(angles).astype(x.dtype)  # (T, d / 2)
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


def _angles(positions, D, base):
    """t ω_i, (T, D / 2), in float64 whatever is made of it."""
    check_integer("D", D)
    if D % 2:
        raise ValueError(f"D is {D}, expected an even number: positions turn pairs of features")
    check_positive("base", base)
    return np.multiply.outer(positions, float(base) ** (-np.arange(0, D, 2) / D))


def _checked_positions(positions, T):
    positions = np.arange(T) if positions is None else np.asarray(positions)
    check_shape("positions", positions, "T", T=T)
    if positions.dtype.kind not in "iuf":
        raise ValueError(f"positions has dtype {positions.dtype}, expected numbers")
    check_finite("positions", positions)
    return positions.astype(np.float64)
