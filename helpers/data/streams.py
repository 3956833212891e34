"""One long text as B strips that are read side by side, a window at a time, so that the state can be carried on."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_array, check_integer, check_shape


class StreamWindow(NamedTuple):
    """T steps of every strip; the targets are the tokens that come next."""

    inputs: np.ndarray  # (T, B) of int
    targets: np.ndarray  # (T, B) of int
    reset: np.ndarray  # (B,) of bool, True = begin with the first state; False = go on from the last window's


class Strips(NamedTuple):
    """A text cut into strips; strip b is column b, and goes on where strip b − 1 ends. See `cut_strips`."""

    inputs: np.ndarray  # (L, B) of int
    targets: np.ndarray  # (L, B) of int, inputs one step later: the last target of a strip is the first of the next
    left_out: int  # tokens at the end of the text that are nobody's target, fewer than B


def cut_strips(tokens, B):
    """Cut a text into B contiguous strips of equal length, L = (T_total − 1) // B steps each.

    The first token is nobody's target, which leaves T_total − 1 couples of a token and the next one. The last
    (T_total − 1) − L B of them, fewer than B, are left out.

    Parameters
    ----------
    tokens : ndarray of int (T_total,)
        Such as `helpers.data.batches.token_stream` or `helpers.data.vocab.encode` gives.
    B : int
        How many strips are read at a time.

    Returns
    -------
    Strips

    Raises
    ------
    ValueError
        When the tokens are no integers in one dimension, or fewer than B + 1.
    """
    tokens = _ids("tokens", tokens)
    (T_total,) = check_shape("tokens", tokens, "T_total")
    B = check_integer("B", B)
    L = (T_total - 1) // B
    if L < 1:
        raise ValueError(f"tokens has {T_total} tokens, expected at least {B + 1} for {B} strips")
    inputs, targets = (tokens[shift : shift + L * B].reshape(B, L).T for shift in (0, 1))
    return Strips(inputs, targets, T_total - 1 - L * B)


def stream_windows(strips, T, epochs=1):
    """Yield the strips a window at a time, in order: where a window ends, the next one begins.

    Parameters
    ----------
    strips : Strips
    T : int
        Steps of a window. The last one of an epoch has the L mod T steps that are left, if any, so that every target
        comes exactly once in each epoch; take only windows of T steps if your model needs equal ones.
    epochs : int
        How often the text is read from its beginning.

    Yields
    ------
    StreamWindow
        The first window of an epoch resets the state of every strip. What comes before strip b in the text is the end
        of strip b − 1, which is read only at the end of the epoch, so its state is not known yet.

    Raises
    ------
    ValueError
        When T is not from 1 to L, or epochs is below 1.
    """
    inputs, targets = _ids("strips.inputs", strips.inputs), _ids("strips.targets", strips.targets)
    L, B = check_shape("strips.inputs", inputs, "L B")
    check_shape("strips.targets", targets, "L B", L=L, B=B)
    T = check_integer("T", T)
    check_integer("epochs", epochs)
    if T > L:
        raise ValueError(f"T is {T}, expected at most {L}, the steps of a strip")
    for _ in range(epochs):
        for start in range(0, L, T):
            window = slice(start, start + T)
            yield StreamWindow(inputs[window], targets[window], np.full(B, start == 0))


def _ids(name, values):
    array = as_array(name, values)
    if array.dtype.kind not in "iu":
        raise ValueError(f"{name} has dtype {array.dtype}, expected integers")
    return array
