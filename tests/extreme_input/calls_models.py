"""Valid calls of the readers, taggers and classifiers, and of what they are trained with."""

import numpy as np

from helpers.data import vocab
from helpers.models import (
    agreement_reader,
    bag_classifier,
    cells_set_by_hand,
    one_unit_rnn,
    pooling_classifier,
    readable_lstm,
    reader,
    scalar_rnn,
    self_attention_tagger,
    truncation,
)
from tests.extreme_input.calls import DRAWN, B, Call, D, H, T, V, a_share, draw_params, normal, not_below_0
from tests.extreme_input.calls_data import SENTENCES


def _reader_params(rng, cell="lstm"):
    return draw_params(rng, reader.init_reader(rng, cell, D, H, V))


def _read(rng, cell="lstm"):
    return {
        "params": _reader_params(rng, cell),
        "x": normal(rng, T, B, D),
        "targets": rng.integers(V, size=(T, B)),
        "mask": np.arange(T)[:, None] < [3, 2],
    }


def _batches(rng, dtype=np.float64):
    x, targets = normal(rng, T, B, D).astype(dtype), rng.integers(V, size=(T, B))
    return lambda: (x, targets, np.ones((T, B), bool))


def _reader_back(dlogits, dstate, x, state, params):
    *_, cache = reader.reader(x, state, params)
    return reader.reader_backward(dlogits, dstate, cache, params)


def _states(rng):
    return normal(rng, B, H), normal(rng, B, H)


def _tagger(rng):
    return draw_params(rng, self_attention_tagger.init_self_attention_tagger(rng, V, T, D, 2))


def lexicon():
    return vocab.build_vocab([word for sentence in SENTENCES for word in sentence])


def corpus():
    return vocab.encode_sentences(lexicon(), SENTENCES)


