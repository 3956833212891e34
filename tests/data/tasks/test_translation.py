"""The way back, from the invented language to English, is written here apart from the module."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.source_target_pairs import alignment_matrix, pair_vocabs, split_pairs
from helpers.data.tasks.translation import (
    CLASSES,
    GLOSSES,
    LEXICON,
    PARTICLE,
    gloss,
    translate,
    translation_pairs,
)
from helpers.data.vocab import tokenise
from helpers.data.world.words import VERBS


def back_clause(words):
    """From "dog big cat OBJECT sees" to "the big dog sees the cat"."""
    text = " ".join(words)
    adjective = f"(?: ({'|'.join(CLASSES['A'])}))?"
    subject, its, obj, other, verb = re.fullmatch(
        rf"(\w+){adjective}(?: (\w+){adjective} OBJECT)? (\w+)", text
    ).groups()
    english = ["the", its, subject, verb] + (["the", other, obj] if obj else [])
    return [word for word in english if word]


def back(target, reverse_clauses=False):
    clauses = " ".join(gloss(target)).split(" and ")
    english = [" ".join(back_clause(clause.split())) for clause in (clauses[::-1] if reverse_clauses else clauses)]
    return tuple(" and ".join(english).split())


@pytest.mark.parametrize(
    ("source", "glosses", "alignment"),
    [
        ("the dog sleeps", "dog sleeps", "1 2"),
        ("the big dog sleeps", "dog big sleeps", "2 1 3"),
        ("the dog sees the cat", "dog cat OBJECT sees", "1 4 - 2"),
        ("the dog sees the dog", "dog dog OBJECT sees", "1 4 - 2"),
        ("the big dog sees the cat", "dog big cat OBJECT sees", "2 1 5 - 3"),
        ("the dog sees the small cat", "dog cat small OBJECT sees", "1 5 4 - 2"),
        ("the big dog sees the small cat", "dog big cat small OBJECT sees", "2 1 6 5 - 3"),
        (
            "the dog sleeps and the happy king loves the queen",
            "dog sleeps and king happy queen OBJECT loves",
            "1 2 3 6 5 9 - 7",
        ),
    ],
)
def test_translations_by_hand(source, glosses, alignment):
    pair = translate(source.split())
    assert pair.source == tuple(source.split())
    assert " ".join(gloss(pair.target)) == glosses
    assert " ".join(str(*places) or "-" for places in pair.alignment) == alignment


def test_words_by_hand():
    assert translate(tokenise("the big dog sees the cat")).target == ("risen", "runur", "purun", "ka", "mites")
    assert translate(tokenise("the king walks and the queen eats")).target == ("tukun", "nines", "tu", "mesin", "ponas")


def test_reversed_clauses_by_hand():
    source = tokenise("the dog sleeps and the cat sees the pig and the big hen walks")
    pair = translate(source, reverse_clauses=True)
    assert " ".join(gloss(pair.target)) == "hen big walks and cat pig OBJECT sees and dog sleeps"
    assert [s for places in pair.alignment for s in places] == [12, 11, 13, 9, 5, 8, 6, 3, 1, 2]
    assert pair.alignment[6] == ()
    assert translate(source).target != pair.target


def test_the_lexicon_is_systematic_and_without_double_meaning():
    words = [word for name in "NAIV" for word in CLASSES[name]]
    assert set(words) | {"and"} == set(LEXICON)
    assert len(words) == len(set(words)) == 38
    assert len(set(LEXICON.values()) | {PARTICLE}) == len(LEXICON) + 1 == len(GLOSSES)
    for name, ending in zip("NAIV", "nrss", strict=True):
        assert all(re.fullmatch(f"([ptkmnslr][aeiou]){{2}}{ending}", LEXICON[word]) for word in CLASSES[name])
    assert {*CLASSES["I"], *CLASSES["V"]} <= {third for _, third, _ in VERBS.values()}
    assert all(tokenise(word) == [word] for word in (*LEXICON, *GLOSSES))
    assert not set(LEXICON) & set(GLOSSES)


@settings(deadline=None)
@given(st.integers(3, 40), st.integers(0, 6), st.booleans(), st.integers(0, 99))
def test_lengths_are_those_wanted_and_nothing_is_lost(least, more, reverse, seed):
    pairs = translation_pairs(5, np.random.default_rng(seed), (least, least + more), reverse)
    for pair in pairs:
        assert least <= len(pair.source) <= least + more
        assert back(pair.target, reverse) == pair.source
        assert translate(pair.source, reverse) == pair
        matrix = alignment_matrix(pair)
        aligned = matrix.sum(axis=1)
        np.testing.assert_array_equal(aligned, [token != PARTICLE for token in pair.target])
        np.testing.assert_array_equal(matrix.sum(axis=0), [token != "the" for token in pair.source])
        for t, s in zip(*np.nonzero(matrix), strict=True):
            assert pair.target[t] == LEXICON[pair.source[s]]


def test_all_lengths_come_equally_often():
    pairs = translation_pairs(4400, np.random.default_rng(0), (3, 24))
    counts = np.bincount([len(pair.source) for pair in pairs], minlength=25)[3:]
    assert len(counts) == 22
    assert np.abs(counts - 200).max() < 4 * np.sqrt(4400 / 22 * 21 / 22)


def test_all_words_and_all_shapes_come(rng):
    pairs = translation_pairs(2000, rng)
    source_vocab, target_vocab = pair_vocabs(pairs)
    assert set(source_vocab.tokens[4:]) == {"the", *LEXICON}
    assert set(target_vocab.tokens[4:]) == set(GLOSSES)
    clauses = [clause.split() for pair in pairs for clause in " ".join(pair.source).split(" and ")]
    class_of = {word: name for name, words in CLASSES.items() for word in words}
    assert {" ".join(class_of[word] for word in clause) for clause in clauses} == {
        "the N I",
        "the A N I",
        "the N V the N",
        "the A N V the N",
        "the N V the A N",
        "the A N V the A N",
    }
    assert len({pair.source for pair in translation_pairs(3000, rng, (3, 3))}) == 96
    clauses = [pair.source.count("and") + 1 for pair in translation_pairs(200, rng, (7, 7))]
    assert set(clauses) == {1, 2}  # one of seven tokens, or two of three


def test_the_generator_decides_and_the_order_of_clauses_changes_no_source():
    one, two, other = (translation_pairs(50, np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert one == two
    assert one != other
    reverse = translation_pairs(50, np.random.default_rng(0), reverse_clauses=True)
    assert [pair.source for pair in reverse] == [pair.source for pair in one]
    assert reverse != one


def test_a_split_keeps_a_sentence_on_one_side(rng):
    train, test = split_pairs(translation_pairs(1000, rng, (3, 8)), 0.2, rng)
    assert len({pair.source for pair in train + test}) < 1000
    assert not {pair.source for pair in train} & {pair.source for pair in test}


def test_glosses_keep_what_is_no_word_of_the_language():
    assert gloss(("<unk>", "risen", "ka")) == ("<unk>", "dog", "OBJECT")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("the wolf sleeps", "source has 'wolf', expected words of the lexicon only"),
        ("", "source is '', expected clauses with 'and' between them"),
        ("and the dog sleeps", "source is 'and the dog sleeps'"),
        ("the dog sleeps and", "source is 'the dog sleeps and'"),
        ("the dog sleeps and and the cat walks", "the clause 'and and' has the shape 'and and'"),
        ("dog", "the clause 'dog' has the shape 'N', expected one of the N I, the A N I"),
        ("the dog sleeps and the dog sees", "the clause 'the dog sees' has the shape 'the N V'"),
        ("the dog sleeps the cat", "shape 'the N I the N'"),
    ],
)
def test_what_is_no_sentence_is_refused(source, message):
    with pytest.raises(ValueError, match=message):
        translate(source.split())


def test_one_str_is_refused():
    with pytest.raises(ValueError, match="source is one str"):
        translate("the dog sleeps")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"count": 0}, "count is 0"),
        ({"lengths": (2, 5)}, "the least length is 2, expected an integer of at least 3"),
        ({"lengths": (6, 5)}, "the greatest length is 5, expected an integer of at least 6"),
        ({"lengths": (3, 5.0)}, "the greatest length is 5.0"),
    ],
)
def test_bad_input(change, message):
    with pytest.raises(ValueError, match=message):
        translation_pairs(**{"count": 3, "rng": np.random.default_rng(0)} | change)
