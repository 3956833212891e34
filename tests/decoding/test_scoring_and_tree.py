import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.decoding.beam import beam_search
from helpers.decoding.beam_tree import beam_tree, path
from helpers.decoding.hypotheses import Hypothesis, length_score, score_of, without_end
from helpers.decoding.sampling import sample_outputs
from helpers.decoding.table_models import first_state, random_table, table_step
from tests.decoding import small_models

START, END, DEPTH = 0, 1, 5
ALPHAS = (-1.0, 0.0, 0.5, 1.0, 2.0)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(ALPHAS), st.integers(1, 4))
def test_scoring_what_was_found_gives_the_score_it_was_found_with(seed, alpha, width):
    rng = np.random.default_rng(seed)
    table = random_table(rng, 3, 3, DEPTH)
    model = table_step(table), first_state(table)
    best = [hypotheses[-1] for hypotheses in beam_search(*model, START, END, width, DEPTH, alpha)]
    assert score_of(*model, START, [each.tokens for each in best], alpha) == best
    drawn = [hypotheses[0] for hypotheses in sample_outputs(*model, START, END, DEPTH, rng, T=3.0, alpha=alpha)]
    assert score_of(*model, START, [list(each.tokens) for each in drawn], alpha) == drawn


def test_an_impossible_output_has_log_prob_minus_infinity():
    table = small_models.greedy_errs()
    output = (small_models.SLEEPS, small_models.END)
    (scored,) = score_of(table_step(table), first_state(table), START, [output])
    assert scored == Hypothesis(output, -np.inf, -np.inf)


def test_the_sign_of_the_length_penalty():
    # Two outputs that cost as much a token: α = 1 ranks them equal, less favours the short one, more the long one.
    short, long = (lambda alpha, L=L: length_score(-0.5 * L, L, alpha) for L in (2, 8))
    assert short(1.0) == long(1.0)
    assert short(-1.0) > long(-1.0)
    assert short(0.0) > long(0.0)
    assert short(0.5) > long(0.5)
    assert short(2.0) < long(2.0)


def test_the_tokens_before_the_end():
    assert without_end((4, 2, 1), END) == (4, 2)
    assert without_end([4, 2], END) == (4, 2)
    assert without_end((1,), END) == ()
    assert without_end((4, 1, 2, 1), END) == (4,)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(ALPHAS), st.integers(1, 5), st.sampled_from([None, 5, 8]))
def test_the_tree_holds_the_search(seed, alpha, width, considered):
    table = random_table(np.random.default_rng(seed), 1, 4, DEPTH, zeros=0.2)
    model = table_step(table), first_state(table)
    found, nodes = beam_tree(*model, START, END, width, DEPTH, alpha, considered)
    assert [found] == beam_search(*model, START, END, width, DEPTH, alpha)

    finished = {}
    for number, node in enumerate(nodes[1:], 1):
        way = [nodes[each] for each in path(nodes, number)]
        tokens = [each.token for each in way[1:]]
        assert way[0] == nodes[0]
        assert [each.step for each in way] == list(range(node.step + 1))
        assert all(each.kept and not each.finished for each in way[:-1])
        assert score_of(*model, START, [tokens], alpha)[0] == (tuple(tokens), node.log_prob, node.score)
        if node.finished:
            assert node.kept
            finished[tuple(tokens)] = node.score
    assert all(finished[each.tokens] == each.score for each in found)

    for step in {node.step for node in nodes[1:]}:
        level = [node for node in nodes if node.step == step]
        assert [node.kept for node in level] == [rank < width for rank in range(len(level))]
        assert [node.log_prob for node in level] == sorted([node.log_prob for node in level], reverse=True)
        assert considered is None or len(level) <= considered
        assert all(node.finished == (node.kept and (node.token == END or step == DEPTH)) for node in level)


def test_without_a_limit_the_tree_has_every_possible_candidate():
    table = random_table(np.random.default_rng(0), 1, 4, 3)
    _, nodes = beam_tree(table_step(table), first_state(table), START, END, 2, 3)
    opened = [node for node in nodes if node.kept and not node.finished]
    assert len(nodes) == 1 + 4 * len(opened)
    assert nodes[0] == (-1, 0, START, 0.0, 0.0, True, False)


def test_the_width_is_counted_over_a_tree_by_hand():
    _, nodes = beam_tree(
        table_step(small_models.wider_is_worse()), np.array([0]), small_models.START, small_models.END, 2, 10, 0.0
    )
    second = [
        (small_models.WORDS[node.token], round(np.exp(node.log_prob), 3), node.kept) for node in nodes if node.step == 2
    ]
    assert second == [
        ("dog", 0.24, True),
        ("cat", 0.24, True),
        ("dog", 0.208, False),
        ("cat", 0.156, False),
        ("barks", pytest.approx(0.156), False),
    ]
