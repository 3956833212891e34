"""Letters of any script: one form for each, and a text as shapes, in which patterns for words and sentences are short.

Python's `re` knows letters but no combining marks, no scripts and no case. So a character that is no ASCII is looked at
as one that stands for its kind, in a text of the same length; what is found there is then cut out of the text itself.
"""

import re
import unicodedata
from itertools import pairwise

# The characters that stand for a kind. Both are letters to Python, so that a mark continues a word.
MARK, UNSPACED = "ﾞ", "字"

# These scripts put no spaces between words. Unicode's name of a letter begins with its script.
_UNSPACED_SCRIPTS = (
    *("CJK ", "IDEOGRAPHIC ", "HIRAGANA", "KATAKANA", "HALFWIDTH KATAKANA", "HENTAIGANA", "BOPOMOFO"),
    *("THAI ", "LAO ", "KHMER ", "MYANMAR ", "TAI "),
)
_SPACING_VOWELS = "\u0e33\u0eb3"  # of Thai and Lao: letters to Unicode, but part of the character before them
_JOINERS = "\u200c\u200d"  # they shape the letters at their sides, in Persian and in the scripts of India
_SAME_AS = dict(zip("’‐‑·׳״٫٬", "'--'''..", strict=True))  # what joins the parts of a word or of a number

# Seen by nobody: hints where a word may be broken, and for the direction of writing.
_INVISIBLE = re.compile("[\u00ad\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_MOST_MARKS = 30


class _Shapes(dict):
    """The table for `str.translate`, filled as characters are met."""

    def __missing__(self, code):
        self[code] = shape = _find_shape(chr(code))
        return shape


def _find_shape(character):
    kind, name = unicodedata.category(character), unicodedata.name(character, "")
    if character.isascii():
        return character
    if kind in ("Mn", "Mc", "Me") or character in _SPACING_VOWELS + _JOINERS or name.startswith("EMOJI MODIFIER"):
        return MARK
    if not character.isalnum() or kind == "Nd":
        return _SAME_AS.get(character, character)
    if name.startswith(_UNSPACED_SCRIPTS):
        return UNSPACED
    # Unicode calls the everyday letters of Georgian small, but its sentences begin with them.
    return "a" if not character.isalpha() or (character.islower() and not name.startswith("GEORGIAN")) else "A"


_SHAPES = _Shapes()


def letter_shapes(text):
    """Write each character as the one that stands for its kind; the length stays, and ASCII stands for itself.

    Combining marks become `MARK`, letters of scripts without spaces between words `UNSPACED`; of the others "a" is a
    small letter and "A" one that may begin a sentence: a capital, or a letter of a script that has no capitals.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
    """
    return text if text.isascii() else text.translate(_SHAPES)


def normalise_text(text, lower=False):
    """Write letters that look the same in the same way: Unicode's normal form C.

    An accent that is a character of its own goes into its letter. Invisible marks are left out; a space of no width,
    which separates words, becomes a space.

    Parameters
    ----------
    text : str
    lower : bool
        Write it in lower case. The Turkish İ becomes i, without the second dot that Unicode's rule would leave over it.

    Returns
    -------
    str

    References
    ----------
    Unicode Standard Annex 15, "Unicode Normalization Forms", https://www.unicode.org/reports/tr15/; its section 13
    is why a run of marks is broken after 30: to sort n marks on one letter takes n² steps.
    """
    if text.isascii():
        return text.lower() if lower else text
    text = _INVISIBLE.sub("", text).replace("\u200b", " ")
    if MARK * _MOST_MARKS in (shapes := letter_shapes(text)):
        ends = [0, *(run.end() for run in re.finditer(f"{MARK}{{{_MOST_MARKS}}}", shapes)), len(text)]
        text = "\u034f".join(text[begin:end] for begin, end in pairwise(ends))
    text = unicodedata.normalize("NFC", text)
    return unicodedata.normalize("NFC", text.lower().replace("i\u0307", "i")) if lower else text


def split_characters(text):
    """Cut a text into characters, each with the marks that belong to it.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str
    """
    shapes = letter_shapes(text)
    return [text[found.start() : found.end()] for found in re.finditer(f"(?s:.){MARK}*+", shapes)]
