from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import strategies as st

from helpers.core.params import map_params
from helpers.layers.attention.masks import causal_mask, causal_padding_mask, padding_mask
from helpers.layers.transformer.decoder_layer import init_decoder_layer
from helpers.layers.transformer.encoder_layer import init_encoder_layer


class DrawnTransformer(NamedTuple):
    """What a Transformer layer is given: ``layer(*inputs, params, heads, *masks)``, and what comes back to it."""

    inputs: tuple  # x (B, T, D), and for a decoder the memory (B, S, D)
    params: Any
    heads: int
    masks: tuple  # of x, and for a decoder of the memory
    counts: tuple  # (T, B), and for a decoder (S, B): True where a token is
    dy: np.ndarray  # (B, T, D)


@pytest.fixture(scope="session")
def draw_transformer():
    """Give draw_transformer(kind, size, mask, dtype): random inputs, parameters, masks and gradient from outside."""
    return _draw_transformer


def _draw_transformer(kind, size, mask="none", dtype=np.float64):
    B, T, S, D, heads, H = size
    rng = np.random.default_rng(size)

    def draw(*shape):
        return rng.standard_normal(shape).astype(dtype)

    init = init_encoder_layer if kind == "encoder" else init_decoder_layer
    params = map_params(lambda p: p + draw(*p.shape) / 2, init(rng, D, H, dtype))  # no bias and no shift is 0
    counts = tuple(np.arange(n)[:, None] < rng.integers(1, n + 1, B) for n in (T, S))
    own = {"none": None, "causal": causal_mask(T), "padding": padding_mask(counts[0])}
    own["both"] = causal_padding_mask(counts[0])
    masks = own[mask], None if mask in ("none", "causal") else padding_mask(counts[1])
    inputs = draw(B, T, D), draw(B, S, D)
    n = 1 if kind == "encoder" else 2
    return DrawnTransformer(inputs[:n], params, heads, masks[:n], counts[:n], draw(B, T, D))


@pytest.fixture(scope="session")
def one_wrong_shape():
    """Give one_wrong_shape(data, shapes, free=()): arrays of zeros {name: array}, one of a shape that is not its own.

    `data` is hypothesis' `st.data()`. An axis in `free`, as (name, axis), may have another length without being wrong.
    """
    return _one_wrong_shape


def _one_wrong_shape(data, shapes, free=()):
    name = data.draw(st.sampled_from(list(shapes)))
    wrong = list(shapes[name])
    axis = data.draw(st.integers(0, len(wrong) - 1))
    another_length = ["longer", "shorter"] if (name, axis) not in free else []
    change = data.draw(st.sampled_from([*another_length, "added", "dropped"]))
    if change == "added":
        wrong.insert(axis, 1)
    elif change == "dropped":
        del wrong[axis]
    else:
        wrong[axis] += 1 if change == "longer" else -1
    return {key: np.zeros(wrong if key == name else shape) for key, shape in shapes.items()}
