"""Negative sampling as a machine: noise words are drawn, and each is asked the same question as the true one."""

from typing import NamedTuple

import numpy as np

from helpers.core.numerics import sigmoid
from helpers.figures.machine import Arrow, Part, draw_machine
from helpers.models.word2vec.outputs import softplus

_WORD, _P, _Q, _SLOT, _S, _YES, _BACK = 0.0, 0.75, 1.28, 2.45, 3.3, 3.82, 4.36  # columns, about in inches
_ROW, _HEAD = 0.29, -1.15  # inches from row to row; the row of the names of the columns
_NUMBER, _HEIGHT = 0.46, 0.25


class NoiseDraw(NamedTuple):
    """One example of negative sampling: a true word and k that were drawn."""

    seen: str  # the word that goes in
    words: tuple  # the V words that may be drawn
    p: np.ndarray  # (V,) their shares in the text
    q: np.ndarray  # (V,) how they are drawn
    target: int
    drawn: np.ndarray  # (k,) of int
    s: np.ndarray  # (V,) the score of each word after `seen`


def draw_noise_machine(draw):
    """Draw the list of words, those that were drawn from it, and what each is asked.

    Parameters
    ----------
    draw : NoiseDraw

    Returns
    -------
    matplotlib.figure.Figure
    """
    parts, arrows = list(_heads()), []
    for w, word in enumerate(draw.words):
        come = w == draw.target or w in draw.drawn
        parts.append(Part(f"word{w}", (_WORD, w), "text", label=word))
        look = {"size": (_NUMBER, _HEIGHT), "role": "input" if come else "plain"}
        parts += [Part(f"p{w}", (_P, w), value=draw.p[w], **look), Part(f"q{w}", (_Q, w), value=draw.q[w], **look)]
    asked = [draw.target, *draw.drawn.tolist()]
    places = np.linspace(0, len(draw.words) - 1, len(asked))
    for slot, (w, row) in enumerate(zip(asked, places, strict=True)):
        true = slot == 0
        role = "output" if true else "loss"
        label = f"{draw.words[w]}: yes" if true else f"{draw.words[w]}: no"
        parts.append(Part(f"slot{slot}", (_SLOT, row), "box", role, label=label, size=(0.98, _HEIGHT)))
        cell = {"size": (_NUMBER, _HEIGHT)}
        right = sigmoid(draw.s[w])
        parts += [
            Part(f"s{slot}", (_S, row), role=role, value=draw.s[w], **cell),
            Part(f"yes{slot}", (_YES, row), "bar", "probability", right, **cell),
            Part(f"back{slot}", (_BACK, row), role="back", value=right - true, **cell),
        ]
        sides = {"leaves": "right", "enters": "left"}
        arrows.append(Arrow(f"q{w}", f"slot{slot}", 0.25 if true else 0.0, role=role, **sides))
    return draw_machine(parts, arrows, row=_ROW, scale=2.0)


def tell_noise_machine(draw):
    """Say in words what `draw_noise_machine` shows.

    Returns
    -------
    str
    """
    target, common, rare = draw.words[draw.target], int(draw.p.argmax()), int(draw.p.argmin())
    asked = np.array([draw.target, *draw.drawn])
    loss = softplus(draw.s[asked]) - (np.arange(len(asked)) == 0) * draw.s[asked]
    hits = int((draw.drawn == draw.target).sum())
    said = f" “{target}” itself was drawn {hits} time{'s' if hits > 1 else ''}: both are asked." if hits else ""
    ratio = (
        f"“{draw.words[common]}” is drawn {draw.q[common] / draw.q[rare]:.1f} times as often as “{draw.words[rare]}”"
    )
    return f"h is the row of “{draw.seen}”. {ratio}. Here the loss is {loss.sum():.2f} nats.{said}"


def _heads():
    names = {_P: "in the\ntext", _Q: "drawn\nwith", _SLOT: "asked: real pair?", _S: "s", _YES: "σ(s)", _BACK: "∂L/∂s"}
    for number, (column, label) in enumerate(names.items()):
        yield Part(f"head{number}", (column, _HEAD), "text", label=label)
