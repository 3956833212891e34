"""Valid calls of what has changed in the Transformer since 2017."""

import numpy as np

from helpers.figures import norm_of_vectors
from helpers.layers.transformer import gated_feed_forward as gated
from helpers.layers.transformer import grouped_queries
from tests.extreme_input.calls import DRAWN, B, Call, D, H, T, normal

CALLS = [
    Call(gated.init_swiglu, lambda rng: {"rng": rng, "D": D, "H": H}, **DRAWN),
    Call(gated.swiglu, lambda rng: {"x": normal(rng, B, T, D), "params": gated.init_swiglu(rng, D, H)}),
    Call(
        grouped_queries.grouped_attention,
        lambda rng: {"q": normal(rng, 4, T, D), "k": normal(rng, 2, T, D), "v": normal(rng, 2, T, D)},
    ),
    Call(
        gated.swiglu_backward,
        lambda rng: {"dy": normal(rng, B, T, D), "params": gated.init_swiglu(rng, D, H)},
        via=lambda dy, params: gated.swiglu_backward(dy, gated.swiglu(np.ones_like(dy), params)[1], params),
    ),
    Call(
        norm_of_vectors.draw_norm,
        lambda rng: {"x": normal(rng, D), "norm": "RMSNorm", "shift": 1.0, "stretch": 2.0},
    ),
]
