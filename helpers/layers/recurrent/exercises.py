"""Exercises of the LSTM: one step of the cell, and its backward."""

import numpy as np

from helpers.core.exercises import Exercise, Mistake
from helpers.core.gradient_check import numerical_gradient
from helpers.core.numerics import sigmoid
from helpers.layers.recurrent.lstm import LSTMParams, LSTMStep, lstm_step


def _draw_step(rng):
    B, D, H = rng.permutation([2, 3, 5])  # three sizes, so that a swapped axis shows
    params = LSTMParams(*(rng.standard_normal(shape) for shape in ((D, 4 * H), (H, 4 * H), (4 * H,))))
    return rng.standard_normal((B, D)), tuple(rng.standard_normal((2, B, H))), params


def _new_cell(i, f, g, c_before):
    return f * c_before + i * g


def _wrong_step(
    order=(0, 1, 2, 3),
    candidate=np.tanh,
    cell=_new_cell,
    bias=1,
    recurrent=1,
    shown=lambda o, c, _: o * np.tanh(c),
):
    """Return a step of the LSTM with a mistake in it."""

    def step(x_t, state, params):
        h, c_before = state
        a = np.split(x_t @ params.W_xh + h @ params.W_hh * recurrent + params.b_h * bias, 4, axis=-1)
        a_i, a_f, a_g, a_o = (a[place] for place in order)
        i, f, g, o = sigmoid(a_i), sigmoid(a_f), candidate(a_g), sigmoid(a_o)
        c = cell(i, f, g, c_before)
        return shown(o, c, c_before), c

    return step


lstm_step_exercise = Exercise(
    name="lstm_step",
    shapes={"h": "B H", "c": "B H"},
    draw=_draw_step,
    values=lstm_step,
    mistakes=(
        Mistake(
            "two gates are swapped: the forget gate f multiplies the old cell, the input gate i the candidate g.",
            _wrong_step(cell=lambda i, f, g, c: i * c + f * g),
        ),
        Mistake(
            "two gates are swapped: the columns stand in the order i, f, g, o, so the candidate is the third part.",
            _wrong_step(order=(0, 1, 3, 2)),
        ),
        Mistake("the candidate g is no gate: it is tanh of its part, from −1 to 1.", _wrong_step(candidate=sigmoid)),
        Mistake("h shows tanh(c), not c itself: h = o ⊙ tanh(c).", _wrong_step(shown=lambda o, c, _: o * c)),
        Mistake(
            "h shows the new cell, not the one before.", _wrong_step(shown=lambda o, _, before: o * np.tanh(before))
        ),
        Mistake(
            "the candidate has no tanh yet: g = tanh(a_g).",
            _wrong_step(candidate=lambda a: a),
        ),
        Mistake(
            "a forget gate of 1 keeps all: the old cell is multiplied by f, not by 1 − f.",
            _wrong_step(cell=lambda i, f, g, c: (1 - f) * c + i * g),
        ),
        Mistake(
            "1 − i would be a GRU's way; here the old cell has a gate of its own, f.",
            _wrong_step(cell=lambda i, f, g, c: (1 - i) * c + i * g),
        ),
        Mistake(
            "the input gate is missing: the candidate is multiplied by i.",
            _wrong_step(cell=lambda i, f, g, c: f * c + g),
        ),
        Mistake(
            "the forget gate is missing: the old cell is multiplied by f.",
            _wrong_step(cell=lambda i, f, g, c: c + i * g),
        ),
        Mistake("first tanh, then the gate: h = o ⊙ tanh(c).", _wrong_step(shown=lambda o, c, _: np.tanh(o * c))),
        Mistake("the output gate is missing: h = o ⊙ tanh(c).", _wrong_step(shown=lambda o, c, _: np.tanh(c))),
        Mistake("the bias b_h is missing from the sum.", _wrong_step(bias=0)),
        Mistake("the state h_{t-1} is missing from the sum: add h @ W_hh.", _wrong_step(recurrent=0)),
    ),
)


def _draw_backward(rng):
    x_t, (h, c), params = _draw_step(rng)
    a_i, a_f, a_g, a_o = np.split(x_t @ params.W_xh + h @ params.W_hh + params.b_h, 4, axis=-1)
    i, f, g, o = sigmoid(a_i), sigmoid(a_f), np.tanh(a_g), sigmoid(a_o)
    dh, dc = rng.standard_normal((2, *c.shape))
    return dh, dc, LSTMStep(h, c, i, f, g, o, f * c + i * g)


def _differences(dh, dc, step):
    """∂L/∂a and ∂L/∂c_t by central differences, for L = Σ dh ⊙ h_t + Σ dc ⊙ c_t."""
    _, c_before, i, f, g, o, c = step
    a = np.concatenate([_logit(i), _logit(f), np.arctanh(g), _logit(o)], axis=-1)

    def loss_of_cell(c, o=o):
        return float((dh * o * np.tanh(c)).sum() + (dc * c).sum())

    def loss_of_sums(a):
        a_i, a_f, a_g, a_o = np.split(a, 4, axis=-1)
        return loss_of_cell(sigmoid(a_f) * c_before + sigmoid(a_i) * np.tanh(a_g), sigmoid(a_o))

    return numerical_gradient(loss_of_sums, a), numerical_gradient(loss_of_cell, c)


