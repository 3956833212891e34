"""A gated cell that reads a text word by word: the machine with its valves, and what it holds from word to word."""

import numpy as np

from helpers.figures.cell_machines import (
    LSTM_STAGES,
    LSTM_STAGES_BACK,
    draw_gru_cell,
    draw_lstm_cell,
    trace_gru_unit,
    trace_lstm_unit,
)
from helpers.figures.machine import Words, short_number, subscript
from helpers.figures.style import BLUE, GREY, ORANGE, new_figure
from helpers.layers.embedding import one_hot
from helpers.layers.recurrent.lstm import LSTMParams
from helpers.sliders.theme import INK

_VALVES = {"open": 1.0, "shut": 0.0}
# What a reader may hold in place.
HOLD_LSTM = ("nothing", "f open", "f shut", "i open", "i shut", "o open", "o shut")
HOLD_GRU = ("nothing", "z open", "z shut", "r open", "r shut")


def held_gates(hold):
    """Read "f open" as {"f": 1.0}, "f shut" as {"f": 0.0} and "nothing" as {}.

    Raises
    ------
    ValueError
        When it is none of HOLD_LSTM and HOLD_GRU.
    """
    if hold == "nothing":
        return {}
    gate, _, valve = hold.partition(" ")
    if hold not in (*HOLD_LSTM, *HOLD_GRU):
        raise ValueError(f"hold = {hold!r}, expected 'nothing' or a gate with its valve, such as 'f open' or 'i shut'")
    return {gate: _VALVES[valve]}


def _next_hold(gate, hold):
    """What a click on a gate asks for: open, then shut, then nothing."""
    return {f"{gate} open": f"{gate} shut", f"{gate} shut": "nothing"}.get(hold, f"{gate} open")


def trace_reading(text, words, params, hold="nothing", unit=0):
    """Let a gated cell read a text, and take the gradient of one unit's last h back to the first word.

    Parameters
    ----------
    text, words : sequences of str
        What is read, and the order of the one-hot vectors.
    params : LSTMParams or GRUParams
    hold : str
        See `held_gates`: the gate of all units.
    unit : int

    Returns
    -------
    list of helpers.figures.cell_machines.CellStep
    """
    at = {word: n for n, word in enumerate(words)}
    x = one_hot(np.array([at[word] for word in text]), len(words))
    dh = np.zeros((len(text), len(params.W_hh)))
    dh[-1, unit] = 1
    trace = trace_lstm_unit if isinstance(params, LSTMParams) else trace_gru_unit
    return trace(x, params, dh, unit, held_gates(hold))


def draw_gated_reading(text, words, params, step, hold=None, unit=0):
    """Draw the machine at one step, and beside it what the memory holds after every word.

    In a figure with a control "step" a click on a word goes there, and in one with a control "hold" a click on a gate
    holds it open, then shut, then lets it go.

    Parameters
    ----------
    text, words, params, unit
        As in `trace_reading`.
    hold : str, optional
        As in `trace_reading`; None where there is no such control.
    step : int
        From 1 to T it reads word `step`; from T + 1 to 2T the gradient of the last h comes back, last word first.

    Returns
    -------
    list of two Figures, str
        The machine, the memory over time, and the sentence that says what is to be seen.
    """
    steps = trace_reading(text, words, params, hold or "nothing", unit)
    back = step > len(text)
    t = 2 * len(text) + 1 - step if back else step
    draw, memory = (draw_lstm_cell, "c") if isinstance(params, LSTMParams) else (draw_gru_cell, "h")
    gates = "" if hold is None else "ifo" if memory == "c" else "rz"
    touch = {gate: f"hold={_next_hold(gate, hold)}" for gate in gates}
    row = Words(tuple(text), t - 1, "step", first=1)
    held = np.array([each.values[memory] for each in steps])
    gradients = np.array([each.gradients[memory] for each in steps])
    scale = max(1.0, np.abs(held).max())
    machine = draw(steps[t - 1], t, back=back, words=row, held=held_gates(hold or "nothing"), scale=scale, touch=touch)
    over_time = _draw_memory(text, held, gradients, t, back)
    over_time.axes[0].set_xlabel(_axis(text, memory, back))
    return [machine, over_time], _sentence(text, steps[t - 1], t, hold, memory, back)


