"""Where a word, a number and a sentence end, in any script; patterns that read a text once, however it is made."""

import re
import warnings
from itertools import pairwise

from helpers.data.letter_shapes import MARK, UNSPACED, letter_shapes, normalise_text, split_characters

# Both are read in the shapes of the letters. A word may hold apostrophes and hyphens (don't, mother-in-law), digits and
# underscores (array_like), a number points and commas (3.14); any other sign that is no space is a token of its own.
# Combining marks stay with what they stand on. A quantifier with a + behind it gives nothing back: that, and no two
# parts that can read the same, makes reading linear.
_TOKEN = re.compile(
    rf"""[^\W\d{UNSPACED}{MARK}] [^\W{UNSPACED}]*+ (?: ['-] [^\W{UNSPACED}{MARK}] [^\W{UNSPACED}]*+ )*+
    | [^\w\s]{MARK}*+
    | \d[\d{MARK}]*+ (?: [.,]\d[\d{MARK}]*+ )*+
    | (?:{UNSPACED}{MARK}*+)++
    | {MARK}++""",
    re.VERBOSE,
)
# Marks that end a sentence wherever they stand, of Chinese, India, Arabic, Urdu, Armenian, Ethiopia, Khmer and Myanmar,
# and those that do so before a space and a letter that may begin a sentence, or before a letter of a script without
# spaces. Brackets and quotes may stand at both sides of the space, and French has a space before its closing ones.
ALWAYS_END, MAY_END = "。｡．！？।॥؟۔։።፧។៕။", ".!?…"
_CLOSING, _OPENING = "\"”“’')»›«‹」』）】》〉", "\"“‘'(«‹»„‚¿¡「『（【《〈"
_SENTENCE_END = re.compile(
    rf"""[{ALWAYS_END}][{ALWAYS_END}{MAY_END}]*+[{_CLOSING}]{{,3}}+\s*+
    | [{MAY_END}](?:\s?[{_CLOSING}]){{,3}}\s++(?=[{_OPENING}]{{,3}}+[{UNSPACED}A-Z\d])
    | [!?][{_CLOSING}]{{,3}}+(?=[{_OPENING}]{{,3}}+{UNSPACED})""",
    re.VERBOSE,
)
_MANY = 0.1  # share of the characters from which on a text counts as one without spaces


def cut_tokens(text, lower=True, segment=None):
    """Cut a text into tokens, as `helpers.data.vocab.tokenise` does, which checks and warns.

    Returns
    -------
    tokens : list of str
        May be empty.
    unspaced : int
        How many letters are of scripts that put no spaces between words.
    """
    tokens, unspaced = [], 0
    for line in text.split("\n"):  # most lines are ASCII, where finding is faster
        line = normalise_text(line, lower)
        if line.isascii():
            tokens += _TOKEN.findall(line)
            continue
        shapes = letter_shapes(line)
        for found in _TOKEN.finditer(shapes):
            begin, end = found.span()
            if shapes[begin] == UNSPACED:
                unspaced += end - begin
                tokens += _cut_run(line[begin:end], segment or split_characters)
            else:
                tokens.append(line[begin:end])
    return tokens, unspaced


def _cut_run(run, segment):
    words = segment(run)
    try:
        fits = not isinstance(words, str) and "".join(words := list(words)) == run
    except TypeError:
        fits = False
    if not fits:
        raise ValueError(f"segment({run[:20]!r}) gave {str(words)[:60]!r}, expected a list of str that make up the run")
    return [word for word in words if word]


def cut_sentences(paragraph):
    """Cut a paragraph where a sentence ends; the spaces between sentences are left out.

    Returns
    -------
    list of str
        May be empty.
    """
    ends = [0, *find_sentence_ends(paragraph), len(paragraph)]
    pieces = (paragraph[begin:end].strip() for begin, end in pairwise(ends))
    return [piece for piece in pieces if piece]


def find_sentence_ends(paragraph):
    """List the places at which a sentence has ended, the spaces behind it counted as its own."""
    return [found.end() for found in _SENTENCE_END.finditer(letter_shapes(paragraph))]


def has_no_spaces(unspaced, size):
    """Say whether so many letters without spaces make a text of `size` characters one without spaces."""
    return unspaced > _MANY * size


def warn_of_characters(unspaced, size):
    """Warn the caller's caller that a text of this size was cut by characters, if it is one without spaces.

    A warning, as it leaves what is returned a plain list, is seen once and not at every sentence (for which its words
    never differ), and can be silenced or made an error.
    """
    if has_no_spaces(unspaced, size):
        warnings.warn(
            "the text is in a script that puts no spaces between words, so each character became a token; for words "
            "give segment=, a function from a run of such letters to the list of its words, and to cut by characters "
            "without this warning segment=split_characters of helpers.data.letter_shapes",
            stacklevel=3,
        )


def check_text(text, segment):
    """Refuse a text that is no str, and a segmenter that cannot be called.

    Raises
    ------
    ValueError
    """
    if not isinstance(text, str):
        raise ValueError(f"text is of type {type(text).__name__}, expected a str")
    if segment is not None and not callable(segment):
        raise ValueError(f"segment is {str(segment)[:40]!r}, expected a function from a str to the list of its words")
