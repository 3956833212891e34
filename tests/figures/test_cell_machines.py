"""The machines of the gated cells have the layers' numbers in them, hide what is not computed, and fit."""

from itertools import pairwise

import numpy as np
import pytest

from helpers.figures import cell_machines
from helpers.figures.cell_machines import (
    GRU_STAGES,
    GRU_STAGES_BACK,
    LSTM_STAGES,
    LSTM_STAGES_BACK,
    draw_gru_cell,
    draw_lstm_cell,
    trace_gru_unit,
    trace_lstm_unit,
)
from helpers.figures.machine import Term, Words
from helpers.layers.recurrent import (
    gru,
    gru_backward,
    gru_gates,
    init_gru,
    init_lstm,
    lstm,
    lstm_backward,
    lstm_cell_gradients,
    lstm_gates,
    zero_gru_state,
    zero_lstm_state,
)

T, D, H, UNIT = 4, 3, 5, 2
RNG = np.random.default_rng(1)
X, DH = RNG.normal(size=(T, D)), RNG.normal(size=(T, H))
LSTM, GRU = (init(RNG, D, H) for init in (init_lstm, init_gru))
LSTM = LSTM._replace(b_h=RNG.normal(size=4 * H))
GRU = GRU._replace(b_xh=RNG.normal(size=3 * H), b_hh=RNG.normal(size=3 * H))
WORDS = Words(("the", "woman", "does", "not", "throw", "the", "ball", ",", "she", "drives", "the", "car"), 1, "step")
DRAWINGS = {
    "LSTM": (draw_lstm_cell, trace_lstm_unit(X, LSTM, DH, UNIT), LSTM_STAGES, LSTM_STAGES_BACK),
    "GRU": (draw_gru_cell, trace_gru_unit(X, GRU, DH, UNIT), GRU_STAGES, GRU_STAGES_BACK),
}
ALL = [
    (name, now, back)
    for name, (_, _, forward, backward) in DRAWINGS.items()
    for back, stages in ((False, forward), (True, backward))
    for now in (None, *stages)
]
HARD = (-0.0, 12.34, -1e-9, 1e6, -0.0049, -99.96, np.nan, -np.inf, -9.4e9, -123.4, -3e-7)


def written(figure):
    return [a.get_text() for a in figure.artists if hasattr(a, "get_text")]


def test_the_unit_of_the_lstm_has_the_numbers_of_the_layer():
    steps = trace_lstm_unit(X, LSTM, DH, UNIT)
    state = zero_lstm_state(1, LSTM)
    gates = lstm_gates(X[:, None], state, LSTM)
    for name in "ifgoch":
        np.testing.assert_allclose([s.values[name] for s in steps], getattr(gates, name)[:, 0, UNIT])
    _, _, cache = lstm(X[:, None], state, LSTM)
    dc = lstm_cell_gradients(DH[:, None], state, cache, LSTM)
    np.testing.assert_allclose([s.gradients["c"] for s in steps], dc[:, 0, UNIT])
    _, (dh_0, dc_0), _ = lstm_backward(DH[:, None], state, cache, LSTM)
    assert steps[0].gradients["h_before"] == pytest.approx(dh_0[0, UNIT])
    assert steps[0].gradients["c_before"] == pytest.approx(dc_0[0, UNIT])
    for step, later in pairwise(steps):
        assert step.gradients["h_later"] == later.gradients["h_before"]
        assert step.gradients["c_later"] == later.gradients["c_before"]
        assert later.values["c_before"] == step.values["c"]
    with_one = trace_lstm_unit(X, LSTM, DH, UNIT, held={"f": 1.0})
    fixed = lstm_gates(X[:, None], state, LSTM, fixed=("f",))
    np.testing.assert_allclose([s.values["h"] for s in with_one], fixed.h[:, 0, UNIT])


def test_the_unit_of_the_gru_has_the_numbers_of_the_layer():
    steps = trace_gru_unit(X, GRU, DH, UNIT)
    state = zero_gru_state(1, GRU)
    gates = gru_gates(X[:, None], state, GRU)
    for name in "rznh":
        np.testing.assert_allclose([s.values[name] for s in steps], getattr(gates, name)[:, 0, UNIT])
    _, _, cache = gru(X[:, None], state, GRU)
    _, (dh_0,), _ = gru_backward(DH[:, None], state, cache, GRU)
    assert steps[0].gradients["h_before"] == pytest.approx(dh_0[0, UNIT])


