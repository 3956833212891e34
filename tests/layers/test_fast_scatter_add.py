import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.layers.embedding import embedding, embedding_backward
from helpers.layers.fast_scatter_add import sum_rows


@settings(deadline=None)
@given(st.integers(1, 3000), st.integers(1, 70_000), st.integers(0, 2**32))
def test_sum_rows_is_the_scatter_add(N, V, seed):
    rng = np.random.default_rng(seed)
    ids = np.minimum(rng.zipf(1.3, N) - 1, V - 1)  # runs of many lengths
    rows = rng.standard_normal((N, 2))
    before = rows.copy()
    found, sums = sum_rows(ids, rows)
    table = np.zeros((V, 2))
    table = embedding_backward(rows, embedding(ids, table)[1], table)
    assert sorted(found) == sorted(set(ids.tolist()))
    np.testing.assert_allclose(sums, table[found], rtol=1e-9, atol=1e-9)
    np.testing.assert_array_equal(rows, before)
