"""Valid calls of what the chapter on the shapes of sequence tasks reaches."""

from functools import cache

import numpy as np

from helpers.core.params import map_params
from helpers.data import digits, places, results, spelling, vocab
from helpers.data.tasks import reviews
from helpers.figures import confusion_map
from helpers.layers import attention_pooling, pooling
from helpers.models import (
    bag_classifier,
    ngram_classifier,
    one_to_many,
    shaped_reader,
    small_shapes,
    torch_one_to_many,
    torch_shaped_reader,
)
from helpers.models.torch_modules import new_model
from tests.extreme_input.calls import Call, normal

T, B, C, D, H, V = 3, 2, 2, 3, 2, 4
WORDS = ["ab", "ba", "aab", "b"]
_DRAWN = {"own_dtype": True}


@cache
def _letters():
    return spelling.letters_of(WORDS)


def _corpus(rng=None):
    return vocab.encode_sentences(_letters(), [list(word) for word in WORDS])


def _places():
    return places.PlaceWords(list(WORDS), np.array([0, 1, 0, 1]), [("a",), ("b",), ("c",), ("d",)], ["x", "y"], 0)


def _digits(rng):
    return digits.Digits(rng.random((8, 8, 8)), np.array([0, 1] * 4))


def _net(rng):
    params = shaped_reader.init_shaped_reader(rng, "gru", D, H, V, layers=2)
    return map_params(lambda a: rng.standard_normal(a.shape), params)


def _read(rng):
    return {"x": normal(rng, T, B, D), "params": _net(rng), "mask": np.arange(T)[:, None] < [3, 2], "read": "mean"}


def _back(dlogits, x, params):
    return shaped_reader.shaped_reader_backward(dlogits, shaped_reader.shaped_reader(x, params)[1], params)


def _write(rng):
    params = one_to_many.init_one_to_many(rng, "gru", C, D, H, V)
    params = map_params(lambda a: rng.standard_normal(a.shape), params)
    return {"v": normal(rng, B, C), "x": normal(rng, T, B, D), "params": params, "wiring": "first state"}


def _write_back(dlogits, v, x, params):
    return one_to_many.one_to_many_backward(dlogits, one_to_many.one_to_many(v, x, params)[1], params)


def _draw(rng):
    x, targets = normal(rng, T, B, D), rng.integers(V, size=B)
    return lambda: (x, targets)


def _torch(read="last"):
    return new_model(torch_shaped_reader.TorchShapedReader, D, H, V, tokens=5, read=read, seed=0)


def _sequences(rng):
    return {"x": rng.integers(5, size=(T, 4)), "lengths": np.array([3, 2, 1, 3])}


def _table():
    rows = [("a", 0.1, 0, 0.2), ("a", 0.3, 0, 0.4), ("b", 0.1, 0, 0.9)]
    return np.array(rows, dtype=[("arm", "U1"), ("rate", float), ("seed", int), ("right", float)])


def _share(arguments, result):
    return None if 0 <= result <= 1 else f"a share of {result}"


