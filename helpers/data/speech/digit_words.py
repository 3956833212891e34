"""What is said: the words of the digits, and the symbols that a recogniser writes them with."""

import numpy as np

from helpers.core.checks import as_array, check_indices, check_integer, check_shape

DIGIT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
BLANK = 0
SPEECH_SYMBOLS = ("-", " ", *sorted(set("".join(DIGIT_WORDS))))  # the blank of CTC, the space, 15 letters
_IDS = {symbol: i for i, symbol in enumerate(SPEECH_SYMBOLS) if i != BLANK}
_MOST = 1_000_000


def digit_texts(count, rng, least=2, most=5):
    """Draw texts such as "four two seven": each length is as likely as another, and so is each digit.

    Parameters
    ----------
    count : int
    rng : numpy.random.Generator
    least, most : int
        Digits in a text.

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        When a number is no positive integer, or `most` is below `least`.
    """
    count, least, most = check_integer("count", count), check_integer("least", least), check_integer("most", most)
    if most < least:
        raise ValueError(f"least is {least} and most is {most}, expected least ≤ most")
    if count * most > _MOST:
        raise ValueError(f"count is {count} and most is {most}, expected at most {_MOST} words in all")
    lengths = rng.integers(least, most + 1, count)
    return [" ".join(DIGIT_WORDS[digit] for digit in rng.integers(10, size=length)) for length in lengths]


def letter_ids(text):
    """The place of each letter and space in `SPEECH_SYMBOLS`, int64 (U,).

    Raises
    ------
    ValueError
        When the text has a letter that no digit's word has.
    """
    if not isinstance(text, str):
        raise ValueError(f"text is {repr(text)[:80]}, expected a str")
    unknown = [letter for letter in text if letter not in _IDS]
    if unknown:
        raise ValueError(f"text has {unknown[0]!r}, expected letters of {''.join(_IDS)!r}")
    return np.array([_IDS[letter] for letter in text], np.int64)


def text_of(ids):
    """Write ids without blanks as text: `letter_ids` backwards.

    Parameters
    ----------
    ids : sequence of int (U,)
        Such as the tokens of a `Transcript`.

    Raises
    ------
    ValueError
        When an id is the blank or no symbol.
    """
    ids = as_array("ids", ids)
    check_shape("ids", ids, "U")
    if not ids.size:
        return ""
    check_indices("ids", ids, len(SPEECH_SYMBOLS))
    if (ids == BLANK).any():
        raise ValueError("ids has a blank, expected letters alone: collapse the path first")
    return "".join(SPEECH_SYMBOLS[i] for i in ids)
