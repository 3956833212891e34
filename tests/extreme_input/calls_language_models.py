"""Valid calls of what a chapter on language models reaches: n-grams, subwords, streams and recurrent models."""

from functools import cache

import numpy as np

from helpers import decoding
from helpers.core.params import map_params
from helpers.data import copied_runs, fast_subwords, names, prose_parts, streams, subwords
from helpers.data.world.grammar import sample_corpus
from helpers.models import kneser_ney, ngram
from helpers.models import language_model as lm
from helpers.models.torch_modules import new_model
from tests.extreme_input.calls import Call, normal
from tests.extreme_input.calls_data import small

V, D, H, T, B = 5, 4, 3, 4, 2


def _params(rng):
    return map_params(lambda a: rng.standard_normal(a.shape), lm.init_language_model(rng, "gru", V, D, H))


def _ids(rng):
    return rng.integers(V, size=(T, B))


def _said(rng):
    return sample_corpus(small(), 4, rng)


def _ngrams(rng):
    return ngram.count_ngrams(_said(rng), 2, len(small().vocab))


def _torch_model():
    return new_model(lm.RecurrentLanguageModel, len(small().vocab), D, H, "gru", seed=0)


def _back(dlogits, dstate, ids, params):
    *_, cache = lm.language_model(ids, lm.first_language_state(B, params), params)
    return lm.language_model_backward(dlogits, dstate, cache, params)


def _step(make):
    """A step of a model that was made for it, of tokens that may be any."""

    def call(params, tokens):
        step, state = make(params)
        return step(tokens, state)

    return call


_all_surnames = cache(names.surnames)  # the file is read once


def _some_surnames():
    return names.CensusNames(_all_surnames().names[:200], _all_surnames().counts[:200].copy())


def _subwords():
    return subwords.learn_subwords(["lower", "lowest", "newer"], 3)


def _windows(rng):
    return lambda: streams.stream_windows(streams.cut_strips(rng.integers(V, size=20), B), T)


