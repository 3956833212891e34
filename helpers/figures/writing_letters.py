"""A letter model that writes: each letter that is drawn goes back in."""

import numpy as np

from helpers.figures.machine import Arrow, Part, draw_machine, short_number

_TITLE, _BARS, _STATE, _INPUT = -1.08, 0.0, 1.8, 2.85  # rows
_UNITS = 6  # of the state, as cells
_SHARE = 0.04  # a probability that is smaller gets no arrow


def draw_writing_letters(written, names, step, columns=10, control=""):
    """Draw the network unrolled over the letters read so far, and the probability of every next letter.

    Parameters
    ----------
    written : list of WrittenToken
        See `helpers.decoding.writing.write_tokens`; the first member of the state is h (1, H).
    names : sequence of str (V,)
        How each token is written; tokens named "" have no bar.
    step : int
        From 1 to len(written): how many tokens are read.
    columns : int
        Places for letters, as many as the longest name needs.
    control : str
        A click on a letter sets this control to its step.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When there is no such step, there are more letters than places, or a token that came has no name.
    """
    if not 1 <= step <= len(written) <= columns:
        raise ValueError(f"step is {step} of {len(written)}, expected 1 to {len(written)}, and at most {columns}")
    for each in written[:step]:
        if not names[each.next]:
            raise ValueError(f"token {each.next} has no name, expected one of those that have")
    shown = sorted((v for v, name in enumerate(names) if name), key=names.__getitem__)
    places = np.linspace(0.5, len(shown) - 1.5, columns + 1)
    now = written[step - 1]
    parts, arrows = [], []
    for bar, v in enumerate(shown):
        role = "loss" if v == now.next else "probability"
        parts.append(
            Part(f"p{v}", (bar, _BARS), "bar", role, now.p[v], label=names[v], size=(0.13, 0.62), digits=False)
        )
    middle = (len(shown) - 1) / 2
    parts.append(Part("title", (middle, _TITLE), "text", label=_title(now, names)))
    for t, each in enumerate(written[:step]):
        touch = f"{control}={t + 1}" if control else ""
        look = {"shape": (_UNITS, 1), "size": (0.24, 0.62), "digits": False, "touch": touch}
        parts.append(Part(f"h{t}", (places[t], _STATE), value=each.state[0][0, :_UNITS, None], **look))
        box = {"role": "input", "label": names[each.read] or "<s>", "size": (0.31, 0.27), "touch": touch}
        parts.append(Part(f"x{t}", (places[t], _INPUT), "box", **box))
        arrows.append(Arrow(f"x{t}", f"h{t}"))
        if t:
            arrows.append(Arrow(f"h{t - 1}", f"h{t}"))
    parts.append(Part("next", (places[step], _INPUT), "box", "loss", label=names[now.next], size=(0.31, 0.27)))
    for v in shown:
        if now.p[v] >= _SHARE:
            sides = {"leaves": "above", "enters": "below"}
            arrows.append(Arrow(f"h{step - 1}", f"p{v}", 0.8 * now.p[v], role="probability", **sides))
    arrows.append(Arrow(f"p{now.next}", "next", 0.3, role="loss", leaves="below", enters="above"))
    return draw_machine(parts, arrows, now=(f"h{step - 1}", "next"), row=0.62)


def tell_writing_letters(written, names, step):
    """Say in words what `draw_writing_letters` shows at a step."""
    now = written[step - 1]
    text = "".join(names[each.read] for each in written[:step])
    order = [v for v in np.argsort(-now.p, kind="stable") if names[v]][:2]
    first, second = (f"“{names[v]}” {now.p[v]:.2f}" for v in order)
    read = f"It has read “{text}”" if text else "It has read nothing but the start"
    how = "was given" if now.given else "was drawn"
    share = short_number(now.p[now.next], tiny=True)
    return f"{read}. Most probable next: {first} and {second}. “{names[now.next]}” {how}, with probability {share}."


def _title(now, names):
    return f"probability of each next letter; “{names[now.next]}” " + ("was given" if now.given else "is drawn")
