"""GloVe: the loss by hand, its gradients by differences and in torch, and a fit of counts that can be fitted."""

import numpy as np
import pytest
import torch

from helpers.core import check_gradients, relative_error
from helpers.models.glove import GloveParams, glove_loss, glove_weights, init_glove, train_glove


def _case(seed=0):
    rng = np.random.default_rng(seed)
    params = GloveParams(*(rng.standard_normal(shape) for shape in ((5, 3), (4, 3), (5,), (4,))))
    return params, rng.integers(0, 4, (5, 4)) * 1.0


def test_weights_rise_to_one_and_are_zero_where_nothing_was_met():
    f = glove_weights(np.array([[0.0, 1.0, 16.0, 100.0]]), x_max=16, power=0.75)
    np.testing.assert_allclose(f, [[0, 1 / 8, 1, 1]])


def test_loss_by_hand():
    params = GloveParams(
        np.array([[1.0, 2.0]]), np.array([[0.5, 1.0], [3.0, 3.0]]), np.array([0.5]), np.array([1.0, 9])
    )
    loss, grads = glove_loss(params, np.array([[np.e, 0.0]]), x_max=np.e)
    assert np.isclose(loss, 3.0**2)  # 0.5 + 2 + 0.5 + 1 − 1; the second pair was never met
    np.testing.assert_allclose(grads.E, [[3, 6]])
    np.testing.assert_allclose(grads.W, [[6, 12], [0, 0]])
    np.testing.assert_allclose(grads.b, [6])
    np.testing.assert_allclose(grads.c, [6, 0])


def test_gradients_by_differences_and_in_torch():
    params, counts = _case()
    loss, grads = glove_loss(params, counts, x_max=2)
    assert max(check_gradients(lambda p: glove_loss(p, counts, x_max=2)[0], params, grads).values()) < 1e-6
    E, W, b, c = tables = [torch.tensor(table, requires_grad=True) for table in params]
    total = torch.zeros((), dtype=torch.float64)
    for v, w in zip(*np.nonzero(counts), strict=True):
        r = E[v] @ W[w] + b[v] + c[w] - np.log(counts[v, w])
        total = total + min(1, counts[v, w] / 2) ** 0.75 * r**2
    total.backward()
    assert np.isclose(loss, total.item())
    for mine, theirs in zip(grads, tables, strict=True):
        assert relative_error(mine, theirs.grad.numpy()) < 1e-12


def test_training_fits_counts_that_are_products():
    rng = np.random.default_rng(1)
    u = rng.standard_normal((12, 2))
    counts = np.exp(u @ u.T + 1)
    params, losses = train_glove(np.random.default_rng(2), counts, 4, steps=400)
    assert losses[-1] < 1e-3 * losses[0]
    np.testing.assert_allclose(params.E @ params.W.T + params.b[:, None] + params.c, np.log(counts), atol=0.3)
    again, _ = train_glove(np.random.default_rng(2), counts, 4, steps=400)
    np.testing.assert_array_equal(params.E, again.E)


def test_dtype_of_the_counts_is_kept():
    params, _ = train_glove(np.random.default_rng(0), np.ones((3, 3), np.float32), 2, steps=3)
    assert {table.dtype for table in params} == {np.dtype(np.float32)}


@pytest.mark.parametrize("counts", [np.full((5, 4), -1.0), np.full((5, 4), np.nan), np.ones((4, 4)), np.ones(5)])
def test_bad_counts_are_refused(counts):
    with pytest.raises(ValueError, match="counts"):
        glove_loss(_case()[0], counts)


def test_bad_options_are_refused():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="steps"):
        train_glove(rng, np.ones((3, 3)), 2, steps=2)
    with pytest.raises(ValueError, match="x_max"):
        glove_weights(np.ones((1, 1)), x_max=0)
    with pytest.raises(ValueError, match="D is"):
        init_glove(rng, 3, 0)
