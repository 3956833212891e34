"""The delayed-recall task: see a letter, sit through a delay, then name the letter."""

import numpy as np

from helpers.core.checks import check_integer


def delayed_recall(rng, batch, length, delay, symbols=4, distractors=2, dtype=np.float32):
    """Draw sequences whose one letter stands `delay` steps before the end; all other steps are distractors.

    The answer is read at the last step. Distractors say nothing about it, so who has forgotten the letter can do no
    better than guess: a loss of ln(symbols) nats.

    Parameters
    ----------
    rng : numpy.random.Generator
    batch, length : int
        B and T.
    delay : int
        Steps from the letter to the answer; 0 puts the letter on the last step.
    symbols : int
        How many letters there are.
    distractors : int
        How many kinds of distractor there are.
    dtype : dtype

    Returns
    -------
    x : ndarray (T, B, D)
        One-hot, D = symbols + distractors; the letters come first.
    targets : ndarray of int (B,)
        Which letter it was.

    Raises
    ------
    ValueError
        When the delay does not fit into the length, or a number is too small.

    References
    ----------
    In the manner of the long time lag problems of Hochreiter, Schmidhuber 1997, "Long Short-Term Memory",
    https://doi.org/10.1162/neco.1997.9.8.1735
    """
    for name, value in (("batch", batch), ("length", length), ("symbols", symbols), ("distractors", distractors)):
        check_integer(name, value)
    check_integer("delay", delay, least=0)
    if delay >= length:
        raise ValueError(f"delay is {delay}, expected at most {length - 1} in a sequence of {length} steps")
    targets = rng.integers(symbols, size=batch)
    tokens = symbols + rng.integers(distractors, size=(length, batch))
    tokens[length - 1 - delay] = targets
    return np.eye(symbols + distractors, dtype=dtype)[tokens], targets
