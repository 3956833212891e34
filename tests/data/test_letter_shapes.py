import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.letter_shapes import MARK, UNSPACED, letter_shapes, normalise_text, split_characters


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("Dog's, x_1!", "Dog's, x_1!"),
        ("Ärger über Straße", "Arger aber Straae"),
        ("Да нет", "Aa aaa"),
        ("שלום", "AAAA"),
        ("ქართული", "AAAAAAA"),  # small letters to Unicode, but sentences begin with them
        ("हिन्दी", f"A{MARK}A{MARK}A{MARK}"),
        ("我やカー한ก", UNSPACED * 4 + "A" + UNSPACED),
        ("๓٣3", "๓٣3"),  # digits stay, also those of Thai
        ("don’t a‐b ٣٫٥", "don't a-b ٣.٥"),
        ("“我。”", f"“{UNSPACED}。”"),
        ("½²", "aa"),
    ],
)
def test_shapes(text, shapes):
    assert letter_shapes(text) == shapes


def test_every_character_has_one_shape_of_its_own_kind():
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    for character, shape in zip(every, letter_shapes(every), strict=True):
        assert character.isspace() == shape.isspace()
        if shape not in (MARK, UNSPACED):
            assert (character.isalnum() or character == "_") == (shape.isalnum() or shape == "_"), character


@settings(deadline=None)
@given(st.text(), st.booleans())
def test_normalising_twice_changes_nothing(text, lower):
    once = normalise_text(text, lower)
    assert normalise_text(once, lower) == once
    assert unicodedata.is_normalized("NFC", once)


def test_many_marks_on_one_letter_stay_in_order():
    assert normalise_text("e" + "\u0301" * 10) == "é" + "\u0301" * 9
    text = normalise_text("e" + "\u0301\u0316" * 50)  # sorted among thirty: those below the letter come first
    assert text.replace("\u034f", "").count("\u0316") == 50
    assert max(map(len, text.split("\u034f"))) <= 31


def test_lower_case():
    assert normalise_text("İSTANBUL I\u0307 ÄÉ", lower=True) == "istanbul i äé"
    assert normalise_text("İ\u0301", lower=True) == "í"
    assert normalise_text("İ") == "İ"


def test_characters_keep_their_marks():
    assert split_characters("我们") == ["我", "们"]
    assert split_characters("น้ำใจ\u0301") == ["น้ำ", "ใ", "จ\u0301"]
    assert split_characters("\u0301\n") == ["\u0301", "\n"]
    assert split_characters("") == []
