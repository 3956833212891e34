import numpy as np
import pytest

from helpers.data.source_target_pairs import pair_vocabs
from helpers.data.tasks.several_translations import (
    SECOND_FORMS,
    count_translations,
    in_first_forms,
    true_distribution,
    uncertain_pairs,
)
from helpers.data.tasks.translation import LEXICON, translate
from helpers.data.vocab import END, START, decode
from helpers.decoding import exhaustive_search, score_of

SOURCE = ("the", "dog", "sleeps")


def vocab():
    return pair_vocabs(uncertain_pairs(4000, np.random.default_rng(0), (3, 7), True, 0.3))[1]


def outputs(**options):
    """Every output of the truth with its probability."""
    words = vocab()
    (found,) = exhaustive_search(*true_distribution([SOURCE], words, **options), START, END, 4, alpha=0)
    return {tuple(decode(words, each.tokens[:-1])): np.exp(each.log_prob) for each in found}


def test_no_second_form_is_a_word_already():
    assert len({*SECOND_FORMS.values()}) == len(SECOND_FORMS)
    assert not {*SECOND_FORMS.values()} & {*LEXICON.values(), "ka"}


def test_the_truth_is_written_out_for_a_short_sentence():
    dog, sleeps = translate(SOURCE).target
    right = [(a, b) for a in (dog, SECOND_FORMS[dog]) for b in (sleeps, SECOND_FORMS[sleeps])]
    assert outputs(several=True, copied=0.2) == pytest.approx(dict.fromkeys(right, 0.2) | {SOURCE: 0.2})
    assert outputs(several=False, copied=0.25) == pytest.approx({(dog, sleeps): 0.75, SOURCE: 0.25})
    assert count_translations(SOURCE) == 4
    assert count_translations(SOURCE, several=False) == 1


def test_what_is_drawn_follows_the_truth():
    pairs = uncertain_pairs(4000, np.random.default_rng(1), (3, 3), True, 0.25)
    copies = np.mean([pair.target == pair.source for pair in pairs])
    second = [word in SECOND_FORMS.values() for pair in pairs if pair.target != pair.source for word in pair.target]
    assert copies == pytest.approx(0.25, abs=0.03)
    assert np.mean(second) == pytest.approx(0.5, abs=0.03)
    for pair in pairs[:200]:
        assert in_first_forms(pair.target) in (pair.source, translate(pair.source).target)


def test_an_output_that_is_neither_ends_and_has_no_probability():
    words = vocab()
    step, state = true_distribution([SOURCE], words, True, 0.2)
    dog = words.ids[translate(SOURCE).target[0]]
    (wrong,) = score_of(step, state, START, [(dog, dog, END)], 0)
    assert wrong.log_prob == -np.inf
    _, state = step(np.array([START]), state)
    _, state = step(np.array([dog]), state)
    log_probs, _ = step(np.array([dog]), state)
    assert log_probs[0].argmax() == END
    assert log_probs[0].max() == 0


@pytest.mark.parametrize("copied", [-0.1, 1.0])
def test_a_share_out_of_range_is_refused(copied):
    with pytest.raises(ValueError, match="copied is"):
        uncertain_pairs(2, np.random.default_rng(0), copied=copied)


def test_a_vocabulary_that_lacks_a_word_is_refused():
    words = pair_vocabs([translate(SOURCE)])[1]
    with pytest.raises(ValueError, match="the vocabulary lacks"):
        true_distribution([SOURCE], words, True, 0.1)
