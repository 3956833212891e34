"""Hard attention: one place is drawn, and only it is seen; the gradient of the expected loss, exact and estimated."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_array, check_finite, check_floats, check_indices, check_number, check_shape
from helpers.core.numerics import softmax
from helpers.core.overflow import refuse_overflow


@refuse_overflow
def expected_loss(scores, losses):
    """L = Σ_i α_i ℓ_i with α = softmax(scores): the mean loss when place i is drawn with probability α_i.

    Soft attention has one loss, that of the mean of what is seen, ℓ(Σ_i α_i v_i). Hard attention has the mean of the
    losses ℓ_i = ℓ(v_i).

    Parameters
    ----------
    scores : ndarray (S,)
    losses : ndarray (S,)
        The loss if place i is drawn.

    Returns
    -------
    L : float
    weights : ndarray (S,)
        α, the probability of each place.

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    check_floats(scores=scores, losses=losses)
    (S,) = check_shape("scores", scores, "S")
    check_shape("losses", losses, "S", S=S)
    weights = softmax(scores)
    return float(weights @ losses), weights


@refuse_overflow
def expected_loss_backward(weights, losses):
    """dscores_i = α_i (ℓ_i − L): the exact gradient, which needs the loss of every place.

    Parameters
    ----------
    weights : ndarray (S,)
        α, from `expected_loss`.
    losses : ndarray (S,)

    Returns
    -------
    dscores : ndarray (S,)

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed, or the weights are no probabilities.
    """
    _check_weights(weights, losses)
    return weights * (losses - weights @ losses)


@refuse_overflow
def reinforce(weights, losses, drawn, baseline=0.0):
    """(ℓ_i − b) (e_i − α) for each place i that was drawn: an estimate of dscores that needs one loss alone.

    Its mean over i ~ α is the exact gradient, whatever b; b moves its variance alone. e_i is 1 at place i, else 0.

    Parameters
    ----------
    weights : ndarray (S,)
        α.
    losses : ndarray (S,)
        Read at the drawn places only.
    drawn : ndarray of int (N,)
        Places, drawn with the probabilities α.
    baseline : float
        b, such as the mean of earlier losses.

    Returns
    -------
    ndarray (N, S)
        An estimate of dscores from each draw.

    Raises
    ------
    ValueError
        As for `expected_loss_backward`, and when a drawn number is not that of a place.

    References
    ----------
    Williams 1992, "Simple Statistical Gradient-Following Algorithms for Connectionist Reinforcement Learning",
    https://doi.org/10.1007/BF00992696; for places of a picture Xu et al. 2015, https://arxiv.org/abs/1502.03044
    """
    _check_weights(weights, losses)
    drawn = as_array("drawn", drawn)
    check_shape("drawn", drawn, "N")
    check_indices("drawn", drawn, len(weights))
    check_number("baseline", baseline)
    scale = (losses[drawn] - np.asarray(baseline, losses.dtype))[:, None]
    return scale * (np.eye(len(weights), dtype=weights.dtype)[drawn] - weights)


class EstimateSpread(NamedTuple):
    """How far the estimates of `reinforce` are from the exact gradient."""

    variance: float  # the mean of ‖estimate − exact gradient‖²
    square: float  # ‖exact gradient‖²


@refuse_overflow
def reinforce_spread(weights, losses, baseline=0.0):
    """Σ_i α_i ‖estimate_i‖² − ‖dscores‖²: the variance of one draw, exactly, by going through all places.

    The mean of N draws has an Nth of it.

    Parameters and Raises are those of `reinforce`.

    Returns
    -------
    EstimateSpread
    """
    exact = expected_loss_backward(weights, losses)
    estimates = reinforce(weights, losses, np.arange(len(weights)), baseline)
    variance = weights @ ((estimates - exact) ** 2).sum(axis=1)
    return EstimateSpread(float(variance), float(exact @ exact))


def _check_weights(weights, losses):
    check_floats(weights=weights, losses=losses)
    (S,) = check_shape("weights", weights, "S")
    check_shape("losses", losses, "S", S=S)
    check_finite("weights", weights)
    if not S or weights.min() < 0 or abs(weights.sum(dtype=np.float64) - 1) > 1e-2:
        raise ValueError(f"weights sum to {weights.sum():.3g}, expected probabilities that sum to 1")
