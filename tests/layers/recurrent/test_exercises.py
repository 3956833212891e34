"""The exercises of the LSTM: the book's own functions pass, and what readers may write is told apart."""

import numpy as np
import pytest

from helpers.core.numerics import sigmoid
from helpers.layers.recurrent.exercises import lstm_step_backward_exercise, lstm_step_exercise
from helpers.layers.recurrent.lstm import lstm_step, lstm_step_backward


@pytest.mark.parametrize(
    ("exercise", "function"), [(lstm_step_exercise, lstm_step), (lstm_step_backward_exercise, lstm_step_backward)]
)
def test_the_functions_of_the_book_are_right(verdict, exercise, function):
    said = verdict(exercise, function)
    assert said[-1] == f"{function.__name__} is right."
    assert all(line.startswith("✓") for line in said[:-1])


# What readers write, in their own words.


def gates(x_t, h, params):
    H = h.shape[1]
    a = x_t @ params.W_xh + h @ params.W_hh + params.b_h
    return sigmoid(a[:, :H]), sigmoid(a[:, H : 2 * H]), np.tanh(a[:, 2 * H : 3 * H]), sigmoid(a[:, 3 * H :])


def swapped(x_t, state, params):
    h, c = state
    i, f, g, o = gates(x_t, h, params)
    c = i * c + f * g
    return o * np.tanh(c), c


def cell_only(x_t, state, params):
    i, f, g, _ = gates(x_t, state[0], params)
    return f * state[1] + i * g


def cell_first(x_t, state, params):
    h, c = lstm_step(x_t, state, params)
    return c, h


def old_cell_overwritten(x_t, state, params):
    h, c = state
    i, f, g, o = gates(x_t, h, params)
    c *= f
    c += i * g
    return o * np.tanh(c), c


@pytest.mark.parametrize(
    ("function", "said"),
    [(swapped, "two gates are swapped: the forget gate f"), (cell_only, "it returns 1 array, expected 2: h, c"),
     (cell_first, "in another order: return h, c"), (old_cell_overwritten, "it changes its argument state"),
     (lambda x_t, state, params: None, "returns nothing yet")],
)  # fmt: skip
def test_steps_that_readers_may_write(verdict, function, said):
    assert any(said in line for line in verdict(lstm_step_exercise, function))


def backward(dh, dc, step, f_slope=True, path_through_h=True, path_of_the_cell=True):
    _, c_before, i, f, g, o, c = step
    dc = dc * path_of_the_cell + dh * o * (1 - np.square(np.tanh(c))) * path_through_h
    da_f = dc * c_before * (f - f**2 if f_slope else 1)
    da = dc * g * i * (1 - i), da_f, dc * i * (1 - g**2), dh * np.tanh(c) * o * (1 - o)
    return np.hstack(da), dc


@pytest.mark.parametrize(
    ("wrong", "where", "hint"),
    [
        ({"f_slope": False}, "da in the part of f is not", "a slope is missing: a gate is σ(a)"),
        ({"path_of_the_cell": False}, "da in the parts of i, f, g and dc are not",
         "a sum is forgotten: c_t reaches the loss on two paths; add what comes through h_t to the given dc."),
        ({"path_through_h": False}, "da in the parts of i, f, g and dc are not",
         "a sum is forgotten: c_t reaches the loss on two paths; dc needs what comes through h_t too."),
    ],
)  # fmt: skip
def test_backwards_that_readers_may_write(verdict, wrong, where, hint):
    assert verdict(lstm_step_backward_exercise, backward)[-1] == "backward is right."
    said = verdict(lstm_step_backward_exercise, lambda *arguments: backward(*arguments, **wrong))
    assert said[-2].startswith(f"✗ gradients: {where}")
    assert said[-1].startswith(f"  Hint: {hint}")


def test_a_forgotten_sum_over_the_batch_shows_in_the_shape(verdict):
    said = verdict(lstm_step_backward_exercise, lambda dh, dc, step: [a.sum(axis=0) for a in backward(dh, dc, step)])
    assert said[0] == "✗ shapes: da has shape (12,), expected (5, 12), which is (B, 4H)"