CALLS = [
    Call(subwords.learn_subwords, lambda rng: {"text": ["lower", "lowest"], "merges": 2}),
    Call(fast_subwords.fast_learn_subwords, lambda rng: {"text": ["lower", "lowest"], "merges": 2}),
    Call(subwords.count_subword_pairs, lambda rng: {"words": {("l", "o", "w"): 2}}),
    Call(subwords.merge_pair, lambda rng: {"word": ("l", "o", "w"), "pair": ("l", "o")}, left=("word",)),
    Call(subwords.make_subwords, lambda rng: {"characters": ("l", "o", "w"), "merges": (("l", "o"),)}, own_dtype=True),
    Call(subwords.cut_word, lambda rng: {"subwords": _subwords(), "word": "lower"}, left=("subwords",)),
    Call(names.split_names, lambda rng: {"names": _some_surnames(), "rng": rng, "held_out": 0.5}, left=("names",)),
    Call(streams.cut_strips, lambda rng: {"tokens": rng.integers(V, size=20), "B": 2}),
    Call(
        streams.stream_windows,
        lambda rng: {"strips": streams.cut_strips(rng.integers(V, size=20), 2), "T": 3, "epochs": 1},
        via=lambda **a: list(streams.stream_windows(**a)),
        left=("strips",),
    ),
    Call(
        decoding.write_tokens,
        lambda rng: {
            "step": lambda tokens, state: (np.log(np.full((1, 4), 0.25)), state),
            "state": np.zeros(1),
            "start": 0,
            "end": 1,
            "rng": rng,
            "max_length": 3,
            "T": 0.7,
            "k": 3,
            "p": 0.9,
        },
        left=("state",),
        infinite=True,
    ),
    Call(
        lm.init_language_model,
        lambda rng: {"rng": rng, "cell": "gru", "V": V, "D": D, "H": H, "dtype": np.float64},
        own_dtype=True,
    ),
    Call(lm.first_language_state, lambda rng: {"B": B, "params": _params(rng)}),
    Call(
        lm.language_model,
        lambda rng: {"ids": _ids(rng), "state": (normal(rng, B, H),), "params": _params(rng)},
        rounds=True,
    ),
    Call(
        lm.language_model_backward,
        lambda rng: {
            "dlogits": normal(rng, T, B, V),
            "dstate": (normal(rng, B, H),),
            "ids": _ids(rng),
            "params": _params(rng),
        },
        via=_back,
        left=("ids", "params"),
        rounds=True,
    ),
    Call(
        lm.language_model_loss,
        lambda rng: {"params": _params(rng), "ids": _ids(rng), "targets": _ids(rng), "mask": np.ones((T, B), bool)},
        rounds=True,
    ),
    Call(
        lm.train_over_windows,
        lambda rng: {"params": _params(rng), "windows": _windows(rng)(), "steps": 2, "rate": 3e-3, "clip": 1.0},
        own_dtype=True,
    ),
    Call(
        lm.next_token_step,
        lambda rng: {"params": _params(rng), "tokens": np.array([1, 2])},
        via=_step(lambda params: (lm.next_token_step(params), lm.first_language_state(B, params))),
        rounds=True,
    ),
    Call(lm.language_model_to_torch, lambda rng: {"params": _params(rng)}, own_dtype=True),
    Call(lm.language_model_from_torch, lambda rng: {"model": _torch_model(), "gradients": False}),
    Call(lm.RecurrentLanguageModel, lambda rng: {"cell": "gru", "V": V, "D": D, "H": H}, own_dtype=True),
    Call(lm.first_token_state, lambda rng: {"model": _torch_model(), "N": 2}),
    Call(
        lm.torch_token_step,
        lambda rng: {"model": _torch_model(), "tokens": np.array([1, 2])},
        via=lambda model, tokens: lm.torch_token_step(model)(tokens, lm.first_token_state(model, 2)),
    ),
    Call(
        lm.sentence_batches,
        lambda rng: {"corpus": _said(rng), "rng": rng, "steps": 2, "batch": 2},
        via=lambda **a: list(lm.sentence_batches(**a)),
    ),
    Call(lm.token_surprisals, lambda rng: {"model": _torch_model(), "ids": rng.integers(V, size=(T, B))}),
    Call(lm.sentence_nats, lambda rng: {"model": _torch_model(), "corpus": _said(rng), "batch": 2}),
    Call(
        lm.train_language_model,
        lambda rng: {
            "model": (model := _torch_model()),
            "losses": lm.sequence_losses(model, lm.sentence_batches(_said(rng), rng, 2, 2)),
            "steps": 2,
            "rate": 4e-3,
            "clip": 1.0,
            "seed": 0,
        },
        own_dtype=True,
    ),
    Call(
        copied_runs.copied_run_lengths,
        lambda rng: {"tokens": rng.integers(4, size=6), "text": rng.integers(4, size=9)},
    ),
    Call(prose_parts.deal_sentences, lambda rng: {"text": "One. Two. Three. Four. Five. " * 2, "block": 1}),
    Call(ngram.add_k, lambda rng: {"k": 1.0}),
    Call(ngram.jelinek_mercer, lambda rng: {"weight": 0.7}),
    Call(
        ngram.count_ngrams,
        lambda rng: {"corpus": _said(rng), "n": 2, "V": len(small().vocab), "smoothing": ngram.add_k(0.5)},
    ),
    Call(
        kneser_ney.count_kneser_ney,
        lambda rng: {"corpus": _said(rng), "n": 2, "V": len(small().vocab), "discounts": (0.5, 0.9, 1.2)},
    ),
    Call(ngram.next_probabilities, lambda rng: {"model": _ngrams(rng), "context": (4,)}, left=("model",)),
    Call(
        ngram.ngram_log_probs, lambda rng: {"model": _ngrams(rng), "corpus": _said(rng)}, left=("model",), infinite=True
    ),
    Call(
        ngram.sample_ngrams,
        lambda rng: {"model": _ngrams(rng), "rng": rng, "size": 2, "T": 1.0, "longest": 5},
        left=("model",),
    ),
]
