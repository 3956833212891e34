"""The two inputs of word2vec, skip-gram and CBOW: from windows to examples, and from an example to its vector h."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_floats, check_finite, check_floats, check_indices, check_shape
from helpers.core.overflow import refuse_overflow
from helpers.data.vocab import PAD


class Examples(NamedTuple):
    """From the words `inputs[i]`, those where the mask is True, predict the word `targets[i]`."""

    inputs: np.ndarray  # (N, C) of int
    mask: np.ndarray  # (N, C) of bool
    targets: np.ndarray  # (N,) of int


def skip_gram(centres, contexts):
    """From the centre, predict each word of its window: one example a pair.

    Parameters
    ----------
    centres : ndarray of int (N,)
    contexts : ndarray of int (N, 2 w)
        From `helpers.data.windows.context_windows`, with `<pad>` where there is no neighbour.

    Returns
    -------
    Examples
        One for each neighbour, with C = 1; none where no centre has one, which `train_word2vec` refuses.

    Raises
    ------
    ValueError
        When the shapes do not fit or words are no integers.

    References
    ----------
    Mikolov, Chen, Corrado, Dean 2013, "Efficient Estimation of Word Representations in Vector Space", section 3,
    https://arxiv.org/abs/1301.3781
    """
    centres, contexts, mask = _neighbours(centres, contexts)
    inputs = np.repeat(centres, mask.sum(axis=1))[:, None]
    return Examples(inputs, np.ones(inputs.shape, bool), contexts[mask])


def cbow(centres, contexts):
    """From all words of the window together, predict the centre: one example a window.

    It takes and returns what `skip_gram` does, with C = 2 w. A window without a neighbour makes no example.
    """
    centres, contexts, mask = _neighbours(centres, contexts)
    some = mask.any(axis=1)
    return Examples(contexts[some], mask[some], centres[some])


INPUTS = {"skip-gram": skip_gram, "cbow": cbow}


@refuse_overflow
def hidden(examples, E):
    """h = mean of E[i] over the words i that are seen; for skip-gram that is E[centre] itself.

    Parameters
    ----------
    examples : Examples
    E : ndarray (V, D)

    Returns
    -------
    h : ndarray (N, D)
    cache : tuple

    Raises
    ------
    ValueError
        When an input has no row in the table, the mask does not fit the inputs, or an example sees nothing.
    """
    inputs, mask, _ = examples
    dtype = check_floats(E=E)
    V, _ = check_shape("E", E, "V D")
    N, C = check_shape("inputs", inputs, "N C")
    check_indices("inputs", inputs, V)
    check_shape("mask", mask, "N C", N=N, C=C)
    inputs, mask = np.asarray(inputs), as_floats("mask", mask)
    check_finite("mask", mask)
    count = mask.sum(axis=1, keepdims=True)
    if not count.all():
        raise ValueError("an example has no input, expected at least one True in each row of the mask")
    weights = (mask / count).astype(dtype)  # (N, C)
    h = np.einsum("nc,ncd->nd", weights, E[inputs])
    return h, (inputs, weights)


@refuse_overflow
def hidden_backward(dh, cache, E):
    """dE[i] += dh / (number of words that are seen), for each word i that is seen.

    The original C program leaves the division out for CBOW, as if the learning rate of the input vectors were larger by
    the number of words in the window. This is the exact gradient; it needs a larger learning rate.

    Parameters
    ----------
    dh : ndarray (N, D)
    cache : tuple
        From `hidden`.
    E : ndarray (V, D)

    Returns
    -------
    ndarray (V, D)

    References
    ----------
    İrsoy, Benton, Stratos 2021, "Corrected CBOW Performs as well as Skip-gram", https://arxiv.org/abs/2012.15332
    """
    inputs, weights = cache
    check_floats(dh=dh, E=E)
    check_shape("dh", dh, "N D", N=len(inputs), D=E.shape[1])
    dE = np.zeros_like(E)
    np.add.at(dE, inputs, weights[:, :, None] * dh[:, None, :])
    return dE


def _neighbours(centres, contexts):
    N, _ = check_shape("contexts", contexts, "N C")
    check_shape("centres", centres, "N", N=N)
    centres, contexts = np.asarray(centres), np.asarray(contexts)
    for name, words in (("centres", centres), ("contexts", contexts)):
        if words.dtype.kind not in "iu":
            raise ValueError(f"{name} has dtype {words.dtype}, expected integers")
    return centres, contexts, contexts != PAD
