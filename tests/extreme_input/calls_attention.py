"""Valid calls of what the chapter on attention reaches, besides the layers themselves."""

import numpy as np

from helpers.data import results
from helpers.data.source_target_pairs import encode_pairs, pair_batch, pair_vocabs
from helpers.models import head_ablation, query_gradients, self_attention_tagger, torch_modules
from helpers.models.seq2seq import looking_back, torch_model
from tests.extreme_input.calls import DRAWN, Call, a_share, draw_params
from tests.extreme_input.calls_seq2seq import sizes, some_pairs

V, T, D, Q = 5, 3, 4, 3


def _by_length():
    names = [(name, float) for name in ("rate", "new_loss", "right_3", "right_4")]
    return np.array([("a", 0, 5, 0.1, 0.2, 1.0, 0.5)], dtype=[("arm", "U1"), ("seed", int), ("steps", int), *names])


def _tagger(rng):
    params = draw_params(rng, self_attention_tagger.init_self_attention_tagger(rng, V, T, D, Q))
    return {"params": params, "heads": 2}


def _tagged(rng):
    return {**_tagger(rng), "tokens": rng.integers(V, size=(2, T)), "answers": rng.integers(V, size=(2, T, Q))}


def _translator():
    return torch_modules.new_model(
        torch_model.Seq2Seq, *sizes(), D, 3, seed=0, attention="additive", bidirectional=True
    )


def _one_pair():
    return pair_batch(encode_pairs(some_pairs(), *pair_vocabs(some_pairs())), np.array([0]))


CALLS = [
    Call(
        results.shares_by_length, lambda rng: {"table": _by_length(), "arm": "a", "steps": 5}, left=("table", "steps")
    ),
    Call(
        query_gradients.query_gradients,
        lambda rng: {"rng": np.random.default_rng(0), "d": 3, "scale": 0.5, "N": 4, "S": 3},
        **DRAWN,
    ),
    Call(query_gradients.compare_score_scales, lambda rng: {"sizes": [1, 4], "seeds": [0, 1], "N": 3, "S": 2}, **DRAWN),
    Call(query_gradients.how_many_make_half, lambda rng: {"norms": rng.random(4) + 0.1}),
    Call(head_ablation.without_head, lambda rng: {**_tagger(rng), "head": 1}),
    Call(head_ablation.accuracy_without, _tagged, a_share),
    Call(head_ablation.mean_looks, lambda rng: {**_tagger(rng), "tokens": rng.integers(V, size=(2, T))}, rounds=True),
    Call(looking_back.trace_looks, lambda rng: {"model": _translator(), "batch": _one_pair(), "longest": 3}),
    Call(
        looking_back.said_elsewhere,
        lambda rng: {
            "model": _translator(),
            "pairs": list(some_pairs()),
            "source_vocab": pair_vocabs(some_pairs())[0],
            "target_vocab": pair_vocabs(some_pairs())[1],
        },
    ),
]
