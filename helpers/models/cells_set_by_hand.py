"""A memory cell of one unit whose weights are set by hand, so that every gate has a job that is plain to see."""

import numpy as np

from helpers.core.checks import as_list
from helpers.layers.recurrent.gru import GRUParams
from helpers.layers.recurrent.lstm import LSTMParams

# What a word offers to the memory, as the sum that goes into tanh. Two words matter; the others offer something too,
# as they would in a network that cares about more than one thing.
OFFERS = {
    "woman": 2.0,
    "man": -2.0,
    "the": -0.3,
    "does": -0.5,
    "not": -0.7,
    "throw": -0.4,
    "ball": 0.3,
    "she": -0.6,
    "he": -0.6,
    "drives": -0.4,
    "car": -0.2,
}

_FIRST = "the woman does not throw the ball , she drives the car <end>"
SUBJECT_TEXT = tuple(f"{_FIRST} the man does not throw the ball ,".split())  # two sentences of the known language


def subject_lstm(words):
    """Set an LSTM of one unit that holds +1 after *woman*, −1 after *man*, shows it at a comma, and drops it at <end>.

    Parameters
    ----------
    words : sequence of str
        The words that it reads as one-hot vectors, in their order.

    Returns
    -------
    LSTMParams
        One unit; the weights from h_{t-1} are 0.
    """
    _check_words(words)
    i, f, g, o = range(4)
    W_xh, b_h = np.zeros((len(words), 4)), np.zeros(4)
    b_h[i], b_h[f], b_h[o] = -5, 5, -5  # write nothing, keep everything, show nothing, unless a word says so
    for row, word in enumerate(words):
        W_xh[row, g] = OFFERS.get(word, 0)
        W_xh[row, i] = 10 if word in ("woman", "man") else 0
        W_xh[row, f] = -10 if word == "<end>" else 0
        W_xh[row, o] = 10 if word == "," else 0
    return LSTMParams(W_xh, np.zeros((1, 4)), b_h)


def subject_gru(words):
    """Set a GRU of one unit that replaces its state at *woman* and *man*, and restores it at a comma.

    The update gate keeps σ(3) = 0.95 of the state at any other word, so the memory fades a little. The reset gate is
    shut but for the comma: there the candidate is tanh(3 h_{t-1}), with the sign of the old state and a size near 1.

    Parameters
    ----------
    words : sequence of str

    Returns
    -------
    GRUParams
        One unit.
    """
    _check_words(words)
    r, z, n = range(3)
    W_xh, W_hh = np.zeros((len(words), 3)), np.zeros((1, 3))
    b_xh, b_hh = np.zeros(3), np.zeros(3)
    b_xh[r], b_xh[z], W_hh[0, n] = -5, 3, 3
    for row, word in enumerate(words):
        W_xh[row, n] = OFFERS.get(word, 0)
        W_xh[row, z] = -8 if word in ("woman", "man", ",") else 0
        W_xh[row, r] = 10 if word == "," else 0
    return GRUParams(W_xh, W_hh, b_xh, b_hh)


def _check_words(words):
    for word in as_list("words", words):
        if not isinstance(word, str):
            raise ValueError(f"a word is {str(word)[:40]}, expected a str")
