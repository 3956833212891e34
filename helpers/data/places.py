"""Names of countries and languages in many languages, for the question which language a word is of.

They come from Babel, which carries the names of the Unicode project CLDR.
"""

import unicodedata
from collections import defaultdict
from typing import NamedTuple

import numpy as np
from babel import Locale, UnknownLocaleError

from helpers.core.checks import check_indices, check_integer, check_shape, check_share

# Fourteen languages that are written in Latin letters.
LATIN_LANGUAGES = ("cs", "de", "en", "es", "fi", "fr", "hu", "it", "nl", "pl", "pt", "ro", "sv", "tr")
# Seventeen languages of any script; some share one: Arabic and Persian; Bulgarian, Russian and Ukrainian; Hindi and
# Marathi; Chinese and in part Japanese.
WORLD_LANGUAGES = (
    "am", "ar", "bg", "el", "en", "fa", "he", "hi", "hy", "ja", "ka", "ko", "mr", "ru", "th", "uk", "zh",
)  # fmt: skip

_NOTHING = {"territory XA", "territory XB", "territory ZZ"}  # pseudo-accents, pseudo-bidi, an unknown region
_NOTHING |= {"language mis", "language mul", "language und", "language zxx"}  # uncoded, several, unknown, none


class PlaceWords(NamedTuple):
    """Words, each of one language only; see `place_words`."""

    words: list[str]  # N of them
    labels: np.ndarray  # (N,) of int, the language: an index into languages
    codes: list[tuple[str, ...]]  # for each word what it names in CLDR: "territory FR", "language fr"
    languages: list[str]  # their names in English, "French"
    shared: int  # words that were dropped, as two languages or more have them


def place_words(languages=LATIN_LANGUAGES):
    """Read what countries and languages are called, in lower case, and keep the words of one language only.

    A name of several words, or with a bracket or a point in it, is left out. A word that two of the languages have in
    common ("andorra") has no right answer, so it is dropped and counted.

    Parameters
    ----------
    languages : sequence of str
        Codes of CLDR: `LATIN_LANGUAGES`, `WORLD_LANGUAGES`, or any two or more that Babel knows.

    Returns
    -------
    PlaceWords
        Ordered by language, then by spelling. Which words there are depends on the version of Babel.

    Raises
    ------
    ValueError
        When there are fewer than two languages, one comes twice, or Babel knows nothing of one.

    References
    ----------
    https://babel.pocoo.org, https://cldr.unicode.org
    """
    if not isinstance(languages, tuple | list) or not all(isinstance(language, str) for language in languages):
        raise ValueError(f"languages is {languages!r}, expected codes such as ('en', 'de')")
    if not 2 <= len(languages) == len({*languages}):
        raise ValueError(f"languages is {languages!r}, expected at least two codes, no code twice")
    found = [_words_of(language) for language in languages]
    speakers = defaultdict(set)
    for label, words in enumerate(found):
        for word in words:
            speakers[word].add(label)
    rows = [
        (word, label, tuple(sorted(codes)))
        for label, words in enumerate(found)
        for word, codes in sorted(words.items())
        if len(speakers[word]) == 1
    ]
    words, labels, codes = zip(*rows, strict=True)
    english = [Locale.parse(language).english_name for language in languages]
    return PlaceWords(list(words), np.array(labels), list(codes), english, len(speakers) - len(rows))


def _words_of(language):
    """The words of a language, each with the codes of what it names."""
    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError) as error:
        raise ValueError(f"language {language!r} is unknown to Babel, expected a code such as 'en'") from error
    # Three digits are parts of the world; codes such as de_AT are dialects.
    names = {f"territory {code}": name for code, name in locale.territories.items() if len(code) == 2}
    names |= {f"language {code}": name for code, name in locale.languages.items() if "_" not in code}
    words = defaultdict(set)
    for code in names.keys() - _NOTHING:
        word = _lower(unicodedata.normalize("NFC", names[code]), language)
        if all(unicodedata.category(character)[0] in "LM" or character in "-'’" for character in word):
            words[word].add(code)
    return words


def _lower(name, language):
    """In lower case as the language writes it: Turkish has i with a dot and without in both cases."""
    if language in ("tr", "az"):
        name = name.replace("I", "ı").replace("İ", "i")
    return name.lower()


def split_places(places, rng, held_out=0.2):
    """Hold out countries and languages: what is held out is so in every language.

    A word that names both something held out and something else is in neither: Finnish "espanja" is Spain and Spanish.
    A country and its language have codes of their own, so one may be held out and the other learnt.

    Parameters
    ----------
    places : PlaceWords
    rng : numpy.random.Generator
        The same state gives the same division.
    held_out : float
        The share of the codes that is held out, between 0 and 1.

    Returns
    -------
    train, held_out : PlaceWords
        With the same languages.

    Raises
    ------
    ValueError
        When one of the two would have no word.
    """
    if not _all_are(places.words, str) or not _all_are(places.codes, tuple) or len(places.codes) < len(places.words):
        raise ValueError(f"places is {str(places)[:80]!r}, expected what place_words gives")
    if not all(_all_are(list(each), str) for each in places.codes):
        raise ValueError(f"places.codes is {str(places.codes)[:80]!r}, expected codes such as 'language fr'")
    if not _all_are(places.languages, str):
        raise ValueError(f"places.languages is {str(places.languages)[:80]!r}, expected a list of names")
    check_shape("places.labels", places.labels, "N", N=len(places.words))
    check_indices("places.labels", places.labels, len(places.languages))
    check_integer("places.shared", places.shared, least=0)
    codes = sorted({code for each in places.codes for code in each})
    check_share("held_out", held_out)
    chosen = {codes[i] for i in rng.permutation(len(codes))[: round(held_out * len(codes))]}
    train = [i for i, each in enumerate(places.codes) if chosen.isdisjoint(each)]
    others = [i for i, each in enumerate(places.codes) if chosen.issuperset(each)]
    if not train or not others:
        raise ValueError(f"held_out is {held_out}, expected a share that leaves words on both sides")
    return tuple(_rows(places, part) for part in (train, others))


def _all_are(values, kind):
    return isinstance(values, list) and all(isinstance(value, kind) for value in values)


def _rows(places, rows):
    return places._replace(
        words=[places.words[i] for i in rows],
        labels=np.asarray(places.labels)[rows],
        codes=[places.codes[i] for i in rows],
    )
