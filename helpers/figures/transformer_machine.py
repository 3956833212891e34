"""The whole Transformer while it translates: residual streams, what each sublayer adds, where attention looks."""

import numpy as np

from helpers.core.checks import check_integer
from helpers.figures.machine import Arrow, Group, Part, draw_machine, short_number
from helpers.figures.style import BLUE, GREY, ORANGE, new_figure, styled
from helpers.sliders.theme import INK

READING, WRITING = 4, 5  # stages of the encoder, and of the decoder for each word
_CELLS = 2, 8  # rows and columns of the patch that shows a vector: its first 16 numbers
_PATCH, _NORM, _BOX = (0.48, 0.24), (0.48, 0.27), (0.82, 0.42)  # inches
_LEFT, _RIGHT = (0, 0.68, 1.52), (4.02, 3.34, 2.5)  # columns: stream, norm, sublayer
_SHOWN = 3  # of the words that may come next
_NAMES = {
    "attention": "attention",
    "masked": "masked\nattention",
    "cross": "cross-\nattention",
    "feed-forward": "feed-\nforward",
}
_STAGES = ("tokens", "attention", "feed-forward", "memory", "token", "masked", "cross", "feed", "word")


def count_translation_steps(trace):
    """4 + 5 T: the encoder reads all tokens at once, the decoder writes T of them one after the other."""
    return READING + WRITING * len(trace.written)


def stage_of(trace, step):
    """Say what is computed at a step: (name of the stage, number of the word that is written, from 0).

    Raises
    ------
    ValueError
        When there is no such step.
    """
    last = count_translation_steps(trace)
    if check_integer("step", step, least=0) > last:
        raise ValueError(f"step is {step}, expected at most {last}")
    if step == 0:
        return "", 0
    if step <= READING:
        return _STAGES[step - 1], 0
    return _STAGES[READING + (step - READING - 1) % WRITING], (step - READING - 1) // WRITING


def most_looked_at(trace, t):
    """Find the source token at which the cross-attention of word t looks most, over all its heads."""
    cross = next(sublayer for sublayer in trace.decoder if sublayer.name == "cross")
    return int(cross.weights[:, t].mean(axis=0).argmax())


def with_gloss(word, glosses):
    """Write a word with its meaning in brackets, where one is known."""
    return f"{word} ({glosses[word]})" if glosses and word in glosses else word


def draw_transformer(trace, step, word=None, glosses=None):
    """Draw an encoder and a decoder of one layer each, with the vectors of one token in each, as far as a step.

    The vertical lines are the residual streams. At each ⊕ the output of a sublayer is added; its arrow is the wider the
    longer what is added is beside what it is added to.

    Parameters
    ----------
    trace : helpers.models.transformer.trace.TranslationTrace
        Of a model of one layer each.
    step : int
        From 0 to count_translation_steps(trace).
    word : int, optional
        The source token whose vectors the encoder shows; `most_looked_at` unless it is given.
    glosses : dict, optional
        What the words of the target mean, for the reader.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When there is no such step or token, or the model has more layers.
    """
    stage, t = stage_of(trace, step)
    s = most_looked_at(trace, t) if word is None else word
    if not 0 <= s < len(trace.source):
        raise ValueError(f"word is {word}, expected 0 to {len(trace.source) - 1}")
    if (len(trace.encoder), len(trace.decoder)) != (2, 3):
        raise ValueError(f"the trace has {len(trace.encoder)} and {len(trace.decoder)} sublayers, expected 2 and 3")
    done = _STAGES.index(stage) + 1 if stage else 0
    source, target = trace.source[s], trace.inputs[t]
    parts, arrows = [], []
    encoder = _Side(_LEFT, 5, "e", parts, arrows, now=stage)
    encoder.start(source, trace.source_embedded[s], done >= 1, "tokens")
    for n, sublayer in enumerate(trace.encoder):
        encoder.sublayer(sublayer, s, done >= 2 + n, sublayer.name)
    encoder.end(trace.memory[s], done >= 4, "memory", "memory")
    decoder = _Side(_RIGHT, 4, "d", parts, arrows, now=stage)
    decoder.start(target, trace.target_embedded[t], done >= 5, "token")
    for n, sublayer in enumerate(trace.decoder):
        decoder.sublayer(sublayer, t, done >= 6 + n, ("masked", "cross", "feed")[n])
    decoder.end(trace.last[t], done >= 9, "word", "")
    arrows.append(Arrow("e end", "d cross", role="memory" if done >= 4 else "plain"))
    look = {} if done >= 9 else {"role": "plain"}
    parts.append(
        Part("softmax", (_RIGHT[2], 1), "box", look.get("role", "probability"), label="linear,\nsoftmax", size=_BOX)
    )
    best = np.argsort(-trace.p[t], kind="stable")[:_SHOWN]
    unknown = "\u2002" * 12 + "?"  # as wide as a word, so that nothing moves when it comes
    names = tuple(with_gloss(trace.words[v], glosses) if done >= 9 else unknown for v in best)
    p = trace.p[t, best] if done >= 9 else None
    bars = {"label": "the next word", "names": names, "size": (2.1, 0.6)}
    parts.append(Part("p", (0.66, 1), "bars", "probability", p, **bars))
    arrows += [Arrow("d end", "softmax", **look), Arrow("softmax", "p", **look)]
    members = [[part.name for part in parts if part.name.startswith(f"{side} ")] for side in "ed"]
    groups = [
        Group(tuple(members[0]), "encoder", "memory", 0.06),
        Group((*members[1], "softmax"), "decoder", "query", 0.06),
    ]
    now = ["softmax", "p"] * (stage == "word")
    return draw_machine(
        parts, arrows, groups, now=now + encoder.standing_out + decoder.standing_out, row=0.82, scale=3.0
    )


