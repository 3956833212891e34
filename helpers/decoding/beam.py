"""Beam search: at every step the few most probable beginnings."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_floats, check_integer, check_shape
from helpers.decoding.hypotheses import Hypothesis, best_first, best_reachable, check_alpha, make_hypothesis
from helpers.decoding.interface import check_search, count_rows, next_log_probs, select_rows


class Beam(NamedTuple):
    """The search for one source."""

    tokens: np.ndarray  # (k, t) int64: the open hypotheses, best first, at most `width`
    log_prob: np.ndarray  # (k,)
    finished: list[Hypothesis]  # the best `width` so far, best first


class Limits(NamedTuple):
    """What bounds a search."""

    end: int
    width: int
    max_length: int
    alpha: float


def beam_search(step, state, start, end, width, max_length, alpha=1.0):
    """Keep at every step the `width` most probable continuations of what was kept before.

    A continuation that is kept and ends in `<end>` is finished and leaves the beam; those still open at `max_length`
    count as finished. Width 1 is greedy search. A beam that never has to drop anything is exhaustive search.

    The search for a source stops when `width` hypotheses have finished and no open one can still come before any of
    them, whatever it goes on with (see `helpers.decoding.hypotheses.best_reachable`): it finds what it would find
    without the stop.

    Parameters
    ----------
    step : function
        The model, ``step(tokens (N,), state) -> log_probs (N, V), state``, see `helpers.decoding.interface`.
    state : nest
        What the model knows before `<start>`, a row for each of B sources. What is found for one source does not
        depend on the others.
    start, end : int
        The tokens `<start>` and `<end>`; an `end` of −1 never comes.
    width : int
    max_length : int
        Tokens to generate at most, `<end>` included.
    alpha : float
        Finished hypotheses are ranked by log P / length^α. Above 0 it favours long outputs, see
        `helpers.decoding.hypotheses.length_score`. What is kept at a step is decided by log P alone: there all are
        equally long.

    Returns
    -------
    list of list of Hypothesis
        For each source the best finished hypotheses, best first, at most `width`.

    Raises
    ------
    ValueError
        When the sizes are impossible, or the model gives no log-probabilities.

    References
    ----------
    Sutskever, Vinyals and Le 2014, "Sequence to Sequence Learning with Neural Networks",
    https://arxiv.org/abs/1409.3215, section 3.2.
    """
    width = check_integer("width", width)
    start, end, max_length = check_search(start, end, max_length)
    check_alpha(alpha, max_length)
    limits = Limits(end, width, max_length, alpha)
    beams = [first_beam() for _ in range(count_rows(state))]
    tokens = np.full(len(beams), start)
    while len(tokens):
        log_probs, state = next_log_probs(step, tokens, state)
        beams, rows = _advance_all(beams, log_probs, limits)
        tokens = np.concatenate([beam.tokens[:, -1] for beam in beams if len(beam.tokens)] or [rows])
        state = select_rows(state, rows)
    return [beam.finished for beam in beams]


def first_beam():
    """One open hypothesis without tokens, of probability 1."""
    return Beam(np.zeros((1, 0), np.int64), np.zeros(1), [])


def _advance_all(beams, log_probs, limits):
    """Advance each beam with its own rows of log_probs; `rows` (M,) are those that its open hypotheses come from."""
    ends = np.cumsum([len(beam.tokens) for beam in beams])
    advanced, rows = [], [np.zeros(0, np.int64)]
    for beam, last in zip(beams, ends, strict=True):
        first = last - len(beam.tokens)
        if first < last:
            beam, parents = advance(beam, log_probs[first:last], limits)
            rows.append(first + parents)
        advanced.append(beam)
    return advanced, np.concatenate(rows)


def advance(beam, log_probs, limits):
    """One step for one source: extend every open hypothesis by every token and keep the best `width`.

    Parameters
    ----------
    beam : Beam
        With k ≥ 1 open hypotheses.
    log_probs : ndarray (k, V)
    limits : Limits

    Returns
    -------
    beam : Beam
    parents : ndarray of int
        For each hypothesis that is still open the number of the one that it extends.
    """
    end, width, max_length, alpha = limits
    width, max_length = check_integer("width", width), check_integer("max_length", max_length)
    check_floats(log_probs=log_probs)
    check_shape("log_probs", log_probs, "k V", k=len(beam.log_prob))
    total = beam.log_prob[:, None] + log_probs  # (k, V)
    parents, chosen = np.divmod(largest(total.ravel(), width), total.shape[1])
    log_prob = total[parents, chosen]
    tokens = np.column_stack([beam.tokens[parents], chosen])
    length = tokens.shape[1]

    done = (chosen == end) | (length == max_length)
    closed = [make_hypothesis(*each, alpha) for each in zip(tokens[done], log_prob[done], strict=True)]
    finished = best_first(beam.finished + closed, width)
    is_open = ~done
    if len(finished) == width and is_open.any():
        reachable = best_reachable(log_prob[is_open][0], length, max_length, alpha)  # the first is the most probable
        is_open &= reachable > finished[-1].score  # a tie is not won: `best_first` puts the shorter one first
    return Beam(tokens[is_open], log_prob[is_open], finished), parents[is_open]


def largest(values, count):
    """The places of the `count` largest finite values, largest first; of equal ones the first place.

    The values are cut into pieces. The maxima of the pieces are values too, so `count` values are at least as large as
    the `count`-th largest of these maxima. Only those are sorted, which is much faster than to search all values.
    """
    piece = max(1, len(values) // (16 * count))
    maxima = np.maximum.reduceat(values, np.arange(0, len(values), piece))
    least = np.partition(maxima, -count)[-count] if count < len(maxima) else -np.inf
    (places,) = np.nonzero(values >= max(least, np.finfo(values.dtype).min))
    return places[np.argsort(-values[places], kind="stable")[:count]]
