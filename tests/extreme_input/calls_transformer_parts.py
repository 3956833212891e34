"""Valid calls of what has changed in the Transformer since 2017."""

from helpers.layers.transformer import grouped_queries, swiglu
from tests.extreme_input.calls import DRAWN, B, Call, D, H, T, normal

CALLS = [
    Call(swiglu.init_swiglu, lambda rng: {"rng": rng, "D": D, "H": H}, **DRAWN),
    Call(swiglu.swiglu, lambda rng: {"x": normal(rng, B, T, D), "params": swiglu.init_swiglu(rng, D, H)}),
    Call(
        grouped_queries.grouped_attention,
        lambda rng: {"q": normal(rng, 4, T, D), "k": normal(rng, 2, T, D), "v": normal(rng, 2, T, D)},
    ),
]
