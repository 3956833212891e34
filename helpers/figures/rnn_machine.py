"""An RNN that reads a sentence word by word, predicts the next word, and sends back what it should have done."""

import numpy as np

from helpers.data.tasks.agreement import AGREEMENT_WORDS
from helpers.figures.machine import Arrow, Part, draw_machine, short_number, subscript

_WORD = 1.37  # columns from word to word, where the words that are predicted stand one apart
_TITLE, _P, _H, _LENGTH, _E, _X = -0.88, 0.0, 1.8, 2.68, 3.25, 3.74  # rows
_WIDEST, _WIDEST_BACK = 4.0, 1.2  # the length of a vector, or of a gradient, whose arrow is widest
_SHARE = 0.03  # a probability that is smaller gets no arrow


def count_moments(reading):
    """3 T + 3: nothing read, two for each word, the loss, one for each state on the way back, and the end.

    Parameters
    ----------
    reading : helpers.models.agreement_reader.Reading

    Returns
    -------
    int
    """
    return 3 * len(reading.h) + 3


def draw_rnn_reading(reading, moment, control=""):
    """Draw the network unrolled in time, with all numbers that are known at a moment.

    Each column has a word, what the word brings (its row of W_xh) and the state after it; above them stand the
    probabilities of the next word. On the way back, a state has the length of its gradient below it, and arrows are as
    wide as what flows is long.

    Parameters
    ----------
    reading : helpers.models.agreement_reader.Reading
    moment : int
        From 0 to count_moments(reading) − 1.
    control : str
        A click on a word or its state sets this control to the moment when it is read.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When there is no such moment.
    """
    T = len(reading.h)
    read, predicted, back = _progress(reading, moment)
    columns = (len(AGREEMENT_WORDS) - 1) / 2 + _WORD * (np.arange(T + 1) - T / 2)
    parts, arrows = [], []
    for t, column in enumerate(columns[:-1]):
        touch = f"{control}={2 * t + 1}" if control else ""
        parts += _column(reading, t, column, t < read, t >= T - back, touch)
        colour = "plain" if t >= read or moment == 2 * read else "state"  # what is done makes room for the prediction
        arrows += _arrows_into(reading, t, t < read, colour, T - back)
    parts += _next_words(reading, predicted, moment > 2 * T)
    parts += _names_of_rows(reading, columns[-1], moment > 2 * T, back > 0)
    arrows += _to_next_words(reading, predicted, back > 0)
    return draw_machine(parts, arrows, now=_now(reading, moment), row=0.66)


def tell_rnn_reading(reading, moment):
    """Say in words what `draw_rnn_reading` shows at a moment.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        When there is no such moment.
    """
    T, target = len(reading.h), reading.words[-1]
    read, predicted, back = _progress(reading, moment)
    lengths = np.linalg.norm(reading.dh, axis=1)
    p = reading.p[-1, AGREEMENT_WORDS.index(target)]
    if moment == 0:
        return "Nothing is read yet. The words come in from below, one after the other."
    if moment == 3 * T + 2:
        left = f"{short_number(lengths[-1], tiny=True)} at the last state, {short_number(lengths[1], tiny=True)}"
        return (
            f"The length of the gradient: {left} at “{reading.words[1]}”, which decides the verb. "
            f"One step against it takes p({target}) from {p:.2f} to {reading.p_after:.2f}."
        )
    if back:
        t = T - back
        length = short_number(lengths[t], tiny=True)
        if back == 1:
            return f"Now back: the gradient says how the last state should change. Its length is {length}."
        return f"Back through time: at “{reading.words[t]}” the gradient has the length {length}."
    if moment > 2 * T:
        loss = f"−ln {p:.2f} = {reading.loss:.2f}"
        return f"The next word is “{target}”. Its probability was {p:.2f}, so the loss is {loss}."
    word, t = reading.words[read - 1], subscript(read)
    if predicted is None:
        before = f" and the state h{subscript(read - 1)}" if read > 1 else ""
        return f"Word {read}, “{word}”: the state h{t} is computed from this word{before}."
    order = np.argsort(-reading.p[predicted], kind="stable")[:2]
    first, second = (f"“{AGREEMENT_WORDS[v]}” {reading.p[predicted, v]:.2f}" for v in order)
    return f"From h{t} comes a probability for every next word: most probable are {first} and {second}."


