"""The message of a reader by step, and its loss with the regulariser."""

import numpy as np
import pytest

from helpers.core.gradient_check import relative_error
from helpers.core.initial_values import orthogonal
from helpers.data.tasks.delayed_recall import delayed_recall
from helpers.layers.recurrent.gradient_regulariser import rnn_gradient_regulariser
from helpers.layers.recurrent.rnn import rnn_backward, zero_state
from helpers.models.reader import init_reader, reader_loss
from helpers.models.regularised_reader import message_by_step, regularised_reader_loss


@pytest.fixture
def task():
    rng = np.random.default_rng(0)
    params = init_reader(rng, "rnn", 6, 5, 4, W_hh=orthogonal(rng, 5))
    return params, *delayed_recall(rng, 3, 7, 4, dtype=np.float64)


def test_the_message_makes_the_gradient_of_the_weights(task):
    params, x, targets = task
    dh, cache = message_by_step(params, x, targets)
    direct = np.zeros_like(dh)
    direct[-1] = dh[-1]
    _, _, grads = rnn_backward(direct, zero_state(3, params.cell), cache, params.cell)
    _, wanted, _ = reader_loss(params, x, targets)
    assert relative_error(grads.W_hh, wanted.cell.W_hh) < 1e-12


def test_strength_zero_is_training_as_ever(task):
    loss, grads, _ = reader_loss(*task)
    same, ours = regularised_reader_loss(*task, strength=0.0)
    assert loss == same
    assert (grads.cell.W_hh == ours.cell.W_hh).all()


def test_only_w_hh_gets_more_and_in_proportion(task):
    params = task[0]
    _, plain, _ = reader_loss(*task)
    _, once = regularised_reader_loss(*task, strength=1.0)
    _, twice = regularised_reader_loss(*task, strength=2.0)
    _, dW_hh = rnn_gradient_regulariser(*message_by_step(*task), params.cell)
    np.testing.assert_allclose(once.cell.W_hh - plain.cell.W_hh, dW_hh)
    np.testing.assert_allclose(twice.cell.W_hh - plain.cell.W_hh, 2 * dW_hh)
    assert (once.cell.W_xh == plain.cell.W_xh).all()
    assert (once.output.W == plain.output.W).all()


def test_targets_of_every_step_are_refused(task):
    params, x, targets = task
    with pytest.raises(ValueError, match="targets"):
        message_by_step(params, x, np.tile(targets, (7, 1)))
