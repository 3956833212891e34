import numpy as np
import pytest
import torch

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.layers.attention_pooling import attention_pool, attention_pool_backward
from helpers.layers.pooling import pool

LENGTHS = np.array([4, 2, 1])
MASK = np.arange(4)[:, None] < LENGTHS


@pytest.fixture
def case():
    rng = np.random.default_rng(0)
    return rng.standard_normal((4, 3, 5)), rng.standard_normal(5), rng.standard_normal((3, 5))


def test_a_case_by_hand():
    h = np.array([1.0, 5, 3, 9, 9])[:, None, None]
    real = np.array([True, True, True, False, False])[:, None]
    s, a, _ = attention_pool(h, np.array([np.log(2)]), real)  # 2, 32 and 8 of 42
    np.testing.assert_allclose(a[:, 0], [2 / 42, 32 / 42, 8 / 42, 0, 0])
    np.testing.assert_allclose(s, [[186 / 42]])


def test_it_is_that_of_torch(case):
    h, query, ds = case
    s, _, cache = attention_pool(h, query, MASK)
    dh, dquery = attention_pool_backward(ds, cache)
    theirs = [torch.tensor(each, requires_grad=True) for each in (h, query)]
    scores = (theirs[0] @ theirs[1]).masked_fill(~torch.tensor(MASK), -torch.inf)
    out = (scores.softmax(0)[..., None] * theirs[0]).sum(0)
    out.backward(torch.tensor(ds))
    np.testing.assert_allclose(s, out.detach(), rtol=1e-12)
    np.testing.assert_allclose(dh, theirs[0].grad, rtol=1e-10, atol=1e-14)
    np.testing.assert_allclose(dquery, theirs[1].grad, rtol=1e-10)


def test_gradients_against_central_differences(case):
    h, query, ds = case
    dh, dquery = attention_pool_backward(ds, attention_pool(h, query, MASK)[2])
    loss = lambda h, query: (ds * attention_pool(h, query, MASK)[0]).sum()  # noqa: E731
    assert relative_error(dh, numerical_gradient(lambda h: loss(h, query), h.copy())) < 1e-6
    assert relative_error(dquery, numerical_gradient(lambda q: loss(h, q), query.copy())) < 1e-6


def test_a_query_of_zeros_is_the_mean(case):
    h, query, _ = case
    np.testing.assert_allclose(attention_pool(h, 0 * query, MASK)[0], pool(h, MASK, "mean")[0], rtol=1e-12)


def test_padding_changes_nothing(case):
    h, query, ds = case
    spoiled = np.where(MASK[..., None], h, np.nan)
    clean, found = attention_pool(h, query, MASK), attention_pool(spoiled, query, MASK)
    np.testing.assert_array_equal(found[0], clean[0])
    assert not found[1][~MASK].any()
    assert not attention_pool_backward(ds, found[2])[0][~MASK].any()


def test_bad_input_is_refused(case):
    h, query, ds = case
    with pytest.raises(ValueError, match="without a step"):
        attention_pool(h, query, MASK & (LENGTHS > 1))
    with pytest.raises(ValueError, match="query"):
        attention_pool(h, query[:4], MASK)
    with pytest.raises(ValueError, match="ds"):
        attention_pool_backward(ds[:2], attention_pool(h, query, MASK)[2])