def _progress(reading, moment):
    """Return how many words are read, of which state the prediction is shown, and how many states have a gradient."""
    T = len(reading.h)
    if not 0 <= moment < count_moments(reading):
        raise ValueError(f"moment is {moment}, expected 0 to {count_moments(reading) - 1}")
    if moment <= 2 * T:
        return (moment + 1) // 2, moment // 2 - 1 if moment and moment % 2 == 0 else None, 0
    return T, T - 1, min(moment - 2 * T - 1, T)


def _now(reading, moment):
    T = len(reading.h)
    read, predicted, back = _progress(reading, moment)
    if moment in (0, count_moments(reading) - 1):
        return ()
    if back:
        return (f"h{T - back}",)
    if moment > 2 * T:
        return (f"p{AGREEMENT_WORDS.index(reading.words[-1])}", "next")
    return (f"h{read - 1}", f"e{read - 1}", f"x{read - 1}") if predicted is None else ()


def _column(reading, t, column, known, has_gradient, touch):
    state, row = (reading.h[t][:, None], reading.from_word[t]) if known else (None, None)
    H = reading.h.shape[1]
    gradient = np.linalg.norm(reading.dh[t]) if has_gradient else None
    role = "input" if known else "plain"
    look = {"role": "back" if has_gradient else "state", "shape": (H, 1), "size": (0.53, 0.96), "touch": touch}
    yield Part(f"h{t}", (column, _H), value=state, back=gradient, **look)
    yield Part(f"e{t}", (column, _E), role=role, value=row, shape=(1, H), digits=False, touch=touch)
    yield Part(f"x{t}", (column, _X), "box", role, label=reading.words[t], size=(0.62, 0.27), touch=touch)


def _arrows_into(reading, t, known, colour, first_back):
    """Yield the arrows into a state: from its word, and from the state before, or back to them."""
    words, states = (
        (f"e{t}", reading.from_word[t], reading.da[t]),
        (f"h{t - 1}", reading.from_state[t], reading.dh[t - 1]),
    )
    for start, forward, back in (words, states) if t else (words,):
        if t >= first_back and (start == words[0] or t > first_back):
            yield Arrow(start, f"h{t}", np.linalg.norm(back) / _WIDEST_BACK, back=True)
        else:
            yield Arrow(start, f"h{t}", np.linalg.norm(forward) / _WIDEST if known else None, role=colour)


def _next_words(reading, predicted, is_told):
    """Yield the bars and what stands above them."""
    target = reading.words[-1]
    for v, word in enumerate(AGREEMENT_WORDS):
        p = None if predicted is None else reading.p[predicted, v]
        role = "loss" if is_told and word == target else "probability"
        yield Part(f"p{v}", (v, _P), "bar", role, p, label=word, size=(0.48, 0.56))
    title = f"loss = −ln p({target}) = {reading.loss:.2f}" if is_told else "probability of each word to come next"
    yield Part("title", ((len(AGREEMENT_WORDS) - 1) / 2, _TITLE), "text", label=title)


def _names_of_rows(reading, column, is_told, is_back):
    """Yield what the rows are called, in the column of the word that is to be predicted, and that word."""
    target = reading.words[-1]
    yield Part("state", (column, _H), "text", label="state:\nfour\nnumbers")
    if is_back:
        yield Part("length", (column, _LENGTH), "text", label="gradient")
    yield Part("vector", (column, _E), "text", label="vector")
    look = {"role": "loss", "label": target} if is_told else {"role": "plain", "label": "?"}
    yield Part("next", (column, _X), "box", size=(0.62, 0.27), **look)


def _to_next_words(reading, predicted, is_back):
    if predicted is None:
        return
    for v in range(len(AGREEMENT_WORDS)):
        size = reading.dlogits[v] if is_back else reading.p[predicted, v]
        if abs(size) >= _SHARE:
            yield Arrow(
                f"h{predicted}", f"p{v}", 0.7 * size, back=is_back, role="probability", leaves="above", enters="below"
            )
