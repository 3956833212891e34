"""Valid calls of the Transformer, GPT and BERT, and of what all models in torch share."""

import numpy as np
import torch

from helpers.data import masking, next_sentence
from helpers.data.world.grammar import sample_corpus
from helpers.models import (
    cached_attention,
    torch_modules,
    torch_runs,
)
from helpers.models.gpt_bert import bert, exact_comparison, fine_tuning, gpt, pretraining, trunk
from helpers.models.seq2seq import (
    training,
)
from helpers.models.transformer import torch_model as transformer_model
from helpers.models.transformer import training as transformer_training
from tests.extreme_input.calls import DRAWN, B, Call, D, H, T, V, a_share, normal, not_below_0
from tests.extreme_input.calls_data import small
from tests.extreme_input.calls_seq2seq import encoded, sizes, tensors


def _transformer():
    return torch_modules.new_model(transformer_model.Transformer, *sizes(), D, H, layers=1, heads=2, seed=0)


def _sizes_of_trunk(V):
    return trunk.Sizes(V, D=4, layers=1, heads=2, T_max=16)


def _gpt(V=None):
    return torch_modules.new_model(gpt.GPT, _sizes_of_trunk(V or len(small().vocab)), seed=0)


def _bert(V=None, segments=0):
    return torch_modules.new_model(
        bert.BERT, _sizes_of_trunk(V or len(small().vocab))._replace(segments=segments), seed=0
    )


def _said(rng):
    return sample_corpus(small(), 4, rng)


def _hidden(rng):
    tokens = rng.integers(4, V, size=(2, 3))
    return masking.MaskedBatch(torch.tensor(tokens), torch.tensor(tokens), torch.tensor(rng.random((2, 3)) < 0.7))


SENTENCE = "the king loves the queen"


