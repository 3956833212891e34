"""One-hot vectors and embedding tables, forward and backward, and the similarity of the vectors in them."""

import numpy as np

from helpers.core.checks import as_floats, check_dtype, check_floats, check_indices, check_integer, check_shape
from helpers.core.overflow import lengths, power_of_two, refuse_overflow


def one_hot(ids, V, dtype=np.float64):
    """x[..., i] = 1 where i is the id, 0 elsewhere.

    Parameters
    ----------
    ids : ndarray of int (...)
    V : int
        Size of the vocabulary.
    dtype : dtype

    Returns
    -------
    ndarray (..., V)

    Raises
    ------
    ValueError
        When an id is not an integer from 0 to V − 1.
    """
    V = check_integer("V", V)
    check_dtype(dtype)
    check_indices("ids", ids, V)
    x = np.zeros((*np.shape(ids), V), dtype)
    np.put_along_axis(x, np.asarray(ids)[..., None], 1, axis=-1)
    return x


def bag_of_words(ids, V, dtype=np.float64):
    """Σ_t one_hot(ids[t]): how often each word occurs, without the order.

    Parameters
    ----------
    ids : ndarray of int (T,)
        One text; an empty one has an empty bag.
    V : int
    dtype : dtype

    Returns
    -------
    ndarray (V,)

    Raises
    ------
    ValueError
        When an id is not an integer from 0 to V − 1.
    """
    V = check_integer("V", V)
    check_dtype(dtype)
    ids = np.asarray(ids)
    check_shape("ids", ids, "T")
    ids = ids if ids.size else ids.astype(int)  # an empty list has no integers to show
    check_indices("ids", ids, V)
    return np.bincount(ids, minlength=V).astype(dtype)


@refuse_overflow
def embedding(ids, E):
    """x = one_hot(ids) E, which is E[ids]: a look-up of rows.

    Parameters
    ----------
    ids : ndarray of int (...)
    E : ndarray (V, D)

    Returns
    -------
    x : ndarray (..., D)
    cache : tuple

    Raises
    ------
    ValueError
        When an id has no row in the table.
    """
    check_floats(E=E)
    V, _ = check_shape("E", E, "V D")
    check_indices("ids", ids, V)
    ids = np.asarray(ids)
    return E[ids], (ids,)


@refuse_overflow
def embedding_backward(dx, cache, E):
    """dE = one_hot(ids)ᵀ dx, a scatter-add: each row of dx is added to the row of dE that it was read from.

    Parameters
    ----------
    dx : ndarray (..., D)
    cache : tuple
        From `embedding`.
    E : ndarray (V, D)

    Returns
    -------
    ndarray (V, D)
        Zero in the rows that were not read.

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    (ids,) = cache
    check_floats(dx=dx, E=E)
    if dx.shape != (*ids.shape, E.shape[1]):
        raise ValueError(f"dx has shape {dx.shape}, expected {(*ids.shape, E.shape[1])}")
    dE = np.zeros_like(E)
    np.add.at(dE, ids, dx)  # dE[ids] += dx would add only one of several gradients with the same id
    return dE


@refuse_overflow
def cosine_similarities(x, E):
    """cos(x, e) = x · e / (‖x‖ ‖e‖) for every vector of x and every row of E.

    Parameters
    ----------
    x : ndarray (..., D)
    E : ndarray (V, D)

    Returns
    -------
    ndarray (..., V)
        From −1 to 1; 0 where a vector is zero, as it has no direction.

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    check_floats(x=x, E=E)
    _, D = check_shape("E", E, "V D")
    check_shape("x", x, "... D", D=D)
    return np.clip(unit_rows(x) @ unit_rows(E).T, -1, 1)


def nearest_neighbours(x, E, n, exclude=()):
    """The n rows of E with the highest cosine to x.

    Parameters
    ----------
    x : ndarray (D,)
    E : ndarray (V, D)
    n : int
        Fewer come back when fewer are left.
    exclude : sequence of int
        Rows that do not count, such as that of x itself.

    Returns
    -------
    ids : ndarray of int (n,)
        The nearest first; ties by id.
    similarities : ndarray (n,)

    Raises
    ------
    ValueError
        When shapes do not fit, n is below 1, or an excluded row is not one of E.
    """
    n = check_integer("n", n)
    check_shape("x", x, "D")
    similarities = cosine_similarities(x, E)
    if not hasattr(exclude, "__iter__"):
        raise ValueError(f"exclude is {exclude!r}, expected a sequence of rows")
    exclude = list(exclude)
    if exclude:  # an empty list has no integers to show
        check_indices("exclude", exclude, len(E))
    allowed = np.delete(np.arange(len(E)), exclude)
    ids = allowed[np.argsort(-similarities[allowed], kind="stable")[:n]]
    return ids, similarities[ids]


@refuse_overflow
def unit_rows(x):
    """x / ‖x‖ along the last axis; a vector of zeros stays zero.

    Parameters
    ----------
    x : ndarray (..., D)

    Returns
    -------
    ndarray (..., D)
        Each vector at length 1.

    Raises
    ------
    ValueError
        When x is a single number, or has NaN or infinity.
    """
    x = as_floats("x", x)
    check_shape("x", x, "... D")
    length = lengths(x)
    unit = x / np.where(length == 0, 1, length)
    too_long = np.isinf(length[..., 0])  # a length that does not fit into the dtype, of numbers that do
    if too_long.any():
        scaled = x[too_long] / power_of_two(x[too_long])
        unit[too_long] = scaled / np.linalg.norm(scaled, axis=-1, keepdims=True)
    return unit