CALLS = [
    Call(
        agreement_reader.read_sentence,
        lambda rng: {
            "params": draw_params(rng, reader.init_reader(rng, "rnn", 8, H, 8)),
            "words": "the dog sleeps",
            "rate": 0.02,
        },
    ),
    Call(
        agreement_reader.train_agreement_readers,
        lambda rng: {"rng": rng, "stops": (0, 2), "H": 2, "rate": 0.02},
        **DRAWN,
    ),
    Call(bag_classifier.mean_bags, lambda rng: {"corpus": corpus(), "V": len(lexicon()), "dtype": np.float64}),
    Call(
        bag_classifier.init_bag_classifier,
        lambda rng: {"rng": rng, "table": normal(rng, V, D), "K": 2, "scale": 0.1},
        **DRAWN,
    ),
    Call(
        bag_classifier.bag_classifier_loss,
        lambda rng: {
            "params": bag_classifier.BagClassifierParams(normal(rng, V, D), normal(rng, D, 2), normal(rng, 2)),
            "x": rng.random((3, V)),
            "targets": np.array([0, 1, 1]),
            "frozen": False,
        },
        not_below_0,
    ),
    Call(
        bag_classifier.bag_accuracy,
        lambda rng: {
            "params": bag_classifier.BagClassifierParams(normal(rng, V, D), normal(rng, D, 2), normal(rng, 2)),
            "x": rng.random((3, V)),
            "targets": np.array([0, 1, 1]),
        },
        a_share,
    ),
    Call(
        bag_classifier.train_bag_classifier,
        lambda rng: {
            "params": bag_classifier.BagClassifierParams(normal(rng, V, D), normal(rng, D, 2), normal(rng, 2)),
            "x": rng.random((3, V)),
            "targets": np.array([0, 1, 1]),
            "frozen": False,
            "steps": 2,
            "rate": 0.03,
        },
        **DRAWN,
    ),
    Call(cells_set_by_hand.subject_lstm, lambda rng: {"words": ("woman", "the", ",")}),
    Call(cells_set_by_hand.subject_gru, lambda rng: {"words": ("woman", "the", ",")}),
    Call(
        one_unit_rnn.one_unit_loss,
        lambda rng: {
            "h_0": 0.5,
            "target": 0.3,
            "params": one_unit_rnn.OneUnitParams(normal(rng, 2), normal(rng, 2)),
            "steps": 3,
        },
    ),
    Call(
        one_unit_rnn.descent_path,
        lambda rng: {
            "start": one_unit_rnn.OneUnitParams(np.array(0.5), np.array(0.1)),
            "loss_and_grads": lambda p: one_unit_rnn.one_unit_loss(0.5, 0.3, p, 3),
            "rate": 0.1,
            "threshold": 1.0,
            "steps": 2,
        },
        **DRAWN,
    ),
    Call(
        pooling_classifier.init_pooling_classifier,
        lambda rng: {"rng": rng, "D": D, "V": V, "H": H, "dtype": np.float64},
        **DRAWN,
    ),
    Call(
        pooling_classifier.pooling_classifier,
        lambda rng: {
            "x": normal(rng, T, B, D),
            "params": draw_params(rng, pooling_classifier.init_pooling_classifier(rng, D, V, H)),
        },
        rounds=True,
    ),
    Call(
        pooling_classifier.train_pooling_classifier,
        lambda rng: {
            "params": draw_params(rng, pooling_classifier.init_pooling_classifier(rng, D, V, H)),
            "draw": (lambda x, t: lambda: (x, t))(normal(rng, T, B, D), rng.integers(V, size=B)),
            "steps": 2,
            "rate": 0.01,
        },
        **DRAWN,
    ),
    Call(
        readable_lstm.train_readable_lstm,
        lambda rng: {
            "rng": rng,
            "draw": _batches(rng, np.float32),
            "D": D,
            "H": H,
            "V": V,
            "steps": 2,
            "rate": 0.03,
            "noise": 1.0,
            "price": 0.03,
            "feedback": False,
        },
        **DRAWN,
    ),
    Call(
        reader.init_reader,
        lambda rng: {"rng": rng, "cell": "gru", "D": D, "H": H, "V": V, "dtype": np.float64},
        **DRAWN,
    ),
    Call(
        reader.init_reader,
        lambda rng: {"rng": rng, "cell": "rnn", "D": D, "H": H, "V": V, "W_hh": normal(rng, H, H)},
        **DRAWN,
    ),
    Call(
        reader.reader,
        lambda rng: {"x": normal(rng, T, B, D), "state": _states(rng), "params": _reader_params(rng), "read": "every"},
    ),
    Call(
        reader.reader_backward,
        lambda rng: {
            "dlogits": normal(rng, T, B, V),
            "dstate": _states(rng),
            "x": normal(rng, T, B, D),
            "state": _states(rng),
            "params": _reader_params(rng),
        },
        via=_reader_back,
        left=("x", "state", "params"),
    ),
    Call(reader.reader_loss, lambda rng: _read(rng) | {"state": _states(rng), "summed": False}, not_below_0),
    Call(reader.reader_loss, lambda rng: _read(rng, "rnn") | {"summed": True, "activation": "relu"}, not_below_0),
    Call(reader.reader_accuracy, lambda rng: _read(rng, "gru"), a_share),
    Call(
        reader.train_reader,
        lambda rng: {"params": _reader_params(rng), "draw": _batches(rng), "steps": 2, "rate": 3e-3, "clip": 1.0},
        **DRAWN,
    ),
    Call(scalar_rnn.scalar_rnn_params, lambda rng: {"w_xh": 1.0, "w_hh": 0.5, "w_hy": 2.0}),
    Call(
        scalar_rnn.trace_scalar_rnn,
        lambda rng: {
            "x": normal(rng, T),
            "targets": normal(rng, T),
            "params": scalar_rnn.scalar_rnn_params(),
            "counts": np.array([True, False, True]),
        },
    ),
    Call(
        self_attention_tagger.init_self_attention_tagger,
        lambda rng: {"rng": rng, "V": V, "T": T, "D": D, "questions": 2, "dtype": np.float64},
        **DRAWN,
    ),
    Call(
        self_attention_tagger.self_attention_tagger,
        lambda rng: {"tokens": rng.integers(V, size=(B, T)), "params": _tagger(rng), "heads": 2},
        rounds=True,
    ),
    Call(
        self_attention_tagger.self_attention_tagger_accuracy,
        lambda rng: {
            "params": _tagger(rng),
            "tokens": rng.integers(V, size=(B, T)),
            "targets": rng.integers(V, size=(B, T, 2)),
            "heads": 2,
        },
        a_share,
    ),
    Call(
        self_attention_tagger.train_self_attention_tagger,
        lambda rng: {
            "params": _tagger(rng),
            "draw": (lambda x, t: lambda: (x, t))(rng.integers(V, size=(B, T)), rng.integers(V, size=(B, T, 2))),
            "heads": 2,
            "steps": 2,
            "rate": 0.01,
        },
        **DRAWN,
    ),
    Call(truncation.truncated_loss, lambda rng: _read(rng) | {"window": 2, "state": _states(rng)}, not_below_0),
    Call(truncation.checkpointed_loss, lambda rng: _read(rng) | {"every": 2, "state": _states(rng)}, not_below_0),
    Call(truncation.recurrent_terms, lambda rng: _read(rng, "rnn"), rounds=True),
    Call(truncation.same_window, lambda rng: {"T": 4, "window": 2}),
]
