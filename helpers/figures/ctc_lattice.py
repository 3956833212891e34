"""The lattice of CTC as a machine: α frame by frame, β from the end, their product, and the gradient."""

import numpy as np

from helpers.core.checks import check_choice, check_integer
from helpers.core.ctc_paths import check_log_y, with_blanks
from helpers.figures.machine import Arrow, Part, draw_machine, short_number, subscript
from helpers.layers.ctc.lattice import ctc_log_alpha, ctc_log_beta, ctc_log_prob, ctc_occupancy, ctc_posterior

# Set by hand: six frames in which first a, then b is heard.
LATTICE_SYMBOLS = ("–", "a", "b")
LATTICE_Y = np.array(
    [[0.5, 0.4, 0.1], [0.2, 0.7, 0.1], [0.3, 0.6, 0.1], [0.5, 0.1, 0.4], [0.2, 0.1, 0.7], [0.8, 0.1, 0.1]]
)
LATTICE_TARGETS = ("ab", "aa")

_MOST_FRAMES, _MOST_LETTERS = 6, 2  # that fit on the page
_SIZE, _DECIMALS = (0.5, 0.27), 3
_TOP, _FIRST, _ROW = 0.0, 0.68, 0.6  # inches: the row of y, the first state, from state to state
_LINE = 0.2  # of one symbol of y


def last_lattice_moment(frames):
    """How many moments a lattice has after the first: α of each frame, β of each frame, their product, the gradient."""
    return 2 * frames + 2


def draw_ctc_lattice(y, symbols, target, moment, state):
    """Draw the lattice of a target as far as it is computed; a node shows α and, below it, β.

    In a figure with controls "moment" and "state" a click on a frame or on a node sets them.

    Parameters
    ----------
    y : ndarray (T, V)
        Probabilities of the symbols at each of up to six frames; symbol 0 is the blank.
    symbols : sequence of str
        V of them, one character each.
    target : str
        One or two letters.
    moment : int
        0: y alone; 1 to T: α of that frame; T + 1 to 2 T: β from the last frame to the first; 2 T + 1: α β / P;
        2 T + 2: the gradient.
    state : int
        The state, from 1, whose equation is written.

    Returns
    -------
    Figure, str

    Raises
    ------
    ValueError
        When there is no such moment, state or letter, no path says the target, or it does not fit on the page.
    """
    trace = _trace(y, symbols, target)
    T, S = trace["alpha"].shape
    if check_integer("moment", moment, least=0) > last_lattice_moment(T):
        raise ValueError(f"moment is {moment}, expected 0 to {last_lattice_moment(T)}")
    check_choice("state", check_integer("state", state), range(1, S + 1))
    t, s = _frame_of(moment, T), state - 1
    parts = [*_row_names(trace, moment, T), *_frames(trace, moment, T, t)]
    parts += [_node(trace, moment, n, k) for n in range(T) for k in range(S)]
    parts.append(Part("floor", (0, _FIRST + _ROW * (S - 1) + 0.36), "dot"))  # no moment is taller
    now = () if t is None or not trace["on_a_path"][t, s] else (f"n{t}.{s}",)
    arrows = list(_arrows(trace, moment, t, s))
    figure = draw_machine(parts, arrows, now=now, equation=_equation(trace, moment, t, s), scale=1.0, row=1.0)
    return figure, _tell(trace, moment, t, s)


def _trace(y, symbols, target):
    """All that the lattice computes, as probabilities."""
    log_y = np.log(np.asarray(y, dtype=float))
    T, V = check_log_y(log_y, 0)
    if len(symbols) != V:
        raise ValueError(f"there are {len(symbols)} symbols, expected {V}")
    for letter in target:
        check_choice("a letter of the target", letter, symbols[1:])
    if not (1 <= len(target) <= _MOST_LETTERS and 1 <= T <= _MOST_FRAMES):
        raise ValueError(
            f"there are {len(target)} letters and {T} frames, expected up to {_MOST_LETTERS} and {_MOST_FRAMES}"
        )
    ids = [list(symbols).index(letter) for letter in target]
    log_prob = ctc_log_prob(log_y, ids)
    if np.isneginf(log_prob):
        raise ValueError(f"no path of {T} frames says {target!r}")
    alpha, beta = np.exp(ctc_log_alpha(log_y, ids)), np.exp(ctc_log_beta(log_y, ids))
    return {
        "y": np.exp(log_y),
        "symbols": symbols,
        "target": target,
        "labels": with_blanks(ids),
        "alpha": alpha,
        "beta": beta,
        "P": float(np.exp(log_prob)),
        "gamma": ctc_occupancy(log_y, ids),
        "gradient": np.exp(log_y) - ctc_posterior(log_y, ids),
        "on_a_path": alpha * beta > 0,
    }


