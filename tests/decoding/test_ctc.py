"""CTC's searches against every text there is, on small tables, and against cases by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.numerics import log_softmax
from helpers.decoding.ctc import best_path, exhaustive_transcripts, prefix_beam_search
from helpers.layers.ctc.lattice import ctc_log_prob

TABLES = st.tuples(st.integers(0, 10**6), st.integers(1, 5), st.integers(2, 4), st.sampled_from([0.5, 1.0, 3.0]))


def make(recipe):
    seed, T, V, sharpness = recipe
    rng = np.random.default_rng(seed)
    log_y = log_softmax(sharpness * rng.standard_normal((T, V)))
    log_prior = {}

    def language_model(prefix):  # what comes next depends on all of the prefix; token V is the end
        if prefix not in log_prior:
            own = np.random.default_rng([seed, *prefix])
            log_prior[prefix] = log_softmax(own.standard_normal(V + 1))
        return log_prior[prefix]

    return log_y, seed % V, language_model


def assert_same(found, wanted):
    assert {each.tokens for each in found} == {each.tokens for each in wanted}
    of = {each.tokens: each for each in wanted}
    for each in found:
        np.testing.assert_allclose(each[1:], of[each.tokens][1:], rtol=1e-9, atol=1e-12)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)


def test_the_best_path_and_the_best_text_by_hand():
    log_y = np.log([[0.6, 0.4], [0.6, 0.4]])  # blank, a
    path = best_path(log_y)
    assert path.tokens == ()
    assert np.exp(path.log_prob) == pytest.approx(0.36)
    text, empty = prefix_beam_search(log_y, 2)
    assert (text.tokens, empty.tokens) == ((1,), ())
    assert np.exp([text.log_prob, empty.log_prob]) == pytest.approx([0.64, 0.36])
    assert_same(exhaustive_transcripts(log_y), [text, empty])


def test_best_path_collapses():
    log_y = np.log(np.full((6, 3), 0.1) + 0.7 * np.eye(3)[[1, 1, 0, 1, 2, 2]])
    found = best_path(log_y)
    assert found.tokens == (1, 1, 2)
    assert found.log_prob == found.score == pytest.approx(6 * np.log(0.8))
    assert found.log_prior == 0
    assert best_path(log_y, blank=2).tokens == (1, 0, 1)


@settings(deadline=None)
@given(TABLES, st.booleans(), st.sampled_from([0.0, 0.5, 1.0, 2.0]), st.sampled_from([0.0, -1.0, 1.5]), st.booleans())
def test_a_beam_that_drops_nothing_is_exhaustive(recipe, with_model, weight, bonus, with_end):
    log_y, blank, language_model = make(recipe)
    options = {"weight": weight, "bonus": bonus}
    if with_model:
        options |= {"language_model": language_model, "end": log_y.shape[1] if with_end else None}
    every = exhaustive_transcripts(log_y, blank, **options)
    assert_same(prefix_beam_search(log_y, 10**4, blank, **options), every)
    for each in every[:3]:
        assert each.log_prob == pytest.approx(ctc_log_prob(log_y, each.tokens, blank), rel=1e-9, abs=1e-12)
    assert sum(np.exp(each.log_prob) for each in every) == pytest.approx(1)


@settings(deadline=None)
@given(TABLES, st.integers(1, 4))
def test_a_narrow_beam_finds_no_more_than_there_is(recipe, width):
    log_y, blank, _ = make(recipe)
    of = {each.tokens: each for each in exhaustive_transcripts(log_y, blank)}
    found = prefix_beam_search(log_y, width, blank)
    assert 1 <= len(found) <= width
    assert all(each.log_prob <= of[each.tokens].log_prob + 1e-12 for each in found)
    assert best_path(log_y, blank).log_prob <= of[best_path(log_y, blank).tokens].log_prob + 1e-12


def by_dictionaries(log_y, width, blank, language_model, weight, bonus):
    """The search as its paper writes it, with probabilities: {prefix: [that end in the blank, in the letter]}."""
    beam = {(): [1.0, 0.0]}

    def score(prefix, sums):
        log_prior = sum(language_model(prefix[:n])[token] for n, token in enumerate(prefix))
        return np.log(sum(sums)) + weight * log_prior + bonus * len(prefix)

    for y_t in np.exp(log_y):
        new = {}
        for prefix, (after_blank, after_letter) in beam.items():
            for token, y in enumerate(y_t):
                if token == blank:
                    new.setdefault(prefix, [0.0, 0.0])[0] += (after_blank + after_letter) * y
                elif prefix[-1:] == (token,):
                    new.setdefault(prefix, [0.0, 0.0])[1] += after_letter * y
                    new.setdefault((*prefix, token), [0.0, 0.0])[1] += after_blank * y
                else:
                    new.setdefault((*prefix, token), [0.0, 0.0])[1] += (after_blank + after_letter) * y
        new = {prefix: sums for prefix, sums in new.items() if sum(sums) > 0}
        beam = dict(sorted(new.items(), key=lambda item: -score(*item))[:width])
    return {prefix: np.log(sum(sums)) for prefix, sums in beam.items()}


@settings(deadline=None)
@given(
    st.integers(0, 10**6), st.integers(1, 9), st.integers(2, 5), st.integers(1, 6), st.sampled_from([0.0, 1.0, 3.0]),
    st.sampled_from([0.0, 2.0, -2.0]),
)  # fmt: skip
def test_a_narrow_beam_keeps_what_the_paper_keeps(seed, T, V, width, weight, bonus):
    log_y, blank, language_model = make((seed, T, V, 1.0))
    wanted = by_dictionaries(log_y, width, blank, language_model, weight, bonus)
    found = prefix_beam_search(log_y, width, blank, language_model, weight, bonus)
    assert {each.tokens for each in found} == set(wanted)
    for each in found:
        assert each.log_prob == pytest.approx(wanted[each.tokens], rel=1e-9, abs=1e-12)


def test_the_score_is_made_of_its_parts():
    log_y, blank, language_model = make((5, 4, 3, 1.0))
    for each in prefix_beam_search(log_y, 50, blank, language_model, weight=0.7, bonus=0.3, end=3):
        log_prior = sum(language_model(each.tokens[:n])[token] for n, token in enumerate(each.tokens))
        log_prior += language_model(each.tokens)[3]
        assert each.log_prior == pytest.approx(log_prior)
        assert each.score == pytest.approx(each.log_prob + 0.7 * log_prior + 0.3 * len(each.tokens))


def test_a_language_model_decides_what_the_frames_leave_open():
    log_y = np.log(np.full((2, 3), [0.2, 0.41, 0.39]))
    assert prefix_beam_search(log_y, 8)[0].tokens == (1,)
    says_2 = np.log([0.5, 0.05, 0.45])
    assert prefix_beam_search(log_y, 8, language_model=lambda prefix: says_2)[0].tokens == (2,)
    forbids_1 = np.array([0, -np.inf, 0])
    texts = [each.tokens for each in prefix_beam_search(log_y, 8, language_model=lambda prefix: forbids_1)]
    assert texts == [(2,), ()]
    free = prefix_beam_search(log_y, 8, language_model=lambda prefix: forbids_1, weight=0)
    assert [each.tokens for each in free] == [each.tokens for each in prefix_beam_search(log_y, 8)]
    assert len(prefix_beam_search(log_y, 8, bonus=10.0)[0].tokens) == 2


def test_the_language_model_is_asked_once_for_each_prefix():
    log_y, asked = log_softmax(np.random.default_rng(0).standard_normal((30, 4))), []

    def language_model(prefix):
        asked.append(prefix)
        return np.log(np.full(4, 0.25))

    prefix_beam_search(log_y, 5, language_model=language_model)
    assert len(asked) == len(set(asked))


def test_long_tables_in_float32_underflow_nowhere():
    log_y = log_softmax(20 * np.random.default_rng(0).standard_normal((800, 6))).astype(np.float32)
    found = prefix_beam_search(log_y, 8)
    assert found[0].log_prob >= best_path(log_y).log_prob - 1e-3
    assert found[0].log_prob <= ctc_log_prob(log_y.astype(float), found[0].tokens)


def test_nothing_is_possible():
    log_y = np.log(np.full((1, 2), 0.5))
    assert prefix_beam_search(log_y, 4, language_model=lambda prefix: np.full(3, -np.inf), end=2) == []
    letter = np.array([[-np.inf, 0.0]] * 2)  # the blank is impossible, and the language model forbids the letter
    assert prefix_beam_search(letter, 4, language_model=lambda prefix: np.full(2, -np.inf)) == []
    assert exhaustive_transcripts(letter, language_model=lambda prefix: np.full(2, -np.inf)) == []
    assert prefix_beam_search(log_y[:0], 4)[0].tokens == ()  # no frame says nothing
    assert exhaustive_transcripts(log_y[:0])[0] == prefix_beam_search(log_y[:0], 4)[0]


@pytest.mark.parametrize("search", [best_path, lambda *a: prefix_beam_search(a[0], 3, *a[1:]), exhaustive_transcripts])
def test_what_all_searches_refuse(search):
    log_y = np.log(np.full((4, 3), 1 / 3))
    search(log_y, 2)
    with pytest.raises(ValueError, match=r"log_y has shape \(3,\), expected \(T, V\)"):
        search(log_y[0])
    with pytest.raises(ValueError, match="log_y has dtype int64"):
        search(log_y.astype(int))
    with pytest.raises(ValueError, match="blank spans 3 to 3"):
        search(log_y, 3)
    for wrong, total in ((np.nan, "nan"), (0.5, 2.31), (np.inf, "inf")):
        with pytest.raises(ValueError, match=f"the probabilities of frame 0 of log_y sum to {total}"):
            search(np.where(np.eye(4, 3) > 0, wrong, log_y))
    with pytest.raises(ValueError, match="the probabilities of frame 0 of log_y sum to 0, expected 1"):
        search(np.full((2, 3), -np.inf))


def test_what_the_settings_refuse():
    log_y = np.log(np.full((20, 3), 1 / 3))
    with pytest.raises(ValueError, match="width is 0, expected an integer of at least 1"):
        prefix_beam_search(log_y, 0)
    for name in ("weight", "bonus"):
        with pytest.raises(ValueError, match=f"{name} is nan, expected a finite number"):
            prefix_beam_search(log_y, 3, **{name: np.nan})
    with pytest.raises(ValueError, match=r"weight is -1 and bonus is 0\.0, expected a weight from 0"):
        prefix_beam_search(log_y, 3, weight=-1)
    with pytest.raises(ValueError, match="language_model is 'good', expected a function"):
        prefix_beam_search(log_y, 3, language_model="good")
    with pytest.raises(ValueError, match=r"gives \(2,\) numbers up to 0.0, expected log-probabilities of at least 3"):
        prefix_beam_search(log_y, 3, language_model=lambda prefix: np.zeros(2))
    with pytest.raises(ValueError, match="expected log-probabilities of at least 5 tokens"):
        prefix_beam_search(log_y, 3, language_model=lambda prefix: np.zeros(4), end=4)
    with pytest.raises(ValueError, match=r"numbers up to 1\.0, expected log-probabilities"):
        prefix_beam_search(log_y, 3, language_model=lambda prefix: np.ones(3))
    with pytest.raises(ValueError, match=r"numbers up to 0\.5, expected log-probabilities"):
        prefix_beam_search(log_y, 3, language_model=lambda prefix: np.array([-1.0, 0.5, -2.0]))
    with pytest.raises(ValueError, match=r"20 frames of 3 symbols, 3\^20 paths, expected at most 1000000"):
        exhaustive_transcripts(log_y)
