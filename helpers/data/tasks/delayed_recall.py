"""Three memory tasks: name a letter after a delay, the one that was seen last at every step, or the last of several."""

import numpy as np

from helpers.core.checks import check_dtype, check_integer


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
    check_dtype(dtype)
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


def overwritten_recall(rng, batch, length, delay, most=6, least=1, symbols=4, distractors=2, dtype=np.float32):
    """Draw sequences with several letters at random steps; the answer is the letter that came last.

    It is read after the last step, and the last `delay` steps are distractors. So a model must both keep a letter for
    a long time and let a new one take its place.

    Parameters
    ----------
    rng : numpy.random.Generator
    batch, length : int
        B and T.
    delay : int
        The fewest steps from the last letter to the answer; 0 lets the last step be a letter.
    most, least : int
        How many letters each sequence has, all numbers equally likely; they stand in its first length − delay steps,
        and the same letter may come again.
    symbols, distractors : int
        How many kinds of letters and how many kinds of distractor there are.
    dtype : dtype

    Returns
    -------
    x : ndarray (T, B, D)
        One-hot, D = symbols + distractors; the letters come first.
    targets : ndarray of int (B,)
        Which letter came last.

    Raises
    ------
    ValueError
        When the letters and the delay do not fit into the length, or a number is too small.
    """
    sizes = {"batch": batch, "length": length, "least": least, "symbols": symbols, "distractors": distractors}
    for name, value in sizes.items():
        check_integer(name, value)
    check_integer("delay", delay, least=0)
    check_integer("most", most, least=least)
    if most > length - delay:
        raise ValueError(f"most is {most}, expected at most {length - delay}, the steps before the delay")
    letters = rng.integers(symbols, size=(length, batch))
    tokens = symbols + rng.integers(distractors, size=(length, batch))
    rank = rng.random((length - delay, batch)).argsort(axis=0).argsort(axis=0)  # each column in an order of its own
    early = slice(length - delay)
    is_letter = rank < rng.integers(least, most + 1, size=batch)
    tokens[early] = np.where(is_letter, letters[early], tokens[early])
    last = np.where(is_letter, np.arange(length - delay)[:, None], -1).max(axis=0)
    return np.eye(symbols + distractors, dtype=dtype)[tokens], letters[last, np.arange(batch)]
