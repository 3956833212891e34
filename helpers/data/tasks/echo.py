"""The echo task: at every step, name the symbol that was read some steps before."""

import numpy as np

from helpers.core.checks import check_dtype, check_integer


def echo(rng, batch, length, delay, symbols=2, dtype=np.float32):
    """Draw sequences of symbols; the target of step t is the symbol of step t − delay.

    All symbols are equally likely and independent, so a model that does not remember can only guess: a loss of
    ln(symbols) nats at every step.

    Parameters
    ----------
    rng : numpy.random.Generator
    batch, length : int
        B and T.
    delay : int
        Steps from a symbol to its echo; 0 asks for the symbol that is being read.
    symbols : int
        How many there are.
    dtype : dtype

    Returns
    -------
    x : ndarray (T, B, D)
        One-hot, D = symbols.
    targets : ndarray of int (T, B)
    mask : ndarray of bool (T, B)
        False in the first `delay` steps, where there is nothing to echo; the targets there are 0.

    Raises
    ------
    ValueError
        When the delay leaves no step to ask about, or a number is too small.
    """
    for name, value in (("batch", batch), ("length", length), ("symbols", symbols)):
        check_integer(name, value)
    check_integer("delay", delay, least=0)
    check_dtype(dtype)
    if delay >= length:
        raise ValueError(f"delay is {delay}, expected at most {length - 1} in a sequence of {length} steps")
    tokens = rng.integers(symbols, size=(length, batch))
    targets = np.zeros_like(tokens)
    targets[delay:] = tokens[: length - delay]
    mask = np.zeros(tokens.shape, bool)
    mask[delay:] = True
    return np.eye(symbols, dtype=dtype)[tokens], targets, mask
