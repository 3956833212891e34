"""Reviews made of clauses, "the food was not good, the room was nice": is what they say good in most of its clauses?"""

from collections import Counter
from itertools import product
from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_array, check_indices, check_integer
from helpers.data.vocab import Corpus, encode_sentences, make_vocab

ASPECTS = ("food", "service", "room", "view", "music", "price", "staff")
PRAISE = ("good", "great", "lovely", "nice")
BLAME = ("bad", "awful", "poor", "terrible")
_ADJECTIVES = PRAISE + BLAME


class Reviews(NamedTuple):
    """Reviews with their truth."""

    corpus: Corpus  # N reviews, ids of `review_vocab`
    labels: np.ndarray  # (N,) of int, 1 = most clauses say something good
    says_good: np.ndarray  # (N, clauses) of bool, what each clause says: a word of praise, or "not" and one of blame
    negated: np.ndarray  # (N, clauses) of bool, True = the clause has "not"


def review_vocab():
    """Make the vocabulary of all reviews: the specials and 21 tokens, the same at every call."""
    return make_vocab(dict.fromkeys([*ASPECTS, *PRAISE, *BLAME, "the", "was", "not", ",", "and", "but"], 1))


def review_tokens(aspects, adjectives, negated, contrast=False):
    """Write one review: for each clause "the … was (not) …".

    Parameters
    ----------
    aspects : sequence of str
        One of `ASPECTS` for each clause.
    adjectives : sequence of str
        One of `PRAISE` or `BLAME` for each clause.
    negated : sequence of bool
        True = this clause has "not".
    contrast : bool
        Join the clauses by "but" where the next one says the opposite, and by "and" where it says the same. Otherwise
        by a comma, which says nothing.

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        When the three differ in length, or a word is another.
    """
    for name, values in (("aspects", aspects), ("adjectives", adjectives), ("negated", negated)):
        if not isinstance(values, list | tuple):
            raise ValueError(f"{name} is of type {type(values).__name__}, expected a list")
    if not len(aspects) == len(adjectives) == len(negated) > 0:
        raise ValueError(
            f"there are {len(aspects)} aspects, {len(adjectives)} adjectives and {len(negated)} of negated,"
            " expected one of each for each clause"
        )
    wrong = [word for word in aspects if word not in ASPECTS] + [word for word in adjectives if word not in _ADJECTIVES]
    if wrong:
        raise ValueError(f"no review has the word {wrong[0]!r} there, expected ASPECTS and PRAISE or BLAME")
    tokens, before = [], None
    for aspect, adjective, no in zip(aspects, adjectives, negated, strict=True):
        good = (adjective in PRAISE) != bool(no)
        if tokens:
            tokens.append("," if not contrast else "and" if good == before else "but")
        tokens += ["the", aspect, "was", *(["not"] if no else []), adjective]
        before = good
    return tokens


def draw_reviews(rng, size, clauses=3, negated=None, contrast=False):
    """Draw reviews whose clauses praise or blame, with "not" or without, all equally likely.

    Parameters
    ----------
    rng : numpy.random.Generator
    size : int
        How many reviews, N.
    clauses : int
        An odd number up to 7, so that the majority is never a tie. Their aspects are different.
    negated : sequence of int, optional
        Which clauses have "not", from 0, in every review: () none, (1,) the second. Without it, each by a coin.
    contrast : bool
        See `review_tokens`.

    Returns
    -------
    Reviews

    Raises
    ------
    ValueError
        When the clauses are even or too many, one that is negated is not there, or the size is below 1.
    """
    check_integer("size", size)
    choices = _negations(clauses, negated)
    has_not = np.array(choices, bool)[rng.integers(len(choices), size=size)]
    praises = rng.random((size, clauses)) < 0.5
    aspects = rng.permuted(np.tile(ASPECTS, (size, 1)), axis=1)[:, :clauses]
    adjectives = np.where(praises, rng.choice(PRAISE, (size, clauses)), rng.choice(BLAME, (size, clauses)))
    texts = [
        review_tokens(*rows, contrast)
        for rows in zip(aspects.tolist(), adjectives.tolist(), has_not.tolist(), strict=True)
    ]
    says_good = praises != has_not
    labels = (2 * says_good.sum(axis=1) > clauses).astype(int)
    return Reviews(encode_sentences(review_vocab(), texts), labels, says_good, has_not)


def bag_ceiling(clauses=3, negated=None, contrast=False):
    """The greatest accuracy of any model that sees which words a review has, and how often, but not in which order.

    Counted over all reviews: such a model must say the same of all that have the same words, and at best says what most
    of them are. Which words of praise, of blame, and which aspects they are is drawn without regard to the label and to
    "not", so one of each stands for all.

    Parameters
    ----------
    clauses, negated, contrast
        As in `draw_reviews`.

    Returns
    -------
    float
        1 for one clause, 13 / 16 for three. With contrast it is 1 for three too: the number of "but" gives the answer
        away.

    Raises
    ------
    ValueError
        As in `draw_reviews`.
    """
    choices = _negations(clauses, negated)
    right = {}  # of each bag, how many of its reviews are bad and how many good
    patterns = list(product(product((PRAISE[0], BLAME[0]), repeat=clauses), choices))
    for adjectives, has_not in patterns:
        bag = frozenset(Counter(review_tokens(ASPECTS[:clauses], adjectives, has_not, contrast)).items())
        says_good = sum((adjective in PRAISE) != no for adjective, no in zip(adjectives, has_not, strict=True))
        right.setdefault(bag, [0, 0])[int(2 * says_good > clauses)] += 1
    return sum(map(max, right.values())) / len(patterns)


def _negations(clauses, negated):
    """List where "not" can stand, all equally likely: a tuple of bool for each clause."""
    check_integer("clauses", clauses)
    if clauses % 2 == 0 or clauses > len(ASPECTS):
        raise ValueError(f"clauses is {clauses}, expected an odd number up to {len(ASPECTS)}")
    if negated is None:
        return list(product((False, True), repeat=clauses))
    if not isinstance(negated, list | tuple):
        raise ValueError(f"negated is {negated!r}, expected a list of clauses, such as (1,)")
    check_indices("negated", as_array("negated", negated or np.empty(0, int)), clauses)
    return [tuple(clause in negated for clause in range(clauses))]
