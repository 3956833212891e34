import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.ctc_paths import frames_needed, with_blanks
from helpers.core.numerics import log_softmax
from helpers.layers.ctc.lattice import (
    ctc_alpha_step,
    ctc_beta_step,
    ctc_log_alpha,
    ctc_log_beta,
    ctc_log_prob,
    ctc_log_prob_by_enumeration,
    ctc_occupancy,
    ctc_posterior,
)


def draw(seed, T, V, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return log_softmax(2 * rng.standard_normal((T, V))).astype(dtype)


def test_two_frames_by_hand():
    # "a" has the paths aa, a- and -a; the empty text has --.
    log_y = np.log([[0.6, 0.4], [0.6, 0.4]])  # blank, a
    assert ctc_log_prob(log_y, [1]) == pytest.approx(np.log(0.4 * 0.4 + 2 * 0.6 * 0.4))  # 0.64
    assert ctc_log_prob(log_y, []) == pytest.approx(np.log(0.36))
    assert ctc_log_prob(log_y, [1, 1]) == -np.inf
    np.testing.assert_allclose(np.exp(ctc_log_alpha(log_y, [1])), [[0.6, 0.4, 0], [0.36, 0.4, 0.24]])
    np.testing.assert_allclose(np.exp(ctc_log_beta(log_y, [1])), [[0.4, 1, 0.6], [0, 1, 1]])
    np.testing.assert_allclose(ctc_occupancy(log_y, [1])[0], [0.375, 0.625, 0])


def test_before_any_frame_the_empty_text_is_certain():
    nothing = np.zeros((0, 2))
    assert ctc_log_prob(nothing, []) == 0
    assert ctc_log_prob(nothing, [1]) == -np.inf


def test_a_blank_is_skipped_between_different_letters_only():
    log_y = np.full((3, 3), -np.log(3))
    assert ctc_log_prob(log_y[:2], [1, 2]) == pytest.approx(-2 * np.log(3))
    assert ctc_log_prob(log_y[:2], [1, 1]) == -np.inf
    assert ctc_log_prob(log_y, [1, 1]) == pytest.approx(-3 * np.log(3))
    assert ctc_log_prob(log_y, [1, 2]) == pytest.approx(np.log(5 / 27))  # 112, 122, -12, 1-2, 12-


def test_1000_targets_have_the_probability_of_all_their_paths(every_text):
    seen = 0
    for seed in range(90):
        T, V = 1 + seed % 6, 2 + seed % 2
        blank, log_y = seed % V, draw(seed, T, V)
        texts = every_text(log_y, blank)
        for text, (p, said) in texts.items():
            assert np.exp(ctc_log_prob(log_y, text, blank)) == pytest.approx(p, rel=1e-12)
            np.testing.assert_allclose(ctc_posterior(log_y, text, blank), said / p, rtol=1e-10, atol=1e-14)
        seen += len(texts)
        assert sum(p for p, _ in texts.values()) == pytest.approx(1)
    assert seen >= 1000


@pytest.mark.parametrize("text", [(), (1,), (2, 2), (1, 2, 1)], ids=str)
def test_the_enumeration_that_a_chapter_shows(every_text, text):
    log_y = draw(0, 4, 3)
    p, _ = every_text(log_y, 0)[text]
    assert ctc_log_prob_by_enumeration(log_y, text) == pytest.approx(np.log(p), rel=1e-12)
    assert ctc_log_prob_by_enumeration(log_y, (1, 1, 1)) == -np.inf
    with pytest.raises(ValueError, match=r"14 frames of 3 symbols, 3\^14 paths, expected at most"):
        ctc_log_prob_by_enumeration(draw(0, 14, 3), text)


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 9), st.integers(2, 5), st.data())
def test_alpha_times_beta_is_the_whole_at_every_frame(seed, T, V, data):
    target = data.draw(st.lists(st.integers(1, V - 1), max_size=T))
    log_y = draw(seed, T, V)
    total = np.logaddexp.reduce(ctc_log_alpha(log_y, target) + ctc_log_beta(log_y, target), axis=1)
    np.testing.assert_allclose(total, ctc_log_prob(log_y, target), rtol=1e-12)
    assert (ctc_log_prob(log_y, target) > -np.inf) == (frames_needed(target) <= T)
    occupancy = ctc_occupancy(log_y, target)
    np.testing.assert_allclose(occupancy.sum(axis=1), frames_needed(target) <= T, atol=1e-12)


