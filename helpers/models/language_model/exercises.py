"""Exercises of language models: the nucleus of one distribution, and one long text as strips."""

import numpy as np

from helpers.core.exercises import Exercise, Mistake
from helpers.data.streams import cut_strips


def _draw_probabilities(rng):
    return rng.dirichlet(np.full(9, 0.7)), np.array(rng.uniform(0.5, 0.9))


def _nucleus(probs, p):
    order = np.argsort(-probs, kind="stable")
    before = np.cumsum(probs[order]) - probs[order]
    kept = np.where(np.isin(np.arange(len(probs)), order[before < p - 1e-12]), probs, 0)
    return kept / kept.sum()


def _kept(choose, renormalise=True):
    """Return a function that keeps what `choose(probs, order, sums, p)` says, a mask over the order."""

    def function(probs, p):
        order = np.argsort(-probs, kind="stable")
        mask = choose(probs[order], np.cumsum(probs[order]), float(p))
        kept = np.zeros_like(probs)
        kept[order[mask]] = probs[order[mask]]
        return kept / kept.sum() if renormalise and kept.sum() else kept

    return function


def _least_first(probs, p):
    order = np.argsort(probs, kind="stable")
    before = np.cumsum(probs[order]) - probs[order]
    kept = np.zeros_like(probs)
    kept[order[before < p]] = probs[order[before < p]]
    return kept / kept.sum()


nucleus_exercise = Exercise(
    name="nucleus",
    shapes={"probs": "V"},
    draw=_draw_probabilities,
    values=_nucleus,
    mistakes=(
        Mistake(
            "the token that takes the sum to p or beyond belongs to the set: keep a token while the sum of those "
            "*before* it is below p.",
            _kept(lambda probs, sums, p: sums < p),
        ),
        Mistake(
            "the probabilities that are kept no longer sum to 1: divide by their sum.",
            _kept(lambda probs, sums, p: sums - probs < p, renormalise=False),
        ),
        Mistake("p is the sum of the set, not a limit for each token.", _kept(lambda probs, sums, p: probs >= p)),
        Mistake(
            "begin with the most probable token: sort from the largest to the smallest.",
            lambda probs, p: _least_first(probs, float(p)),
        ),
    ),
)

_B = 3


def _draw_tokens(rng):
    return (rng.permutation(rng.integers(20, 30)),)


def _strips(tokens):
    return tuple(np.asarray(part) for part in cut_strips(tokens, _B)[:2])


def _length(tokens):
    return (len(tokens) - 1) // _B


def _cut(tokens, first, last):
    return np.asarray(tokens)[first:last]


strips_exercise = Exercise(
    name="strips",
    shapes={"inputs": "L B", "targets": "L B"},
    draw=_draw_tokens,
    values=_strips,
    mistakes=(
        Mistake(
            "neighbours of the text stand side by side, in different strips: a strip must be a piece of the text, so "
            "reshape to (B, L) and transpose.",
            lambda tokens: tuple(
                _cut(tokens, k, k + _length(tokens) * _B).reshape(_length(tokens), _B) for k in (0, 1)
            ),
        ),
        Mistake(
            "the targets are the inputs: they must be one token later.",
            lambda tokens: (_strips(tokens)[0], _strips(tokens)[0]),
        ),
        Mistake(
            "the last target of a strip is the first token of the next strip, not of the same one: shift the text "
            "before you cut it, not the strips.",
            lambda tokens: (_strips(tokens)[0], np.roll(_strips(tokens)[0], -1, axis=0)),
        ),
        Mistake(
            "time comes first: transpose the strips, so that a column is a strip.",
            lambda tokens: tuple(part.T for part in _strips(tokens)),
        ),
    ),
)
