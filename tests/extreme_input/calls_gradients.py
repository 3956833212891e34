"""Valid calls of what the chapter on gradients that vanish and explode reaches."""

from helpers.data import english_letters
from helpers.layers.recurrent import gradient_regulariser
from helpers.layers.recurrent.rnn import init_rnn, rnn
from helpers.models import deep_tanh, learning_curve, reader, regularised_reader
from tests.extreme_input.calls import Call, normal

T, B, D, H, V = 3, 2, 3, 2, 4


def _reader(rng):
    params = reader.init_reader(rng, "rnn", D, H, V)
    return {"params": params, "x": normal(rng, T, B, D), "targets": rng.integers(V, size=B)}


def _curve(rng):
    start = _reader(rng)
    batch = start["x"], start["targets"]
    return {
        "loss_and_grads": lambda params, *batch: regularised_reader.regularised_reader_loss(params, *batch, 0.0),
        "params": start["params"],
        "draw": lambda: batch,
        "checkpoints": [0, 2],
        "measure": lambda params: params.cell.W_hh,
        "rate": 0.01,
        "clip": 1.0,
    }


def _regularised(dh, x, state, params):
    return gradient_regulariser.rnn_gradient_regulariser(dh, rnn(x, state, params)[2], params)


CALLS = [
    Call(english_letters.english_letters, lambda rng: {"kinds": 41, "part": "test"}),
    Call(
        english_letters.draw_letter_windows,
        lambda rng: {"rng": rng, "ids": rng.integers(5, size=30), "batch": 2, "length": 4, "kinds": 5},
        own_dtype=True,
    ),
    Call(
        gradient_regulariser.rnn_gradient_regulariser,
        lambda rng: {
            "dh": normal(rng, T, B, H),
            "x": normal(rng, T, B, D),
            "state": (normal(rng, B, H),),
            "params": init_rnn(rng, D, normal(rng, H, H)),
        },
        via=_regularised,
        rounds=True,
    ),
    Call(regularised_reader.message_by_step, lambda rng: {**_reader(rng), "activation": "tanh"}, rounds=True),
    Call(regularised_reader.regularised_reader_loss, lambda rng: {**_reader(rng), "strength": 0.5}, rounds=True),
    Call(learning_curve.learning_curve, _curve, own_dtype=True),
    Call(
        deep_tanh.gradient_through_layers,
        lambda rng: {"rng": rng, "layers": 3, "H": 2, "residual": True},
        own_dtype=True,
    ),
]