def test_the_steps_are_those_of_the_lattice():
    log_y, target = draw(3, 6, 4), [1, 1, 3]
    labels = with_blanks(target)
    log_alpha, log_beta = ctc_log_alpha(log_y, target), ctc_log_beta(log_y, target)
    before = np.array([0] + [-np.inf] * 6)
    np.testing.assert_array_equal(ctc_alpha_step(before, log_y[0], labels), log_alpha[0])
    for t in range(5):
        np.testing.assert_array_equal(ctc_alpha_step(log_alpha[t], log_y[t + 1], labels), log_alpha[t + 1])
        np.testing.assert_array_equal(ctc_beta_step(log_beta[t + 1], log_y[t + 1], labels), log_beta[t])


def test_the_dtype_is_kept_and_nothing_is_changed():
    log_y = draw(0, 4, 3, np.float32)
    kept = log_y.copy()
    for function in (ctc_log_alpha, ctc_log_beta, ctc_occupancy, ctc_posterior):
        assert function(log_y, [1, 2]).dtype == np.float32
    np.testing.assert_array_equal(log_y, kept)


def test_impossible_symbols():
    log_y = np.log(np.array([[0.5, 0.5, 0], [0.5, 0, 0.5]]), where=np.array([[1, 1, 0], [1, 0, 1]], bool),
                   out=np.full((2, 3), -np.inf))  # fmt: skip
    assert ctc_log_prob(log_y, [1, 2]) == pytest.approx(np.log(0.25))
    assert ctc_log_prob(log_y, [2, 1]) == -np.inf
    assert not ctc_occupancy(log_y, [2, 1]).any()


@pytest.mark.parametrize("function", [ctc_log_alpha, ctc_log_beta, ctc_log_prob, ctc_occupancy, ctc_posterior])
def test_what_the_lattice_refuses(function):
    log_y = draw(0, 4, 3)
    with pytest.raises(ValueError, match=r"log_y has shape \(4,\), expected \(T, V\)"):
        function(log_y[:, 0], [1])
    with pytest.raises(ValueError, match="log_y has dtype int64"):
        function(log_y.astype(int), [1])
    with pytest.raises(ValueError, match="target spans 0 to 3, expected integers from 0 to 2"):
        function(log_y, [3])
    with pytest.raises(ValueError, match="target has 0, which is the blank"):
        function(log_y, [1, 0])
    with pytest.raises(ValueError, match="blank spans 3 to 3, expected integers from 0 to 2"):
        function(log_y, [1], blank=3)
    with pytest.raises(ValueError, match=r"probabilities of frame 0 of log_y sum to .*: are these their logarithms"):
        function(np.exp(log_y), [1])
    log_y[2, 0] = np.nan
    with pytest.raises(ValueError, match="the probabilities of frame 2 of log_y sum to nan, expected 1"):
        function(log_y, [1])
    log_y[2] = -np.inf
    with pytest.raises(ValueError, match="the probabilities of frame 2 of log_y sum to 0, expected 1"):
        function(log_y, [1])


@pytest.mark.parametrize("step", [ctc_alpha_step, ctc_beta_step])
def test_what_a_step_refuses(step):
    log_y, labels = draw(0, 1, 3)[0], with_blanks([1, 2])
    variables = np.zeros(5)
    step(variables, log_y, labels)
    with pytest.raises(ValueError, match=r"has shape \(4,\), expected \(S=5\)"):
        step(variables[:4], log_y, labels)
    with pytest.raises(ValueError, match="log_y_t has dtype int64"):
        step(variables, log_y.astype(int), labels)
    with pytest.raises(ValueError, match=r"log_y_t has shape \(1, 3\), expected \(V\)"):
        step(variables, log_y[None], labels)
    with pytest.raises(ValueError, match="labels spans 0 to 2, expected integers from 0 to 1"):
        step(variables, log_y[:2], labels)
    with pytest.raises(ValueError, match="no log-probabilities"):
        step(variables + np.inf, log_y, labels)
