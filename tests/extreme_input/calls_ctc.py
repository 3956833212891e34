"""Valid calls of CTC: its paths, its lattice, its loss and its searches; and of the scores of texts."""

import numpy as np

from helpers.core import ctc_paths
from helpers.core.numerics import log_softmax
from helpers.decoding import ctc as searches
from helpers.layers.ctc import alignment, fast, lattice, loss
from helpers.models import bleu, error_rates
from tests.extreme_input.calls import Call, a_share, normal, not_below_0

T, B, U, V = 6, 2, 3, 4


def _log_y(rng):
    return {"log_y": log_softmax(normal(rng, 4, 3)), "target": np.array([1, 2]), "blank": 0}


def _step(rng, name):
    labels = ctc_paths.with_blanks([1, 2])
    return {name: np.log(rng.random(len(labels))), "log_y_t": log_softmax(normal(rng, 3)), "labels": labels}


def _batch(rng):
    return {
        "logits": normal(rng, T, B, V),
        "targets": np.array([[1, 2], [1, 3], [2, 1]]),
        "input_lengths": np.array([6, 4]),
        "target_lengths": np.array([3, 2]),
        "blank": 0,
        "infeasible": "refuse",
    }


def _there_and_back(forward, backward):
    def both(**arguments):
        _, cache = forward(**arguments)
        return backward(cache)

    return both


def _no_probability_above_1(arguments, result):
    """Log-probabilities are at most 0."""
    wrong = np.asarray(result)[~(np.asarray(result) <= 1e-3)]
    return f"a log-probability of {wrong[0]}" if wrong.size else None


def _shares(arguments, result):
    """Sums of shares, which rounding may bring above 1."""
    return None if np.all((result >= 0) & (result <= 1.01)) else f"a share of {result.max()}"


def _ordered(arguments, result):
    found = result if isinstance(result, list) else [result]
    wrong = [each for each in found if not each.log_prob <= 1e-2 or np.isnan(each.score)]
    return f"a transcript {wrong[0]}" if wrong else None


def _search(rng, **more):
    return {
        "log_y": log_softmax(normal(rng, 4, 3)),
        "blank": 0,
        "language_model": lambda prefix: np.log([0.2, 0.3, 0.4, 0.1]),
        "weight": 0.7,
        "bonus": 0.3,
        "end": 3,
        **more,
    }


_texts = {"outputs": ["a b c", "d"], "truths": ["a c c", "d e"]}

CALLS = [
    Call(ctc_paths.collapse, lambda rng: {"path": np.array([1, 1, 0, 1, 2]), "blank": 0}),
    Call(ctc_paths.with_blanks, lambda rng: {"target": np.array([1, 1, 2]), "blank": 0}),
    Call(ctc_paths.frames_needed, lambda rng: {"target": np.array([1, 1, 2])}),
    Call(lattice.ctc_alpha_step, lambda rng: _step(rng, "log_alpha"), infinite=True, rounds=True),
    Call(lattice.ctc_beta_step, lambda rng: _step(rng, "log_beta"), infinite=True, rounds=True),
    Call(lattice.ctc_log_alpha, _log_y, _no_probability_above_1, infinite=True, rounds=True),
    Call(lattice.ctc_log_beta, _log_y, _no_probability_above_1, infinite=True, rounds=True),
    Call(lattice.ctc_log_prob, _log_y, _no_probability_above_1, infinite=True, rounds=True),
    Call(lattice.ctc_log_prob_by_enumeration, _log_y, _no_probability_above_1, infinite=True, rounds=True),
    Call(lattice.ctc_occupancy, _log_y, a_share, rounds=True),
    Call(lattice.ctc_posterior, _log_y, _shares, rounds=True),
    Call(alignment.ctc_alignment, _log_y, rounds=True),
    Call(loss.ctc_loss, _batch, not_below_0),
    Call(loss.ctc_loss_backward, _batch, via=_there_and_back(loss.ctc_loss, loss.ctc_loss_backward), rounds=True),
    Call(fast.fast_ctc_loss, _batch, not_below_0),
    Call(
        fast.fast_ctc_loss_backward,
        _batch,
        via=_there_and_back(fast.fast_ctc_loss, fast.fast_ctc_loss_backward),
        rounds=True,
    ),
    Call(searches.best_path, lambda rng: {"log_y": log_softmax(normal(rng, 4, 3)), "blank": 0}, _ordered, True),
    Call(searches.prefix_beam_search, lambda rng: _search(rng, width=4), _ordered, infinite=True, rounds=True),
    Call(searches.exhaustive_transcripts, _search, _ordered, infinite=True, rounds=True),
    Call(error_rates.word_error_rate, lambda rng: _texts),
    Call(error_rates.character_error_rate, lambda rng: _texts),
    Call(
        bleu.bleu,
        lambda rng: {"outputs": ["a b c d", "d"], "references": [["a b c d", "a"], ["d"]], "order": 2},
        lambda arguments, result: a_share(arguments, result.score),
    ),
    Call(bleu.share_exactly_right, lambda rng: _texts, a_share),
]