@pytest.mark.parametrize("trace", [trace_lstm_unit, trace_gru_unit])
def test_a_held_gate_stands_still_and_gives_nothing_back(trace):
    params, gate = (LSTM, "f") if trace is trace_lstm_unit else (GRU, "z")
    for value in (0.0, 0.3, 1.0):
        for step in trace(X, params, DH, UNIT, held={gate: value}):
            assert step.values[gate] == value
            assert step.to_h[gate] == 0


@pytest.mark.parametrize("held", [{}, {"r": 0.2}, {"r": 1.0, "z": 0.4}])
def test_the_gradient_of_a_held_gru_is_that_of_its_differences(held):
    def loss(params):
        return sum(
            dh[k] * s.values["h"]
            for k in range(H)
            for dh, s in zip(DH, trace_gru_unit(X, params, DH, k, held), strict=True)
        )

    def nudged(size):
        b_xh = GRU.b_xh.copy()
        b_xh[2 * H + UNIT] += size
        return GRU._replace(b_xh=b_xh)

    steps = trace_gru_unit(X, GRU, DH, UNIT, held)
    by_hand = sum(s.gradients["n"] * (1 - s.values["n"] ** 2) for s in steps)
    assert by_hand == pytest.approx((loss(nudged(1e-5)) - loss(nudged(-1e-5))) / 2e-5, rel=1e-6)


@pytest.mark.parametrize(("name", "now", "back"), ALL)
def test_nothing_meets_at_any_stage(name, now, back, check_machine):
    draw, steps, *_ = DRAWINGS[name]
    for held in ((), tuple("ifgorzn")):
        check_machine(draw(steps[1], 2, now, back, WORDS, held))


@pytest.mark.parametrize("name", DRAWINGS)
def test_any_number_fits(name, check_machine):
    draw, steps, forward, backward = DRAWINGS[name]
    rng = np.random.default_rng(0)
    for now, back in [(forward[-1], False), (backward[-1], True), (backward[1], True), (forward[0], False)]:
        tables = ({key: float(rng.choice(HARD)) for key in table} for table in steps[1])
        check_machine(draw(type(steps[1])(*tables), 12, now, back, WORDS))


@pytest.mark.parametrize("name", DRAWINGS)
def test_what_comes_later_is_not_there_yet(name):
    draw, steps, forward, _ = DRAWINGS[name]
    step = steps[2]
    counts = [sum("." in text for text in written(draw(step, 3, now))) for now in forward]
    assert counts[0] < counts[-1]
    first = written(draw(step, 3, forward[0]))
    assert f"{step.values['h']:.2f}".replace("-", "−") not in first
    assert f"{step.values['h']:.2f}".replace("-", "−") in written(draw(step, 3, forward[-1]))


def test_a_stage_that_does_not_exist_is_said():
    with pytest.raises(ValueError, match="now = 'z' is none of f, i, g"):
        draw_lstm_cell(DRAWINGS["LSTM"][1][0], 1, "z")


OPERATORS = {"× (": "*(", "= σ(": "=1/(1+np.exp(-(", "= tanh(": "=np.tanh(", "× tanh(": "*np.tanh(", "×": "*",
             "−": "-", ")": ")", "+": "+", "=": "="}  # fmt: skip


@pytest.mark.parametrize(("name", "now", "back"), [case for case in ALL if case[1]])
def test_every_equation_holds(name, now, back):
    step = DRAWINGS[name][1][2]
    make = cell_machines._lstm_equation if name == "LSTM" else cell_machines._gru_equation
    terms = make(step, now, back, "₃", "₂", ())
    code = "".join(f"({t.value!r})" if isinstance(t, Term) else OPERATORS[t] for t in terms)
    left, right = code.split("=")
    right = right + ")" * (right.count("(") - right.count(")"))
    assert eval(left) == pytest.approx(eval(right, {"np": np}))
