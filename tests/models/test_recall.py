import numpy as np
import pytest
import torch

from helpers.core.gradient_check import check_gradients
from helpers.core.initial_values import orthogonal, scaled_normal
from helpers.core.params import named_arrays
from helpers.data.tasks.delayed_recall import delayed_recall
from helpers.models.recall import RecallParams, init_recall, recall_accuracy, recall_loss, train_recall

CHANCE = np.log(4)


def make(T, B, H, symbols=4):
    rng = np.random.default_rng((T, B, H))
    params = init_recall(rng, scaled_normal(rng, (H, H)), symbols)
    params.rnn.b_h[:] = rng.standard_normal(H)
    params.output.b[:] = rng.standard_normal(symbols)
    return params, *delayed_recall(rng, B, T, T - 1, symbols, dtype=np.float64)


@pytest.mark.parametrize("size", [(1, 1, 1, 1), (2, 3, 2, 3), (6, 2, 5, 4)], ids=str)
@pytest.mark.parametrize("activation", ["tanh", "relu", "identity"])
def test_gradients_equal_central_differences(size, activation):
    params, x, targets = make(*size)
    _, grads = recall_loss(params, x, targets, activation)
    assert isinstance(grads, RecallParams)
    errors = check_gradients(lambda p: recall_loss(p, x, targets, activation)[0], params, grads)
    assert list(errors) == ["rnn.W_xh", "rnn.W_hh", "rnn.b_h", "output.W", "output.b"]
    assert max(errors.values()) < 1e-6, errors


def test_loss_and_gradients_equal_torch():
    params, x, targets = make(7, 5, 6)
    loss, grads = recall_loss(params, x, targets)
    W_xh, W_hh, b_h, W, b = tensors = [torch.tensor(a, requires_grad=True) for _, a in named_arrays(params)]
    h = torch.zeros(5, 6, dtype=torch.float64)
    for x_t in torch.tensor(x):
        h = torch.tanh(x_t @ W_xh + h @ W_hh + b_h)
    their = torch.nn.functional.cross_entropy(h @ W + b, torch.tensor(targets))
    their.backward()
    assert loss == pytest.approx(their.item(), rel=1e-10)
    for (_, ours), tensor in zip(named_arrays(grads), tensors, strict=True):
        np.testing.assert_allclose(ours, tensor.grad.numpy(), rtol=1e-10, atol=1e-14)


def test_accuracy_by_hand():
    params, x, _ = make(2, 8, 3)
    params.output.W[:] = 0
    params.output.b[:] = [0, 0, 1, 0]  # always says 2
    assert recall_accuracy(params, x, np.array([2, 2, 2, 0, 1, 3, 0, 1])) == 3 / 8
    with pytest.raises(ValueError, match="targets has shape"):
        recall_accuracy(params, x, np.array([2]))


def test_a_short_delay_is_learned_and_nothing_is_left_to_chance():
    results = []
    for _ in range(2):
        rng = np.random.default_rng(0)
        W_hh = orthogonal(rng, 32, dtype=np.float32)
        params, history = train_recall(rng, W_hh, delay=3, steps=250)
        results.append(history.loss)
    assert history.loss.shape == history.gradient_norm.shape == (250,)
    assert history.loss[0] == pytest.approx(CHANCE, abs=0.6)
    assert history.loss[-10:].mean() < 0.05
    x, targets = delayed_recall(rng, 500, 14, 3)
    assert recall_accuracy(params, x, targets) > 0.99
    assert {a.dtype for _, a in named_arrays(params)} == {np.dtype(np.float32)}
    np.testing.assert_array_equal(*results)


def test_a_long_delay_is_not_learned_with_small_weights():
    rng = np.random.default_rng(0)
    W_hh = orthogonal(rng, 32, gain=0.25, dtype=np.float32)
    _, history = train_recall(rng, W_hh, delay=40, steps=250)
    assert history.loss[-50:].mean() == pytest.approx(CHANCE, abs=0.03)


def test_bad_input():
    rng = np.random.default_rng(0)
    for change, message in (
        ({"delay": -1}, "delay is -1"),
        ({"lead": -1}, "lead is -1"),
        ({"rate": 0}, "rate is 0"),
    ):
        with pytest.raises(ValueError, match=message):
            train_recall(rng, np.eye(4), **{"delay": 2} | change)
