"""Power laws that approach a floor: fitted with the floor known, and with a floor that the fit may choose."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_floats, check_finite, check_number, check_positive, check_shape
from helpers.core.overflow import refuse_overflow

_FLOORS = 1000  # that are tried where the floor is free
_FEWEST = 3


class PowerLaw(NamedTuple):
    """L(x) = floor + scale · x^−exponent."""

    floor: float
    scale: float
    exponent: float
    spread: float = 0.0  # standard deviation of ln(L − floor) about the line


@refuse_overflow
def power_law(law, x):
    """L(x) = floor + scale · x^−exponent, of numbers or arrays x > 0."""
    x = as_floats("x", x)
    if not (x > 0).all():
        raise ValueError(f"x has the smallest number {x.min()}, expected numbers above 0")
    for name, value in law._asdict().items():
        check_number(name, value)
    return float(law.floor) + float(law.scale) * x ** -float(law.exponent)


def fit_power_law(x, losses, floor):
    """Fit a power law whose floor is known: a straight line through ln x and ln(L − floor), by least squares.

    Parameters
    ----------
    x : ndarray (n,)
        Sizes, such as numbers of weights, tokens or operations; at least three, not all the same.
    losses : ndarray (n,)
        Each above the floor.
    floor : float

    Returns
    -------
    PowerLaw

    Raises
    ------
    ValueError
        When there are too few, a number is not positive or finite, or a loss is not above the floor.
    """
    x, losses = _checked(x, losses)
    check_number("floor", floor)
    if not (losses > floor).all():
        raise ValueError(f"losses has the smallest number {losses.min()}, expected all above the floor, {floor}")
    u, v = np.log(x), np.log(losses - floor)
    away = u - u.mean()
    slope = away @ (v - v.mean()) / (away @ away)
    constant = v.mean() - slope * u.mean()
    spread = np.sqrt(((v - constant - slope * u) ** 2).sum() / max(1, len(x) - 2))
    law = PowerLaw(float(floor), float(np.exp(constant)), float(-slope), float(spread))
    if not np.isfinite(law).all():
        raise ValueError(f"the fit has the exponent {law.exponent} and the scale {law.scale}, which no float can hold")
    return law


def fit_with_free_floor(x, losses):
    """Fit a power law and its floor: of many floors from 0 to the smallest loss, that with the smallest squares.

    For each floor the line of `fit_power_law` is drawn. What is compared is Σ (ln L − ln of the law)², in the losses
    themselves: in ln(L − floor) a floor just below the smallest loss would decide everything.

    Parameters and result are as for `fit_power_law`.
    """
    x, losses = _checked(x, losses)
    if not (losses > 0).all():
        raise ValueError(f"losses has the smallest number {losses.min()}, expected all above 0")
    floors = losses.min() * np.arange(_FLOORS) / _FLOORS
    laws = [fit_power_law(x, losses, floor) for floor in floors]
    squares = [((np.log(losses) - np.log(power_law(law, x))) ** 2).sum() for law in laws]
    return laws[int(np.argmin(squares))]


def local_exponents(x, losses, floor):
    """−Δ ln(L − floor) / Δ ln x between neighbours: a power law has the same one everywhere. (n,) each -> (n − 1,)."""
    x, losses = _checked(x, losses, fewest=2)
    check_number("floor", floor)
    if not (losses > floor).all() or not (np.diff(x) > 0).all():
        raise ValueError("expected losses above the floor, and sizes that rise")
    return -np.diff(np.log(losses - floor)) / np.diff(np.log(x))


@refuse_overflow
def predicted_range(law, x, factor=2.0):
    """The losses between which a new run is expected: (least, most), `factor` spreads to either side in ln(L − floor).

    It counts how far the points lie from the line, and not that the line may bend: where `local_exponents` change, the
    range is too narrow, the more so the farther away x is.
    """
    check_positive("factor", factor)
    above = power_law(law, x) - law.floor
    if not law.spread >= 0:
        raise ValueError(f"law.spread is {law.spread}, expected at least 0")
    wide = np.exp(float(factor) * law.spread)
    return law.floor + above / wide, law.floor + above * wide


@refuse_overflow
def prediction_interval(x, losses, floor, new):
    """The losses between which 95 of 100 new runs of size `new` would lie, if a power law held: (least, most).

    It is that of a straight line in logarithms: it allows for points beside the line, and for a slope and a constant
    that are not known exactly; not for a line that bends.

    Parameters
    ----------
    x, losses, floor
        As for `fit_power_law`.
    new : float or ndarray
        Above 0.
    """
    law, (x, losses), new = fit_power_law(x, losses, floor), _checked(x, losses), as_floats("new", new)
    middle = power_law(law, new)
    u = np.log(x)
    lever = 1 / len(u) + (np.log(new) - u.mean()) ** 2 / ((u - u.mean()) ** 2).sum()
    wide = np.exp(_student(max(1, len(u) - 2)) * law.spread * np.sqrt(1 + lever))
    return law.floor + (middle - law.floor) / wide, law.floor + (middle - law.floor) * wide


def _student(freedom):
    """The 97.5 % point of Student's t with a whole number of degrees of freedom.

    With t = √freedom · tan θ, the probability of (−t, t) is a finite sum; it grows with θ, so that θ can be bisected.
    References: Abramowitz, Stegun 1964, "Handbook of Mathematical Functions", 26.7.3 and 26.7.4.
    """
    least, most = 0.0, np.pi / 2
    for _ in range(60):
        angle = (least + most) / 2
        least, most = (angle, most) if _within(angle, freedom) < 0.95 else (least, angle)
    return np.sqrt(freedom) * np.tan(angle)


def _within(angle, freedom):
    odd = freedom % 2
    term, total = (np.cos(angle) if odd else 1.0), 0.0
    for k in range(2 + odd, freedom + 1, 2):  # every term is the one before times cos² θ and (k − 1) / k
        total += term
        term *= np.cos(angle) ** 2 * (k - 1) / k
    total *= np.sin(angle)
    return 2 / np.pi * (angle + total) if odd else total


def _checked(x, losses, fewest=_FEWEST):
    x, losses = as_floats("x", x).astype(float), as_floats("losses", losses).astype(float)
    (n,) = check_shape("x", x, "n")
    check_shape("losses", losses, "n", n=n)
    check_finite("x", x)
    check_finite("losses", losses)
    if n < fewest or not (x > 0).all() or x.min() == x.max():
        raise ValueError(f"x is {x.tolist()}, expected at least {fewest} numbers above 0 that are not all the same")
    return x, losses
