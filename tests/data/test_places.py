import unicodedata

import numpy as np
import pytest
from babel import Locale

from helpers.data.places import LATIN_LANGUAGES, WORLD_LANGUAGES, PlaceWords, place_words, split_places


@pytest.fixture(scope="module", params=[LATIN_LANGUAGES, WORLD_LANGUAGES], ids=["latin", "world"])
def places(request):
    return place_words(request.param)


def test_there_are_enough_words_of_every_language(places):
    assert len(places.languages) >= 12
    assert len(places.words) >= 4_000
    counts = np.bincount(places.labels)
    assert len(counts) == len(places.languages)
    assert counts.min() >= 100
    assert len(places.words) == len(places.labels) == len(places.codes)


def test_latin_words_are_of_latin_letters_and_the_others_of_any():
    def is_latin(word):
        return all(unicodedata.name(c).startswith("LATIN") for c in word if unicodedata.category(c) in ("Ll", "Lu"))

    assert all(map(is_latin, place_words(LATIN_LANGUAGES).words))
    assert np.mean([*map(is_latin, place_words(("en", "ru")).words)]) < 0.9


def test_words_are_what_babel_says(places):
    languages = LATIN_LANGUAGES if "German" in places.languages else WORLD_LANGUAGES
    assert places.languages == [Locale.parse(language).english_name for language in languages]
    for word, label, codes in list(zip(places.words, places.labels, places.codes, strict=True))[::37]:
        locale = Locale.parse(languages[label])
        for kind, code in (each.split() for each in codes):
            name = (locale.territories if kind == "territory" else locale.languages)[code]
            same = name.lower() == word or languages[label] == "tr"
            assert same or unicodedata.normalize("NFC", name).lower() == word
    assert not any(" " in word or "(" in word or word != word.lower() for word in places.words)


def test_no_word_is_of_two_languages_and_those_that_were_are_counted():
    both = place_words(("de", "nl"))
    assert len({*both.words}) == len(both.words)
    assert "duits" in both.words
    assert "deutschland" in both.words
    assert "andorra" not in both.words  # it is called so in both
    german, dutch = (
        {word for word, label in zip(alone.words, alone.labels, strict=True) if label == 0}
        for alone in (place_words((language, "ja")) for language in ("de", "nl"))
    )
    assert both.shared == len(german & dutch) > 100
    assert {*both.words} == german ^ dutch


def test_turkish_keeps_its_two_i():
    words = place_words(("tr", "en")).words
    assert "ispanya" in words  # İspanya
    assert "ırak" in words  # Irak
    assert "\u0307" not in "".join(words), "lower() writes İ as an i and a dot of its own"


def test_what_names_nothing_is_left_out():
    codes = {code for each in place_words(("de", "en")).codes for code in each}
    assert {"territory FR", "language fr"} <= codes
    assert codes.isdisjoint({"territory ZZ", "territory XA", "territory 150", "language und", "language de_AT"})


def test_what_is_held_out_is_so_in_every_language(places):
    train, held_out = split_places(places, np.random.default_rng(0))
    codes = [{code for each in part.codes for code in each} for part in (train, held_out)]
    assert codes[0].isdisjoint(codes[1])
    assert {*train.words}.isdisjoint(held_out.words)
    assert 0.15 < len(held_out.words) / len(places.words) < 0.25
    assert len(places.words) - len(train.words) - len(held_out.words) < 0.01 * len(places.words)
    for part in (train, held_out):
        assert len({*part.labels.tolist()}) == len(places.languages)
        assert part.languages == places.languages
        rows, known = (set(zip(each.words, each.labels.tolist(), each.codes, strict=True)) for each in (part, places))
        assert rows <= known


def test_the_same_at_every_run(places):
    train, _ = split_places(places, np.random.default_rng(1))
    again, _ = split_places(places, np.random.default_rng(1))
    other, _ = split_places(places, np.random.default_rng(2))
    assert train.words == again.words != other.words
    rows = list(zip(places.labels.tolist(), places.words, strict=True))
    assert rows == sorted(rows)


def test_a_word_that_names_both_sides_is_in_neither():
    codes = [("territory ES", "language es"), ("territory FR",), ("language fr",)]
    places = PlaceWords(["espanja", "ranska", "x"], np.array([0, 0, 1]), codes, ["Finnish", "English"], 0)
    halves = [split_places(places, np.random.default_rng(seed), 0.5) for seed in range(20)]
    together = [{*train.words, *held_out.words} for train, held_out in halves]
    assert any("espanja" not in words for words in together)
    assert all({"ranska", "x"} <= words for words in together)


@pytest.mark.parametrize("languages", [("en",), ("en", "en"), "en", ()])
def test_one_language_is_no_question(languages):
    with pytest.raises(ValueError, match=r"languages is .*, expected (at least two codes|codes such as)"):
        place_words(languages)


def test_bad_arguments():
    for language in ("xx", "", "eng lish"):
        with pytest.raises(ValueError, match=f"language {language!r} is unknown to Babel"):
            place_words(("en", language))
    places = place_words(("en", "de"))
    for held_out in (0, 1, 0.0001, 1.5):
        with pytest.raises(ValueError, match=f"held_out is {held_out}, expected a (share|number)"):
            split_places(places, np.random.default_rng(0), held_out)
