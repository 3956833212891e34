"""First values of weights; spectral radius and largest singular value of a square matrix, which bound its powers."""

import numpy as np

from helpers.core.checks import as_array, check_finite, check_integer, check_number, check_positive, check_shape
from helpers.core.overflow import power_of_two, refuse_overflow


@refuse_overflow
def scaled_normal(rng, shape, scale=1.0, dtype=np.float64):
    """W ~ N(0, scale² / fan_in), so that x W is about `scale` times as large as x.

    Parameters
    ----------
    rng : numpy.random.Generator
    shape : tuple of int
        (fan_in, fan_out); the first is the number of terms in each sum of x W.
    scale : float
    dtype : dtype

    Returns
    -------
    ndarray
        Its spectral radius is near `scale` when it is square and large.

    Raises
    ------
    ValueError
        When the shape is no tuple of sizes, the scale is no finite number, or the dtype is none of floats.
    """
    if not isinstance(shape, tuple | list) or not shape:
        raise ValueError(f"shape is {shape!r}, expected a tuple of sizes")
    shape = tuple(check_integer("a size of the shape", size) for size in shape)
    check_number("scale", scale)
    _check_float_dtype(dtype)
    return (rng.standard_normal(shape) * (scale / np.sqrt(shape[0]))).astype(dtype)


@refuse_overflow
def orthogonal(rng, n, gain=1.0, dtype=np.float64):
    """W = gain · Q with Q Qᵀ = I, all such Q equally likely: x W is exactly `gain` times as long as x.

    Parameters
    ----------
    rng : numpy.random.Generator
    n : int
    gain : float
    dtype : dtype

    Returns
    -------
    ndarray (n, n)

    References
    ----------
    Saxe, McClelland, Ganguli 2014, "Exact solutions to the nonlinear dynamics of learning in deep linear neural
    networks", https://arxiv.org/abs/1312.6120 (as first values).
    Mezzadri 2007, "How to generate random matrices from the classical compact groups",
    https://arxiv.org/abs/math-ph/0609050 (the signs).
    """
    n = check_integer("n", n)
    check_number("gain", gain)
    _check_float_dtype(dtype)
    Q, R = np.linalg.qr(rng.standard_normal((n, n)))
    # QR leaves the sign of each column open. Without this line some rotations would be likelier than others.
    Q = Q * np.sign(np.diag(R))
    return (gain * Q).astype(dtype)


@refuse_overflow
def identity(n, gain=1.0, dtype=np.float64):
    """W = gain · I: with ReLU and gain 1, a state that nothing disturbs is kept for ever.

    References
    ----------
    Le, Jaitly, Hinton 2015, "A Simple Way to Initialize Recurrent Networks of Rectified Linear Units",
    https://arxiv.org/abs/1504.00941
    """
    n = check_integer("n", n)
    check_number("gain", gain)
    _check_float_dtype(dtype)
    return (gain * np.eye(n)).astype(dtype)


@refuse_overflow
def non_normal(n, radius, strength, dtype=np.float64):
    """W = radius · I + strength · (ones just above the diagonal): powers that grow first and vanish later.

    All eigenvalues equal `radius`, whatever the strength is. Yet W^k has the entry k · radius^(k−1) · strength, which
    rises with k before the power wins. With strength 0 the matrix is normal and ‖W^k‖ = radius^k.

    Parameters
    ----------
    n : int
        2 rows are enough for this; more rows make the powers grow higher before they vanish.
    radius : float
        The spectral radius.
    strength : float
        The entries above the diagonal.
    dtype : dtype

    Returns
    -------
    ndarray (n, n), upper triangular
    """
    n = check_integer("n", n)
    check_number("radius", radius)
    check_number("strength", strength)
    _check_float_dtype(dtype)
    return (radius * np.eye(n) + strength * np.eye(n, k=1)).astype(dtype)


@refuse_overflow
def spectral_radius(W):
    """max|λ|, the largest eigenvalue in size: the long-run rate, ‖W^k‖^(1/k) → radius."""
    W, unit = _checked_square(W)
    return float(np.abs(np.linalg.eigvals(W)).max() * unit)


@refuse_overflow
def largest_singular_value(W):
    """σ_max, the most that one step can stretch a vector: ‖x W‖ ≤ σ_max ‖x‖."""
    W, unit = _checked_square(W)
    return float(np.linalg.norm(W, ord=2) * unit)


@refuse_overflow
def with_spectral_radius(W, radius):
    """W · (radius / its spectral radius), in the dtype of W.

    Raises
    ------
    ValueError
        When all eigenvalues of W are zero, so that no factor can help.
    """
    check_positive("radius", radius)
    dtype = np.asarray(W).dtype if np.asarray(W).dtype.kind == "f" else np.float64
    W, _ = _checked_square(W)
    found = spectral_radius(W)
    if found == 0:
        raise ValueError("W has spectral radius 0, expected a matrix with an eigenvalue that can be scaled")
    return (W * float(radius / found)).astype(dtype, copy=False)


def _checked_square(W):
    """Return W as floats that linear algebra has code for, in a unit in which its squares fit, and the unit."""
    W = as_array("W", W)
    check_finite("W", W)
    rows, _ = check_shape("W", W, "n n")
    check_shape("W", W, "rows columns", rows=rows, columns=rows)
    check_integer("the number of rows of W", rows)
    W = W if W.dtype in (np.float32, np.float64, np.complex64, np.complex128) else W.astype(np.float64)
    largest = np.abs(W).max()
    if largest < np.finfo(W.dtype).max ** 0.4:  # nearly always
        return W, 1.0
    unit = power_of_two(np.abs(W), axis=None).item()
    return W / unit, unit


def _check_float_dtype(dtype):
    try:
        kind = np.dtype(dtype).kind
    except TypeError:
        kind = None
    if kind != "f":
        raise ValueError(f"dtype is {dtype!r}, expected one of floats")