def _frame_of(moment, T):
    """The frame, from 0, that is computed at a moment; None where it is all of them, or none."""
    if 1 <= moment <= 2 * T:
        return moment - 1 if moment <= T else 2 * T - moment
    return None


def _row_names(trace, moment, T):
    what = "y" if moment < 2 * T + 2 else "dz"
    for k, symbol in enumerate(trace["symbols"]):
        place = (-0.72, _TOP + _LINE * (k - (len(trace["symbols"]) - 1) / 2))
        yield Part(f"name y{k}", place, "text", label=f"{what}({symbol})")
    for s, label in enumerate(trace["labels"]):
        name = f"{s + 1}: {trace['symbols'][label]}"
        yield Part(f"name {s}", (-0.72, _FIRST + _ROW * s), "text", label=name, touch=f"state={s + 1}")


def _frames(trace, moment, T, t):
    """The probabilities of every frame, or the gradient in their place."""
    shows_gradient = moment == 2 * T + 2
    for n, column in enumerate(trace["gradient"] if shows_gradient else trace["y"]):
        look = {"role": "back" if shows_gradient else "probability", "label": f"{n + 1}", "touch": f"moment={n + 1}"}
        yield Part(f"y{n}", (n, _TOP), value=column[:, None], size=(_SIZE[0], _LINE * len(column)), decimals=2, **look)


def _node(trace, moment, n, s):
    """A state at a frame: α and β as soon as they are there, or their product."""
    T = len(trace["y"])
    place = {"at": (n, _FIRST + _ROW * s), "size": _SIZE, "decimals": _DECIMALS, "touch": f"state={s + 1}"}
    if moment > 2 * T:
        value = trace["gamma"][n, s]
        return Part(f"n{n}.{s}", role="probability", value=value if value > 0 else None, **place)
    alpha, beta = trace["alpha"][n, s], trace["beta"][n, s]
    value = alpha if moment > n and alpha > 0 else None
    back = beta if moment >= 2 * T - n and beta > 0 else None
    return Part(f"n{n}.{s}", role="plain" if alpha == 0 else "state", value=value, back=back, **place)


def _comes_from(trace, s):
    """The states that a path may be in before state s, s first."""
    labels = trace["labels"]
    may_skip = s >= 2 and labels[s] != labels[s - 2]
    return [k for k in (s, s - 1, *([s - 2] if may_skip else [])) if k >= 0]


def _goes_to(trace, s):
    return [k for k in range(s, min(s + 3, len(trace["labels"]))) if s in _comes_from(trace, k)]


def _arrows(trace, moment, t, s):
    """All steps that a path may take; those of the equation stand out, and in the end their width is their share."""
    T, S = trace["alpha"].shape
    forward, backward = t is not None and moment <= T, t is not None and moment > T
    for n in range(1, T):
        for k in range(S):
            for j in _comes_from(trace, k):
                if not (trace["on_a_path"][n - 1, j] and trace["on_a_path"][n, k]):
                    continue
                look = {"leaves": "right", "enters": "left", "role": "plain", "head": False}
                if moment > 2 * T:
                    share = trace["alpha"][n - 1, j] * trace["y"][n, trace["labels"][k]] * trace["beta"][n, k]
                    look |= {"size": share / trace["P"], "role": "probability"}
                elif forward and (n, k) == (t, s):
                    look |= {"role": "state", "head": True, "size": 0.3}
                elif backward and (n - 1, j) == (t, s):
                    look |= {"back": True, "head": True, "size": 0.3}
                yield Arrow(f"n{n - 1}.{j}", f"n{n}.{k}", **look)


