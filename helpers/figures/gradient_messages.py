"""A message that goes back from the loss through fifty boxes, one for each step; and what it becomes in training."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice, check_integer
from helpers.core.initial_values import largest_singular_value, non_normal, spectral_radius
from helpers.figures.learning_curves import draw_share_map
from helpers.figures.machine import Arrow, Part, draw_machine
from helpers.figures.style import (
    BLUE,
    GREEN,
    GREY,
    LINES,
    ORANGE,
    log_axis,
    new_figure,
    power_of_ten,
    scientific,
    styled,
)
from helpers.layers.recurrent.rnn import RNNParams, rnn, rnn_state_gradients

STEPS, _IN_A_ROW = 50, 10
_ROTATION = np.array([[np.cos(0.5), np.sin(0.5)], [-np.sin(0.5), np.cos(0.5)]])
# Name → the matrix, and the activation of the two units.
MATRICES = {
    "0.9 × rotation": (0.9 * _ROTATION, "identity"),
    "rotation": (_ROTATION, "identity"),
    "1.1 × rotation": (1.1 * _ROTATION, "identity"),
    "0.8 and a corner": (non_normal(2, 0.8, 1.5), "identity"),
    "rotation, with tanh": (_ROTATION, "tanh"),
}


class Message(NamedTuple):
    """∂L/∂h_t of two units at every step, relative to its size at the loss."""

    W: np.ndarray  # (2, 2)
    activation: str
    dh: np.ndarray  # (STEPS, 2), the last step first: dh[n] is n steps back
    size: np.ndarray  # (STEPS,), size[0] is 1


def trace_message(matrix):
    """Send a message of size 1 back through fifty steps of two units.

    Parameters
    ----------
    matrix : str
        One of MATRICES.

    Returns
    -------
    Message
    """
    check_choice("matrix", matrix, list(MATRICES))
    W, activation = MATRICES[matrix]
    x = np.random.default_rng(0).standard_normal((STEPS, 1, 2))
    h, _, cache = rnn(x, (np.zeros((1, 2)),), RNNParams(np.eye(2), W, np.zeros(2)), activation)
    at_loss = np.array([[0.6, 0.8]])
    dh = rnn_state_gradients(np.zeros_like(h), (at_loss,), cache, RNNParams(np.eye(2), W, np.zeros(2)))
    dh = dh[::-1, 0]
    return Message(W, activation, dh, np.linalg.norm(dh, axis=1))


def draw_message_boxes(matrix, back):
    """Draw the fifty boxes, and how far the message has come; its size is colour, width and number.

    Parameters
    ----------
    matrix : str
        One of MATRICES.
    back : int
        How many boxes the message has reached, 0 to 50.

    Returns
    -------
    matplotlib.figure.Figure
    """
    message = trace_message(matrix)
    back = _checked_back(back)
    parts, arrows = [*_matrix(message)], []
    for t in range(STEPS):
        n = STEPS - 1 - t  # steps back
        parts += _box(t, message.size[n] if n < back else None)
        if t:
            size = _width(message.size[n]) if n < back - 1 else None
            arrows.append(Arrow(f"h{t - 1}", f"h{t}", size, role="plain", back=size is not None, head=False))
    parts.append(Part("loss", (_IN_A_ROW - 1, 5.75), "box", "loss", label="loss", size=(0.5, 0.26)))
    arrows.append(Arrow(f"h{STEPS - 1}", "loss", _width(1.0) if back else None, role="plain", back=back > 0))
    parts.append(Part("first", (0, -0.72), "text", label="step 1"))
    parts.append(Part("last", (_IN_A_ROW - 2.6, 5.75), "text", label="step 50"))
    return draw_machine(parts, arrows, now=(f"h{STEPS - back}",) if back else (), scale=1.0, row=0.42)


def _checked_back(back):
    back = check_integer("back", back, least=0)
    if back > STEPS:
        raise ValueError(f"back is {back}, expected at most {STEPS}")
    return back


def _matrix(message):
    """Yield the matrix and its two numbers."""
    rho, sigma = spectral_radius(message.W), largest_singular_value(message.W)
    yield Part("W", (1.1, -2.0), "cells", "weight", message.W, label="W", side="left")
    yield Part("sigma", (6.1, -2.35), "text", label=f"σ = {sigma:.2f}   the most that one step can do")
    yield Part("rho", (6.1, -1.65), "text", label=f"ρ = {rho:.2f}   the rate of the long run")


def _box(t, size):
    row, place = divmod(t, _IN_A_ROW)
    at = (place if row % 2 == 0 else _IN_A_ROW - 1 - place, row + 0.0)
    log = None if size is None else np.array([[np.log10(max(size, 1e-12))]])
    role = "plain" if size is None else "back"
    yield Part(f"h{t}", at, "cells", role, log, shape=(1, 1), digits=False, size=(0.36, 0.27))
    if size is not None:
        yield Part(f"number{t}", at, "text", label=_short(size))


def _short(size):
    """Write a size in five characters or less."""
    if 0.0095 <= size < 99.5:
        return f"{size:.2f}" if size < 9.95 else f"{size:.0f}"
    return power_of_ten(round(np.log10(size))) if size > 0 else "0"


def _width(size):
    """From 0 at a thousandth or less to 1 at a thousand or more, by powers of ten."""
    return float(np.clip((np.log10(max(size, 1e-12)) + 3) / 6, 0, 1))


@styled
def draw_message_size(matrix, back):
    """Draw the size of the message against the steps that it has gone back, with the two numbers' promises."""
    message, n, back = trace_message(matrix), np.arange(STEPS), _checked_back(back)
    figure, axes = new_figure(height=3.5)
    rho, sigma = spectral_radius(message.W), largest_singular_value(message.W)
    axes.axhline(1, color=GREY, linewidth=1)
    axes.plot(n, sigma**n, LINES[1], color=GREEN, label="σⁿ, the bound")
    axes.plot(n, rho**n, LINES[2], color=GREY, label="ρⁿ")
    reached = slice(0, max(back, 1))
    axes.plot(n[reached], message.size[reached], LINES[0], color=ORANGE, label="size", marker="o", markersize=3)
    log_axis(axes, "y", -18, 6)
    axes.set(xlabel="steps back from the loss, n", ylabel="size of the message", xlim=(0, STEPS - 1))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, columnspacing=1.2)
    return figure


