"""Valid calls of what the page on scale reaches: costs, laws of size, copies, many processes."""

import numpy as np

from helpers.data import shared_ngrams
from helpers.data.tasks.repeated_blocks import best_guess_by_place, repeated_blocks
from helpers.data.vocab import Corpus
from helpers.models import data_parallel, gpt_costs, induction, scaling_laws
from helpers.models.gpt_bert import pretraining
from helpers.models.gpt_bert.trunk import Sizes
from helpers.models.torch_modules import new_model
from tests.extreme_input.calls import DRAWN, Call, a_share, normal, not_below_0
from tests.extreme_input.calls_data import small
from tests.extreme_input.calls_transformers import V, _gpt

SHAPE = gpt_costs.ModelShape(7, 4, 2, 2, 1, 5, 3)
X, LOSSES = np.array([1.0, 3.0, 10.0, 40.0]), np.array([3.0, 2.4, 2.2, 2.0])
BLOCKS = {"T": 12, "V": 8, "shortest": 3, "longest": 6}
LAW = scaling_laws.PowerLaw(1.0, 2.0, 0.5, 0.1)


def _copier(layers=1):
    return new_model(induction.attention_only, Sizes(8, 4, layers, 2, 12), seed=0)


def _corpus(rng):
    return Corpus(rng.integers(4, 7, size=20).astype(np.int32), np.array([0, 7, 12, 20]))