def _logit(gate):
    """The inverse of σ."""
    return np.log(gate / (1 - gate))


def _sigmoid_slope(gate):
    return gate * (1 - gate)


def _tanh_slope(value):
    return 1 - value**2


def _wrong_backward(
    order=(0, 1, 2, 3),
    gate_slope=_sigmoid_slope,
    candidate_slope=_tanh_slope,
    shown=np.tanh,
    from_h=lambda dh, o, c: dh * o * (1 - np.tanh(c) ** 2),
    later=lambda dc, f: dc,
    to_gates=lambda dc, c_before, g, c: (dc * g, dc * c_before),
    axis=-1,
):
    """Return a backward of the step with a mistake in it."""

    def backward(dh, dc, step):
        _, c_before, i, f, g, o, c = step
        dc = later(dc, f) + from_h(dh, o, c)
        di, df = to_gates(dc, c_before, g, c)
        parts = di * gate_slope(i), df * gate_slope(f), dc * i * candidate_slope(g), dh * shown(c) * gate_slope(o)
        return np.concatenate([parts[place] for place in order], axis=axis), dc

    return backward


def _lines_3_and_4_early(dh, dc, step):
    """Use the given dc, without what comes through h_t, for i, f and g; return the right dc."""
    _, right = _wrong_backward()(dh, dc, step)
    da, _ = _wrong_backward(from_h=lambda dh, o, c: 0)(dh, dc, step)
    return da, right


def _kept_for_earlier(dh, dc, step):
    da, dc = _wrong_backward()(dh, dc, step)
    return da, dc * step.f


lstm_step_backward_exercise = Exercise(
    name="lstm_step_backward",
    shapes={"da": "B 4H", "dc": "B H"},
    draw=_draw_backward,
    gradients=_differences,
    parts={"da": ("i", "f", "g", "o")},
    mistakes=(
        Mistake(
            "two gates are swapped: i multiplied the candidate g, so di = dc ⊙ g; f multiplied the old cell, so "
            "df = dc ⊙ c_{t-1}.",
            _wrong_backward(to_gates=lambda dc, c_before, g, c: (dc * c_before, dc * g)),
        ),
        Mistake(
            "two gates are swapped: the parts of da stand in the order i, f, g, o.",
            _wrong_backward(order=(0, 1, 3, 2)),
        ),
        Mistake(
            "a slope is missing: a gate is σ(a), so multiply by σ′ = gate ⊙ (1 − gate) to come from the gate to a.",
            _wrong_backward(gate_slope=np.ones_like),
        ),
        Mistake(
            "a slope is missing: g is tanh(a), so multiply by 1 − g² to come from g to a.",
            _wrong_backward(candidate_slope=np.ones_like),
        ),
        Mistake("the slope of g is 1 − g², that of tanh, not of σ.", _wrong_backward(candidate_slope=_sigmoid_slope)),
        Mistake(
            "the slope of a gate is gate ⊙ (1 − gate), that of σ.",
            _wrong_backward(gate_slope=_tanh_slope),
        ),
        Mistake(
            "a slope is missing: h_t shows tanh(c_t), so what comes through h_t is multiplied by 1 − tanh²(c_t).",
            _wrong_backward(from_h=lambda dh, o, c: dh * o),
        ),
        Mistake(
            "the slope of tanh(c_t) is 1 − tanh²(c_t), not 1 − c_t².",
            _wrong_backward(from_h=lambda dh, o, c: dh * o * (1 - c**2)),
        ),
        Mistake(
            "the output gate is missing: h_t = o ⊙ tanh(c_t), so what c_t gets through h_t is multiplied by o.",
            _wrong_backward(from_h=lambda dh, o, c: dh * (1 - np.tanh(c) ** 2)),
        ),
        Mistake(
            "a sum is forgotten: c_t reaches the loss on two paths; add what comes through h_t to the given dc.",
            _wrong_backward(later=lambda dc, f: 0),
        ),
        Mistake("lines 3 and 4 need the new dc, with what comes through h_t.", _lines_3_and_4_early),
        Mistake(
            "a sum is forgotten: c_t reaches the loss on two paths; dc needs what comes through h_t too.",
            _wrong_backward(from_h=lambda dh, o, c: 0),
        ),
        Mistake("o multiplied tanh(c_t), not c_t: do = dh ⊙ tanh(c_t).", _wrong_backward(shown=lambda c: c)),
        Mistake(
            "the given dc holds the factor f_{t+1} already: add it as it is.",
            _wrong_backward(later=lambda dc, f: dc * f),
        ),
        Mistake(
            "f multiplied the cell before: df = dc ⊙ c_{t-1}.",
            _wrong_backward(to_gates=lambda dc, c_before, g, c: (dc * g, dc * c)),
        ),
        Mistake(
            "g is after tanh: its slope is 1 − g².",
            _wrong_backward(candidate_slope=lambda g: 1 - np.tanh(g) ** 2),
        ),
        Mistake(
            "i, f and o are after σ: their slope is gate ⊙ (1 − gate).",
            _wrong_backward(gate_slope=lambda gate: _sigmoid_slope(sigmoid(gate))),
        ),
        Mistake("dc is ∂L/∂c_t here: the factor f belongs to the step before.", _kept_for_earlier),
        Mistake("put the four parts side by side: concatenate along the last axis.", _wrong_backward(axis=0)),
    ),
)
