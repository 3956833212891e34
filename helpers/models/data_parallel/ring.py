"""The ring: how P processes get the sum of their numbers when each sends to the next one only."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_floats, check_finite, check_shape
from helpers.core.overflow import refuse_overflow


class RingState(NamedTuple):
    """What every process has after a step of the ring."""

    values: np.ndarray  # (P, P, n / P): of each process, its P pieces
    sent: tuple  # (sender, piece) of each message of the step
    numbers: int  # that one process has sent so far


@refuse_overflow
def ring_all_reduce(values):
    """Add up the numbers of P processes, so that all have the sum, in 2 (P − 1) steps.

    Each row is cut into P pieces. For P − 1 steps each process adds a piece that comes to its own, and sends another
    on: then each has the sum of one piece. For P − 1 more steps the sums go round.

    Parameters
    ----------
    values : ndarray (P, n)
        P divides n.

    Returns
    -------
    list of RingState
        What is there before the first step, and after each.

    Raises
    ------
    ValueError
        When there are no numbers, P does not divide n, or a number or sum is not finite.
    """
    values = as_floats("values", values)
    P, n = check_shape("values", values, "P n")
    check_finite("values", values)
    if not (P and n) or n % P:
        raise ValueError(
            f"values has shape {values.shape}, expected at least one number and a multiple of {P} in a row"
        )
    states = [RingState(values.reshape(P, P, n // P), (), 0)]
    for step in range(2 * (P - 1)):
        has, adds = states[-1].values, step < P - 1
        new, messages = has.copy(), []
        for rank in range(P):
            piece = (rank - step) % P if adds else (rank + 1 - (step - P + 1)) % P
            to = (rank + 1) % P
            new[to, piece] = has[to, piece] + has[rank, piece] if adds else has[rank, piece]
            messages.append((rank, piece))
        states.append(RingState(new, tuple(messages), states[-1].numbers + n // P))
    return states
