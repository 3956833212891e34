import numpy as np
import pytest

from helpers.core.gradient_check import check_gradients
from helpers.layers.losses import cross_entropy
from helpers.layers.recurrent.lstm import lstm_gates, zero_lstm_state
from helpers.models.readable_lstm import priced_loss, train_readable_lstm
from helpers.models.reader import first_reader_state, init_reader, reader, reader_accuracy

LETTERS = 5  # the first two are asked for


def letters(rng, B=32, T=10, dtype=np.float32):
    """One of two letters among three others, and after them a sign at which it is asked for; then the next one."""
    tokens = rng.integers(2, LETTERS, size=(T, B))
    targets, asked = np.zeros((T, B), int), np.zeros((T, B), bool)
    for start in (0, T // 2):
        asked[start + T // 2 - 1] = True
        tokens[start] = targets[start + T // 2 - 1] = rng.integers(2, size=B)
    tokens[asked] = LETTERS
    return np.eye(LETTERS + 1, dtype=dtype)[tokens], targets, asked


def test_the_price_is_the_mean_square_of_what_is_shown_and_the_gradient_is_that_of_the_sum():
    rng = np.random.default_rng(0)
    params = init_reader(rng, "lstm", LETTERS + 1, 3, 2)
    x, targets, asked = letters(rng, B=3, dtype=np.float64)
    loss, grads = priced_loss(params, x, targets, asked, 0.7)
    logits, _, _ = reader(x, first_reader_state(3, params), params)
    h = lstm_gates(x, zero_lstm_state(3, params.cell), params.cell).h
    assert loss == pytest.approx(cross_entropy(logits, targets, asked)[0] + 0.7 * (h**2).mean())
    errors = check_gradients(lambda p: priced_loss(p, x, targets, asked, 0.7)[0], params, grads)
    assert max(errors.values()) < 1e-6


def trained(seed=0, **conditions):
    rng = np.random.default_rng(seed)
    params, _ = train_readable_lstm(rng, lambda: letters(rng), LETTERS + 1, 1, 2, steps=400, **conditions)
    x, targets, asked = letters(np.random.default_rng(9), 200)
    held = lstm_gates(x, zero_lstm_state(200, params.cell), params.cell)
    letter = x[..., :2].any(axis=-1)
    between = ~letter & ~asked
    return params, reader_accuracy(params, x, targets, asked), held, letter, between, asked


@pytest.mark.parametrize("seed", [0, 1])
def test_one_unit_learns_the_three_jobs(seed):
    params, right, held, letter, between, asked = trained(seed)
    assert right > 0.99
    assert held.i[letter].mean() > 0.85
    assert held.i[between].mean() < 0.15
    assert held.f[between].mean() > 0.95
    assert held.o[asked].mean() > 0.9
    assert held.o[between].mean() < 0.15
    assert not params.cell.W_hh.any()
    assert params.cell.W_xh.shape == (LETTERS + 1, 4)


@pytest.mark.parametrize(("condition", "gate"), [({"noise": 0.0}, "i"), ({"price": 0.0}, "o")])
def test_each_condition_is_the_reason_of_one_gate(condition, gate):
    _, right, held, _, between, _ = trained(**condition)
    assert right > 0.99
    assert getattr(held, gate)[between].mean() > 0.3


def test_feedback_is_trained_when_it_is_asked_for():
    params, *_ = trained(feedback=True)
    assert np.abs(params.cell.W_hh).max() > 0.1