CALLS = [
    Call(digits.handwritten_digits, lambda rng: {"dtype": np.float64}, **_DRAWN),
    Call(digits.split_digits, lambda rng: {"digits": _digits(rng), "rng": rng, "held_out": 0.25}, **_DRAWN),
    Call(places.place_words, lambda rng: {"languages": ("en", "de")}),
    Call(places.split_places, lambda rng: {"places": _places(), "rng": rng, "held_out": 0.5}, **_DRAWN),
    Call(results.at_best_rates, lambda rng: {"table": _table(), "value": "right"}, left=("table",)),
    Call(spelling.letters_of, lambda rng: {"words": list(WORDS)}),
    Call(spelling.spell, lambda rng: {"vocab": _letters(), "words": ["ab", "b"], "start": True}),
    Call(spelling.padded, lambda rng: {"corpus": _corpus(), "start": False, "end": True}),
    Call(spelling.written, lambda rng: {"vocab": _letters(), "ids": np.array([4, 5])}),
    Call(reviews.bag_ceiling, lambda rng: {"clauses": 3, "negated": (1,), "contrast": False}, _share),
    Call(reviews.draw_reviews, lambda rng: {"rng": rng, "size": 3, "clauses": 3, "negated": (1,)}, **_DRAWN),
    Call(
        reviews.review_tokens,
        lambda rng: {"aspects": ["food"], "adjectives": ["good"], "negated": [True], "contrast": False},
    ),
    Call(reviews.review_vocab, lambda rng: {}),
    Call(
        attention_pooling.attention_pool,
        lambda rng: {"h": normal(rng, T, B, H), "query": normal(rng, H), "mask": np.arange(T)[:, None] < [3, 2]},
    ),
    Call(
        attention_pooling.attention_pool_backward,
        lambda rng: {"ds": normal(rng, B, H), "h": normal(rng, T, B, H), "query": normal(rng, H)},
        via=lambda ds, h, query: attention_pooling.attention_pool_backward(
            ds, attention_pooling.attention_pool(h, query)[2]
        ),
        rounds=True,
    ),
    Call(
        confusion_map.draw_confusion_map,
        lambda rng: {"counts": np.array([[3, 1], [0, 2]]), "classes": ["a", "b"], "chosen": "a"},
    ),
    Call(pooling.pool, lambda rng: {"h": normal(rng, T, B, H), "mask": np.arange(T)[:, None] < [3, 2], "how": "mean"}),
    Call(
        bag_classifier.bag_logits,
        lambda rng: {
            "params": bag_classifier.BagClassifierParams(normal(rng, V, D), normal(rng, D, 2), normal(rng, 2)),
            "x": rng.random((3, V)),
        },
    ),
    Call(
        ngram_classifier.train_ngram_classifier,
        lambda rng: {"words": list(WORDS), "labels": np.array([0, 1, 0, 1]), "least": 1, "most": 2, "strength": 1.0},
        **_DRAWN,
    ),
    Call(
        shaped_reader.init_shaped_reader,
        lambda rng: {"rng": rng, "cell": "gru", "D": D, "H": H, "V": V, "layers": 2, "bidirectional": True},
        **_DRAWN,
    ),
    Call(
        shaped_reader.deep_states,
        lambda rng: {"x": normal(rng, T, B, D), "layers": _net(rng).layers, "residual": True},
    ),
    Call(shaped_reader.shaped_reader, lambda rng: {**_read(rng), "residual": False}),
    Call(
        shaped_reader.shaped_reader_backward,
        lambda rng: {"dlogits": normal(rng, B, V), "x": normal(rng, T, B, D), "params": _net(rng)},
        via=_back,
        rounds=True,
    ),
    Call(
        shaped_reader.shaped_reader_loss,
        lambda rng: {**_read(rng), "targets": rng.integers(V, size=B), "residual": True},
        rounds=True,
    ),
    Call(
        shaped_reader.train_shaped_reader,
        lambda rng: {"params": _net(rng), "draw": _draw(rng), "steps": 2, "rate": 0.01, "clip": 1.0, "read": "last"},
        **_DRAWN,
    ),
    Call(one_to_many.one_to_many, _write),
    Call(
        one_to_many.one_to_many_backward,
        lambda rng: {"dlogits": normal(rng, T, B, V), **{k: v for k, v in _write(rng).items() if k != "wiring"}},
        via=_write_back,
        rounds=True,
    ),
    Call(small_shapes.shape_task, lambda rng: {"shape": "many to one"}),
    Call(
        torch_one_to_many.new_trained_writer,
        lambda rng: {
            "ids": np.array([[2, 2], [4, 5], [3, 3]]),
            "labels": np.array([0, 1]),
            "tokens": 6,
            "D": 2,
            "H": 2,
            "steps": 2,
            "rate": 0.01,
            "seed": 0,
            "wiring": "every step",
        },
        **_DRAWN,
    ),
    Call(
        torch_one_to_many.write_from_labels,
        lambda rng: {
            "model": new_model(torch_one_to_many.TorchOneToMany, 2, 6, 2, 2, seed=0),
            "labels": np.array([0, 1]),
            "rng": rng,
            "longest": 3,
        },
        **_DRAWN,
    ),
    Call(
        torch_shaped_reader.new_trained_reader,
        lambda rng: {
            **_sequences(rng),
            "targets": np.array([0, 1, 2, 3]),
            "D": D,
            "H": H,
            "V": V,
            "steps": 2,
            "rate": 0.01,
            "seed": 0,
            "tokens": 5,
        },
        **_DRAWN,
    ),
    Call(
        torch_shaped_reader.torch_reader_accuracy,
        lambda rng: {"model": _torch(), **_sequences(rng), "targets": np.array([0, 1, 2, 3])},
        _share,
    ),
    Call(torch_shaped_reader.torch_reader_logits, lambda rng: {"model": _torch(), **_sequences(rng)}),
    Call(torch_shaped_reader.torch_running_logits, lambda rng: {"model": _torch(), "x": _sequences(rng)["x"]}),
]
