"""Valid calls of the layers over pictures."""

import numpy as np

from helpers.layers import convolution as layers
from helpers.layers.convolution import fast, pooling
from tests.extreme_input.calls import Call, normal

B, C, D, H, W = 2, 2, 3, 5, 4


def _picture(rng):
    params = layers.ConvParams(normal(rng, D, C, 3, 2), normal(rng, D))
    return {"x": normal(rng, B, C, H, W), "params": params, "stride": 2, "padding": 1}


def _conv_back(rng):
    return _picture(rng) | {"dy": normal(rng, B, D, 3, 3)}


def _there_and_back(forward, backward):
    def both(dy, **arguments):
        *_, cache = forward(**arguments)
        return backward(dy, cache, arguments["params"]) if "params" in arguments else backward(dy, cache)

    return both


def _pool(rng):
    return {"x": normal(rng, B, C, H, W), "size": 2, "stride": 1}


def _pool_back(rng):
    return _pool(rng) | {"dy": normal(rng, B, C, 4, 3)}


def _norm(rng, training):
    return {
        "x": normal(rng, B, C, H, W),
        "params": layers.BatchNormParams(normal(rng, C), normal(rng, C)),
        "statistics": layers.RunningStatistics(normal(rng, C), rng.random(C)),
        "training": training,
        "momentum": 0.1,
        "eps": 1e-5,
    }


CALLS = [
    Call(layers.init_conv2d, lambda rng: {"rng": rng, "C": C, "D": D, "size": 3, "dtype": np.float64}, own_dtype=True),
    *[
        call
        for forward, backward in (
            (layers.conv2d, layers.conv2d_backward),
            (fast.fast_conv2d, fast.fast_conv2d_backward),
        )
        for call in (
            Call(forward, _picture),
            Call(backward, _conv_back, left=("x",), via=_there_and_back(forward, backward)),
        )
    ],
    *[
        call
        for forward, backward in (
            (pooling.max_pool2d, pooling.max_pool2d_backward),
            (pooling.mean_pool2d, pooling.mean_pool2d_backward),
        )
        for call in (
            Call(forward, _pool),
            Call(backward, _pool_back, left=("x",), via=_there_and_back(forward, backward)),
        )
    ],
    Call(layers.output_size, lambda rng: {"size": 7, "window": 3, "stride": 2, "padding": 1}),
    Call(layers.receptive_field, lambda rng: {"windows": [3, 2], "strides": [1, 2]}),
    Call(layers.init_batch_norm, lambda rng: {"C": C, "dtype": np.float64}, own_dtype=True),
    *[
        call
        for training in (True, False)
        for call in (
            Call(layers.batch_norm, lambda rng, training=training: _norm(rng, training), rounds=True),
            Call(
                layers.batch_norm_backward,
                lambda rng, training=training: _norm(rng, training) | {"dy": normal(rng, B, C, H, W)},
                left=("x",),
                via=_there_and_back(layers.batch_norm, layers.batch_norm_backward),
                rounds=True,
            ),
        )
    ],
]
