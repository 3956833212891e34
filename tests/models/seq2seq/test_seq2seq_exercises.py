"""The exercises of sequence to sequence ask for what the book computes."""

import numpy as np
import pytest

from helpers.layers.linear import LinearParams
from helpers.models.seq2seq.encoder import make_context, make_context_backward
from helpers.models.seq2seq.exercises import beam_step_exercise, context_backward_exercise
from helpers.models.seq2seq.params import init_seq2seq


@pytest.mark.parametrize("seed", range(3))
def test_the_way_back_is_that_of_the_map_of_the_last_state(seed):
    h_last, W, dc = context_backward_exercise.draw(np.random.default_rng(seed))
    params = init_seq2seq(np.random.default_rng(0), 5, 5, 2, W.shape[1])
    params = params._replace(context=LinearParams(W, np.zeros(W.shape[1])))
    _, cache = make_context(h_last[None], h_last, np.ones((1, len(dc)), bool), params)
    _, dlast, _ = make_context_backward(dc, cache, params)
    np.testing.assert_allclose(context_backward_exercise.values(h_last, W, dc), dlast)


@pytest.mark.parametrize("seed", range(3))
def test_the_step_of_a_beam_is_the_sorted_list_of_all_continuations(seed):
    log_prob, log_probs, width = beam_step_exercise.draw(np.random.default_rng(seed))
    every = [(-(log_prob[n] + p), n, token) for n, row in enumerate(log_probs) for token, p in enumerate(row)]
    best = sorted(every)[: int(width)]
    parents, tokens, totals = beam_step_exercise.values(log_prob, log_probs, width)
    assert [*zip(parents, tokens, strict=True)] == [(n, token) for _, n, token in best]
    np.testing.assert_allclose(totals, [-total for total, *_ in best])
