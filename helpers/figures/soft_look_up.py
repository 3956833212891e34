"""One query, keys and values as a machine: dot products, softmax, and the weighted sum of the values."""

import math

import numpy as np

from helpers.core.checks import check_choice, check_finite, check_floats, check_integer, check_shape
from helpers.figures.machine import Arrow, Part, draw_machine, short_number
from helpers.layers.attention.scaled_dot_product import attention

# Set by hand, so that each query is plain to read: person, animal, what is done.
LOOK_UP_WORDS = ("Ann", "feeds", "her", "dog", "and", "it", "sleeps")
LOOK_UP_QUERIES = np.array([[0, 0, 2], [2, 2, 0], [3, 0, 0], [0, 0, 3], [0, 0, 0], [0, 3, 0], [1, 2, 0]], float)
LOOK_UP_KEYS = np.array([[2, 0, 0], [0, 0, 2], [1, 0, 0], [0, 2, 0], [0, 0, 0], [0, 1, 0], [0, 0, 2]], float)
LOOK_UP_VALUES = np.array([[4, 0], [0, 4], [2, 0], [-4, 0], [0, 0], [-2, 0], [0, -4]], float)

_ROWS = {"word": 0.0, "q": 0.62, "k": 1.52, "score": 2.15, "w": 2.67, "v": 3.3, "out": 3.9}  # inches
_CELL = 0.2  # the height of one number of a vector


def last_moment(keys):
    """How many moments a look-up has after the first: one score a key, softmax, and the sum."""
    return len(keys) + 2


def draw_soft_look_up(words, q, k, v, asks, moment, control="asks"):
    """Draw how one word asks all words: what is not computed yet at this moment is empty.

    Parameters
    ----------
    words : sequence of str
        S different ones.
    q, k : ndarray (S, d)
        The query and the key of each word.
    v : ndarray (S, d_v)
        What each word hands over.
    asks : str
        The word whose query it is.
    moment : int
        0: the query is there; s: the score of key s; S + 1: the weights; S + 2: the output.
    control : str
        A click on a word sets this control.

    Returns
    -------
    Figure, str

    Raises
    ------
    ValueError
        When shapes do not fit, a number is not finite, or there is no such word or moment.
    """
    words, t = _checked(words, q, k, v, asks, moment)
    out, weights, _ = attention(q[t : t + 1], k, v)
    scores = k @ q[t] / math.sqrt(k.shape[1])
    S, middle = len(words), (len(words) - 1) / 2
    parts = [_column("q", t, "q", "query", q[t], label="query", side="left" if t > middle else "right")]
    parts += [Part(f"name {name}", (-1.15, _ROWS[row]), "text", label=name) for name, row in _NAMES.items()]
    summed = out[0] if moment == S + 2 else None
    parts.append(Part("out", (middle, _ROWS["out"]), role="output", value=summed, shape=(v.shape[1],)))
    arrows = [Arrow(f"word{t}", "q")]
    for s, word in enumerate(words):
        touch = {"touch": f"{control}={word}"} if control else {}
        parts.append(Part(f"word{s}", (s, _ROWS["word"]), "box", "query" if s == t else "plain", label=word, **touch))
        parts.append(_column(f"k{s}", s, "k", "key", k[s], **touch))
        score, weight = scores[s] if moment > s else None, weights[0, s] if moment > S else None
        parts.append(Part(f"score{s}", (s, _ROWS["score"]), value=score, size=(0.46, 0.24)))
        parts.append(Part(f"w{s}", (s, _ROWS["w"]), "bar", "probability", weight, size=(0.42, 0.42)))
        parts.append(_column(f"v{s}", s, "v", "value", v[s]))
        if moment > s:
            arrows += [Arrow("q", f"k{s}", leaves="below", enters="above"), Arrow(f"k{s}", f"score{s}")]
        if moment > S:
            arrows.append(Arrow(f"score{s}", f"w{s}"))
        if moment == S + 2:
            arrows.append(Arrow(f"w{s}", f"v{s}", weights[0, s]))
            arrows.append(Arrow(f"v{s}", "out", weights[0, s], leaves="below"))
    new = _new(moment, S)
    figure = draw_machine(parts, arrows, now=new, equation=_equation(words, q[t], k, moment, S), scale=4.0, row=1.0)
    return figure, _tell(words, q[t], scores, weights[0], out[0], t, moment)