class _Side:
    """One half of the machine, from below to above: what is drawn of it, and the part at the top of its stream."""

    def __init__(self, columns, row, name, parts, arrows, now):
        self.columns, self.row, self.name, self.parts, self.arrows, self.now = columns, row, name, parts, arrows, now
        self.standing_out, self.top = [], None

    def part(self, name, *args, now="", **kwargs):
        self.parts.append(Part(f"{self.name} {name}", *args, **kwargs))
        if now and now == self.now:
            self.standing_out.append(f"{self.name} {name}")
        return f"{self.name} {name}"

    def vector(self, name, at, values, known, now, role="state", label="", side="below"):
        grid = values[: _CELLS[0] * _CELLS[1]].reshape(-1, min(_CELLS[1], len(values)))
        look = {"size": _PATCH, "digits": False, "label": label, "side": side}
        return self.part(name, at, role=role if known else "plain", value=grid if known else None, now=now, **look)

    def start(self, token, values, known, now):
        label = f"{token} + position" if known else "token + position"
        name = self.vector("x", (self.columns[0], self.row), values, known, now, "input")
        self.part("token", (self.columns[1], self.row + 0.45), "text", label=label)
        look = {"via": "-|", "enters": "below", "role": "input" if known else "plain"}
        self.arrows.append(Arrow(f"{self.name} token", name, **look))
        self.top = name

    def sublayer(self, sublayer, place, known, now):
        stream, norm, box = self.columns
        high, kind = self.row - 0.5, sublayer.name
        size = np.linalg.norm(sublayer.added[place]) / np.linalg.norm(sublayer.stream[place]) if known else None
        plain = {} if known else {"role": "plain"}
        names = [
            self.part(
                f"norm {kind}", (norm, self.row), "box", "gate" if known else "plain", label="norm", size=_NORM, now=now
            ),
            self.part(
                kind, (box, self.row), "box", "candidate" if known else "plain", label=_NAMES[kind], size=_BOX, now=now
            ),
            self.part(f"plus {kind}", (stream, high), "op", "state" if known else "plain", label="+", now=now),
        ]
        self.row -= 1
        after = self.vector(f"x {kind}", (stream, self.row), sublayer.stream[place], known, now)
        self.arrows += [
            Arrow(self.top, names[0], **plain),
            Arrow(names[0], names[1], **plain),
            Arrow(names[1], names[2], size, via="|-", leaves="above", **plain),
            Arrow(self.top, names[2], 0.6, role="state" if known else "plain", head=False),
            Arrow(names[2], after, 0.6, role="state" if known else "plain", head=False),
        ]
        self.top = after

    def end(self, values, known, now, label):
        _stream, norm, box = self.columns
        place, look = "memory" if label else "state", {} if known else {"role": "plain"}
        name = self.part(
            "norm end", (norm, self.row), "box", "gate" if known else "plain", label="norm", size=_NORM, now=now
        )
        self.arrows.append(Arrow(self.top, name, **look))
        if label:
            end = self.vector("end", (box, self.row), values, known, now, place, label, "above")
            self.arrows.append(Arrow(name, end, **look))
        else:
            self.parts[-1] = self.parts[-1]._replace(name=f"{self.name} end")
            self.arrows[-1] = self.arrows[-1]._replace(end=f"{self.name} end")
            self.standing_out = [part.replace("norm end", "end") for part in self.standing_out]


