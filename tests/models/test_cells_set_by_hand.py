"""The cells that are set by hand hold who the subject is, and each gate does the job that it is said to do."""

import numpy as np

from helpers.data.world import is_sentence, world_grammar
from helpers.layers.embedding import one_hot
from helpers.layers.recurrent import gru_gates, lstm_gates, zero_gru_state, zero_lstm_state
from helpers.models.cells_set_by_hand import OFFERS, SUBJECT_TEXT, subject_gru, subject_lstm

SHE = "the woman does not throw the ball , she drives the car"
HE = SHE.replace("woman", "man").replace("she", "he")


def read(texts):
    text = " ".join(texts).split()
    words = sorted(set(text))
    return text, words, one_hot(np.array([words.index(word) for word in text]), len(words))[:, None]


def at(text, *wanted):
    return np.isin(text, wanted)


def test_the_sentences_are_of_the_known_language():
    assert all(is_sentence(world_grammar("people"), sentence) for sentence in (SHE, HE))
    assert set(f"{SHE} {HE}".split()) - {","} == set(OFFERS)
    assert " ".join(SUBJECT_TEXT) == f"{SHE} <end> {HE}"[: -len(" he drives the car")]


def test_the_lstm_holds_the_subject_shows_it_at_commas_and_drops_it_at_the_end():
    for order, sign in (((SHE, "<end>", HE), 1), ((HE, "<end>", SHE), -1)):
        text, words, x = read(order)
        params = subject_lstm(words)
        assert not params.W_hh.any()
        held = lstm_gates(x, zero_lstm_state(1, params), params)
        values = {name: getattr(held, name).ravel() for name in "ifoch"}
        np.testing.assert_array_equal(values["i"] > 0.5, at(text, "woman", "man"))
        np.testing.assert_array_equal(values["f"] < 0.5, at(text, "<end>"))
        np.testing.assert_array_equal(values["o"] > 0.5, at(text, ","))
        np.testing.assert_allclose(values["c"][at(text, ",")], [sign, -sign], atol=0.1)
        np.testing.assert_array_equal(np.abs(values["h"]) > 0.1, at(text, ","))


def test_the_gru_replaces_its_state_at_a_noun_and_restores_it_at_a_comma():
    text, words, x = read((SHE, HE, SHE))  # without <end>
    params = subject_gru(words)
    held = gru_gates(x, zero_gru_state(1, params), params)
    h, r, z = (getattr(held, name).ravel() for name in "hrz")
    np.testing.assert_array_equal(z < 0.5, at(text, "woman", "man", ","))
    np.testing.assert_array_equal(r > 0.5, at(text, ","))
    np.testing.assert_allclose(h[at(text, ",")], [1, -1, 1], atol=0.1)
    commas = np.flatnonzero(at(text, ","))
    assert (np.abs(h[commas]) > np.abs(h[commas - 1]) + 0.05).all()
