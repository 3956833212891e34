import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.layers.losses import cross_entropy, cross_entropy_backward, summed_cross_entropy

SIZES = [((), 1), ((1,), 1), ((3,), 4), ((2, 5), 3)]


def make(leading, V):
    rng = np.random.default_rng((*leading, V))
    return 3 * rng.standard_normal((*leading, V)), rng.integers(V, size=leading)


def test_a_case_by_hand():
    logits = np.log([[1.0, 2.0, 5.0], [1.0, 1.0, 2.0]])
    loss, cache = cross_entropy(logits, np.array([2, 0]))
    assert loss == pytest.approx(-(np.log(5 / 8) + np.log(1 / 4)) / 2)
    wanted = [[1 / 16, 2 / 16, -3 / 16], [-3 / 8, 1 / 8, 2 / 8]]
    np.testing.assert_allclose(cross_entropy_backward(cache), wanted)


@pytest.mark.parametrize(("leading", "V"), SIZES)
@pytest.mark.parametrize("masked", [False, True])
def test_backward_equals_central_differences_and_torch(leading, V, masked):
    logits, targets = make(leading, V)
    mask = None
    if masked:
        mask = np.array(np.random.default_rng(0).random(leading) < 0.6)
        mask.flat[0] = True
    loss, cache = cross_entropy(logits, targets, mask)
    dlogits = cross_entropy_backward(cache)
    assert isinstance(loss, float)
    assert dlogits.shape == logits.shape
    assert relative_error(dlogits, numerical_gradient(lambda z: cross_entropy(z, targets, mask)[0], logits)) < 1e-6

    z = torch.tensor(logits, requires_grad=True)
    ignored = np.where(True if mask is None else mask, targets, -100)
    their = torch.nn.functional.cross_entropy(z.reshape(-1, V), torch.tensor(ignored).reshape(-1))
    their.backward()
    assert loss == pytest.approx(their.item(), rel=1e-10, abs=1e-14)
    np.testing.assert_allclose(dlogits, z.grad.numpy(), rtol=1e-10, atol=1e-14)


def test_equal_logits_cost_the_logarithm_of_their_number():
    assert cross_entropy(np.zeros((7, 5)), np.arange(7) % 5)[0] == pytest.approx(np.log(5))


def test_it_is_stable_and_keeps_dtype():
    logits = np.array([[1e4, 0, -1e4]], np.float32)
    loss, cache = cross_entropy(logits, np.array([2]))
    assert loss == 2e4
    assert str(cross_entropy(logits, np.array([0]))[0]) == "0.0"  # not -0.0
    dlogits = cross_entropy_backward(cache)
    np.testing.assert_array_equal(dlogits, [[1, 0, -1]])
    assert dlogits.dtype == np.float32


@settings(deadline=None)
@given(st.integers(0, 9), st.integers(1, 10))
def test_what_is_masked_has_no_influence(padded, V):
    logits, targets = make((10,), V)
    mask = np.arange(10) >= padded
    whole = cross_entropy(logits[padded:], targets[padded:])[0]
    logits[:padded], targets[:padded] = np.nan, -1
    loss, cache = cross_entropy(logits, targets, mask)
    assert loss == whole
    assert not cross_entropy_backward(cache)[:padded].any()


def test_a_summed_case_by_hand():
    logits = np.log([[[1.0, 3.0], [1.0, 1.0]], [[1.0, 1.0], [2.0, 2.0]]])  # (T, B, V)
    targets, mask = np.array([[0, 0], [1, 0]]), np.array([[True, True], [True, False]])
    loss, cache = summed_cross_entropy(logits, targets, mask)
    assert loss == pytest.approx((np.log(4) + np.log(2) + np.log(2)) / 2)  # over B = 2, not over the 3 that count
    wanted = np.array([[[-3 / 4, 3 / 4], [-1 / 2, 1 / 2]], [[1 / 2, -1 / 2], [0, 0]]]) / 2
    np.testing.assert_allclose(cross_entropy_backward(cache), wanted)