@styled
def draw_looks(trace, step, word=None, glosses=None):
    """Draw where the three attentions look: from a source token, and from the newest token of the target.

    Bars of two heads stand side by side; a cross says that the mask hides a token. What is to come has no bars.

    Parameters
    ----------
    trace, step, word, glosses
        As in `draw_transformer`.

    Returns
    -------
    matplotlib.figure.Figure
    """
    stage, t = stage_of(trace, step)
    s = most_looked_at(trace, t) if word is None else word
    done = _STAGES.index(stage) + 1 if stage else 0
    own, cross = (sublayer.weights for sublayer in trace.decoder[:2])
    hidden = np.arange(len(trace.inputs)) > t
    figure, rows = new_figure(rows=3, height=4.6)
    _draw_look(rows[0], trace.encoder[0].weights[:, s], trace.source, done >= 2)
    seen = ["" if is_hidden else token for token, is_hidden in zip(trace.inputs, hidden, strict=True)]
    _draw_look(rows[1], own[:, t], [with_gloss(token, glosses).replace(" ", "\n") for token in seen], done >= 6, hidden)
    _draw_look(rows[2], cross[:, t], trace.source, done >= 7)
    titles = f"attention: “{trace.source[s]}” looks at", "masked: “{}” looks at", "cross: “{}” looks at"
    for axes, title in zip(rows, titles, strict=True):
        axes.set_title(title.format(with_gloss(trace.inputs[t], glosses)), loc="left")
    return figure


def _draw_look(axes, weights, tokens, known, hidden=None):
    heads, S = weights.shape
    for k, values in enumerate(weights):
        at = np.arange(S) + 0.8 * ((k + 0.5) / heads - 0.5)
        axes.bar(at, values if known else 0 * values, width=0.8 / heads, color=(BLUE, ORANGE)[k % 2])
    if hidden is not None:
        axes.plot(np.flatnonzero(hidden), np.full(hidden.sum(), 0.12), "x", color=GREY, markersize=8)
    axes.set(ylim=(0, 1.03), xlim=(-0.6, S - 0.4), yticks=[0, 0.5, 1])
    axes.set_xticks(range(S), tokens, fontsize=9.5, color=INK)
    axes.tick_params(axis="x", length=0)
    axes.grid(axis="x", visible=False)


def tell_translation(trace, step, glosses=None):
    """Say in one sentence what `draw_transformer` shows at a step; arguments as there."""
    stage, t = stage_of(trace, step)
    s = most_looked_at(trace, t)
    token, word, asked = f"“{trace.inputs[t]}”", f"“{trace.source[s]}”", f"Word {t + 1}"
    if stage == "":
        return "Nothing is computed yet. All source words come in at once, each with its position."
    if stage == "tokens":
        return f"The vector of {word} is its embedding plus that of its position: {s}. All tokens do this at once."
    if stage == "attention":
        return f"Self-attention: {word} {_look(trace.encoder[0].weights[:, s], trace.source)}. What it reads is added."
    if stage in ("feed-forward", "feed"):
        side = trace.encoder if stage == "feed-forward" else trace.decoder
        share = np.linalg.norm(side[-1].added[s if side is trace.encoder else t])
        share /= np.linalg.norm(side[-2].stream[s if side is trace.encoder else t])
        who = word if side is trace.encoder else token
        return f"Feed-forward: from {who} alone. What it adds is {short_number(share)} times as long as the stream."
    if stage == "memory":
        return f"The encoder is done: a vector for each of its {len(trace.source)} tokens, which the decoder will read."
    if stage == "token":
        return f"{asked}: the decoder takes {token}, the last token so far, with its position, {t}."
    if stage == "masked":
        looks = _look(trace.decoder[0].weights[:, t], trace.inputs)
        return f"{asked}. Masked self-attention: {token} {looks}; later tokens are hidden."
    if stage == "cross":
        looks = _look(trace.decoder[1].weights[:, t], trace.source)
        return f"{asked}. Cross-attention: {token} asks the memory; it {looks}."
    said = with_gloss(trace.written[t], glosses)
    return f"{asked} is {said}, with probability {trace.p[t].max():.2f}. It becomes the decoder's next input."


def _look(weights, tokens):
    """Say where the heads look most: "looks at “dog” (0.91)", or at one token for each head."""
    best = weights.argmax(axis=-1)
    shown = [f"“{tokens[n]}” ({short_number(row[n])})" for n, row in zip(best, weights, strict=True)]
    if len(weights) == 1:
        return f"looks most at {shown[0]}"
    return "looks most at " + " and ".join(f"{text} in head {k}" for k, text in enumerate(shown, 1))