def _equation(trace, moment, t, s):
    T = len(trace["y"])
    if moment == 0:
        return "y: what the network believes at each of the frames 1 to " + str(T)
    if moment == 2 * T + 1:
        return f"in each node: α β / P, with P = Σ α β = {short_number(trace['P'], decimals=3)} at every frame"
    if moment == 2 * T + 2:
        return "dz = y − posterior: what is believed, less what would be believed knowing the target"
    return _forward_equation(trace, t, s) if moment <= T else _backward_equation(trace, t, s)


def _forward_equation(trace, t, s):
    symbol = trace["symbols"][trace["labels"][s]]
    y = trace["y"][t, trace["labels"][s]]
    left = f"α{subscript(t + 1)}({s + 1})"
    if t == 0:
        if s > 1:
            return f"{left} = 0: a path begins in state 1 or 2"
        return f"{left} = y₁({symbol}) = {_number(y)}"
    before = [k for k in reversed(_comes_from(trace, s)) if trace["alpha"][t - 1, k] > 0]
    if not before:
        return f"{left} = 0: no beginning leads here in {t + 1} frames"
    sum_of = " + ".join(f"α{subscript(t)}({k + 1})" for k in before)
    numbers = " + ".join(_number(trace["alpha"][t - 1, k]) for k in before)
    if len(before) > 1:
        sum_of, numbers = f"({sum_of})", f"({numbers})"
    result = _number(trace["alpha"][t, s])
    return _two_lines(f"{left} = {sum_of} · y{subscript(t + 1)}({symbol})", f"= {numbers} · {_number(y)} = {result}")


def _backward_equation(trace, t, s):
    T, left = len(trace["y"]), f"β{subscript(t + 1)}({s + 1})"
    if t == T - 1:
        ends = s >= len(trace["labels"]) - 2
        return f"{left} = 1: a path may end here" if ends else f"{left} = 0: a path ends in the last two states"
    after = [k for k in _goes_to(trace, s) if trace["beta"][t + 1, k] > 0]
    if not after:
        return f"{left} = 0: no path from here ends in time"
    ys = [trace["y"][t + 1, trace["labels"][k]] for k in after]
    later = subscript(t + 2)
    terms = " + ".join(f"β{later}({k + 1}) y{later}({trace['symbols'][trace['labels'][k]]})" for k in after)
    numbers = " + ".join(f"{_number(trace['beta'][t + 1, k])} · {_number(y)}" for k, y in zip(after, ys, strict=True))
    return _two_lines(f"{left} = {terms}", f"= {numbers} = {_number(trace['beta'][t, s])}")


def _two_lines(symbols, numbers):
    """An equation that breaks between its symbols and its numbers alone."""
    return " ".join(line.replace(" ", "\N{NO-BREAK SPACE}") for line in (symbols, numbers))


def _number(value):
    return short_number(value, decimals=_DECIMALS).rstrip("0").rstrip(".") if value else "0"


def _tell(trace, moment, t, s):
    T, target, symbol = len(trace["y"]), f"“{trace['target']}”", trace["symbols"][trace["labels"][s]]
    where = f"state {s + 1} ({'blank' if trace['labels'][s] == 0 else symbol})"
    if moment == 0:
        return f"{target}, {where}: the target has {len(trace['labels'])} states, a blank around each letter."
    if moment == 2 * T + 1:
        most = int(trace["gamma"][:, s].argmax())
        share = trace["gamma"][most, s]
        return f"If {target} is what was said, a path is in {where} most surely at frame {most + 1}: {share:.2f}."
    if moment == 2 * T + 2:
        label = trace["labels"][s]
        least = int(trace["gradient"][:, label].argmin())
        gradient = short_number(trace["gradient"][least, label])
        return (
            f"{target}, {where}: at frame {least + 1} the gradient is {gradient}. A step of descent raises this score."
        )
    if moment <= T:
        told = f"{target}, forward: all beginnings that are in {where} at frame {t + 1} have together"
        return f"{told} {_shown(trace['alpha'][t, s])}."
    told = f"{target}, backward: all ends that follow {where} at frame {t + 1} have together"
    return f"{told} {_shown(trace['beta'][t, s])}."


def _shown(value):
    return "nothing" if value == 0 else short_number(value, decimals=_DECIMALS)
