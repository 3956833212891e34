"""Translation with one right answer and a known alignment: English about the small world into an invented language.

The invented language says the object before the verb, the adjective after its noun, no article, and a particle after
every object: "the big dog sees the cat" becomes, in glosses, "dog big cat OBJECT sees". Clauses are joined by "and", so
a sentence can have any length from three tokens on. Each word has one translation, so every sentence has just one.
"""

from itertools import groupby

from helpers.core.checks import as_list, check_integer
from helpers.data.source_target_pairs import Pair
from helpers.data.world.phrases import TRAIT, verb_form
from helpers.data.world.words import ANIMALS, PEOPLE, SCALES

NOUNS = tuple(word for row in PEOPLE[:5] for word in (row.male, row.female)) + tuple(row.adult for row in ANIMALS[:6])
SIZE, _, SPEED, *_ = SCALES
ADJECTIVES = (SIZE.more[0], SIZE.less[0], SPEED.more[0], SPEED.less[0], *TRAIT.options)
INTRANSITIVE = tuple(verb_form(base) for base in ("sleep", "walk", "play", "travel", "eat", "win"))
TRANSITIVE = tuple(verb_form(base) for base in ("see", "love", "follow", "find", "lose", "feed", "lead", "need"))

CLASSES = {"the": ("the",), "and": ("and",), "N": NOUNS, "A": ADJECTIVES, "I": INTRANSITIVE, "V": TRANSITIVE}
_CLASS_OF = {word: name for name, words in CLASSES.items() for word in words}

# A clause, class by class, and the places of its words in the order of the translation.
_FROM_NO_WORD = None  # stands for the particle, which comes from no word of the source
SHAPES = {
    "the N I": (1, 2),
    "the A N I": (2, 1, 3),
    "the N V the N": (1, 4, _FROM_NO_WORD, 2),
    "the A N V the N": (2, 1, 5, _FROM_NO_WORD, 3),
    "the N V the A N": (1, 5, 4, _FROM_NO_WORD, 2),
    "the A N V the A N": (2, 1, 6, 5, _FROM_NO_WORD, 3),
}
_SHORTEST = 3  # tokens of the shortest clause
_SHAPES_OF_LENGTH = {n: [shape for shape in SHAPES if len(shape.split()) == n] for n in range(_SHORTEST, 8)}

_SYLLABLES = [consonant + vowel for consonant in "ptkmnslr" for vowel in "aeiou"]
PARTICLE = "ka"


def _invent():
    """Make a word of two syllables for each word; its last letter says what class it is of: n, r or s for a verb."""
    lexicon = {"and": "tu"}
    for name, ending in (("N", "n"), ("A", "r"), ("I", "s"), ("V", "s")):
        for word in CLASSES[name]:
            k = len(lexicon)  # the steps 7 and 13 go round all 40 syllables, so no first syllable comes twice
            lexicon[word] = _SYLLABLES[7 * k % 40] + _SYLLABLES[(13 * k + 3) % 40] + ending
    return lexicon


LEXICON = _invent()  # English → invented
GLOSSES = {invented: english for english, invented in LEXICON.items()} | {PARTICLE: "OBJECT"}


def translation_pairs(count, rng, lengths=(3, 24), reverse_clauses=False):
    """Draw sentences, all lengths of some range equally likely, each with its translation.

    Words of a class are equally likely, and so are all lengths that the next clause can have. Short sentences repeat:
    there are 96 of three tokens. `helpers.data.source_target_pairs.split_pairs` keeps each on one side of a split.

    Parameters
    ----------
    count : int
        How many pairs.
    rng : numpy.random.Generator
    lengths : (int, int)
        The least and the greatest number of source tokens, at least 3; (12, 12) gives sentences of 12 tokens.
    reverse_clauses : bool
        See `translate`. The sentences that are drawn do not depend on it.

    Returns
    -------
    list of Pair

    Raises
    ------
    ValueError
        When the count is not at least 1, or the lengths are out of range or order.
    """
    check_integer("count", count)
    if len(as_list("lengths", lengths)) != 2:
        raise ValueError(f"lengths is {lengths}, expected the least and the greatest")
    least, most = lengths
    check_integer("the least length", least, least=_SHORTEST)
    check_integer("the greatest length", most, least=least)
    wanted = rng.integers(least, most + 1, size=count)
    return [translate(_sentence(int(length), rng), reverse_clauses) for length in wanted]


def _sentence(length, rng):
    """Draw clause after clause until there are as many tokens as wanted."""
    tokens = []
    while True:
        left = length - len(tokens)
        # A clause ends the sentence, or leaves room for "and" and another one.
        n = _one_of([n for n in _SHAPES_OF_LENGTH if n == left or n + 1 + _SHORTEST <= left], rng)
        shape = _one_of(_SHAPES_OF_LENGTH[n], rng)
        tokens += [_one_of(CLASSES[name], rng) for name in shape.split()]
        if n == left:
            return tokens
        tokens.append("and")


def _one_of(options, rng):
    return options[rng.integers(len(options))]


def translate(source, reverse_clauses=False):
    """Translate a sentence; this is the truth that a model's output is judged by.

    Parameters
    ----------
    source : sequence of str
        Clauses joined by "and"; a clause is one of `SHAPES`, filled with the words of `CLASSES`.
    reverse_clauses : bool
        Say the last clause first. Then no word of the translation can be known before the source has ended.

    Returns
    -------
    Pair
        Each target token is aligned to the source token that it translates, the particle and the articles to nothing.

    Raises
    ------
    ValueError
        When the source is no sentence of the language.
    """
    if isinstance(source, str):
        raise ValueError("source is one str, expected a sequence of words")
    source = tuple(as_list("source", source))
    unknown = [word for word in source if not isinstance(word, str) or word not in _CLASS_OF]
    if unknown:
        raise ValueError(f"source has {', '.join(map(repr, unknown[:5]))}, expected words of the lexicon only")
    if not source or "and" in (source[0], source[-1]):
        raise ValueError(f"source is {' '.join(source)!r}, expected clauses with 'and' between them")
    parts = [list(places) for _, places in groupby(range(len(source)), key=lambda s: source[s] == "and")]
    places = [place for part in (parts[::-1] if reverse_clauses else parts) for place in _reorder(source, part)]
    target = tuple(PARTICLE if place is _FROM_NO_WORD else LEXICON[source[place]] for place in places)
    return Pair(source, target, tuple(() if place is _FROM_NO_WORD else (place,) for place in places))


def _reorder(source, part):
    """The places of a clause, or of an "and", in the order of the translation."""
    shape = " ".join(_CLASS_OF[source[place]] for place in part)
    if shape == "and":
        return part
    if shape not in SHAPES:
        words = " ".join(source[place] for place in part)
        raise ValueError(f"the clause {words!r} has the shape {shape!r}, expected one of {', '.join(SHAPES)}")
    return [_FROM_NO_WORD if place is _FROM_NO_WORD else part[place] for place in SHAPES[shape]]


def gloss(target):
    """Write the English word for each token of a translation, in its order; what is no word of the language stays.

    Parameters
    ----------
    target : sequence of str

    Returns
    -------
    tuple of str

    Raises
    ------
    ValueError
        When the target is no list of words.
    """
    target = as_list("target", target)
    wrong = [token for token in target if not isinstance(token, str)]
    if wrong:
        raise ValueError(f"target has {str(wrong[0])[:40]}, expected a str for each token")
    return tuple(GLOSSES.get(token, token) for token in target)
