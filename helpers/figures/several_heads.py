"""Several heads as a machine: one place asks, each head looks on its own, and one linear layer reads them together."""

import numpy as np

from helpers.core.checks import check_indices, check_integer, check_shape
from helpers.core.numerics import softmax
from helpers.figures.machine import Arrow, Part, draw_machine
from helpers.models.head_ablation import without_head
from helpers.models.self_attention_tagger import self_attention_tagger

ALL_HEADS = "no head"
_TOP, _HEADS, _MAPS, _OUT, _JOIN, _ANSWERS = 0.0, 0.58, 1.58, 2.68, 3.12, 3.78  # rows, in inches


def head_choices(heads):
    """What a reader can take out: nothing, or one head."""
    return [ALL_HEADS, *(f"head {k + 1}" for k in range(heads))]


def draw_several_heads(params, heads, tokens, place, taken_out, symbols, questions, answers):
    """Draw how one place of a sequence asks with every head, and what the layer answers.

    In a figure with the controls "place" and "taken_out" a click on a symbol or on a head sets them.

    Parameters
    ----------
    params : SelfAttentionTaggerParams
    heads : int
        At most 4: more are too narrow.
    tokens : ndarray of int (T,)
    place : int
        From 1 to T: who asks.
    taken_out : str
        One of `head_choices(heads)`.
    symbols, questions : sequences of str
        The names of the V ids, and of the Q questions.
    answers : ndarray of int (T, Q)
        The right ones; below 0 where there is none.

    Returns
    -------
    Figure, str

    Raises
    ------
    ValueError
        When there is no such place or head, or shapes do not fit.
    """
    (T,) = check_shape("tokens", tokens, "T")
    check_indices("tokens", tokens, len(symbols))
    answers = np.asarray(answers)
    check_shape("answers", answers, "T Q", T=T, Q=len(questions))
    if not 1 <= check_integer("place", place) <= T:
        raise ValueError(f"place is {place}, expected 1 to {T}")
    if taken_out not in head_choices(heads):
        raise ValueError(f"taken_out is {taken_out!r}, expected one of {', '.join(head_choices(heads))}")
    out = head_choices(heads).index(taken_out) - 1  # -1: none
    used = params if out < 0 else without_head(params, heads, out)
    logits, weights, (_, (*_, joined, _), _) = self_attention_tagger(tokens[None], used, heads)
    t, p = place - 1, softmax(logits[0])
    names = [symbols[token] for token in tokens]
    read = joined[0, t].reshape(heads, -1)
    right = [int(a) for a in answers[t]]
    figure = _draw(names, t, weights[0, :, t], read, out, p[t], right, symbols, questions)
    return figure, _tell(names, t, weights[0, :, t], out, p[t], right, symbols, questions)


def _draw(names, t, weights, read, out, p, right, symbols, questions):
    K, T = weights.shape
    columns = np.linspace(0, T - 1, 2 * K + 1)[1::2] if K > 1 else [(T - 1) / 2]
    parts, arrows, middle = [], [], (T - 1) / 2
    for s, name in enumerate(names):
        role, touch = "query" if s == t else "plain", f"place={s + 1}"
        parts.append(Part(f"x{s}", (s, _TOP), "box", role, label=name, size=(0.36, 0.27), touch=touch))
    for k, column in enumerate(columns):
        gone = k == out
        touch = f"taken_out={ALL_HEADS if gone else f'head {k + 1}'}"
        role = "plain" if gone else "probability"
        parts.append(Part(f"head{k}", (column, _HEADS), "box", role, label=f"head {k + 1}", touch=touch))
        look = {"names": tuple(names), "size": (1.0, 0.2 * T), "touch": touch}
        parts.append(Part(f"w{k}", (column, _MAPS), "bars", role, weights[k], **look))
        cells = {"digits": False, "size": (0.8, 0.2), "touch": touch}
        value = np.zeros_like(read[k]) if gone else read[k]
        parts.append(Part(f"o{k}", (column, _OUT), role="plain" if gone else "value", value=value, **cells))
        arrows.append(Arrow(f"x{t}", f"head{k}", leaves="below", enters="above"))
        arrows.append(Arrow(f"w{k}", f"o{k}", role=role))
        if not gone:
            parts.append(Part(f"into{k}", (column, _JOIN - 0.17), "dot"))  # straight down into the wide box
            arrows.append(Arrow(f"o{k}", f"into{k}", 0.3))
    label = "all heads side by side, times Wₒ, then a linear layer"
    parts.append(Part("join", (middle, _JOIN), "box", "plain", label=label, size=(4.4, 0.3)))
    asked = [j for j, answer in enumerate(right) if answer >= 0]
    lines = tuple(f"{questions[j]} {symbols[right[j]] if right[j] >= 0 else '–'}" for j in range(len(right)))
    shares = np.array([p[j, right[j]] if j in asked else 0.0 for j in range(len(right))])
    parts.append(Part("p", (middle, _ANSWERS), "bars", "output", shares, names=lines, size=(3.2, 0.2 * len(lines))))
    arrows.append(Arrow("join", "p", 0.3))
    return draw_machine(parts, arrows, now=(), row=1.0)


def _tell(names, t, weights, out, p, right, symbols, questions):
    heaviest = []
    for k, row in enumerate(weights):
        s = int(row.argmax())
        where = {-1: "the one before", 0: "itself", 1: "the one after"}.get(s - t, f"place {s + 1}")
        heaviest.append(f"{k + 1} at {names[s]} ({where})")
    said = f"Place {t + 1}, {names[t]}, asks. The heads look most: " + ", ".join(heaviest) + ". "
    wrong = [questions[j] for j, a in enumerate(right) if a >= 0 and p[j].argmax() != a]
    state = f"Without head {out + 1}" if out >= 0 else "With all heads"
    if not wrong:
        return f"{said}{state} every answer is right."
    shown = [f"{q}: {symbols[int(p[questions.index(q)].argmax())]}" for q in wrong]
    return f"{said}{state} it is wrong about {', '.join(shown)}."
