"""Exercises of CTC: the collapse of a path, and one step of the forward variable."""

import numpy as np

from helpers.core.ctc_paths import collapse, with_blanks
from helpers.core.exercises import Exercise, Mistake
from helpers.core.numerics import log_softmax, logsumexp
from helpers.layers.ctc.lattice import ctc_alpha_step


def _draw_path(rng):
    """A path in which letters are said for several frames, and one is said twice, once across a blank."""
    a, b, c = rng.permutation([1, 2, 3])
    parts = [[b, b, 0], [0, 0, c], [c, 0, c], [b], [a, a, 0]]
    shuffled = [symbol for n in rng.permutation(len(parts)) for symbol in parts[n]]
    return (np.array([a, a, 0, a, *shuffled, 0, c, c]),)


def _merge(path):
    return path[np.append(True, path[1:] != path[:-1])]


def _delete(path):
    return path[path != 0]


collapse_exercise = Exercise(
    name="collapse",
    shapes={"text": "U"},
    draw=_draw_path,
    values=collapse,
    mistakes=(
        Mistake(
            "first merge, then delete: without its blanks (a, -, a) is (a, a), and becomes (a) when it is merged.",
            lambda path: _merge(_delete(path)),
        ),
        Mistake("what is repeated is not merged yet: (a, a) is one a, said for two frames.", _delete),
        Mistake("the blanks are still there: delete them, once all is merged.", _merge),
        Mistake(
            "each symbol is kept once only; merge those alone that stand side by side.",
            lambda path: _delete(path[np.sort(np.unique(path, return_index=True)[1])]),
        ),
        Mistake(
            "the first symbol is lost: nothing stands before it, so it is always kept.",
            lambda path: _delete(path[1:][path[1:] != path[:-1]]),
        ),
        Mistake(
            "the last symbol is lost: compare each symbol with the one before it, the last too.",
            lambda path: _delete(path[:-1][path[1:] != path[:-1]]),
        ),
        Mistake(
            "this keeps what is repeated: keep a symbol where it differs from the one before.",
            lambda path: _delete(path[1:][path[1:] == path[:-1]]),
        ),
    ),
)


def _draw_step(rng):
    """The target has a letter twice; each state has been reached already."""
    a, b, c = rng.permutation([1, 2, 3])
    labels = with_blanks([a, b, b, c])
    return np.log(rng.random(len(labels))), log_softmax(rng.standard_normal(5)), labels


def _step(
    offsets=(0, 1, 2),
    may_skip=lambda labels: labels[2:] != labels[:-2],
    add=lambda terms: logsumexp(terms, axis=0),
    emission=lambda log_y_t, labels: log_y_t[labels],
):
    """Return a step of α with a mistake in it: where a path comes from, how they are added, and what is said."""

    def step(log_alpha, log_y_t, labels):
        S = len(labels)
        terms = np.full((3, S), -np.inf)
        for row, offset in zip(terms, offsets, strict=False):
            if offset >= 0:
                row[offset:] = log_alpha[: S - offset]
            else:
                row[:offset] = log_alpha[-offset:]
        if len(offsets) == 3:
            terms[2, 2:][~may_skip(labels)] = -np.inf
        with np.errstate(divide="ignore", invalid="ignore"):
            return add(terms) + emission(log_y_t, labels)

    return step


ctc_alpha_step_exercise = Exercise(
    name="ctc_alpha_step",
    shapes={"log_alpha": "S"},
    draw=_draw_step,
    values=ctc_alpha_step,
    mistakes=(
        Mistake(
            "between two equal letters the blank must be said: s may be skipped to only where its label is not that of "
            "s − 2.",
            _step(may_skip=lambda labels: labels[2:] > 0),
        ),
        Mistake(
            "a blank is never skipped to: it has the same label as the blank two states before.",
            _step(may_skip=lambda labels: (labels[2:] != labels[:-2]) | (labels[2:] == 0)),
        ),
        Mistake(
            "a blank is never skipped to, and no letter from an equal one: see where the labels of s and s − 2 differ.",
            _step(may_skip=lambda labels: np.ones(len(labels) - 2, bool)),
        ),
        Mistake("the skip is missing: a path may leave out the blank between two different letters.", _step((0, 1))),
        Mistake(
            "a path may also stay in its state: add α_{t−1}(s).", _step((1, 1, 2), add=lambda t: logsumexp(t[1:], 0))
        ),
        Mistake(
            "a path may also come from the state before: add α_{t−1}(s−1).",
            _step((0, 0, 2), add=lambda t: logsumexp(t[[0, 2]], 0)),
        ),
        Mistake(
            "α looks back: a path comes to s from s, s − 1 and s − 2, not from the states after it.",
            _step((0, -1, -2), may_skip=lambda labels: labels[2:] != labels[:-2]),
        ),
        Mistake(
            "this adds logarithms, which multiplies probabilities: take logsumexp of the three.",
            _step(add=lambda terms: terms.sum(axis=0)),
        ),
        Mistake(
            "the largest of the three is the best path; α is the sum of all: logsumexp.",
            _step(add=lambda terms: terms.max(axis=0)),
        ),
        Mistake(
            "the sum is of probabilities here: return its logarithm.",
            lambda *arguments: np.exp(ctc_alpha_step(*arguments)),
        ),
        Mistake(
            "what the state says is missing: add log y_t of its label.",
            _step(emission=lambda log_y_t, labels: 0),
        ),
        Mistake(
            "log y_t belongs outside the sum, of the label that the path comes to.",
            lambda log_alpha, log_y_t, labels: _step(emission=lambda *_: 0)(
                log_alpha + log_y_t[labels], log_y_t, labels
            ),
        ),
    ),
)
