"""Valid calls of the sequence-to-sequence models: encoder, decoders, attention, training and evaluation."""

from functools import cache

import numpy as np
import torch

from helpers.core.edit_distance import edit_distance
from helpers.data import source_target_pairs
from helpers.data.tasks import several_translations, translation
from helpers.figures import translation_machine
from helpers.models import (
    torch_modules,
)
from helpers.models.seq2seq import (
    decoding_steps,
    encoder,
    evaluation,
    one_context,
    small_translator,
    torch_model,
    torch_weights,
    training,
    with_attention,
    written_steps,
)
from helpers.models.seq2seq import params as seq2seq_params
from tests.extreme_input.calls import DRAWN, B, Call, D, H, T, V, a_share, draw_params, normal, not_below_0


@cache
def some_pairs():
    return tuple(translation.translation_pairs(3, np.random.default_rng(0), (3, 5)))


@cache
def sizes():
    return tuple(len(v) for v in source_target_pairs.pair_vocabs(some_pairs()))


@cache
def _some_vocabs():
    return source_target_pairs.pair_vocabs(some_pairs())


@cache
def _uncertain_vocab():
    drawn = several_translations.uncertain_pairs(4000, np.random.default_rng(0), (3, 7), True, 0.3)
    return source_target_pairs.pair_vocabs(drawn)[1]


def _written():
    params = seq2seq_params.init_seq2seq(np.random.default_rng(0), *sizes(), 3, 4)
    return written_steps.write_step_by_step(some_pairs()[0].source, _some_vocabs(), params, most=3)


def _told(written, moment):
    return translation_machine.draw_translation(written, moment)[1]


def encoded():
    return source_target_pairs.encode_pairs(some_pairs(), *source_target_pairs.pair_vocabs(some_pairs()))


def pairs():
    return source_target_pairs.pair_batch(encoded(), np.array([0, 1]))


def _seq2seq(rng):
    return draw_params(rng, seq2seq_params.init_seq2seq(rng, *sizes(), D, H))


def _attentive(rng):
    return draw_params(rng, seq2seq_params.init_attentive(rng, *sizes(), D, H))


def _seq2seq_back(dlogits, params, batch):
    _, cache = one_context.seq2seq(batch, params)
    return one_context.seq2seq_backward(dlogits, cache, params)


def _decode_back(dlogits, inputs, c, params):
    _, cache = one_context.decode_target(inputs, c, params)
    return one_context.decode_target_backward(dlogits, cache, params)


def _context_back(dc, h, last, mask, params):
    _, cache = encoder.make_context(h, last, mask, params)
    return encoder.make_context_backward(dc, cache, params)


def _context(rng):
    return {
        "h": normal(rng, T, B, H),
        "last": normal(rng, B, H),
        "mask": np.arange(T)[:, None] < [3, 2],
        "params": _seq2seq(rng),
    }


def _additive(rng):
    return {
        "x_t": normal(rng, B, D),
        "s": normal(rng, B, H),
        "keys": normal(rng, B, T, H),
        "values": normal(rng, B, T, 2 * H),
        "mask": np.array([[True, True, True], [True, True, False]]),
        "params": _attentive(rng),
    }


def _additive_back(ds, **arguments):
    *_, cache = with_attention.additive_step(**arguments)
    return with_attention.additive_step_backward(ds, cache, arguments["params"])


def _torch_seq2seq(**options):
    return torch_modules.new_model(torch_model.Seq2Seq, *sizes(), D, H, seed=0, **options)


def tensors():
    batch = torch_modules.as_tensors(pairs())
    return batch._replace(targets=batch.targets.long())


def _outputs():
    batch = pairs()
    return [batch.targets[:, b][batch.target_mask[:, b]].tolist() for b in range(2)]


def _weights_of_pairs(rng):
    return evaluation.same_place_weights(some_pairs()) + 0.01