_NAMES = {"keys": "k", "scores": "score", "weights": "w", "values": "v", "output": "out"}


def _checked(words, q, k, v, asks, moment):
    check_floats(q=q, k=k, v=v)
    S, d = check_shape("q", q, "S d")
    check_shape("k", k, "S d", S=S, d=d)
    check_shape("v", v, "S d_v", S=S)
    for name, array in (("q", q), ("k", k), ("v", v)):
        check_finite(name, array)
    words = tuple(words)
    if len(set(words)) != S or len(words) != S:
        raise ValueError(f"words are {', '.join(map(str, words))}, expected {S} different ones")
    check_choice("asks", asks, words)
    check_integer("moment", moment, least=0)
    if moment > S + 2:
        raise ValueError(f"moment is {moment}, expected 0 to {S + 2}")
    return words, words.index(asks)


def _column(name, s, row, role, vector, **look):
    size = (0.34, _CELL * len(vector))
    return Part(name, (s, _ROWS[row]), role=role, value=vector[:, None], decimals=0, size=size, **look)


def _new(moment, S):
    """The parts that are computed at this moment."""
    if moment == 0:
        return ("q",)
    if moment <= S:
        return (f"k{moment - 1}", f"score{moment - 1}")
    return tuple(f"w{s}" for s in range(S)) if moment == S + 1 else ("out",)


def _equation(words, q, k, moment, S):
    if moment == 0:
        return "score = q · k / √d"
    if moment > S:
        return "weights = softmax(scores)" if moment == S + 1 else "output = Σ weight · value"
    products = " + ".join(f"{_plain(a)}·{_plain(b)}" for a, b in zip(q, k[moment - 1], strict=True))
    score = short_number(q @ k[moment - 1] / math.sqrt(len(q)))
    return f"score of “{words[moment - 1]}” = ({products}) / √{len(q)} = {score}"


def _plain(number):
    return short_number(number, decimals=0 if float(number).is_integer() else 2)


def _tell(words, q, scores, weights, out, t, moment):
    S, asks = len(words), words[t]
    if moment == 0:
        return f"“{asks}” asks. Its query is ({_listed(q)}). Each word has a key and a value."
    if moment <= S:
        s = moment - 1
        place = int((scores[:moment] > scores[s]).sum())
        fit = "the best fit" if not place else f"{place} {'fits' if place == 1 else 'fit'} better"
        return f"“{asks}” asks “{words[s]}”: the score is {short_number(scores[s])}, {fit} so far."
    order = np.argsort(-weights, kind="stable")
    if moment == S + 1:
        first, second = (f"“{words[s]}” {weights[s]:.2f}" for s in order[:2])
        if np.isclose(weights[order[0]], weights[order[-1]]):
            return f"“{asks}”: all scores are equal, so each of the {S} words gets the weight {weights[0]:.2f}."
        return f"Softmax makes weights of the scores of “{asks}”: {first}, {second}, and so on. They sum to 1."
    heaviest = words[order[0]]
    if np.isclose(weights[order[0]], weights[order[1]]):
        heaviest = " and ".join(f"“{words[s]}”" for s in order[:2]) + " alike"
        heaviest = "all words alike" if np.isclose(weights[order[0]], weights[order[-1]]) else heaviest
        return f"“{asks}” reads {heaviest}: the weighted sum of the values is ({_listed(out)})."
    share = f"{weights[order[0]]:.0%}"
    return f"“{asks}” reads mostly “{heaviest}”, {share}: the weighted sum of the values is ({_listed(out)})."


def _listed(vector):
    return ", ".join(_plain(value) for value in vector)
