"""Valid calls of what has changed in the Transformer since 2017."""

import numpy as np

from helpers.data.source_target_pairs import pair_vocabs
from helpers.figures import norm_of_vectors
from helpers.layers.transformer import gated_feed_forward as gated
from helpers.layers.transformer import grouped_queries
from helpers.models.torch_modules import new_model
from helpers.models.transformer import Transformer, evaluation, newer_parts, trace
from tests.extreme_input.calls import DRAWN, B, Call, D, H, T, normal
from tests.extreme_input.calls_seq2seq import pairs, sizes, some_pairs


def _transformer():
    return new_model(Transformer, *sizes(), D, H, layers=1, heads=2, seed=0)


def _vocabs():
    return dict(zip(("source_vocab", "target_vocab"), pair_vocabs(some_pairs()), strict=True))


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
    Call(
        trace.trace_translation,
        lambda rng: {"model": _transformer(), "sentence": " ".join(some_pairs()[0].source), **_vocabs()},
    ),
    Call(
        trace.self_attention_under,
        lambda rng: {
            "model": _transformer(),
            "tokens": ["<start>", *some_pairs()[0].target[:2]],
            "target_vocab": _vocabs()["target_vocab"],
            "mask": np.tri(3, dtype=bool),
        },
    ),
    Call(evaluation.right_translations, lambda rng: {"model": _transformer(), "batch": pairs(), "max_length": 4}),
    Call(
        newer_parts.TransformerOfParts,
        lambda rng: {"V_s": 5, "V_t": 5, "D": D, "parts": newer_parts.Parts(3, heads=2, key_heads=1), "layers": 1},
        **DRAWN,
    ),
]