CALLS = [
    Call(
        training.train_seq2seq,
        lambda rng: {
            "model": _torch_seq2seq(),
            "encoded": encoded(),
            "rng": rng,
            "steps": 2,
            "batch": 2,
            "rate": 1e-2,
        },
        **DRAWN,
    ),
    Call(
        seq2seq_params.init_seq2seq,
        lambda rng: {
            "rng": rng,
            "V_s": V,
            "V_t": V,
            "E": D,
            "H": H,
            "context": "mapped mean",
            "use": "every step",
            "bidirectional": True,
            "dtype": np.float64,
        },
        **DRAWN,
    ),
    Call(
        encoder.encode_source,
        lambda rng: {"source": pairs().source, "mask": pairs().source_mask, "params": _seq2seq(rng)},
        rounds=True,
    ),
    Call(encoder.make_context, lambda rng: _context(rng) | {"context": "mapped mean"}),
    Call(
        encoder.make_context_backward,
        lambda rng: _context(rng) | {"dc": normal(rng, B, H)},
        via=_context_back,
        left=("h", "last", "mask", "params"),
    ),
    Call(
        one_context.decode_target,
        lambda rng: {
            "inputs": pairs().inputs,
            "c": normal(rng, B, H),
            "params": _seq2seq(rng),
            "use": "first state",
        },
        rounds=True,
    ),
    Call(
        one_context.decode_target_backward,
        lambda rng: {
            "dlogits": normal(rng, *pairs().inputs.shape, sizes()[1]),
            "inputs": pairs().inputs,
            "c": normal(rng, B, H),
            "params": _seq2seq(rng),
        },
        via=_decode_back,
        left=("inputs", "c", "params"),
    ),
    Call(
        one_context.seq2seq_backward,
        lambda rng: {
            "dlogits": normal(rng, *pairs().inputs.shape, sizes()[1]),
            "params": _seq2seq(rng),
            "batch": pairs(),
        },
        via=_seq2seq_back,
        left=("batch", "params"),
    ),
    Call(
        one_context.seq2seq_loss,
        lambda rng: {"params": _seq2seq(rng), "batch": pairs(), "context": "mapped last", "use": "first state"},
        not_below_0,
        rounds=True,
    ),
    Call(with_attention.additive_step, _additive, rounds=True),
    Call(
        with_attention.additive_step_backward,
        lambda rng: _additive(rng) | {"ds": normal(rng, B, H)},
        via=_additive_back,
        rounds=True,
        left=("x_t", "s", "keys", "values", "mask", "params"),
    ),
    Call(
        with_attention.attentive_loss,
        lambda rng: {"params": _attentive(rng), "batch": pairs()},
        not_below_0,
        rounds=True,
    ),
    Call(edit_distance, lambda rng: {"output": (1, 2, 3), "truth": (1, 3)}),
    Call(evaluation.right_tokens, lambda rng: {"outputs": _outputs(), "batch": pairs()}),
    Call(evaluation.right_tokens, lambda rng: {"outputs": pairs().targets, "batch": pairs()}),
    Call(evaluation.exact_match, lambda rng: {"outputs": _outputs(), "batch": pairs()}),
    Call(evaluation.mean_by_length, lambda rng: {"values": np.array([True, False]), "batch": pairs(), "width": 2}),
    Call(
        evaluation.alignment_rate,
        lambda rng: {"weights": _weights_of_pairs(rng), "pairs": list(some_pairs())},
        a_share,
    ),
    Call(evaluation.alignment_offsets, lambda rng: {"weights": _weights_of_pairs(rng), "pairs": list(some_pairs())}),
    Call(evaluation.same_place_weights, lambda rng: {"pairs": list(some_pairs())}),
    Call(
        torch_model.Seq2Seq,
        lambda rng: {
            "V_s": V,
            "V_t": V,
            "E": D,
            "H": H,
            "context": "mapped last",
            "use": "first state",
            "attention": "additive",
            "bidirectional": True,
        },
        **DRAWN,
    ),
    Call(torch_weights.seq2seq_from_torch, lambda rng: {"model": _torch_seq2seq(), "gradients": False}, **DRAWN),
    Call(training.batch_loss, lambda rng: {"model": _torch_seq2seq(), "batch": tensors()}, not_below_0),
    Call(
        training.target_loss,
        lambda rng: {
            "logits": torch.tensor(normal(rng, *pairs().inputs.shape, sizes()[1])),
            "batch": tensors(),
        },
        not_below_0,
    ),
    Call(decoding_steps.start_state, lambda rng: {"model": _torch_seq2seq(), "batch": pairs()}),
    Call(
        decoding_steps.decoder_step,
        lambda rng: {"model": _torch_seq2seq(), "tokens": np.array([1, 2])},
        via=lambda model, tokens: decoding_steps.decoder_step(model)(
            tokens, decoding_steps.start_state(model, pairs())
        ),
    ),
    Call(decoding_steps.teacher_forced, lambda rng: {"model": _torch_seq2seq(), "batch": pairs()}),
    Call(
        decoding_steps.alignments,
        lambda rng: {
            "model": _torch_seq2seq(attention="additive"),
            "source": pairs().source,
            "source_mask": pairs().source_mask,
            "outputs": _outputs(),
        },
    ),
    Call(
        several_translations.uncertain_pairs,
        lambda rng: {"count": 3, "rng": rng, "lengths": (3, 5), "several": True, "copied": 0.2},
    ),
    Call(several_translations.count_translations, lambda rng: {"source": some_pairs()[0].source}),
    Call(
        several_translations.true_distribution,
        lambda rng: {"sources": [some_pairs()[0].source], "vocab": _uncertain_vocab(), "copied": 0.2},
        via=lambda sources, vocab, copied: several_translations.true_distribution(sources, vocab, True, copied)[1],
    ),
    Call(
        written_steps.write_step_by_step,
        lambda rng: {"source": some_pairs()[0].source, "vocabs": _some_vocabs(), "params": _seq2seq(rng), "most": 3},
        rounds=True,
    ),
    Call(translation_machine.draw_translation, lambda rng: {"written": _written(), "moment": 2}, via=_told),
    Call(small_translator.train_small_translators, lambda rng: {"steps": 1, "seed": 0}),
    Call(small_translator.small_sentences, lambda rng: {}),
]
