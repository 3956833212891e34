"""A captioner while it says a picture: where it looks for each word, and the machine that looks."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.core.checks import as_floats, as_list, check_finite, check_integer, check_shape
from helpers.data.pictures import annotate_caption, caption_of, draw_pictures, object_box, object_cover
from helpers.figures.filter_answers import bare, draw_picture
from helpers.figures.machine import Arrow, Part, Words, draw_machine, subscript
from helpers.figures.style import ORANGE, new_figure, styled
from helpers.models.captioner import MAP_SIDE, see_pictures, trace_caption

_UNITS = 6  # of a state, as cells
_BARS = 5
_VEIL = 0.86  # how dark a place without weight is
_MAP = (1.0, 1.0)  # inches
_ROWS = {"over": -0.87, "map": 0.0, "s": 1.12, "y": 1.8, "bars": 2.05}


def draw_captioner(model, vocab, scene, step, name="the picture"):
    """Let a captioner with attention say a scene, and draw one step of it; see `draw_captioner_step`.

    Parameters
    ----------
    model : helpers.models.captioner.Captioner
    vocab : Vocab
    scene : tuple of PictureObject
    step : int
    name : str

    Returns
    -------
    list of matplotlib.figure.Figure, str

    Raises
    ------
    ValueError
        When there is no such step, or the model has no attention.
    """
    picture = draw_pictures([scene])
    said = trace_caption(model, picture[0])
    values = see_pictures(model, picture).values[0].cpu().numpy()
    strengths = np.linalg.norm(values, axis=-1).reshape(MAP_SIDE, MAP_SIDE)
    return draw_captioner_step(scene, vocab, strengths, said, step, name)


def draw_captioner_step(scene, vocab, strengths, said, step, name="the picture"):
    """Draw one step of a captioner: the picture, the places that it looks at, and the machine.

    In a figure with a control "step" a click on a word goes there.

    Parameters
    ----------
    scene : tuple of PictureObject
    vocab : Vocab
    strengths : ndarray (8, 8)
        How long the encoder's vector is at each place.
    said : list of helpers.models.seq2seq.looking_back.LookBack
        With weights of 64 places, row by row.
    step : int
        From 1; beyond the last step the last one stays.
    name : str
        What the picture is called.

    Returns
    -------
    list of matplotlib.figure.Figure, str

    Raises
    ------
    ValueError
        When there is no such step, or shapes do not fit.
    """
    P, _ = check_shape("strengths", as_floats("strengths", strengths), "P Q")
    check_shape("strengths", strengths, "P Q", Q=P)
    check_integer("the number of steps", len(as_list("said", said)))
    for one in said:
        check_shape("weights", as_floats("weights", one.weights), "S", S=P * P)
        check_finite("weights", one.weights)
    t = min(check_integer("step", step), len(said)) - 1
    weights = said[t].weights.reshape(P, P)
    words, right = [vocab.tokens[one.token] for one in said], [*caption_of(scene), "<end>"]
    about = objects_to_come(scene, words[:t])
    figures = [
        draw_look(draw_pictures([scene])[0], weights, [object_box(scene[k]) for k in about], words[t]),
        _draw_machine(vocab, strengths, weights, said[t], words, t),
    ]
    told = f"“{words[t]}”"
    if words[:t] == right[:t] and words[t] != right[t]:
        told += f", and right would be “{right[t]}”"
    if step > len(words):
        told += f", the last of {len(words)} words"
    told = f"{name[0].upper()}{name[1:]}, step {step}: it says {told}."
    if about:
        touched = object_cover(scene, P)[list(about)].max(axis=0) > 0
        share, equal = weights[touched].sum(), touched.mean()
        told += f" {100 * share:.0f} % of the weight is on what the word is about; equal weights: {100 * equal:.0f} %."
    return figures, told


def objects_to_come(scene, words):
    """Which objects the next word is about, after some words; none where these are not right, or all is said."""
    right = caption_of(scene)
    if tuple(words) != right[: len(words)] or len(words) == len(right):
        return ()
    return annotate_caption(right)[len(words)].objects


@styled
def draw_look(picture, weights, boxes=(), word=""):
    """Draw a picture, and beside it what of it is seen: the darker a place, the less weight it has.

    Parameters
    ----------
    picture : ndarray (H, H, 3)
    weights : ndarray (P, P)
    boxes : list of (left, top, right, bottom)
        Framed in both, in pixels.
    word : str
        What is said of it.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, panels = new_figure(1, 2, height=2.75)
    for axes, title in zip(panels, ("picture", f"it looks, and says “{word}”"), strict=True):
        draw_picture(axes, picture)
        axes.set_title(title)
        for left, top, right, bottom in boxes:
            corner, size = (left - 0.5, top - 0.5), (right - left, bottom - top)
            axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor=ORANGE, linewidth=2.5, zorder=4))
    H = len(picture)
    veil = np.zeros((*weights.shape, 4))
    veil[..., 3] = _VEIL * (1 - weights / weights.max())
    panels[1].imshow(veil, extent=(-0.5, H - 0.5, H - 0.5, -0.5), interpolation="nearest", zorder=3)
    panels[1].set(xlim=(-0.5, H - 0.5), ylim=(H - 0.5, -0.5))
    bare(panels[1])
    return figure


def _draw_machine(vocab, strengths, weights, one, words, t):
    before, after = subscript(t), subscript(t + 1)
    best = np.argsort(-one.p, kind="stable")[:_BARS]
    parts = [
        Part("m", (0.5, _ROWS["map"]), role="key", value=strengths / strengths.max(), digits=False, size=_MAP,
             label="map m, 8 × 8", side="below"),
        Part("w", (4.2, _ROWS["map"]), role="probability", value=weights / weights.max(), digits=False,
             size=_MAP, label="weights w"),
        _state("c", (8.3, _ROWS["map"]), "value", one.context, label=f"context c{after}", side="below"),
        _state("s", (0.9, _ROWS["s"]), "query", one.before, label=f"s{before} asks", side="below"),
        Part("gru", (4.9, _ROWS["s"]), "box", "plain", label="GRU"),
        _state("new", (8.3, _ROWS["s"]), "state", one.after, label=f"s{after}", side="above"),
        Part("y", (4.9, _ROWS["y"]), "box", "input", label=words[t - 1] if t else "<start>"),
        Part("bars", (8.0, _ROWS["bars"]), "bars", "output", one.p[best], names=[vocab.tokens[k] for k in best]),
    ]  # fmt: skip
    arrows = [
        Arrow("m", "w", 0.3),
        Arrow("w", "c", float(weights.max()), role="value"),
        Arrow("m", "c", via=((0.5, _ROWS["over"]), (8.3, _ROWS["over"])), role="value", leaves="above", enters="above"),
        Arrow("s", "w", 0.3, role="query", leaves="above", enters="below"),
        Arrow("s", "gru"),
        Arrow("c", "gru", 0.4, leaves="left"),
        Arrow("y", "gru"),
        Arrow("gru", "new", 0.4),
        Arrow("new", "bars", 0.4, leaves="below", enters="above"),
    ]
    sentence = Words(tuple(words), t, control="step", first=1)
    return draw_machine(parts, arrows, now=("w", "c", "new", "bars"), words=sentence, row=1.0)


def _state(name, at, role, vector, **look):
    return Part(name, at, role=role, value=np.asarray(vector)[:_UNITS], digits=False, size=(0.9, 0.2), **look)
