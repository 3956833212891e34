"""Texts whose pronouns were drawn anew."""

import numpy as np
import pytest

from helpers.data.vocab import Corpus
from helpers.data.world.leanings import count_together, redraw_pronouns

HIS, HER, COOK, POET = 5, 6, 7, 8
TEXT = Corpus(np.array([COOK, HIS, POET, HER, HER, COOK, HIS]), np.array([0, 2, 4, 7]))


def test_only_sentences_with_the_words_change():
    text = redraw_pronouns(TEXT, [COOK], 0.0, (HIS, HER), np.random.default_rng(0))
    np.testing.assert_array_equal(text.tokens, [COOK, HER, POET, HER, HER, COOK, HER])
    text = redraw_pronouns(TEXT, [POET], 1.0, (HIS, HER), np.random.default_rng(0))
    np.testing.assert_array_equal(text.tokens, [COOK, HIS, POET, HIS, HER, COOK, HIS])
    np.testing.assert_array_equal(TEXT.tokens[:2], [COOK, HIS])


def test_the_share_is_that_of_the_first_pronoun():
    many = Corpus(np.tile([COOK, HIS], 5000), np.arange(0, 10_001, 2))
    text = redraw_pronouns(many, [COOK], 0.8, (HIS, HER), np.random.default_rng(0))
    assert abs((text.tokens == HIS).sum() / 5000 - 0.8) < 0.02


def test_sentences_that_have_both():
    np.testing.assert_array_equal(count_together(TEXT, [COOK, POET], [HIS, HER], 9), [[2, 1], [0, 1]])


def test_what_is_refused():
    with pytest.raises(ValueError, match="share"):
        redraw_pronouns(TEXT, [COOK], 1.5, (HIS, HER), np.random.default_rng(0))
    with pytest.raises(ValueError, match="pronouns"):
        redraw_pronouns(TEXT, [COOK], 0.5, (HIS,), np.random.default_rng(0))
    with pytest.raises(ValueError, match="others"):
        count_together(TEXT, [COOK], [9], 9)
