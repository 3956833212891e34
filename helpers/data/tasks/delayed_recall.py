"""Two memory tasks: name a letter after a delay, and name, at every step, the letter that was seen last."""

import numpy as np

from helpers.core.checks import check_integer


def delayed_recall(rng, batch, length, delay, symbols=4, distractors=2, dtype=np.float32):
    """Draw sequences whose one letter stands `delay` steps before the end; all other steps are distractors.

    The answer is read at the last step. Distractors say nothing about it, so a model that has forgotten the letter can
    only guess: a loss of ln(symbols) nats.

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


def latest_letter(rng, batch, length, share=0.15, symbols=4, distractors=2, dtype=np.float32):
    """Draw sequences of letters among distractors; the target of every step is the letter that was seen last.

    Every new letter takes the place of the one before, so a model that cannot forget fails. The first step is a letter,
    so that there always is an answer.

    Parameters
    ----------
    rng : numpy.random.Generator
    batch, length : int
        B and T.
    share : float
        How likely a later step is to be a letter, from 0 to 1.
    symbols, distractors : int
        How many letters and how many kinds of distractor there are.
    dtype : dtype

    Returns
    -------
    x : ndarray (T, B, D)
        One-hot, D = symbols + distractors; the letters come first.
    targets : ndarray of int (T, B)

    Raises
    ------
    ValueError
        When a number is too small or the share is no probability.
    """
    for name, value in (("batch", batch), ("length", length), ("symbols", symbols), ("distractors", distractors)):
        check_integer(name, value)
    if not 0 <= share <= 1:
        raise ValueError(f"share is {share}, expected a number from 0 to 1")
    is_letter = rng.random((length, batch)) < share
    is_letter[0] = True
    letters = rng.integers(symbols, size=(length, batch))
    tokens = np.where(is_letter, letters, symbols + rng.integers(distractors, size=(length, batch)))
    latest = np.maximum.accumulate(np.where(is_letter, np.arange(length)[:, None], 0), axis=0)
    return np.eye(symbols + distractors, dtype=dtype)[tokens], np.take_along_axis(letters, latest, axis=0)