def tell_message(matrix, back):
    """Say how large the message is after `back` boxes, and what the two numbers promise of it."""
    message, back = trace_message(matrix), _checked_back(back)
    if back == 0:
        return "The loss has made its message, of size 1. It has not set out yet."
    n, size = back - 1, message.size
    largest = int(size[:back].argmax())
    said = f"{n} step{'s' if n != 1 else ''} back, the message has size {scientific(size[n])}"
    if largest not in (0, n):
        return f"{said}. It was largest after {largest}: {scientific(size[largest])}."
    sigma = largest_singular_value(message.W)
    return f"{said}; the bound is {scientific(sigma**n)}."


@styled
def draw_training_log(logs, step, low=-2, high=6):
    """Draw two logs of one training: the loss, and the norm of the gradient on a scale of powers of ten.

    Parameters
    ----------
    logs : dict
        Name → (loss, norm), each of shape (steps,); a log may end early.
    step : int
        Up to which step it is drawn.
    low, high : int
        Powers of ten of the norm.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (top, bottom) = new_figure(rows=2, height=4.4, sharex=True)
    longest = max(len(loss) for loss, _ in logs.values())
    for (name, (loss, norm)), colour, line in zip(logs.items(), (ORANGE, BLUE), LINES, strict=False):
        shown = slice(0, step + 1)
        top.plot(np.minimum(loss[shown], 10.0), line, color=colour, label=name, linewidth=1.2)
        bottom.plot(np.clip(norm[shown], 10.0**low, 10.0**high), line, color=colour, linewidth=1.2)
    top.set(ylabel="loss (10: or more)", ylim=(1.5, 10.3), xlim=(0, longest - 1))
    bottom.set(xlabel="step of training", ylabel="norm of the gradient")
    log_axis(bottom, "y", low, high)
    top.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, columnspacing=1.2)
    return figure


def draw_counts_of_seeds(counts, seeds, scales, rates, framed):
    """Draw how many seeds learned, from each first scale (rows) at each learning rate (columns).

    Parameters
    ----------
    counts : ndarray of int (scales, rates)
    seeds : int
        How many there were.
    scales, rates : sequence of float
    framed : tuple of int and int
        Row and column of the cell that is marked.

    Returns
    -------
    matplotlib.figure.Figure
    """
    rows, columns = ([f"{value:g}" for value in values] for values in (scales, rates))
    texts = [[f"{count} of {seeds}" for count in row] for row in counts]
    return draw_share_map(counts / seeds, rows, columns, "first scale", "learning rate", texts, framed)
