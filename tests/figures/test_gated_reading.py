"""The machine that reads has the layer's numbers, holds the gates that are held, and brings the gradient back."""

import numpy as np
import pytest

from helpers.figures.cell_machines import LSTM_STAGES, LSTM_STAGES_BACK
from helpers.figures.gated_reading import (
    HOLD_GRU,
    HOLD_LSTM,
    draw_gated_reading,
    draw_stage,
    held_gates,
    trace_reading,
)
from helpers.figures.machine import subscript
from helpers.layers.embedding import one_hot
from helpers.layers.recurrent import init_lstm, lstm_gates, zero_lstm_state
from helpers.models.cells_set_by_hand import SUBJECT_TEXT, subject_gru, subject_lstm

TEXT, WORDS = SUBJECT_TEXT, sorted(set(SUBJECT_TEXT))
LSTM, GRU = subject_lstm(WORDS), subject_gru(WORDS)
T = len(TEXT)


def bars(figure, heights):
    return [bar.get_width() for bar in figure.axes[0].patches if round(bar.get_height(), 2) == heights]


def touches(figure):
    return {artist.get_gid() for artist in figure.artists if artist.get_gid()}


def test_what_is_held_is_read_from_its_words():
    assert held_gates("nothing") == {}
    assert held_gates("f open") == {"f": 1.0}
    assert held_gates("z shut") == {"z": 0.0}
    for wrong in ("f", "f half", "g open", "", "open f"):
        with pytest.raises(ValueError, match=r"hold = .* expected 'nothing' or a gate with its valve"):
            held_gates(wrong)


def test_a_held_gate_is_that_of_the_layer_without_it():
    x = one_hot(np.array([WORDS.index(word) for word in TEXT]), len(WORDS))[:, None]
    for gate in "ifo":
        wanted = lstm_gates(x, zero_lstm_state(1, LSTM), LSTM, fixed=(gate,))
        steps = trace_reading(TEXT, WORDS, LSTM, f"{gate} open")
        np.testing.assert_allclose([step.values["h"] for step in steps], wanted.h.ravel())


def test_the_gradient_is_that_of_the_last_h_of_the_unit():
    params = init_lstm(np.random.default_rng(0), len(WORDS), 3)
    steps = trace_reading(TEXT[:5], WORDS, params, unit=1)
    assert [step.gradients["h_loss"] for step in steps] == [0, 0, 0, 0, 1]
    nudged = 1e-6
    x = one_hot(np.array([WORDS.index(word) for word in TEXT[:5]]), len(WORDS))[:, None]

    def last(c_0):
        return lstm_gates(x, (np.zeros((1, 3)), np.array([[0, c_0, 0]])), params).h[-1, 0, 1]

    numerical = (last(nudged) - last(-nudged)) / (2 * nudged)
    assert steps[0].gradients["c_before"] == pytest.approx(numerical, rel=1e-6)


@pytest.mark.parametrize(("params", "memory"), [(LSTM, "c"), (GRU, "h")])
def test_forward_the_words_to_come_are_empty_and_on_the_way_back_the_words_not_reached(params, memory):
    steps = trace_reading(TEXT, WORDS, params)
    held = [step.values[memory] for step in steps]
    gradients = [step.gradients[memory] for step in steps]
    (_, over_time), sentence = draw_gated_reading(TEXT, WORDS, params, 4)
    np.testing.assert_allclose(bars(over_time, 0.62), [*held[:4], *[0] * (T - 4)])
    assert sentence.startswith("Word 4, “not”")
    (_, over_time), sentence = draw_gated_reading(TEXT, WORDS, params, T + 3)  # the third word from the end
    np.testing.assert_allclose(bars(over_time, 0.62), held)
    np.testing.assert_allclose(bars(over_time, 0.3), [*[0] * (T - 3), *gradients[-3:]])
    assert sentence == (
        f"Back at “the”, word {T - 2}: ∂h{subscript(T)}/∂{memory}{subscript(T - 2)} is {gradients[T - 3]:.2f}."
    )


def test_a_click_on_a_gate_opens_shuts_and_frees_it():
    for hold, wanted in (("nothing", "hold=f open"), ("f open", "hold=f shut"), ("f shut", "hold=nothing")):
        (machine, _), sentence = draw_gated_reading(TEXT, WORDS, LSTM, 2, hold)
        assert wanted in touches(machine)
        assert sentence.startswith("Gate f is held") == (hold != "nothing")
    (machine, _), _ = draw_gated_reading(TEXT, WORDS, GRU, 2, "nothing")
    assert {gid for gid in touches(machine) if gid.startswith("hold")} == {"hold=r open", "hold=z open"}
    (machine, _), _ = draw_gated_reading(TEXT, WORDS, GRU, 2)  # a figure without that control
    assert touches(machine) == {f"step={step}" for step in range(1, T + 1)}


def test_every_hold_of_every_machine_fits(check_layout, machine_faults):
    for params, holds in ((LSTM, HOLD_LSTM), (GRU, HOLD_GRU)):
        for hold in holds:
            for step in (1, 8, T + 7):
                (machine, over_time), _ = draw_gated_reading(TEXT, WORDS, params, step, hold)
                assert machine_faults(machine) == []
                check_layout(over_time, "x")


def test_the_stages_go_forward_and_back_and_each_says_another_thing(machine_faults):
    steps = trace_reading(TEXT[:3], WORDS, LSTM)
    drawn = [draw_stage(steps, 2, stage) for stage in range(len(LSTM_STAGES) + len(LSTM_STAGES_BACK))]
    assert len({sentence for _, sentence in drawn}) == len(drawn)
    assert all(machine_faults(figure) == [] for figure, _ in drawn)
    assert "c₂" in [artist.get_text() for artist in drawn[3][0].artists if hasattr(artist, "get_text")]
    f = steps[1].values["f"]
    assert drawn[0][1] == f"The forget gate f: how much of the old cell is kept. At step 2 it is {f:.2f}."
    for wrong in (-1, len(drawn)):
        with pytest.raises(ValueError, match=f"stage = {wrong}, expected 0 to {len(drawn) - 1}"):
            draw_stage(steps, 2, wrong)
