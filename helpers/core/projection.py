"""Principal axes: the projection to few numbers that keeps most of the variance, and how much of it is kept."""

import numpy as np

from helpers.core.checks import check_finite, check_floats, check_integer, check_shape


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
    check_integer("n", n)
    N, D = check_shape("X", X, "N D")
    if n > min(N, D):
        raise ValueError(f"n is {n}, expected at most {min(N, D)} for X of shape {X.shape}")
    _, _, axes = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)
    axes = axes[:n]
    largest = np.take_along_axis(axes, np.abs(axes).argmax(axis=1)[:, None], axis=1)
    return axes * np.sign(largest)


def axes_along(X, direction):
    """The given direction, and the one at a right angle to it along which the rows of X vary most.

    Parameters
    ----------
    X : ndarray (N, D)
    direction : ndarray (D,)
        Not zero.

    Returns
    -------
    ndarray (2, D)
        Rows of length 1, for `project`; the sign of the second is that of `principal_axes`.

    Raises
    ------
    ValueError
        As `principal_axes`, and when shapes do not fit or the direction has no length.
    """
    check_floats(X=X, direction=direction)
    _, D = check_shape("X", X, "N D")
    check_shape("direction", direction, "D", D=D)
    length = np.linalg.norm(direction)
    if not (length > 0 and np.isfinite(length)):
        raise ValueError(f"direction has length {length}, expected a finite one above 0")
    first = direction / length
    return np.stack([first, principal_axes(X - np.outer(X @ first, first), n=1)[0]])


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
    centred = X - X.mean(axis=0)
    points = centred @ axes.T
    total = np.square(centred, dtype=np.float64).sum()
    return points, float(np.square(points, dtype=np.float64).sum() / total) if total else 0.0
