"""Principal axes: the projection to few numbers that keeps most of the variance, and how much of it is kept."""

import numpy as np

from helpers.core.checks import check_finite, check_floats, check_integer, check_shape
from helpers.core.overflow import power_of_two, refuse_overflow


def principal_axes(X, n=2):
    """The n orthogonal directions along which the rows of X vary most.

    Parameters
    ----------
    X : ndarray (N, D)
        One row for each point, such as a word.
    n : int
        At most D.

    Returns
    -------
    ndarray (n, D)
        Rows of length 1, the direction of most variance first; the largest entry of each is above zero, as the sign
        of such a direction is free.

    Raises
    ------
    ValueError
        When X is no matrix of finite floats, or has fewer than n columns or rows.
    """
    check_floats(X=X)
    check_finite("X", X)
    n = check_integer("n", n)
    N, D = check_shape("X", X, "N D")
    if n > min(N, D):
        raise ValueError(f"n is {n}, expected at most {min(N, D)} for X of shape {X.shape}")
    centred, _ = _centred(X)
    _, _, axes = np.linalg.svd(centred, full_matrices=False)
    axes = axes[:n].astype(X.dtype, copy=False)
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1)
    return axes * np.sign(largest)


@refuse_overflow
def project(X, axes):
    """(X − mean) axesᵀ, and the share of the variance of X that it shows.

    Parameters
    ----------
    X : ndarray (N, D)
    axes : ndarray (n, D)
        From `principal_axes`, of X itself or of another matrix.

    Returns
    -------
    points : ndarray (N, n)
    share : float
        From 0 to 1; 0 where the rows of X are all the same.

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    check_floats(X=X, axes=axes)
    _, D = check_shape("X", X, "N D")
    check_shape("axes", axes, "n D", D=D)
    centred, unit = _centred(X)
    points = centred @ axes.astype(centred.dtype, copy=False).T
    total = np.square(centred, dtype=np.float64).sum()
    share = float(np.square(points, dtype=np.float64).sum() / total) if total else 0.0
    return (points * unit).astype(X.dtype, copy=False), share


def _centred(X):
    """X − mean in a unit in which its squares fit into the dtype, and the unit, 1 for ordinary numbers.

    What linear algebra has no code for, such as float16, is made float64.
    """
    wide = X if X.dtype in (np.float32, np.float64) else X.astype(np.float64)
    unit = wide.dtype.type(1)
    if _is_extreme(wide):
        unit = power_of_two(wide, axis=None).item()
        wide = wide / unit
    return wide - wide.mean(axis=0), unit


def _is_extreme(X):
    """Say whether squares of X, or a sum of them, may leave its dtype."""
    info, largest = np.finfo(X.dtype), np.abs(X).max(initial=0)
    return largest > 0 and not np.sqrt(info.tiny) / info.eps < largest < np.sqrt(info.max) * info.eps