def _draw_memory(text, held, gradients, t, back):
    figure, axes = new_figure(height=3.9)
    places = np.arange(len(text))
    # Forward, the words to come are empty; on the way back, the words that the gradient has not reached are pale.
    axes.barh(places, np.where((places < t) | back, held, 0), color=BLUE, alpha=0.4 if back else 0.85, height=0.62)
    if back:
        axes.barh(places, np.where(places >= t - 1, gradients, 0), color=ORANGE, height=0.3)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.axhspan(t - 1.5, t - 0.5, color=GREY, alpha=0.25, linewidth=0)
    axes.set_yticks(places, text)
    axes.set_ylim(len(text) - 0.4, -0.6)
    widest = max(1.1, 1.1 * np.abs(held).max())
    axes.set_xlim(-widest, widest)
    axes.grid(axis="y", visible=False)
    return figure


def _axis(text, memory, back):
    last, kind = len(text), _kind(text)
    return f"orange: ∂h{subscript(last)}/∂{memory} of each {kind}" if back else f"{memory} after each {kind}"


def _kind(text):
    return "symbol" if all(len(token) == 1 for token in text) else "word"


def _sentence(text, step, t, hold, memory, back):
    word, kind = text[t - 1], _kind(text)
    said = "" if hold in (None, "nothing") else f"Gate {hold[0]} is held {hold[2:]}. "
    if back:
        share = short_number(step.gradients[memory], tiny=True)
        share_of = f"∂h{subscript(len(text))}/∂{memory}{subscript(t)}"
        return f"{said}Back at “{word}”, {kind} {t}: {share_of} is {share}."
    numbers = {name: short_number(value) for name, value in step.values.items()}
    gates = ", ".join(f"{name} = {numbers[name]}" for name in ("ifo" if memory == "c" else "rz"))
    shown = f", of which h = {numbers['h']} is shown" if memory == "c" else ""
    return f"{said}{kind.capitalize()} {t}, “{word}”: {gates}. The memory {memory} is {numbers[memory]}{shown}."


_FORWARD = {
    "f": "The forget gate f: how much of the old cell is kept.",
    "i": "The input gate i: how much of the candidate is written.",
    "g": "The candidate g: what could be written.",
    "c": "The new cell c: what is kept and what is written are added.",
    "o": "The output gate o: how much of the cell is shown.",
    "h": "The new state h: the share o of tanh(c).",
}
_BACKWARD = {
    "h": "Back. The loss is that of the last h alone, so this h gets its gradient from the next step.",
    "o": "The output gate multiplied tanh(c), so its gradient is dh times tanh(c).",
    "c": "The cell goes to two places: through h, and on to the next cell. Their gradients are added.",
    "f": "The forget gate multiplied the old cell, so its gradient is dc times that.",
    "i": "The input gate multiplied the candidate, so its gradient is dc times g.",
    "g": "The candidate was multiplied by the input gate, so its gradient is dc times i.",
    "c_before": "The highway: the old cell was multiplied by f alone, so dc goes back times f.",
    "h_before": "The detour: the old state went into all four, and takes back from each.",
}


def draw_stage(steps, t, stage, scale=1.0, gradient_scale=1.0):
    """Draw what one step of an LSTM computes at one stage, forward and then on the way back.

    Parameters
    ----------
    steps : list of helpers.figures.cell_machines.CellStep
    t : int
        Which of them, from 1.
    stage : int
        From 0, through LSTM_STAGES and then LSTM_STAGES_BACK.
    scale, gradient_scale : float
        As in `draw_lstm_cell`.

    Returns
    -------
    Figure, str

    Raises
    ------
    ValueError
        When there is no such stage.
    """
    stages = [*LSTM_STAGES, *LSTM_STAGES_BACK]
    if not 0 <= stage < len(stages):
        raise ValueError(f"stage = {stage}, expected 0 to {len(stages) - 1}")
    back = stage >= len(LSTM_STAGES)
    now, step = stages[stage], steps[t - 1]
    figure = draw_lstm_cell(step, t, now, back, scale=scale, gradient_scale=gradient_scale)
    number = short_number(step.gradients[now] if back else step.values[now], tiny=back)
    return figure, f"{(_BACKWARD if back else _FORWARD)[now]} At step {t} it is {number}."
