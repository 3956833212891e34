from collections import Counter, defaultdict
from itertools import product

import numpy as np
import pytest

from helpers.data.tasks.reviews import (
    ASPECTS,
    BLAME,
    PRAISE,
    bag_ceiling,
    draw_reviews,
    review_tokens,
    review_vocab,
)
from helpers.data.vocab import UNK, decode_sentences


def test_a_review_by_hand():
    said = (("food", "room", "view"), ("good", "awful", "bad"), (True, False, True))
    assert " ".join(review_tokens(*said)) == "the food was not good , the room was awful , the view was not bad"
    contrast = " ".join(review_tokens(*said, contrast=True))
    assert contrast == "the food was not good and the room was awful but the view was not bad"


def label_of(text):
    """Judge a review from its words alone."""
    clauses = text.replace(" and ", " , ").replace(" but ", " , ").split(" , ")
    good = [(clause.split()[-1] in PRAISE) != ("not" in clause.split()) for clause in clauses]
    return good, int(sum(good) > len(good) / 2)


@pytest.mark.parametrize("contrast", [False, True])
@pytest.mark.parametrize("clauses", [1, 3, 5])
def test_labels_are_what_the_words_say(clauses, contrast):
    reviews = draw_reviews(np.random.default_rng(0), 300, clauses, contrast=contrast)
    assert not np.isin(reviews.corpus.tokens, [UNK]).any()
    texts = decode_sentences(review_vocab(), reviews.corpus)
    for text, label, says_good, negated in zip(texts, reviews.labels, reviews.says_good, reviews.negated, strict=True):
        assert (says_good.tolist(), label) == label_of(text)
        assert text.split().count("not") == negated.sum()
        assert len({*text.split()} & {*ASPECTS}) == clauses
        turns = np.count_nonzero(np.diff(says_good))
        assert text.split().count("but") == turns * contrast
    assert 0.4 < reviews.labels.mean() < 0.6
    assert 0.4 < reviews.negated.mean() < 0.6


def test_not_stands_where_it_is_asked_for():
    for negated in ((), (1,), (0, 2)):
        reviews = draw_reviews(np.random.default_rng(0), 50, 3, negated)
        assert (reviews.negated == np.isin(np.arange(3), negated)).all()


def test_the_same_at_every_run():
    once, again, other = (draw_reviews(np.random.default_rng(seed), 20) for seed in (0, 0, 1))
    np.testing.assert_array_equal(once.corpus.tokens, again.corpus.tokens)
    assert decode_sentences(review_vocab(), once.corpus) != decode_sentences(review_vocab(), other.corpus)
    assert len(review_vocab()) == 4 + 21


def test_ceilings_by_hand():
    # With one clause the bag has all there is. With three, 9 of 16 bags are of mixed words and of one or two "not":
    # two thirds of their reviews have one label.
    assert bag_ceiling(1) == 1
    assert bag_ceiling(3) == 7 / 16 + 9 / 16 * 2 / 3 == 13 / 16
    assert bag_ceiling(3, negated=()) == bag_ceiling(3, negated=(0, 1, 2)) == 1
    # One "not": of two words of praise and one of blame it stands at the one of blame in a third of the reviews.
    assert bag_ceiling(3, negated=(1,)) == 1 / 4 + 3 / 4 * 2 / 3
    assert bag_ceiling(3, contrast=True) == 1, "how often there is a but gives three clauses away"
    assert bag_ceiling(5) < bag_ceiling(5, contrast=True) < bag_ceiling(3)


@pytest.mark.parametrize("contrast", [False, True])
def test_the_ceiling_counts_all_words(contrast):
    # All reviews with two words of praise, two of blame and four aspects, none of them standing for others.
    praise, blame, aspects = PRAISE[:2], BLAME[:2], ASPECTS[:3]
    right, total = defaultdict(Counter), 0
    for adjectives in product((*praise, *blame), repeat=3):
        for negated in product((False, True), repeat=3):
            for order in product(aspects, repeat=3):
                if len({*order}) == 3:
                    tokens = review_tokens(order, adjectives, negated, contrast)
                    right[frozenset(Counter(tokens).items())][label_of(" ".join(tokens))[1]] += 1
                    total += 1
    assert bag_ceiling(3, contrast=contrast) == pytest.approx(
        sum(max(each.values()) for each in right.values()) / total
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: draw_reviews(np.random.default_rng(0), 5, clauses=2), "clauses is 2, expected an odd number up to 7"),
        (lambda: bag_ceiling(clauses=11), "clauses is 11, expected an odd number up to 7"),
        (lambda: bag_ceiling(clauses=0), "clauses is 0"),
        (lambda: draw_reviews(np.random.default_rng(0), 0), "size is 0"),
        (lambda: draw_reviews(np.random.default_rng(0), 5, negated=(3,)), "negated spans 3 to 3"),
        (
            lambda: review_tokens(["food"], ["good", "bad"], [True]),
            "there are 1 aspects, 2 adjectives and 1 of negated",
        ),
        (lambda: review_tokens([], [], []), "there are 0 aspects"),
        (lambda: review_tokens(["food"], ["red"], [True]), "no review has the word 'red' there"),
        (lambda: review_tokens(["good"], ["good"], [True]), "no review has the word 'good' there"),
    ],
)
def test_bad_arguments(call, message):
    with pytest.raises(ValueError, match=message):
        call()
