"""A captioner while it says a picture: where it looks for each word, and the machine that looks."""

from typing import NamedTuple

import numpy as np
from matplotlib.patches import Rectangle

from helpers.core.checks import as_floats, as_list, check_finite, check_integer, check_shape
from helpers.figures.filter_answers import bare, draw_picture
from helpers.figures.machine import Arrow, Part, Words, draw_machine, subscript
from helpers.figures.style import ORANGE, new_figure, styled

_UNITS = 6  # of a state, as cells
_BARS = 5
_FINE = 4  # parts of a pixel
_VEIL = 0.86  # how dark a place without weight is
_MAP = (1.0, 1.0)  # inches
_ROWS = {"over": -0.87, "map": 0.0, "s": 1.12, "y": 1.8, "bars": 2.05}


class SeenPicture(NamedTuple):
    """A picture, what the encoder makes of it, and the truth."""

    picture: np.ndarray  # (H, H, 3) from 0 to 1
    strengths: np.ndarray  # (P, P) the norm of the encoder's vector at each place
    boxes: tuple  # (left, top, right, bottom) of each object, in pixels
    about: tuple  # for each word of the true caption, the objects that it is about: (k,), or (k, k + 1)
    truth: tuple  # the true caption


def draw_captioner(seen, vocab, said, step, name="the picture"):
    """Draw one step of a captioner: the picture, the places that it looks at, and the machine.

    In a figure with a control "step" a click on a word goes there.

    Parameters
    ----------
    seen : SeenPicture
    vocab : Vocab
    said : list of helpers.models.captioner.WordSaid
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
    t = _checked(seen, said, step)
    words = [vocab.tokens[one.token] for one in said]
    weights = said[t].weights
    follows = list(seen.truth[:t]) == words[:t]  # after a wrong word it is not known what comes
    about = seen.about[t] if follows and t < len(seen.about) else ()
    figures = [
        draw_look(seen.picture, weights, [seen.boxes[k] for k in about], words[t]),
        _draw_machine(seen, vocab, said, words, t),
    ]
    return figures, f"{name[0].upper()}{name[1:]}, step {step}: {_tell(seen, words, weights, about, t, step)}"


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


def box_share(weights, boxes, side):
    """The share of the weights (P, P) that lies in boxes of a picture of `side` pixels, and the boxes' share of it.

    The weight of a place is spread over its square; where boxes overlap, they count once.
    """
    fine = np.zeros((_FINE * side, _FINE * side), bool)
    for box in boxes:
        left, top, right, bottom = (round(_FINE * edge) for edge in box)
        fine[max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = True
    P, _ = weights.shape
    cover = fine.reshape(P, _FINE * side // P, P, -1).mean(axis=(1, 3))
    return float((weights * cover).sum()), float(fine.mean())


def _checked(seen, said, step):
    """Refuse what does not fit; return which step is drawn, from 0."""
    H, _, _ = check_shape("picture", as_floats("picture", seen.picture), "H W C", C=3)
    check_shape("picture", seen.picture, "H W C", W=H)
    P, _ = check_shape("strengths", as_floats("strengths", seen.strengths), "P Q")
    check_integer("the number of steps", len(as_list("said", said)))
    for one in said:
        check_shape("weights", as_floats("weights", one.weights), "P Q", P=P, Q=P)
        check_finite("weights", one.weights)
    return min(check_integer("step", step), len(said)) - 1


def _draw_machine(seen, vocab, said, words, t):
    one, before, after = said[t], subscript(t), subscript(t + 1)
    heavy = one.weights / one.weights.max()
    best = np.argsort(-one.p, kind="stable")[:_BARS]
    last = words[t - 1] if t else "<start>"
    parts = [
        Part("m", (0.5, _ROWS["map"]), role="key", value=seen.strengths / seen.strengths.max(), digits=False, size=_MAP,
             label="map m, 8 × 8", side="below"),
        Part("w", (4.2, _ROWS["map"]), role="probability", value=heavy, digits=False, size=_MAP, label="weights w"),
        _state("c", (8.3, _ROWS["map"]), "value", one.context, label=f"context c{after}", side="below"),
        _state("s", (0.9, _ROWS["s"]), "query", one.before, label=f"s{before} asks", side="below"),
        Part("gru", (4.9, _ROWS["s"]), "box", "plain", label="GRU"),
        _state("new", (8.3, _ROWS["s"]), "state", one.after, label=f"s{after}", side="above"),
        Part("y", (4.9, _ROWS["y"]), "box", "input", label=last),
        Part("bars", (8.0, _ROWS["bars"]), "bars", "output", one.p[best], names=[vocab.tokens[k] for k in best]),
    ]  # fmt: skip
    arrows = [
        Arrow("m", "w", 0.3),
        Arrow("w", "c", float(one.weights.max()), role="value"),
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


def _tell(seen, words, weights, about, t, step):
    told = f"it says “{words[t]}”."
    if step > len(words):
        told = f"it has said all in {len(words)} steps; the last is “{words[t]}”."
    if about:
        share, equal = box_share(weights, [seen.boxes[k] for k in about], len(seen.picture))
        told += f" {100 * share:.0f} % of the weight is in the {'frames' if len(about) > 1 else 'frame'}"
        told += f"; equal weights would have {100 * equal:.0f} % there."
    right = [*seen.truth, "<end>"]
    if words[:t] == right[:t] and words[t] != right[t]:
        told += f" Right would be “{right[t]}”."
    return told
