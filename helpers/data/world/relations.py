"""Facts about the words of the small world (analogies, similarity), and how to hold facts out of a corpus."""

from itertools import combinations, permutations

import numpy as np

from helpers.core.checks import as_list, check_choice, check_integer, check_shape
from helpers.data.vocab import Corpus, sentence_numbers
from helpers.data.world.words import ANIMALS, COUNTRIES, PEOPLE, SCALES, TOOLS, VERBS

_ADJECTIVES = [degrees for row in SCALES for degrees in (row.more, row.less)]
_VERBS = [forms for base, forms in VERBS.items() if base not in ("be", "need")]  # not all their forms are used

# The relations of the analogies, each a list of pairs (a, b).
RELATIONS = {
    # by what words mean
    "country - capital": [(row.country, row.capital) for row in COUNTRIES],
    "country - language": [(row.country, row.language) for row in COUNTRIES],
    "country - dish": [(row.country, row.dish) for row in COUNTRIES],
    "man - woman": [(row.male, row.female) for row in PEOPLE],
    "men - women": [(row.males, row.females) for row in PEOPLE],
    "animal - young": [(row.adult, row.young) for row in ANIMALS],
    "animal - sound": [(row.adult, f"{row.sound}s") for row in ANIMALS],
    "animal - home": [(row.adult, row.home) for row in ANIMALS],
    "worker - tool": [(row.worker, row.tool) for row in TOOLS],
    "tool - object": [(row.tool, row.object) for row in TOOLS],
    "adjective - opposite": [(row.more[0], row.less[0]) for row in SCALES],
    # by how words are formed
    "man - men": [(row.male, row.males) for row in PEOPLE],
    "woman - women": [(row.female, row.females) for row in PEOPLE],
    "animal - animals": [(row.adult, row.adults) for row in ANIMALS],
    "young - youngs": [(row.young, row.youngs) for row in ANIMALS],
    "tool - tools": [(row.tool, row.tools) for row in TOOLS],
    "worker - workers": [(row.worker, row.workers) for row in TOOLS],
    "sings - sang": [(third, past) for _, third, past in _VERBS],
    "sings - sing": [(third, base) for base, third, _ in _VERBS],
    "positive - comparative": [(positive, comparative) for positive, comparative, _ in _ADJECTIVES],
    "positive - superlative": [(positive, superlative) for positive, _, superlative in _ADJECTIVES],
}

# What a word is, {category: words}: paris is a capital. A word is in one category at most.
CATEGORIES = {
    "person": [noun for row in PEOPLE for noun in (row.male, row.female)],
    "animal": [row.adult for row in ANIMALS],
    "young animal": [row.young for row in ANIMALS],
    "country": [row.country for row in COUNTRIES],
    "capital": [row.capital for row in COUNTRIES],
    "language": [row.language for row in COUNTRIES],
    "dish": [row.dish for row in COUNTRIES],
    "worker": [row.worker for row in TOOLS],
    "tool": [row.tool for row in TOOLS],
    "place": [row.place for row in PEOPLE],
    "home": [row.home for row in ANIMALS],
    "adjective": [degrees[0] for degrees in _ADJECTIVES],
    "verb": [base for base, _, _ in _VERBS],
}

_TABLES = (
    [(row.male, row.female, row.place, *row.things) for row in PEOPLE],
    [(row.adult, row.young, row.sound, row.home, row.food) for row in ANIMALS],
    [(row.country, row.capital, row.language, row.dish) for row in COUNTRIES],
    [(row.tool, row.worker, row.verb, row.object) for row in TOOLS],
)
# What a word belongs to, {word: first word of its row}: paris, french and cheese belong to france.
ROWS = {word: words[0] for table in _TABLES for words in table for word in words}


def analogies(relation=None):
    """List the quadruples (a, b, c, d) with a : b :: c : d, such as man : woman :: king : queen.

    Parameters
    ----------
    relation : str, optional
        A key of `RELATIONS`; without it the quadruples of all.

    Returns
    -------
    list of tuple of str
        Every ordered couple of two different pairs of a relation.

    Raises
    ------
    ValueError
        When the relation is unknown.
    """
    if relation is not None:
        check_choice("relation", relation, RELATIONS)
    chosen = RELATIONS if relation is None else [relation]
    return [(*one, *other) for name in chosen for one, other in permutations(RELATIONS[name], 2)]