CALLS = [
    Call(pretraining.adamw, lambda rng: {"model": _gpt(V), "rate": 0.01}),
    Call(data_parallel.first_order, lambda rng: {"N": 5, "seed": 1}, **DRAWN),
    Call(data_parallel.next_batch, lambda rng: {"order": data_parallel.first_order(5, 1), "batch": 2}, **DRAWN),
    Call(data_parallel.share_of_batch, lambda rng: {"numbers": rng.integers(9, size=4), "rank": 1, "processes": 2}),
    Call(data_parallel.world_rows, lambda rng: {"N": 5, "seed": 1}, **DRAWN),
    Call(data_parallel.ring_all_reduce, lambda rng: {"values": normal(rng, 3, 6)}, rounds=True),
    Call(gpt_costs.parameter_counts, lambda rng: {"shape": SHAPE}),
    Call(gpt_costs.parameter_count, lambda rng: {"shape": SHAPE}),
    Call(gpt_costs.forward_operations, lambda rng: {"shape": SHAPE, "B": 2, "T": 3}),
    Call(gpt_costs.training_operations, lambda rng: {"shape": SHAPE, "B": 2, "T": 3}),
    Call(gpt_costs.six_per_weight_and_token, lambda rng: {"N": 100, "tokens": 1e3}, not_below_0, rounds=True),
    Call(gpt_costs.activation_numbers, lambda rng: {"shape": SHAPE, "B": 2, "T": 3}),
    Call(gpt_costs.training_memory, lambda rng: {"shape": SHAPE, "B": 2, "T": 3, "precision": "mixed"}),
    Call(gpt_costs.key_value_bytes, lambda rng: {"shape": SHAPE, "B": 2, "T": 3, "bytes_each": 2}),
    Call(gpt_costs.serving_memory, lambda rng: {"shape": SHAPE, "B": 2, "T": 3, "bytes_each": 2}),
    Call(gpt_costs.ring_numbers, lambda rng: {"n": 12, "P": 3}),
    Call(gpt_costs.data_parallel_bytes, lambda rng: {"shape": SHAPE, "P": 3, "bytes_each": 4}),
    Call(gpt_costs.tensor_parallel_bytes, lambda rng: {"shape": SHAPE, "B": 2, "T": 3, "P": 2, "bytes_each": 2}),
    Call(gpt_costs.pipeline_bytes, lambda rng: {"shape": SHAPE, "B": 2, "T": 3, "bytes_each": 2}),
    Call(gpt_costs.pipeline_idle_share, lambda rng: {"stages": 2, "pieces": 3}, a_share),
    Call(gpt_costs.counted_operations, lambda rng: {"model": _gpt(V), "tokens": rng.integers(V, size=(2, 3))}),
    Call(gpt_costs.saved_numbers, lambda rng: {"model": _gpt(V), "tokens": rng.integers(V, size=(2, 3))}),
    Call(gpt_costs.formulas_and_counts, lambda rng: {"model": _gpt(V), "tokens": rng.integers(V, size=(2, 3))}),
    Call(scaling_laws.power_law, lambda rng: {"law": LAW, "x": X}, rounds=True),
    Call(scaling_laws.fit_power_law, lambda rng: {"x": X, "losses": LOSSES, "floor": 1.0}, rounds=True),
    Call(scaling_laws.fit_with_free_floor, lambda rng: {"x": X, "losses": LOSSES}, rounds=True),
    Call(scaling_laws.local_exponents, lambda rng: {"x": X, "losses": LOSSES, "floor": 1.0}, rounds=True),
    Call(
        scaling_laws.prediction_interval,
        lambda rng: {"x": X, "losses": LOSSES, "floor": 1.0, "new": 90.0},
        rounds=True,
    ),
    Call(scaling_laws.predicted_range, lambda rng: {"law": LAW, "x": X, "factor": 2.0}, rounds=True),
    Call(
        scaling_laws.size_law, lambda rng: {"law": scaling_laws.CHINCHILLA, "weights": 1e6, "tokens": 1e7}, rounds=True
    ),
    Call(scaling_laws.best_split, lambda rng: {"law": scaling_laws.CHINCHILLA, "operations": 1e20}, rounds=True),
    Call(scaling_laws.kaplan_split, lambda rng: {"operations": 1e20}, rounds=True),
    Call(scaling_laws.twenty_tokens_a_weight, lambda rng: {"operations": 1e20}, rounds=True),
    Call(scaling_laws.all_tokens_right, lambda rng: {"p": rng.random(3), "L": 3}, a_share),
    Call(
        scaling_laws.first_tokens_right,
        lambda rng: {
            "grammar": small(),
            "outputs": [rng.integers(4, 6, size=3), rng.integers(4, 6, size=2)],
            "most": 2,
        },
        a_share,
    ),
    Call(repeated_blocks, lambda rng: {"rng": rng, "B": 2, **BLOCKS, "distance": 6}, **DRAWN),
    Call(best_guess_by_place, lambda rng: {"T": 12, "shortest": 3, "longest": 6}, a_share),
    Call(induction.look_at, lambda rng: {"model": _copier(), "batch": repeated_blocks(rng, 2, **BLOCKS)}),
    Call(induction.attention_only, lambda rng: {"sizes": Sizes(8, 4, 1, 2, 12)}, **DRAWN),
    Call(induction.head_scores, lambda rng: {"model": _copier(), "batch": repeated_blocks(rng, 2, **BLOCKS)}),
    Call(induction.copying, lambda rng: {"model": _copier(), "batch": repeated_blocks(rng, 2, **BLOCKS)}, not_below_0),
    Call(induction.without_head_of, lambda rng: {"model": _copier(), "layer": 0, "head": 1}),
    Call(
        induction.copying_by_path,
        lambda rng: {"model": _copier(2), "batch": repeated_blocks(rng, 2, **BLOCKS), "head": 1, "places": ["keys"]},
        not_below_0,
    ),
    Call(
        shared_ngrams.shared_ngram_shares,
        lambda rng: {"texts": _corpus(rng), "training": _corpus(rng), "n": 2},
        a_share,
    ),
    Call(
        shared_ngrams.found_copies,
        lambda rng: {"shares": rng.random(3), "is_copy": np.array([True, False, True]), "least": 0.5},
        a_share,
    ),
    Call(shared_ngrams.texts_of, lambda rng: {"corpus": _corpus(rng)}),
    Call(shared_ngrams.append_texts, lambda rng: {"first": _corpus(rng), "second": _corpus(rng)}),
    Call(shared_ngrams.change_tokens, lambda rng: {"texts": _corpus(rng), "every": 3, "rng": rng}, **DRAWN),
]
