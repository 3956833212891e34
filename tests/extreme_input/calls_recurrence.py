"""Valid calls of what the chapter on recurrent networks reaches."""

import numpy as np

from helpers.layers import recurrent
from helpers.models import reader
from tests.extreme_input.calls import Call, normal

T, B, D, H, V = 3, 2, 3, 2, 4

CALLS = [
    Call(
        recurrent.last_states,
        lambda rng: {"steps": normal(rng, T, B, H), "mask": np.arange(T)[:, None] < np.array([3, 1])},
    ),
    Call(
        reader.first_reader_state,
        lambda rng: {"B": B, "params": reader.init_reader(rng, "rnn", D, H, V)},
    ),
]