@pytest.mark.parametrize("size", [(1, 1, 1), (4, 3, 5)], ids=str)
def test_the_sum_over_time_equals_central_differences_and_torch(size):
    T, B, V = size
    logits, targets = make((T, B), V)
    mask = np.random.default_rng(1).random((T, B)) < 0.6
    mask[0, 0] = True
    loss, cache = summed_cross_entropy(logits, targets, mask)
    dlogits = cross_entropy_backward(cache)
    assert isinstance(loss, float)
    numerical = numerical_gradient(lambda z: summed_cross_entropy(z, targets, mask)[0], logits)
    assert relative_error(dlogits, numerical) < 1e-6
    z = torch.tensor(logits, requires_grad=True)
    ignored = torch.tensor(np.where(mask, targets, -100))
    their = torch.nn.functional.cross_entropy(z.reshape(-1, V), ignored.reshape(-1), reduction="sum") / B
    their.backward()
    assert loss == pytest.approx(their.item(), rel=1e-10, abs=1e-14)
    np.testing.assert_allclose(dlogits, z.grad.numpy(), rtol=1e-10, atol=1e-14)


def test_the_loss_of_a_sequence_is_the_sum_of_its_parts():
    logits, targets = make((7, 3), 4)
    mask = np.ones((7, 3), bool)
    mask[2:4] = False
    parts = [summed_cross_entropy(logits[s], targets[s], mask[s])[0] for s in (slice(2), slice(2, 4), slice(4, 7))]
    assert parts[1] == 0  # a sum over nothing
    assert sum(parts) == pytest.approx(summed_cross_entropy(logits, targets, mask)[0])
    _, cache = summed_cross_entropy(logits[2:4], targets[2:4], mask[2:4])
    dlogits = cross_entropy_backward(cache)
    assert dlogits.shape == (2, 3, 4)
    assert not dlogits.any()


def test_bad_input_of_the_summed_loss():
    logits, targets = make((2, 5), 3)
    for wrong in (logits[0], logits[None]):
        with pytest.raises(ValueError, match=r"expected \(T, B, V\)"):
            summed_cross_entropy(wrong, targets)
    with pytest.raises(ValueError, match="expected integers from 0 to 2"):
        summed_cross_entropy(logits, targets + 1)
    with pytest.raises(ValueError, match="expected targets and a mask of bool"):
        summed_cross_entropy(logits, targets[:1])
    with pytest.raises(ValueError, match="at least one sequence"):
        summed_cross_entropy(logits[:, :0], targets[:, :0])
    with pytest.raises(ValueError, match="logits has dtype int64"):
        summed_cross_entropy(logits.astype(int), targets)


def test_bad_input():
    logits, targets = make((2, 5), 3)
    for wrong in (targets[:, :1], targets[0]):
        with pytest.raises(ValueError, match="expected targets and a mask of bool with shape"):
            cross_entropy(logits, wrong)
    for wrong in (np.ones((2, 4), bool), np.ones((2, 5))):
        with pytest.raises(ValueError, match="expected targets and a mask of bool with shape"):
            cross_entropy(logits, targets, wrong)
    with pytest.raises(ValueError, match="expected integers from 0 to 2"):
        cross_entropy(logits, targets + 1)
    with pytest.raises(ValueError, match="expected integers from 0 to 2"):
        cross_entropy(logits, targets - 1)
    with pytest.raises(ValueError, match="targets has dtype float64"):
        cross_entropy(logits, targets.astype(float))
    with pytest.raises(ValueError, match="no target counts"):
        cross_entropy(logits, targets, np.zeros((2, 5), bool))
    with pytest.raises(ValueError, match="no target counts"):
        cross_entropy(logits[:0], targets[:0])
    with pytest.raises(ValueError, match="logits has dtype int64"):
        cross_entropy(logits.astype(int), targets)
