"""Valid calls of helpers.decoding."""

from importlib import import_module

import numpy as np

from tests.extreme_input.calls import Call

_NAMES = ("beam", "beam_tree", "exhaustive", "greedy", "hypotheses", "sampling", "table_models")
# Modules: in the package some of these names are functions.
beam, beam_tree, exhaustive, greedy, hypotheses, sampling, table_models = (
    import_module(f"helpers.decoding.{name}") for name in _NAMES
)

START, END, V = 0, 1, 4


def _table(rng):
    return table_models.random_table(rng, 2, V, 3)


def _search(rng_, **more):
    table = _table(rng_)
    return {
        "step": table_models.table_step(table),
        "state": table_models.first_state(table),
        "start": START,
        "end": END,
        "max_length": 3,
        "alpha": 0.7,
        **more,
    }


def _given(step_of):
    """A model that gives the same log-probabilities at each step: what is spoiled is what it gives."""

    def call(function):
        def run(log_probs, **options):
            return function(lambda tokens, state: (log_probs, state), np.zeros(1), **options)

        return run

    return call(step_of)


def _log_probs(rng):
    p = rng.random((2, V))
    return np.log(p / p.sum(axis=1, keepdims=True))


def _scores(arguments, result):
    """Every hypothesis has a log-probability of at most 0, and its score."""
    for hypothesis in (h for group in result for h in (group if isinstance(group, list) else [group])):
        if not hypothesis.log_prob <= 1e-3:
            return f"a log-probability of {hypothesis.log_prob}"
    return None


def _one_source(rng, **more):
    table = table_models.random_table(rng, 1, V, 3)
    return {
        "step": table_models.table_step(table),
        "state": table_models.first_state(table),
        "start": START,
        "end": END,
        "width": 2,
        "max_length": 3,
        "alpha": 0.7,
        **more,
    }


_options = {"start": START, "end": END, "max_length": 2}

CALLS = [
    Call(
        table_models.random_table,
        lambda rng: {"rng": rng, "sources": 2, "V": V, "depth": 2, "sharpness": 1.0, "zeros": 0.2},
        infinite=True,
    ),
    Call(
        table_models.given_table,
        lambda rng: {"probabilities": {(): {2: 0.6, 3: 0.4}, (2,): {1: 1.0}}, "V": V, "end": END},
        infinite=True,
    ),
    Call(table_models.first_state, lambda rng: {"table": _table(rng)}, left=("table",)),
    Call(table_models.table_step, lambda rng: {"table": _table(rng)}, left=("table",)),
    Call(greedy.greedy, _search, _scores),
    Call(
        greedy.greedy,
        lambda rng: {"log_probs": _log_probs(rng)[:1], **_options},
        _scores,
        via=_given(greedy.greedy),
        own_dtype=True,
        infinite=True,
    ),
    Call(greedy.follow, lambda rng: _search(rng, choose=lambda log_probs: log_probs.argmin(axis=1)), _scores),
    Call(beam.beam_search, lambda rng: _search(rng, width=2), _scores),
    Call(
        beam.beam_search,
        lambda rng: {"log_probs": _log_probs(rng)[:1], "width": 1, **_options},
        _scores,
        via=_given(beam.beam_search),
        own_dtype=True,
        infinite=True,
    ),
    Call(
        beam.advance,
        lambda rng: {
            "beam": beam.Beam(np.zeros((1, 1), int), np.array([-1.0]), []),
            "log_probs": _log_probs(rng)[:1],
            "limits": beam.Limits(END, 2, 3, 0.7),
        },
        infinite=True,
    ),
    Call(beam_tree.beam_tree, lambda rng: _one_source(rng, considered=3)),
    Call(exhaustive.exhaustive_search, _search, _scores),
    Call(sampling.sample_outputs, lambda rng: _search(rng, rng=rng, T=0.7, k=3, p=0.9), _scores),
    Call(sampling.temperature, lambda rng: {"log_probs": _log_probs(rng), "T": 0.7}, infinite=True),
    Call(sampling.top_k, lambda rng: {"log_probs": _log_probs(rng), "k": 2}, infinite=True),
    Call(sampling.top_p, lambda rng: {"log_probs": _log_probs(rng), "p": 0.8}, infinite=True),
    Call(
        hypotheses.score_of,
        lambda rng: {
            k: v for k, v in (_search(rng) | {"outputs": [(2, 1), (3, 2, 1)]}).items() if k not in ("end", "max_length")
        },
        _scores,
    ),
    Call(hypotheses.without_end, lambda rng: {"tokens": (2, 3, 1), "end": END}, infinite=True),
]
