"""Ask an LSTM "what if": run it, and change its state on the way."""

import numpy as np

from helpers.layers.recurrent.arguments import check_recurrent_inputs
from helpers.layers.recurrent.lstm import LSTMGates, lstm_step_gates


def lstm_with_changes(x, state, params, change):
    """Run the layer, and let change(t, h, c) replace h_{t-1} and c_{t-1} before every step t.

    With h replaced by zeros, the gates and the candidate read the input alone: W_hh is cut. With c replaced by that of
    another sequence, the sequences exchange what their cells hold.

    Parameters
    ----------
    x : ndarray (T, B, D)
    state : tuple of two ndarrays (B, H)
        (h_0, c_0), the state before the first step.
    params : LSTMParams
    change : callable
        change(t, h, c) -> h, c, for t = 0 … T − 1.

    Returns
    -------
    LSTMGates
        What every gate held, and the state after every step, ndarrays (T, B, H).

    Raises
    ------
    ValueError
        When shapes do not fit, dtypes are mixed or there is no step.
    """
    check_recurrent_inputs(x, state, params, gates=4)
    h, c = state
    steps = []
    for t, x_t in enumerate(x):
        h, c = change(t, h, c)
        i, f, g, o = lstm_step_gates(x_t, h, params)
        c = f * c + i * g
        h = o * np.tanh(c)
        steps.append((i, f, g, o, c, h))
    return LSTMGates(*(np.stack(values) for values in zip(*steps, strict=True)))
