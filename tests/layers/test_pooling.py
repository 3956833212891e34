import numpy as np
import pytest

from helpers.core.gradient_check import relative_error
from helpers.layers.pooling import POOLS, pool, pool_backward

LENGTHS = np.array([5, 2, 1])
MASK = np.arange(5)[:, None] < LENGTHS


def draw(seed=0, H=4):
    return np.random.default_rng(seed).standard_normal((5, 3, H))


def test_a_case_by_hand():
    h = np.array([[[1.0, 5.0]], [[3.0, 4.0]], [[9.0, 9.0]]])  # three steps, the last one is padding
    mask = np.array([[True], [True], [False]])
    wanted = {"last": [3, 4], "ends": [3, 5], "mean": [2, 4.5], "maximum": [3, 5]}
    for how, s in wanted.items():
        np.testing.assert_array_equal(pool(h, mask, how)[0], [s])


@pytest.mark.parametrize("how", POOLS)
def test_padding_changes_nothing_at_all(how):
    h = draw()
    spoiled = np.where(MASK[..., None], h, np.nan)
    np.testing.assert_array_equal(pool(spoiled, MASK, how)[0], pool(h, MASK, how)[0])
    for b, length in enumerate(LENGTHS):  # and each is what the sequence gives on its own
        alone, _ = pool(h[:length, b : b + 1], None, how)
        np.testing.assert_allclose(pool(h, MASK, how)[0][b], alone[0], rtol=1e-14)


@pytest.mark.parametrize("how", POOLS)
def test_gradients(how):
    h, ds = draw(), np.random.default_rng(1).standard_normal((3, 4))
    dh, numerical = pool_backward(ds, pool(h, MASK, how)[1]), np.empty_like(h)
    for place in np.ndindex(h.shape):
        up, down = h.copy(), h.copy()
        up[place], down[place] = h[place] + 1e-6, h[place] - 1e-6
        numerical[place] = (ds * (pool(up, MASK, how)[0] - pool(down, MASK, how)[0])).sum() / 2e-6
    assert relative_error(dh, numerical) < 1e-8
    assert not dh[~MASK].any()


@pytest.mark.parametrize("how", POOLS)
def test_it_keeps_float32(how):
    s, cache = pool(draw().astype(np.float32), MASK, how)
    assert s.dtype == pool_backward(s, cache).dtype == np.float32


def test_bad_arguments():
    with pytest.raises(ValueError, match="how is 'first'"):
        pool(draw(), MASK, "first")
    with pytest.raises(ValueError, match="even number"):
        pool(draw(H=3), MASK, "ends")
    with pytest.raises(ValueError, match="padding before a token"):
        pool(draw(), MASK[::-1])
    with pytest.raises(ValueError, match="mask has shape"):
        pool(draw(), MASK[:4])
    with pytest.raises(ValueError, match="ds has shape"):
        pool_backward(np.zeros((3, 5)), pool(draw(), MASK)[1])
