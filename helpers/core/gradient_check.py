"""Gradients by central differences, and how far a gradient written by hand is from them."""

import numpy as np

from helpers.core.checks import as_floats, check_floats, check_positive, check_shape
from helpers.core.overflow import NotFiniteError
from helpers.core.params import check_numbers, map_params, named_arrays


def numerical_gradient(loss, array, step=1e-5):
    """∂L/∂a ≈ (L(a + ε) − L(a − ε)) / 2ε, one number of the array at a time.

    Parameters
    ----------
    loss : callable
        loss(array) -> float. It sees a copy, so `array` is never changed.
    array : ndarray of float64
    step : float
        ε. The error of the formula is of order ε², that of rounding of order 1e-16 / ε.

    Returns
    -------
    ndarray
        The shape of `array`.

    Raises
    ------
    ValueError
        When the array is not float64: float32 rounds away the difference that is to be measured. So does a number
        that is so large that the step is lost beside it. And when the loss is NaN or infinite.
    """
    nudged = np.array(array)
    return _central_differences(lambda: loss(nudged), nudged, step)


def relative_error(found, wanted):
    """max|found − wanted| / max(|found|, |wanted|), as one float; 0 where both are zero, NaN where one has NaN.

    It is relative to the largest number of the arrays, because central differences have no correct digits left
    in numbers that are many orders smaller.

    Raises
    ------
    ValueError
        When the shapes differ, or something is no real number.
    """
    found, wanted = as_floats("found", found), as_floats("wanted", wanted)
    if found.shape != wanted.shape:
        raise ValueError(f"cannot compare shapes {found.shape} and {wanted.shape}")
    size = np.maximum(np.abs(found), np.abs(wanted)).max(initial=0)
    with np.errstate(over="ignore"):
        error = np.abs(np.subtract(found, wanted)).max(initial=0)
    if np.isinf(error) and np.isfinite(size):  # the difference does not fit into the dtype, its share does
        return float(np.abs(found / size - wanted / size).max())
    return float(error) if size == 0 else float(error / size)


def compare_gradients(grads, reference):
    """Map the name of each array to its relative error, such as ``{"rnn.W_hh": 3e-11}``.

    Raises
    ------
    ValueError
        When the structures or shapes differ.
    """
    errors = map_params(relative_error, grads, reference)
    return dict(named_arrays(errors))


def check_gradients(loss, params, grads, step=1e-5):
    """Compare hand-written gradients with central differences.

    Parameters
    ----------
    loss : callable
        loss(params) -> float.
    params : nested NamedTuple of float64 arrays
        Left as they are.
    grads : the type of params
        The gradients to be checked.
    step : float

    Returns
    -------
    dict of str to float
        The relative error for each array of the parameters.
    """
    check_numbers(params=params, grads=grads)
    nudged = map_params(np.array, params)
    numerical = map_params(lambda array: _central_differences(lambda: loss(nudged), array, step), nudged)
    return compare_gradients(grads, numerical)


def _central_differences(loss, array, step):
    """Nudge each number of the array in place, up and down, and put it back."""
    check_positive("step", step)
    step = float(step)
    if check_floats(array=array) != np.float64:
        raise ValueError(f"array has dtype {array.dtype}, expected float64")
    gradient = np.empty_like(array)
    for i in np.ndindex(array.shape):
        kept = array[i]
        if kept + step == kept:
            raise ValueError(f"the step {step} is lost beside {kept:.3g} in the array, expected smaller numbers")
        array[i] = kept + step
        above = loss()
        array[i] = kept - step
        below = loss()
        array[i] = kept
        check_shape("loss", above, "")
        with np.errstate(over="ignore", invalid="ignore"):
            gradient[i] = (above - below) / (2 * step)
        if not np.isfinite(gradient[i]):
            raise NotFiniteError(f"the loss is {above} and {below} on both sides of {kept:.3g}, expected finite ones")
    return gradient
