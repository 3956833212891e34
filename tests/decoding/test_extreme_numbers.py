"""Searches with extreme exponents, sizes of NumPy's integers and log-probabilities of half precision."""

import numpy as np
import pytest
import torch

from helpers.core.numerics import log_softmax
from helpers.decoding.beam import beam_search
from helpers.decoding.beam_tree import beam_tree
from helpers.decoding.exhaustive import exhaustive_search
from helpers.decoding.greedy import greedy
from helpers.decoding.hypotheses import check_alpha, length_score, score_of
from helpers.decoding.sampling import sample_outputs, sample_tokens, temperature, top_k, top_p
from helpers.decoding.table_models import first_state, random_table, table_step

TABLE = random_table(np.random.default_rng(0), sources=1, V=4, depth=5)
STATE, STEP = first_state(TABLE), table_step(TABLE)
SEARCHES = {
    "greedy": lambda step=STEP, n=int, **options: greedy(step, STATE, n(0), n(1), n(5), **options),
    "beam": lambda step=STEP, n=int, **options: beam_search(step, STATE, n(0), n(1), n(20), n(5), **options),
    "exhaustive": lambda step=STEP, n=int, **options: exhaustive_search(step, STATE, n(0), n(1), n(5), **options),
    "tree": lambda step=STEP, n=int, **options: beam_tree(step, STATE, n(0), n(1), n(20), n(5), **options),
    "sample": lambda step=STEP, n=int, **options: sample_outputs(
        step, STATE, n(0), n(1), n(5), np.random.default_rng(0), **options
    ),
}
EVERY_SEARCH = pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)


@EVERY_SEARCH
@pytest.mark.parametrize("alpha", [400, -400, 1e308, np.float32(400), 10**400])
def test_an_exponent_that_no_float_holds_is_refused(search, alpha):
    with pytest.raises(
        ValueError, match=r"alpha is .*, expected (at most ±373: 5\^alpha does not fit|a finite number)"
    ):
        search(alpha=alpha)


@EVERY_SEARCH
@pytest.mark.parametrize("alpha", [None, "1", np.nan, 1j, np.ones(2)])
def test_an_exponent_is_a_number(search, alpha):
    with pytest.raises(ValueError, match=r"alpha is .*, expected a finite number"):
        search(alpha=alpha)


def test_scores_of_large_exponents_are_right_where_they_fit():
    assert length_score(-2.0, 20, 100) == pytest.approx(-2 / 20.0**100)
    assert length_score(-2.0, 20, -100) == pytest.approx(-2 * 20.0**100)
    assert length_score(-2.0, 1, 1e308) == -2
    with pytest.raises(ValueError, match=r"alpha is 400, expected at most ±200: 20\^alpha"):
        length_score(-2.0, 20, 400)
    with pytest.raises(ValueError, match="alpha is -400"):
        score_of(STEP, STATE, 0, [(2,) * 5], alpha=-400)
    check_alpha(370, 5)
    best = exhaustive_search(STEP, STATE, 0, 1, 5, alpha=370)[0][0]
    assert len(best.tokens) == 5
    assert best.score < 0


@EVERY_SEARCH
@pytest.mark.parametrize("integer", [np.uint8, np.int8, np.int64])
def test_sizes_of_numpys_integers_find_the_same(search, integer):
    assert search(n=integer) == search()


def test_the_largest_sizes_of_a_byte_do_not_overflow():
    def step(tokens, state):
        assert tokens.dtype == np.int64
        return np.log(np.full((len(tokens), 300), 1 / 300)), state

    found = beam_search(step, STATE, np.uint8(0), 299, np.uint8(255), np.uint8(2))
    assert found == beam_search(step, STATE, 0, 299, 255, 2)
    assert len(exhaustive_search(STEP, STATE, 0, 1, np.uint8(5))[0]) == len(exhaustive_search(STEP, STATE, 0, 1, 5)[0])


@EVERY_SEARCH
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
def test_log_probabilities_of_narrow_dtypes_are_read(search, dtype):
    narrow = torch.tensor(TABLE.log_probs).to(dtype)

    def theirs(tokens, state):
        state = TABLE.children[state, tokens]
        return narrow[state], state

    def wide(tokens, state):
        state = TABLE.children[state, tokens]
        return narrow[state].double().numpy(), state

    found, wanted = search(theirs), search(wide)
    if isinstance(found, list):
        assert [each.tokens for each in found[0]] == [each.tokens for each in wanted[0]]
    else:
        assert len(found[1]) == len(wanted[1])


@EVERY_SEARCH
@pytest.mark.parametrize("wrong", [[["a", "b"]], [[None, None]], np.zeros((1, 0))])
def test_what_is_no_number_is_named(search, wrong):
    with pytest.raises(ValueError, match=r"log_probs has dtype|V is 0"):
        search(lambda tokens, state: (wrong, state))


LOG_PROBS = log_softmax(np.array([[1.0, 2.0, -np.inf, 0.5]]))


@pytest.mark.parametrize(
    "call",
    [
        lambda x: temperature(x, 1.0),
        lambda x: top_k(x, 2),
        lambda x: top_p(x, 0.5),
        lambda x: sample_tokens(np.random.default_rng(0), x),
    ],
)
@pytest.mark.parametrize("wrong", [np.inf, np.nan])
def test_infinite_log_probabilities_are_refused(call, wrong):
    with pytest.raises(ValueError, match=r"log_probs has a row with NaN, with \+inf or with nothing but −inf"):
        call(np.where(LOG_PROBS[0, 0] == LOG_PROBS, wrong, LOG_PROBS))


def test_temperatures_at_both_ends():
    assert temperature(LOG_PROBS, 1e-300)[0].tolist()[1:3] == [0, -np.inf]
    np.testing.assert_allclose(np.exp(temperature(LOG_PROBS, 1e308)), [[1 / 3, 1 / 3, 0, 1 / 3]])
    for T in (5e-324, 1e-310):
        with pytest.raises(ValueError, match=r"T is .*: log P / T does not fit into float64"):
            temperature(LOG_PROBS, T)
    with pytest.raises(ValueError, match=r"T is 1e-60: log P / T does not fit into float32"):
        temperature(LOG_PROBS.astype(np.float32), 1e-60)
    narrow = temperature(LOG_PROBS.astype(np.float32), np.float64(0.7))
    assert narrow.dtype == np.float32
    np.testing.assert_allclose(narrow, temperature(LOG_PROBS, 0.7), rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: temperature(LOG_PROBS, None), "T is None"),
        (lambda: top_p(LOG_PROBS, None), "p is None"),
        (lambda: top_k(LOG_PROBS, "2"), "k is '2'"),
        (lambda: sample_tokens(np.random.default_rng(0), np.full((1, 2), 1e4)), "the largest of log_probs is 10000"),
        (lambda: sample_tokens(np.random.default_rng(0), np.full((1, 2), -np.inf)), "nothing but −inf"),
        (lambda: random_table(np.random.default_rng(0), 1, 2, 2, sharpness=np.nan), "sharpness is nan"),
        (lambda: random_table(np.random.default_rng(0), 1, 2, 2, zeros=2), "zeros is 2"),
        (lambda: random_table(np.random.default_rng(0), 1, 2, 0), "depth is 0"),
    ],
)
def test_other_wrong_numbers_are_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