CALLS = [
    Call(
        cached_attention.attend_and_keep,
        lambda rng: {
            "q": torch.tensor(normal(rng, B, 1, T, D)),
            "k": torch.tensor(normal(rng, B, 1, T, D)),
            "v": torch.tensor(normal(rng, B, 1, T, D)),
            "causal": True,
        },
    ),
    Call(
        transformer_model.Transformer,
        lambda rng: {"V_s": V, "V_t": V, "D": D, "H": H, "layers": 1, "heads": 2, "norm_first": True, "T_max": 9},
        **DRAWN,
    ),
    Call(transformer_training.leaky_loss, lambda rng: {"model": _transformer(), "batch": tensors()}, not_below_0),
    Call(
        transformer_training.unshifted_loss,
        lambda rng: {"model": _transformer(), "batch": tensors()},
        not_below_0,
    ),
    Call(gpt.GPT, lambda rng: {"sizes": _sizes_of_trunk(V), "tied": True}, **DRAWN),
    Call(bert.BERT, lambda rng: {"sizes": _sizes_of_trunk(V), "tied": True}, **DRAWN),
    Call(trunk.Layer, lambda rng: {"D": 4, "heads": 2}, **DRAWN),
    Call(
        gpt.next_token_losses,
        lambda rng: {
            "model": _gpt(V),
            "tokens": torch.tensor(rng.integers(V, size=(2, 3))),
            "mask": torch.ones(2, 3, dtype=bool),
        },
        not_below_0,
    ),
    Call(gpt.start_cache, lambda rng: {"model": _gpt(V), "N": 2}),
    Call(gpt.start_uncached, lambda rng: {"model": _gpt(V), "N": 2}),
    Call(
        gpt.read_prompt,
        lambda rng: {"model": _gpt(V), "tokens": rng.integers(V, size=(2, 3))},
        via=lambda model, tokens: gpt.read_prompt(model, tokens, gpt.start_cache(model, 2)),
    ),
    Call(
        gpt.cached_step,
        lambda rng: {"model": _gpt(V), "tokens": rng.integers(V, size=2)},
        via=lambda model, tokens: gpt.cached_step(model)(tokens, gpt.start_cache(model, 2)),
    ),
    Call(
        gpt.uncached_step,
        lambda rng: {"model": _gpt(V), "tokens": rng.integers(V, size=2)},
        via=lambda model, tokens: gpt.uncached_step(model)(tokens, gpt.start_uncached(model, 2)),
    ),
    Call(
        bert.masked_losses,
        lambda rng: {"model": _bert(V), "batch": _hidden(rng), "mask": torch.ones(2, 3, dtype=bool)},
        not_below_0,
    ),
    Call(
        bert.chosen_word_losses,
        lambda rng: {
            "model": _bert(V),
            "h": torch.tensor(normal(rng, 2, 3, 4, dtype=np.float32)),
            "batch": _hidden(rng),
        },
        not_below_0,
    ),
    Call(fine_tuning.Classifier, lambda rng: {"model": _gpt(V), "K": 2, "frozen": False}, **DRAWN),
    Call(
        fine_tuning.accuracy,
        lambda rng: {
            "classifier": fine_tuning.Classifier(_gpt(), 2),
            "corpus": _said(rng),
            "targets": np.array([0, 1, 0, 1]),
        },
        a_share,
    ),
    Call(
        fine_tuning.next_accuracy,
        lambda rng: {
            "model": _bert(segments=2),
            "two": next_sentence.pad_two(_said(rng), np.array([0, 1]), np.array([2, 3])),
            "is_next": np.array([True, False]),
        },
        a_share,
    ),
    Call(
        fine_tuning.train_classifier,
        lambda rng: {
            "classifier": fine_tuning.Classifier(_gpt(), 2),
            "corpus": _said(rng),
            "targets": np.array([0, 1, 0, 1]),
            "rng": rng,
            "epochs": 1,
            "batch": 2,
            "rate": 1e-3,
        },
        **DRAWN,
    ),
    Call(
        pretraining.train_gpt,
        lambda rng: {"model": _gpt(), "corpus": _said(rng), "rng": rng, "steps": 2, "batch": 2, "rate": 1e-2},
        **DRAWN,
    ),
    Call(
        exact_comparison.bert_blank,
        lambda rng: {"model": _bert(), "vocab": small().vocab, "sentence": SENTENCE, "position": 1},
    ),
    Call(
        exact_comparison.gpt_blank,
        lambda rng: {"model": _gpt(), "vocab": small().vocab, "sentence": SENTENCE, "position": 1},
    ),
    Call(exact_comparison.gpt_next, lambda rng: {"model": _gpt(), "vocab": small().vocab, "sentence": SENTENCE}),
    Call(
        exact_comparison.divergence,
        lambda rng: (lambda p: {"p": p, "log_q": np.log(p[::-1])})(np.array([0.2, 0.3, 0.5])),
        infinite=True,
        judge=lambda a, r: None if np.all(r >= -1e-6) else f"a divergence of {r}",
    ),
    Call(exact_comparison.excess_loss, lambda rng: {"model": _gpt(), "grammar": small(), "corpus": _said(rng)}),
    Call(
        exact_comparison.masked_loss,
        lambda rng: {
            "model": _bert(),
            "grammar": small(),
            "corpus": _said(rng),
            "rng": rng,
            "rule": masking.MaskRule(0.9),
        },
    ),
    Call(
        exact_comparison.read_hidden,
        lambda rng: {"model": _bert(V), "seen": rng.integers(V, size=(3, 2)), "mask": np.ones((3, 2), bool)},
    ),
    Call(exact_comparison.sentence_log_probs, lambda rng: {"model": _gpt(), "corpus": _said(rng)}),
    Call(
        exact_comparison.share_of_sentences,
        lambda rng: {"grammar": small(), "outputs": [small().vocab.ids["the"] * np.ones(2, int)]},
        a_share,
    ),
    Call(torch_modules.as_tensors, lambda rng: {"arrays": (normal(rng, 2), np.arange(3))}, infinite=True),
    Call(torch_modules.count_weights, lambda rng: {"model": _gpt(V)}),
    Call(torch_modules.new_model, lambda rng: {"*": (torch.nn.Linear, 2, 3), "seed": 0}, left=("*",), **DRAWN),
    Call(
        torch_runs.train_runs,
        lambda rng: {"*": ([training.Seq2SeqRun(0, H, D, steps=1, batch=2)], encoded(), *sizes()), "workers": 1},
        left=("*",),
        **DRAWN,
    ),
]
