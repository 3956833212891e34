"""A decoder with attention while it translates: its state asks, every word of the source is weighed, and it is told."""

import numpy as np

from helpers.core.checks import check_integer
from helpers.data.source_target_pairs import encode_pairs, pair_batch
from helpers.data.tasks.translation import gloss, translate
from helpers.figures.machine import Arrow, Part, draw_machine, subscript
from helpers.models.seq2seq.looking_back import trace_looks

_UNITS = 6  # of a state, as cells
_MOST = 10  # words side by side
_ROWS = {"said": 0.0, "s": 0.95, "c": 1.7, "w": 2.45, "h": 3.25, "word": 3.88}  # inches
_LOWER = 0.33  # every other word stands lower, as two long ones do not fit side by side


def draw_decoder_looks(model, source_vocab, target_vocab, sentence, step):
    """Let a trained translator translate a sentence, and draw one step of it; see `draw_looking_back`.

    Parameters
    ----------
    model : helpers.models.seq2seq.Seq2Seq
        With additive attention, trained on `helpers.data.tasks.translation`.
    source_vocab, target_vocab : Vocab
    sentence : str
        Of that language, at most nine words.
    step : int

    Returns
    -------
    Figure, str

    Raises
    ------
    ValueError
        When it is no sentence of the language, is too long, or there is no such step.
    """
    if not isinstance(sentence, str):
        raise ValueError(f"sentence is {sentence!r}, expected words with spaces between them")
    pair = translate(sentence.lower().split())
    states, looks = trace_looks(
        model, pair_batch(encode_pairs([pair], source_vocab, target_vocab), np.arange(1)), _MOST
    )
    said = [word.lower() for word in gloss([target_vocab.tokens[look.token] for look in looks])]
    right = [word.lower() for word in gloss(pair.target)] + ["<end>"]
    places = [place[0] if place else None for place in (*pair.alignment, ())]
    truth = list(zip(right, places, strict=True))
    return draw_looking_back([*pair.source, "<end>"], states, looks, said, step, truth)


def draw_looking_back(source, states, looks, said, step, truth=None):
    """Draw one step of Bahdanau's decoder over the whole source.

    In a figure with a control "step" a click on a word that was said goes there.

    Parameters
    ----------
    source : sequence of str
        S tokens, `<end>` included.
    states : ndarray (S, C)
        Of the encoder.
    looks : list of helpers.models.seq2seq.looking_back.LookBack
    said : sequence of str
        What was said at each step, as the reader is to read it.
    step : int
        From 1; beyond the last step the last one stays.
    truth : sequence, optional
        For each step the true word, and the place of the source token it comes from or None.

    Returns
    -------
    Figure, str

    Raises
    ------
    ValueError
        When there is no such step, the numbers of words and of states differ, or there are too many for the page.
    """
    if len(source) != len(states) or len(said) != len(looks) or not looks:
        raise ValueError(
            f"there are {len(source)} words for {len(states)} states, and {len(said)} for {len(looks)} steps"
        )
    if max(len(source), len(said)) > _MOST:
        raise ValueError(f"there are {len(source)} words and {len(said)} steps, expected at most {_MOST}: less fits")
    over = check_integer("step", step) > len(looks)
    t = min(step, len(looks)) - 1
    return _draw(source, states, looks, said, t), _tell(source, looks, said, t, over, truth)


def _draw(source, states, looks, said, t):
    look, S, now = looks[t], len(source), subscript(t + 1)
    middle, parts, arrows = (S - 1) / 2, [], []
    for s, word in enumerate(source):
        parts.append(Part(f"x{s}", (s, _ROWS["word"] + _LOWER * (s % 2)), "box", "input", label=word))
        parts.append(_state(f"h{s}", (s, _ROWS["h"]), "key", states[s], upright=True))
        parts.append(Part(f"w{s}", (s, _ROWS["w"]), "bar", "probability", look.weights[s], size=(0.4, 0.42)))
        arrows += [Arrow(f"x{s}", f"h{s}"), Arrow(f"h{s}", f"w{s}")]
        arrows.append(Arrow(f"w{s}", "c", look.weights[s], role="value", leaves="above", enters="below"))
        if s:  # the encoder reads from both ends
            arrows.append(Arrow(f"h{s - 1}", f"h{s}", shift=0.12))
            arrows.append(Arrow(f"h{s}", f"h{s - 1}", shift=-0.12))
    before, after = (subscript(k) for k in (t, t + 1))
    parts.append(_state("c", (middle, _ROWS["c"]), "value", look.context, label=f"context c{now}", side="right"))
    parts.append(_state("s", (0.3, _ROWS["s"]), "query", look.before, label=f"s{before} asks"))
    parts.append(Part("gru", (middle, _ROWS["s"]), "box", "plain", label="GRU"))
    parts.append(_state("new", (S - 1.3, _ROWS["s"]), "state", look.after, label=f"s{after}", side="below"))
    arrows += [Arrow("s", "gru"), Arrow("c", "gru", 0.4), Arrow("gru", "new", 0.4)]
    arrows.append(Arrow("s", "ask", via=((-0.75, _ROWS["s"]), (-0.75, _ROWS["w"])), head=True, role="query"))
    parts.append(Part("ask", (-0.55, _ROWS["w"]), "dot"))
    for n, place in enumerate(np.linspace(0, S - 1, len(looks))):
        if n <= t:
            role = "output" if n == t else "plain"
            parts.append(
                Part(
                    f"y{n}",
                    (place, _ROWS["said"] + _LOWER * (n % 2)),
                    "box",
                    role,
                    label=said[n],
                    touch=f"step={n + 1}",
                )
            )
    arrows.append(Arrow("new", f"y{t}", 0.4, enters="below", leaves="above"))
    return draw_machine(parts, arrows, now=("c", "new", f"y{t}"), row=1.0)


def _state(name, at, role, vector, upright=False, **look):
    value, size = np.asarray(vector)[:_UNITS], (0.9, 0.2)
    if upright:
        value, size = value[:, None], (0.24, 0.6)
    return Part(name, at, role=role, value=value, digits=False, size=size, **look)


def _tell(source, looks, said, t, over, truth):
    look = looks[t]
    s = int(look.weights.argmax())
    told = f"Step {t + 1}: it looks most at “{source[s]}”, {look.weights[s]:.2f}, and says “{said[t]}”."
    if over:
        told = f"It said everything in {len(looks)} steps. {told}"
    if truth is None or t >= len(truth):
        return told
    word, place = truth[t]
    if said[t] != word:
        return f"{told} Right would be “{word}”."
    if place is None:
        return f"{told} That is right, and comes from no word of the source."
    if place == s:
        return f"{told} That is right, and so is the place."
    return f"{told} That is right, and comes from “{source[place]}”."
