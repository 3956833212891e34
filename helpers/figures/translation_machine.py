"""Encoder and decoder unrolled while they translate: what is held after each word, and how the context gets across."""

import numpy as np

from helpers.core.checks import as_floats, as_list, check_choice, check_finite, check_integer, check_shape
from helpers.figures.machine import Arrow, Group, Part, draw_machine, short_number
from helpers.models.seq2seq.params import USES

_OUT, _S, _C, _NAME, _H, _IN = 0.0, 1.15, 2.5, 3.22, 4.1, 5.0  # rows
_WORD = (0.62, 0.27)  # inches
_STATE = (0.44, 0.3)


def draw_translation(written, moment, use="first state"):
    """Draw the encoder below, the context in the middle and the decoder above, with all that is known at a moment.

    Parameters
    ----------
    written : helpers.models.seq2seq.written_steps.WrittenSteps
    moment : int
        0: nothing is read. 1 to S: so many words are read. From S + 1 on: so many words are written. A moment after the
        end shows the end.
    use : "first state" or "every step"
        Where the context goes.

    Returns
    -------
    matplotlib.figure.Figure, str

    Raises
    ------
    ValueError
        When the moment is negative, the use is unknown, or shapes do not fit.
    """
    moment = check_integer("moment", moment, least=0)
    check_choice("use", use, USES)
    S, T = _check_written(written)
    read, wrote = min(moment, S), min(max(0, moment - S), T)
    places = np.linspace(0, 7, max(S, T, 2))
    parts, arrows = [], []
    for t, word in enumerate(written.source):
        known = t < read
        parts += [
            Part(f"x{t}", (places[t], _IN), "box", "input" if known else "plain", label=word, size=_WORD),
            _state(f"h{t}", (places[t], _H), written.h[t], known),
        ]
        arrows.append(Arrow(f"x{t}", f"h{t}", 0.5 if known else None))
        if t:
            arrows.append(Arrow(f"h{t - 1}", f"h{t}", _share(written.h[t - 1]) if known else None))
    whole = read == S
    context = np.reshape(written.c, (2, -1))
    parts.append(Part("c", (3.5, _C), value=context if whole else None, shape=context.shape))
    parts.append(Part("name of c", (1.1, _NAME), "text", label=_name(whole)))
    arrows.append(Arrow(f"h{S - 1}", "c", 0.8 if whole else None, leaves="above", enters="below"))
    for t, word in enumerate(written.output):
        known = t < wrote
        label = word if known else "?"
        parts += [
            _state(f"s{t}", (places[t], _S), written.s[t], known),
            Part(f"y{t}", (places[t], _OUT), "box", "output" if known else "plain", label=label, size=_WORD),
        ]
        arrows.append(Arrow(f"s{t}", f"y{t}", 0.5 if known else None))
        if t:
            arrows.append(Arrow(f"s{t - 1}", f"s{t}", _share(written.s[t - 1]) if known else None))
            arrows.append(Arrow(f"y{t - 1}", f"s{t}", 0.3 if known else None))
        if t == 0 or use == "every step":
            arrows.append(Arrow("c", f"s{t}", 0.6 if known else None, role="memory", enters="below"))
    parts += [
        Part("name of decoder", (0.25, _OUT - 0.6), "text", label="decoder"),
        Part("name of encoder", (0.25, _IN + 0.6), "text", label="encoder"),
    ]
    groups = [
        Group(tuple(f"h{t}" for t in range(S)), role="state"),
        Group(tuple(f"s{t}" for t in range(T)), role="output"),
    ]
    figure = draw_machine(parts, arrows, groups, _now(read, wrote, moment, S, T), row=0.62)
    return figure, _tell(written, read, wrote, moment, use)


def _check_written(written):
    """Refuse numbers that do not belong together; return how many states the encoder and the decoder have."""
    arrays = {name: as_floats(name, getattr(written, name)) for name in ("h", "c", "s", "p")}
    words = [*as_list("source", written.source), *as_list("output", written.output)]
    if not all(isinstance(word, str) for word in words):
        raise ValueError(f"source and output are {str(words)[:60]}, expected words")
    for name, array in arrays.items():
        check_finite(name, array)
    S, H = check_shape("h", arrays["h"], "S H", S=len(written.source))
    if H % 2:
        raise ValueError(f"the states have {H} numbers, expected an even number: they are drawn in two rows")
    check_shape("c", arrays["c"], "H", H=H)
    T, _ = check_shape("s", arrays["s"], "T H", H=H, T=len(written.output))
    check_shape("p", arrays["p"], "T V", T=T)
    return S, T


def _state(name, at, values, known):
    two_rows = np.reshape(values, (2, -1))
    return Part(name, at, value=two_rows if known else None, shape=two_rows.shape, digits=False, size=_STATE)


def _share(values):
    return float(min(1, np.linalg.norm(values) / 4))


def _name(whole):
    return "context c = the last state" if whole else "context c"


def _now(read, wrote, moment, S, T):
    if wrote:
        return (f"s{wrote - 1}", f"y{wrote - 1}") if moment <= S + T else ()
    return ("c",) if read == S else (f"h{read - 1}", f"x{read - 1}") if read else ()


def _tell(written, read, wrote, moment, use):
    S = len(written.h)
    where = "It is the decoder's first state" if use == "first state" else "Every step of the decoder reads it"
    start = f"Moment {moment}. "
    if not moment:
        return start + f"Nothing is read yet. Context as {use}: {where.lower()}."
    if wrote:
        p = written.p[wrote - 1]
        word, text = written.output[wrote - 1], " ".join(written.output[:wrote])
        best = f"the most probable next word is {word}, with {p.max():.2f}"
        told = "the context comes in again" if use == "every step" else "the context came in once, as first state"
        told = told if wrote > 1 else "the context comes in"
        return start + f"Context as {use}: {told}; {best}. So far: {text}."
    if read == S:
        numbers = ", ".join(short_number(value) for value in written.c[:3])
        return start + f"All is read. The context is {numbers}, … {where} (context as {use})."
    return start + f"The encoder has read: {' '.join(written.source[:read])}. (Context as {use}.)"
