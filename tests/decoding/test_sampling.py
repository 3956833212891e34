import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.numerics import log_softmax
from helpers.decoding.exhaustive import exhaustive_search
from helpers.decoding.greedy import greedy
from helpers.decoding.sampling import sample_outputs, sample_tokens, temperature, top_k, top_p
from helpers.decoding.table_models import first_state, random_table, table_step

START, END = 0, 1


def rows(seed, V, sharpness=2.0):
    return log_softmax(sharpness * np.random.default_rng(seed).standard_normal((3, V)))


def assert_frequencies(counts, probs):
    """Each count lies within 4 standard deviations of the binomial's mean, and what is impossible never comes."""
    n = counts.sum()
    assert not counts[probs == 0].any()
    assert (np.abs(counts - n * probs) <= 4 * np.sqrt(n * probs * (1 - probs)) + 1e-9).all()


@given(st.integers(0, 10**6), st.integers(1, 8), st.sampled_from([0.1, 0.5, 1.0, 3.0]))
def test_temperature(seed, V, T):
    log_probs = rows(seed, V)
    log_probs[0, 1:] = -np.inf
    power = np.exp(log_probs) ** (1 / T)
    np.testing.assert_allclose(np.exp(temperature(log_probs, T)), power / power.sum(1, keepdims=True), rtol=1e-9)
    flatter = temperature(log_probs, 2 * T).max(axis=1) <= temperature(log_probs, T).max(axis=1) + 1e-12
    assert flatter.all()


def test_a_low_temperature_is_greedy_search_and_does_not_overflow():
    log_probs = rows(0, 6)
    cold = np.exp(temperature(log_probs.astype(np.float32), 1e-30))
    np.testing.assert_array_equal(cold, np.eye(6)[log_probs.argmax(axis=1)])


@given(st.integers(0, 10**6), st.integers(1, 8), st.integers(1, 10))
def test_top_k_keeps_the_k_most_probable_and_their_ratios(seed, V, k):
    log_probs = rows(seed, V)
    for before, after in zip(log_probs, top_k(log_probs, k), strict=True):
        kept = after > -np.inf
        assert kept.sum() == min(k, V)
        assert before[kept].min() >= before[~kept].max(initial=-np.inf)
        np.testing.assert_allclose(np.exp(after[kept]), np.exp(before[kept]) / np.exp(before[kept]).sum())


@given(st.integers(0, 10**6), st.integers(1, 8), st.floats(0.01, 1.0))
def test_top_p_keeps_the_smallest_set_that_reaches_p(seed, V, p):
    log_probs = rows(seed, V)
    for before, after in zip(np.exp(log_probs), np.exp(top_p(log_probs, p)), strict=True):
        kept = np.sort(before[after > 0])[::-1]
        np.testing.assert_array_equal(kept, np.sort(before)[::-1][: len(kept)])
        assert kept.sum() >= p - 1e-12
        assert kept[:-1].sum() < p + 1e-12
        np.testing.assert_allclose(after[after > 0], before[after > 0] / kept.sum())


def test_top_p_by_hand():
    log_probs = np.log([[0.25, 0.5, 0.125, 0.125]])
    for p, kept in ((0.5, [1]), (0.51, [1, 0]), (0.75, [1, 0]), (0.76, [1, 0, 2]), (0.9, [1, 0, 2, 3]), (1, range(4))):
        assert set(np.flatnonzero(top_p(log_probs, p)[0] > -np.inf)) == set(kept)
    np.testing.assert_allclose(np.exp(top_p(log_probs, 0.75)), [[1 / 3, 2 / 3, 0, 0]])


def test_of_equal_tokens_the_lower_are_kept():
    flat = np.full((2, 4), np.log(0.25))
    np.testing.assert_array_equal(top_k(flat, 2) > -np.inf, [[True, True, False, False]] * 2)
    np.testing.assert_array_equal(top_p(flat, 0.6) > -np.inf, [[True, True, True, False]] * 2)


