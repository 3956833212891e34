"""The searches against each other, on models that are tables."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.decoding import beam
from helpers.decoding.beam import beam_search
from helpers.decoding.exhaustive import exhaustive_search
from helpers.decoding.greedy import greedy
from helpers.decoding.interface import next_log_probs
from helpers.decoding.table_models import first_state, given_table, random_table, table_step

START, END, DEPTH = 0, 1, 4
ALPHAS = (-1.0, -0.3, 0.0, 0.5, 1.0, 2.0)
UNPRUNED = 4**DEPTH


# seed, sources, V, sharpness, share of impossible tokens: flat tables with many ties and sharp ones
RECIPES = st.tuples(
    st.integers(0, 10**6),
    st.integers(1, 3),
    st.integers(2, 4),
    st.sampled_from([0.0, 0.5, 1.0, 3.0]),
    st.sampled_from([0.0, 0.3, 0.7]),
)


def make(recipe, depth=DEPTH):
    seed, sources, V, sharpness, zeros = recipe
    return random_table(np.random.default_rng(seed), sources, V, depth, sharpness, zeros)


def search(function, table, *args, length=DEPTH, **options):
    return function(table_step(table), first_state(table), START, END, *args, length, **options)


def one_at_a_time(function, table, *args, **options):
    step, state = table_step(table), first_state(table)
    return [function(step, state[[source]], START, END, *args, **options)[0] for source in range(table.sources)]


def log_prob_of(table, source, tokens):
    node, total = table.children[source, START], 0.0
    for token in tokens:
        total += table.log_probs[node, token]
        node = table.children[node, token]
    return total


@settings(deadline=None)
@given(RECIPES, st.sampled_from(ALPHAS), st.integers(1, DEPTH))
def test_an_unpruned_beam_is_exhaustive_search(recipe, alpha, length):
    table = make(recipe)
    found = search(beam_search, table, UNPRUNED, length=length, alpha=alpha)
    assert found == search(exhaustive_search, table, length=length, alpha=alpha)


@settings(deadline=None)
@given(RECIPES, st.sampled_from(ALPHAS), st.integers(1, DEPTH))
def test_width_1_is_greedy(recipe, alpha, length):
    table = make(recipe)
    found = search(beam_search, table, 1, length=length, alpha=alpha)
    assert found == search(greedy, table, length=length, alpha=alpha)


@settings(deadline=None)
@given(RECIPES, st.sampled_from(ALPHAS), st.integers(1, 6))
def test_a_batch_is_one_at_a_time(recipe, alpha, width):
    table = make(recipe)
    assert search(beam_search, table, width, alpha=alpha) == one_at_a_time(
        beam_search, table, width, DEPTH, alpha=alpha
    )
    for function in (greedy, exhaustive_search):
        assert search(function, table, alpha=alpha) == one_at_a_time(function, table, DEPTH, alpha=alpha)


@settings(deadline=None)
@given(RECIPES, st.sampled_from(ALPHAS), st.integers(1, 6))
def test_scores_are_sums_of_log_probabilities(recipe, alpha, width):
    table = make(recipe)
    for function, args in ((greedy, ()), (beam_search, (width,)), (exhaustive_search, ())):
        for source, hypotheses in enumerate(search(function, table, *args, alpha=alpha)):
            for tokens, log_prob, score in hypotheses:
                assert log_prob == log_prob_of(table, source, tokens)
                assert score == log_prob / len(tokens) ** alpha
                assert tokens.index(END) == len(tokens) - 1 if END in tokens else len(tokens) == DEPTH


@settings(max_examples=300, deadline=None)
@given(RECIPES, st.sampled_from(ALPHAS), st.integers(1, 6))
def test_stopping_early_changes_nothing(recipe, alpha, width):
    table = make(recipe, depth=6)
    found = search(beam_search, table, width, length=6, alpha=alpha)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(beam, "best_reachable", lambda *_: np.inf)  # so that there is always hope
        assert found == search(beam_search, table, width, length=6, alpha=alpha)


def test_a_hypothesis_that_is_behind_may_still_win():
    # After two steps two have finished, with scores −0.65 and −0.69. The open one, at ln 0.03 = −3.5, would come last
    # were it to end at the next step; but nothing it goes on with costs anything, and over 8 tokens that is −0.44.
    certain = {(2,) + (3,) * n: {3: 1.0} for n in range(1, 8)}
    table = given_table({(): {END: 0.5, 2: 0.3, 3: 0.2}, (2,): {END: 0.9, 3: 0.1}, **certain}, 4, END)
    (found,) = search(beam_search, table, 2, length=8, alpha=1.0)
    assert [each.tokens for each in found] == [(2,) + (3,) * 7, (2, END)]
    assert found[0].score == pytest.approx(np.log(0.03) / 8)


def test_it_stops_when_nothing_open_can_win(monkeypatch):
    lengths = []
    monkeypatch.setattr(beam, "next_log_probs", lambda *args: lengths.append(len(args[1])) or next_log_probs(*args))
    table = given_table({(): {END: 0.6, 2: 0.4}, (2,): {END: 0.9, 2: 0.1}, (2, 2): {2: 1.0}}, 3, END)
    (found,) = search(beam_search, table, 2, length=50, alpha=0.0)
    assert [each.tokens for each in found] == [(END,), (2, END)]
    assert lengths == [1, 1]


def test_ties_go_to_the_earlier_hypothesis_and_the_lower_token():
    table = random_table(np.random.default_rng(0), 2, 4, 2, sharpness=0.0)
    for hypotheses in search(beam_search, table, 4, length=2):
        assert [each.tokens for each in hypotheses] == [(END,), (0, 0), (0, 1), (0, 2)]


@settings(deadline=None)
@given(RECIPES, st.integers(1, 6))
def test_an_unpruned_beam_finds_the_most_probable_output(recipe, width):
    table = make(recipe)
    narrow = search(beam_search, table, width, alpha=0.0)
    whole = search(beam_search, table, UNPRUNED, alpha=0.0)
    assert all(best.log_prob >= other.log_prob for (best, *_), (other, *_) in zip(whole, narrow, strict=True))
    total = [sum(np.exp(each.log_prob) for each in hypotheses) for hypotheses in whole]
    np.testing.assert_allclose(total, 1)


@given(st.integers(0, 10**6), st.integers(1, 3000), st.integers(1, 40), st.sampled_from([3, 100, 10**6]))
def test_the_largest_values_are_those_that_sorting_finds(seed, size, count, levels):
    rng = np.random.default_rng(seed)
    values = -rng.integers(levels, size=size).astype(float)  # with few levels there are many ties
    values[rng.random(size) < rng.random()] = -np.inf
    wanted = sorted(np.flatnonzero(values > -np.inf), key=lambda place: (-values[place], place))[:count]
    assert beam.largest(values, count).tolist() == wanted


@settings(deadline=None)
@given(RECIPES, st.sampled_from(ALPHAS), st.integers(1, 6))
def test_at_most_width_hypotheses_best_first_and_all_different(recipe, alpha, width):
    table = make(recipe)
    for hypotheses in search(beam_search, table, width, alpha=alpha):
        scores = [each.score for each in hypotheses]
        assert 1 <= len(hypotheses) <= width
        assert scores == sorted(scores, reverse=True)
        assert len({each.tokens for each in hypotheses}) == len(hypotheses)
