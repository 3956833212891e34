"""CBOW and skip-gram as a small network on a sentence of the reader's: two tables, every number, and the way back."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice
from helpers.core.numerics import softmax
from helpers.data.vocab import tokenise
from helpers.figures.machine import Arrow, Part, Words, draw_machine, short_number
from helpers.models.word2vec.inputs import INPUTS, Examples, hidden, hidden_backward
from helpers.models.word2vec.model import Word2VecParams
from helpers.models.word2vec.outputs import full_softmax, full_softmax_backward

# What is computed one after the other.
WORD2VEC_STAGES = ("window", "rows", "h", "scores", "p", "loss", "ds", "dW", "dh", "dE", "step")
_WINDOW, RATE, _D = 2, 1.0, 2
_MOST_WORDS = 6  # rows of the machine
_WORD, _E, _H, _W, _S, _P = 0.0, 0.82, 1.98, 3.06, 3.83, 4.34  # columns, about in inches
_ROW, _HEAD = 0.62, -0.62  # inches from row to row; the row of the names of the columns
_WIDE, _NUMBER, _HEIGHT = 0.96, 0.46, 0.27


class TableStep(NamedTuple):
    """One example of word2vec, and one step of gradient descent on it."""

    sentence: tuple  # of words
    centre: int  # its place in the sentence
    words: tuple  # the V different words, in the order of the tables
    seen: np.ndarray  # (C,) of int, the words that go in, each time that they stand in the window
    target: int  # the word that should come out
    idle: tuple  # the places in the sentence that are neither seen nor to be named
    E: np.ndarray  # (V, D)
    W: np.ndarray  # (V, D)
    h: np.ndarray  # (D,)
    s: np.ndarray  # (V,)
    p: np.ndarray  # (V,)
    loss: float
    ds: np.ndarray  # (V,)
    dh: np.ndarray  # (D,)
    grads: Word2VecParams  # ∂L/∂E and ∂L/∂W
    h_after: np.ndarray  # (D,) after E ← E − RATE · dE and W ← W − RATE · dW
    s_after: np.ndarray  # (V,)
    p_after: np.ndarray  # (V,)


def trace_table_step(text, context, centre, seed=3):
    """Make one example of a sentence, and compute every number of its step.

    Parameters
    ----------
    text : str
        A sentence of at least 2 words, at most 6 of them different.
    context : "skip-gram" or "cbow"
        Skip-gram names the next word here, and for the last word the one before.
    centre : int
        The place of a word in the sentence; the window has 2 words to either side.
    seed : int
        Of the two tables: random numbers of one decimal.

    Returns
    -------
    TableStep

    Raises
    ------
    ValueError
        When the sentence is too short, has too many words, or has no such place.
    """
    check_choice("context", context, INPUTS)
    sentence = tokenise(text)
    words = tuple(dict.fromkeys(sentence))
    if len(sentence) < 2 or len(words) > _MOST_WORDS:
        raise ValueError(
            f"the text has {len(sentence)} words, expected 2 or more, at most {_MOST_WORDS} of them different"
        )
    if not 0 <= centre < len(sentence):
        raise ValueError(f"centre is {centre}, expected 0 to {len(sentence) - 1}")
    around = [i for i in range(centre - _WINDOW, centre + _WINDOW + 1) if 0 <= i < len(sentence) and i != centre]
    target = centre if context == "cbow" else min(centre + 1, len(sentence) - 1)
    target -= context != "cbow" and target == centre
    seen = np.array([words.index(sentence[i]) for i in (around if context == "cbow" else [centre])])
    used = {*(around if context == "cbow" else []), centre, target}
    idle = tuple(i for i in range(len(sentence)) if i not in used)
    target = words.index(sentence[target])
    E, W = np.random.default_rng(seed).uniform(-1.5, 1.5, (2, len(words), _D)).round(1)
    one = Examples(seen[None], np.ones((1, len(seen)), bool), np.array([target]))
    h, cache = hidden(one, E)
    loss, out = full_softmax(h, one.targets, W)
    dh, dW = full_softmax_backward(out, W)
    dE = hidden_backward(dh, cache, E)
    p = softmax(h @ W.T)[0]
    h_after, _ = hidden(one, E - RATE * dE)
    s_after = h_after @ (W - RATE * dW).T
    ds = p - (np.arange(len(words)) == target)
    example = tuple(sentence), centre, words, seen, target, idle
    forward = E, W, h[0], (h @ W.T)[0], p, loss
    after = h_after[0], s_after[0], softmax(s_after)[0]
    return TableStep(*example, *forward, ds, dh[0], Word2VecParams(dE, dW), *after)


def draw_table_step(step, stage, control=""):
    """Draw the network: a row of E and a row of W for every word, h between them, and what is known at a stage.

    Parameters
    ----------
    step : TableStep
    stage : int
        A place in WORD2VEC_STAGES.
    control : str
        A click on a word of the sentence sets this control to its place, from 1.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When there is no such stage.
    """
    reached = _reached(stage)
    new = stage == len(WORD2VEC_STAGES) - 1
    middle = (len(step.words) - 1) / 2
    parts = list(_heads())
    for w, word in enumerate(step.words):
        parts += _row(step, w, word, reached, new)
    h = (step.h_after if new else step.h)[:, None] if reached("h") else None
    parts.append(Part("h", (_H, middle), value=h, shape=(_D, 1), size=(0.5, 0.54), label="h"))
    if reached("dh") and not new:
        look = {"role": "back", "size": (0.5, 0.54), "label": "∂L/∂h", "side": "below"}
        parts.append(Part("dh", (_H, middle + 0.78 / _ROW), value=step.dh[:, None], **look))
    low = max(2 * middle + 0.36 / _ROW, middle + 1.28 / _ROW)  # room for the gradients, so that nothing moves
    parts.append(Part("floor", (_WORD, low), "dot"))
    words = Words(step.sentence, step.centre, control, first=1, grey=step.idle)
    now = _now(step, WORD2VEC_STAGES[stage])
    return draw_machine(parts, list(_arrows(step, reached, new)), now=now, equation=_equation(step, stage), words=words,
                        row=_ROW, scale=1.5)  # fmt: skip


def tell_table_step(step, stage):
    """Say in words what `draw_table_step` shows at a stage.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        When there is no such stage.
    """
    _reached(stage)
    target, seen = step.words[step.target], _listed(dict.fromkeys(step.words[i] for i in step.seen))
    others = [w for w in range(len(step.words)) if w != step.target]
    best = step.words[int(step.p.argmax())]
    most = step.words[max(others, key=lambda w: step.p[w])]
    rows = "row" if len({*step.seen.tolist()}) == 1 else "rows"
    return {
        "window": f"Seen: {seen}. To be named: “{target}”. Each word has a row in E and another in W.",
        "rows": f"Picked from E: the {rows} of {seen}. Nothing else of E takes part.",
        "h": f"h is the mean of {len(step.seen)} rows." if len(step.seen) > 1 else f"h is the row of {seen} itself.",
        "scores": f"h is compared with every row of W. The score of “{target}” is {short_number(step.s[step.target])}.",
        "p": f"Scores become probabilities. Most probable now: “{best}”, {step.p.max():.2f}.",
        "loss": f"“{target}” had p = {step.p[step.target]:.2f}, so the loss is {step.loss:.2f} nats.",
        "ds": f"Now back. Only the score of “{target}” should rise; that of “{most}” should fall most.",
        "dW": f"Every row of W has a gradient, {len(step.words)} of {len(step.words)}, each along h.",
        "dh": f"h should move towards the row of “{target}” in W, and away from the others.",
        "dE": f"In E only the {rows} of {seen} change: {_share(step)}.",
        "step": f"After one step, p({target}) is {step.p_after[step.target]:.2f}; it was {step.p[step.target]:.2f}.",
    }[WORD2VEC_STAGES[stage]]


def _reached(stage):
    if not 0 <= stage < len(WORD2VEC_STAGES):
        raise ValueError(f"stage is {stage}, expected 0 to {len(WORD2VEC_STAGES) - 1}")
    return lambda name: WORD2VEC_STAGES.index(name) <= stage


def _listed(words):
    return ", ".join(f"“{word}”" for word in words)


def _short(word):
    return word if len(word) <= 7 else word[:6] + "…"


def _heads():
    for name, column, label in (("E", _E, "E: goes in"), ("W", _W, "W: comes out"), ("s", _S, "s"), ("p", _P, "p")):
        yield Part(f"head {name}", (column, _HEAD), "text", label=label)


def _row(step, w, word, reached, new):
    """Yield what stands in the row of one word: its vectors, its score and its probability."""
    picked, is_target = w in step.seen, w == step.target
    E, W = (step.E - RATE * step.grads.E, step.W - RATE * step.grads.W) if new else (step.E, step.W)
    back = {name: reached(name) and not new for name in ("ds", "dW", "dE")}
    yield Part(f"word{w}", (_WORD, w), "text", label=_short(word))
    yield Part(f"E{w}", (_E, w), role="input" if picked else "plain", value=E[w], size=(_WIDE, _HEIGHT),
               back=step.grads.E[w] if back["dE"] and picked else None)  # fmt: skip
    role = "loss" if is_target and reached("loss") else "output"
    yield Part(
        f"W{w}", (_W, w), role=role, value=W[w], size=(_WIDE, _HEIGHT), back=step.grads.W[w] if back["dW"] else None
    )
    s = (step.s_after if new else step.s)[w] if reached("scores") else None
    yield Part(f"s{w}", (_S, w), role=role, value=s, size=(_NUMBER, _HEIGHT), back=step.ds[w] if back["ds"] else None)
    p = (step.p_after if new else step.p)[w] if reached("p") else None
    yield Part(f"p{w}", (_P, w), "bar", "loss" if role == "loss" else "probability", p, size=(_NUMBER, _HEIGHT))


def _now(step, stage):
    V, seen = range(len(step.words)), {*step.seen.tolist()}
    every = {"scores": "s", "p": "p", "ds": "s", "dW": "W"}
    if stage in every:
        return [f"{every[stage]}{w}" for w in V]
    if stage in ("rows", "dE"):
        return [f"E{w}" for w in seen]
    return {"h": ["h"], "loss": [f"p{step.target}"], "dh": ["dh"], "step": [f"p{step.target}"]}.get(stage, [])


def _arrows(step, reached, new):
    """Yield the arrows from the rows of E to h, and from h to the rows of W; wider where more flows."""
    sides = {"leaves": "right", "enters": "left"}
    if reached("h"):
        for w in dict.fromkeys(step.seen.tolist()):
            size = (step.seen == w).mean()
            yield Arrow(f"E{w}", "h", size, role="input", back=reached("dE") and not new, **sides)
    if reached("scores"):
        for w in range(len(step.words)):
            back = reached("dh") and not new
            size = abs(step.ds[w]) if back else abs(step.s[w]) / 3
            yield Arrow("h", f"W{w}", 0.7 * size, role="state", back=back, **sides)


def _share(step):
    shares = [(step.seen == w).sum() for w in dict.fromkeys(step.seen.tolist())]
    if len(step.seen) == 1:
        return "it gets the whole of ∂L/∂h"
    each = f"each gets 1/{len(step.seen)} of ∂L/∂h"
    return each if max(shares) == 1 else f"{each} each time it is seen"


def _equation(step, stage):
    t, target = step.target, step.words[step.target]
    h, w = step.h, step.W[t]
    n, number = len(step.seen), short_number
    product = " + ".join(f"{number(a)} · {number(b)}" for a, b in zip(h, w, strict=True)).replace("· −", "· −")
    total = np.exp(step.s).sum()
    return {
        "window": f"the window: {_WINDOW} words to either side of “{step.sentence[step.centre]}”",
        "rows": "",
        "h": f"h = 1/{n} · the sum of the {n} rows" if n > 1 else f"h = E[{step.words[step.seen[0]]}]",
        "scores": f"s = h · W[{target}] = {product} = {number(step.s[t])}",
        "p": f"p({target}) = exp({number(step.s[t])}) / Σ exp(s) = {np.exp(step.s[t]):.2f} / {total:.2f}",
        "loss": f"L = −ln p({target}) = −ln {step.p[t]:.2f} = {step.loss:.2f}",
        "ds": f"∂L/∂s = p, and p − 1 for “{target}”",
        "dW": "∂L/∂W[word] = ∂L/∂s · h",
        "dh": "∂L/∂h = Σ over the words of ∂L/∂s · W[word]",
        "dE": f"∂L/∂E[word] = 1/{n} · ∂L/∂h" if n > 1 else "∂L/∂E[word] = ∂L/∂h",
        "step": f"E ← E − {RATE:g} · ∂L/∂E,   W ← W − {RATE:g} · ∂L/∂W",
    }[WORD2VEC_STAGES[stage]]