def _facts():
    """Everything that the world says about a word, {word: facts}; words that share facts are similar."""
    facts = {}
    for row in PEOPLE:
        shared = {"person", row.place, *row.things, *(word for act in row.acts for word in act)}
        for noun, gender, number in zip(row[:4], ("male", "female") * 2, ("one", "one", "many", "many"), strict=True):
            facts[noun] = shared | {gender, number}
    for row in ANIMALS:
        shared = {"animal", row.sound, row.home, row.food}
        for noun, age, number in zip(row[:4], ("old", "old", "new", "new"), ("one", "many") * 2, strict=True):
            facts[noun] = shared | {age, number}
    for row in COUNTRIES:
        for name, word in zip(("country", "capital", "language", "dish"), row[:4], strict=True):
            facts[word] = {name, row.continent, row.country}
    for row in TOOLS:
        for noun, kind, number in zip(row[:4], ("tool", "tool", "worker", "worker"), ("one", "many") * 2, strict=True):
            facts[noun] = {kind, number, row.verb, row.object}
    for row in SCALES:
        for way, degrees in (("more", row.more), ("less", row.less)):
            for degree, word in zip(("positive", "comparative", "superlative"), degrees, strict=True):
                facts[word] = {"adjective", degree, way, row.more[0]}
    for forms in _VERBS:
        for form, word in zip(("base", "third", "past"), forms, strict=True):
            facts[word] = {"verb", form, forms[0]}
    return {word: frozenset(about) for word, about in facts.items()}


FACTS = _facts()


def similarity(a, b):
    """|facts of both| / |facts of either|, from 0 (nothing in common) to 1 (a word and itself).

    Raises
    ------
    ValueError
        When nothing is known about a word; the words with facts are the keys of `FACTS`.

    References
    ----------
    The index of Jaccard 1912, "The Distribution of the Flora in the Alpine Zone",
    https://doi.org/10.1111/j.1469-8137.1912.tb05611.x
    """
    for word in (a, b):
        if word not in FACTS:
            raise ValueError(
                f"the world has no facts about {word!r}, only about words such as {', '.join([*FACTS][:3])}"
            )
    return len(FACTS[a] & FACTS[b]) / len(FACTS[a] | FACTS[b])


def similarity_pairs(rng, pairs=500):
    """Draw pairs of words of all grades of similarity, for a rank correlation with the cosines of their vectors.

    Most pairs of words have nothing in common, so pairs are drawn evenly from the grades 0, (0, ⅓], (⅓, ⅔) and [⅔, 1).

    Parameters
    ----------
    rng : numpy.random.Generator
    pairs : int
        How many, at least 4; a grade gives at most as many as it has.

    Returns
    -------
    list of (str, str, float)
        Two different words and their similarity.

    Raises
    ------
    ValueError
        When the number is not an integer of at least 4.
    """
    pairs = check_integer("pairs", pairs, least=4)
    couples = list(combinations(FACTS, 2))
    score = np.array([similarity(a, b) for a, b in couples])
    grade = np.select([score == 0, score <= 1 / 3, score < 2 / 3], [0, 1, 2], default=3)
    drawn = []
    for g, wanted in enumerate(np.diff(np.arange(5) * pairs // 4)):
        of_grade = np.flatnonzero(grade == g)
        drawn.extend(rng.choice(of_grade, size=min(wanted, of_grade.size), replace=False))
    return [(*couples[i], float(score[i])) for i in drawn]


def without_sentences(corpus, pairs):
    """Leave out every sentence that has both words of one of the pairs.

    What such a sentence says about the two words together, a model of the rest must infer from how each is used alone.

    Parameters
    ----------
    corpus : Corpus
    pairs : array of int (n, 2)
        Ids of words.

    Returns
    -------
    Corpus
        The other sentences, in order.

    Raises
    ------
    ValueError
        When the pairs are no pairs, or no sentence is left.
    """
    pairs = np.asarray(pairs)
    check_shape("pairs", pairs, "n words", words=2)
    number, sentences = sentence_numbers(corpus), len(corpus.starts) - 1
    kept = np.ones(sentences, bool)
    for first, second in pairs:
        kept &= ~(_has(corpus, number, first) & _has(corpus, number, second))
    if not kept.any():
        raise ValueError(f"all {sentences} sentences have both words of a pair, expected some that have not")
    return Corpus(corpus.tokens[kept[number]], np.cumsum(np.concatenate([[0], np.diff(corpus.starts)[kept]])))


def _has(corpus, number, word):
    """Say for each sentence whether it has the word."""
    return np.bincount(number[corpus.tokens == word], minlength=len(corpus.starts) - 1) > 0


def every_third(relations):
    """The pairs to hold out of some relations, {(a, b), …}: the second of each three, among frequent and rare ones.

    Parameters
    ----------
    relations : list of str
        Keys of `RELATIONS`.

    Raises
    ------
    ValueError
        When a relation is unknown.
    """
    for relation in as_list("relations", relations):
        check_choice("relation", relation, RELATIONS)
    return {pair for relation in relations for pair in RELATIONS[relation][1::3]}


def analogy_questions(relation, pairs, held_out):
    """The analogies of a relation whose first pair is in the text, and whose second is held out, or in the text too.

    Parameters
    ----------
    relation : str
        A key of `RELATIONS`.
    pairs : set of (str, str)
        Those that are held out, such as `every_third` gives.
    held_out : bool
        True for second pairs that are held out, False for those in the text.

    Returns
    -------
    list of tuple of str
        Quadruples (a, b, c, d).
    """
    return [q for q in analogies(relation) if q[:2] not in pairs and (q[2:] in pairs) == held_out]
