import numpy as np
import pytest

from helpers.layers.attention.masks import causal_mask, causal_padding_mask, padding_mask
from helpers.layers.attention.scaled_dot_product import attention

COUNTS = np.array([[True, True], [True, False], [False, False]])  # (S, B): sequences of 2 and 1 tokens


def test_padding_is_hidden_from_every_query():
    wanted = [[[True, True, False]], [[True, False, False]]]
    np.testing.assert_array_equal(padding_mask(COUNTS), wanted)


def test_no_query_sees_what_comes_later():
    np.testing.assert_array_equal(causal_mask(3), [[1, 0, 0], [1, 1, 0], [1, 1, 1]])
    np.testing.assert_array_equal(causal_mask(1), [[True]])
    np.testing.assert_array_equal(causal_mask(2, 4), causal_mask(4)[2:])  # the last queries of a longer text
    assert causal_mask(3).dtype == bool


def test_both_together():
    mask = causal_padding_mask(COUNTS)
    assert mask.shape == (2, 3, 3)
    for b in range(2):
        for t in range(3):
            for s in range(3):
                assert mask[b, t, s] == (s <= t and COUNTS[s, b])


@pytest.mark.parametrize("mask", [padding_mask(COUNTS), causal_mask(3), causal_padding_mask(COUNTS)])
def test_attention_takes_them(rng, mask):
    x = rng.standard_normal((2, 3, 4))
    _, weights, _ = attention(x, x, x, mask)
    np.testing.assert_array_equal(weights > 0, np.broadcast_to(mask, (2, 3, 3)))


def test_bad_input_is_an_error():
    with pytest.raises(ValueError, match=r"counts has shape \(3,\), expected \(S, B\)"):
        padding_mask(COUNTS[:, 0])
    with pytest.raises(ValueError, match="counts has dtype int64, expected bool"):
        causal_padding_mask(COUNTS.astype(int))
    with pytest.raises(ValueError, match="T is 0"):
        causal_mask(0)
    with pytest.raises(ValueError, match="S is 2, expected an integer of at least 3"):
        causal_mask(3, 2)
