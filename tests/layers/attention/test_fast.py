import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.layers.attention.fast import SCORES_AT_ONCE, fast_attention, fast_attention_backward
from helpers.layers.attention.scaled_dot_product import attention, attention_backward

LARGE = ((3, 2), 200, 300, 4, 5)  # leading axes, T, S, d, d_v


def compare(leading, T, S, d, d_v, share, length, scale, seed):
    """Hold both forms equal on random arrays, with a mask in which each query may see each key with p = share."""
    rng = np.random.default_rng(seed)
    q, k, v, dout = (rng.standard_normal((*leading, *ends)) for ends in ((T, d), (S, d), (S, d_v), (T, d_v)))
    q, k = length * q, length * k
    mask = None if share is None else rng.random((*leading, T, S)) < share
    if mask is not None:
        mask[..., 0, :] = False  # the first query may attend to nothing
    out, weights, cache = attention(q, k, v, mask, scale)
    fast_out, fast_weights, fast_cache = fast_attention(q, k, v, mask, scale)
    wanted = out, weights, *attention_backward(dout, cache)
    found = fast_out, fast_weights, *fast_attention_backward(dout, fast_cache)
    for name, fast, readable in zip(("out", "weights", "dq", "dk", "dv"), found, wanted, strict=True):
        largest = max(1, np.abs(readable).max())
        np.testing.assert_allclose(fast, readable, rtol=1e-12, atol=1e-12 * largest, err_msg=name)
    if mask is not None:
        assert not any(array[..., 0, :].any() for array in (out, weights, fast_out, fast_weights, wanted[2], found[2]))


sizes = st.integers(1, 7)
shares, lengths = st.sampled_from([None, 0.0, 0.3, 0.9]), st.sampled_from([0.1, 1.0, 5.0, 30.0])


@settings(max_examples=150, deadline=None)
@given(
    leading=st.lists(st.integers(1, 3), max_size=3),
    T=sizes,
    S=sizes,
    d=sizes,
    d_v=sizes,
    share=shares,
    length=lengths,
    scale=st.sampled_from([None, 1.0, 0.3]),
    seed=st.integers(0, 2**32),
)
def test_both_forms_are_equal_to_rounding(leading, T, S, d, d_v, share, length, scale, seed):
    compare(leading, T, S, d, d_v, share, length, scale, seed)


@pytest.mark.parametrize("share", [None, 0.5])
@pytest.mark.parametrize("length", [1.0, 30.0])
def test_both_forms_are_equal_over_several_blocks(share, length):
    leading, T, S, *_ = LARGE
    assert np.prod(leading) * T * S > 2 * SCORES_AT_ONCE
    compare(*LARGE, share, length, None, 0)