def test_nothing_changes_at_the_ends_of_the_scales():
    log_probs = rows(1, 5)
    log_probs[0] = log_softmax(np.array([0.0, -40, -50, -60, -np.inf]))  # of sums that reach 1 before their end
    for same in (temperature(log_probs, 1), top_k(log_probs, 5), top_p(log_probs, 1)):
        np.testing.assert_allclose(same, log_probs, atol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_is_kept_and_the_input_untouched(dtype):
    log_probs = rows(1, 5).astype(dtype)
    before = log_probs.copy()
    for after in (temperature(log_probs, 0.5), top_k(log_probs, 2), top_p(log_probs, 0.5), top_p(log_probs, 1)):
        assert after.dtype == dtype
    np.testing.assert_array_equal(log_probs, before)


def test_draws_come_as_often_as_they_should(rng):
    probs = np.array([0.0, 0.5, 0.0, 0.3, 0.15, 0.05, 0.0])
    with np.errstate(divide="ignore"):
        drawn = sample_tokens(rng, np.log(np.tile(probs, (20_000, 1))))
    assert_frequencies(np.bincount(drawn, minlength=len(probs)), probs)


@pytest.mark.parametrize(
    ("options", "change"),
    [
        ({}, lambda x: x),
        ({"T": 0.5}, lambda x: temperature(x, 0.5)),
        ({"k": 2}, lambda x: top_k(x, 2)),
        ({"p": 0.6}, lambda x: top_p(x, 0.6)),
        ({"T": 2.0, "k": 2, "p": 0.6}, lambda x: top_p(top_k(temperature(x, 2.0), 2), 0.6)),
    ],
)
def test_outputs_come_as_often_as_they_should(rng, options, change):
    table = random_table(rng, 1, 3, 3)
    step, copies = table_step(table), np.zeros(20_000, int)
    drawn = [each.tokens for (each,) in sample_outputs(step, copies, START, END, 3, rng, **options)]
    changed = table._replace(log_probs=change(table.log_probs))
    (outputs,) = exhaustive_search(table_step(changed), first_state(changed), START, END, 3)
    counts = np.array([drawn.count(each.tokens) for each in outputs])
    assert counts.sum() == len(copies)
    assert_frequencies(counts, np.exp([each.log_prob for each in outputs]))


@settings(deadline=None)
@given(st.integers(0, 10**6))
def test_one_possible_token_is_greedy_search(seed):
    table = random_table(np.random.default_rng(seed), 3, 4, 4)
    arguments = table_step(table), first_state(table), START, END, 4
    assert sample_outputs(*arguments, np.random.default_rng(seed), k=1) == greedy(*arguments)
    assert sample_outputs(*arguments, np.random.default_rng(seed), p=1e-9) == greedy(*arguments)


def test_the_log_prob_is_the_models_own(rng):
    table = random_table(rng, 2, 4, 4)
    found = sample_outputs(table_step(table), first_state(table), START, END, 4, rng, T=5.0, k=2)
    for source, (each,) in enumerate(found):
        (all_of_them,) = exhaustive_search(table_step(table), np.array([source]), START, END, 4)
        assert each in all_of_them


def test_bad_input():
    log_probs = rows(0, 4)
    for call, message in (
        (lambda: temperature(log_probs, 0.0), "T is 0.0"),
        (lambda: top_k(log_probs, 0), "k is 0"),
        (lambda: top_p(log_probs, 0.0), "p is 0.0"),
        (lambda: top_p(log_probs, 1.1), "p is 1.1"),
        (lambda: top_p(log_probs, np.nan), "p is nan"),
        (lambda: top_k(np.array([1, 2]), 1), "int64"),
        (lambda: top_p(np.array([np.nan, -1.0]), 0.5), "NaN"),
        (lambda: temperature(np.full(3, -np.inf), 1.0), "−inf"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
