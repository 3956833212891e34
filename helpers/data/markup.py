"""The prose of a text: its paragraphs without the markup of reStructuredText, Markdown and HTML, and what was left out.

Every pattern reads a text once, however it is made: a quantifier with a + behind it gives nothing back, and what begins
like markup and does not end like it is not read again from each of its characters.
"""

import re
import unicodedata
from collections import Counter

from helpers.data.letter_shapes import MARK, UNSPACED, letter_shapes
from helpers.data.words_and_sentences import ALWAYS_END, check_text, find_sentence_ends, has_no_spaces

_BREAKS = r"\n\r\v\f\x1c-\x1e\x85\u2028\u2029"  # what `str.splitlines` breaks at
_LINE = re.compile(rf"([^{_BREAKS}]*+)(?:\r\n|[{_BREAKS}]|\Z)")
_FENCE = re.compile(rf"(?:^|(?<=[{_BREAKS}]))(?:(?![{_BREAKS}])\s)*+(```|~~~)[`~]*+")
_WORDS = r"[^`<\s]*+(?:\s++[^`<\s]++)*+"  # up to the last word, without the spaces behind it
_CHINESE = r"\u3001-\u30ff\u3400-\u9fff\uff01-\uffef"

# What markup leaves of a paragraph, in this order, each with a sign without which it is not there.
_MARKUP = [
    ("<", r"(?s)<!--.*?(?:-->|\Z)|<[a-zA-Z/][^<>\n]*+>", " "),  # HTML
    ("](", r"!?\[([^\[\]\n]*+)\]\((?:[^()\n]|\([^()\n]*+\))*+\)", r"\1"),  # a link or an image of Markdown
    ("://", rf"(?<![a-zA-Z0-9_])[a-zA-Z0-9_]++://[^\s>{_CHINESE}]++", ""),
    # A role of reStructuredText: a run of names and colons, which is read from its beginning only, and a text.
    (":`", rf"(?<![\w:+-])([\w+-]*+):(?=[\w:+-]{{2}})[\w:+-]++(?<=:)`~?({_WORDS})\s*+(?:<[^`]*+(?<=>))?`", r"\1\2"),
    ("`", rf"`({_WORDS})\s*+<[^`]*+(?<=>)`_++", r"\1"),  # a link of reStructuredText
    ("]_", r"\s?\[[#\w]++\]_", ""),  # a footnote
    ("`", r"`+([^`]*+)`++_*+", r"\1"),
    ("()", r"(?<=\w)\(\)", ""),  # a function named with its brackets
    ("*", r"\*{1,3}(\w[^*\n]*+)\*{1,3}", r"\1"),
    ("", r"(?m)^[^\S\n]*+(?:[*+•-]|\d++[.)]|#++)\s++", ""),  # bullets, numbers of lists, headings of Markdown
]
_MARKUP = [(sign, re.compile(pattern), rest) for sign, pattern, rest in _MARKUP]
_NOT_PROSE = re.compile(r"^[^\S\n]*+(?:>>>|\.\.\s|\||\+[-=]|@|:\w++[^:]*+:|def |class |import |from \w++ import)", re.M)
_CHINESE_WRAP = re.compile(rf"(?<=[{_CHINESE}])[^\S\n]*+\n\s*+(?=[{_CHINESE}])")
_WORD = re.compile(rf"{UNSPACED}|[^\W{UNSPACED}{MARK}]++")  # in the shapes of the letters
_SIGNS = re.compile(r"(?:[^\w ]|[\d_])++")
_SIGNS_IN_CHINESE = re.compile(r"(?:[^\w \u2014\u2018-\u201d\u2026\u3001-\u303f\uff01-\uff1f]|[\d_])++")
_LEAST_WORDS = 5
_LEAST_LETTERS = 0.85  # share of the characters, spaces counted as letters
_LONGEST = 100_000  # characters of a paragraph; a longer one is read in pieces, each of which is copied a few times
_ENDS = frozenset(".!?:…：" + ALWAYS_END)
_WITHOUT_END_MARKS = ("THAI ", "LAO ")  # a space ends a sentence


def clean_prose(text):
    """Keep the paragraphs of prose and take the markup out of them (reStructuredText, Markdown, HTML).

    Code, tables, headings and what else is no sentence are left out.

    Returns
    -------
    str
        One paragraph a line; an empty str when there is no prose.
    """
    return sift_prose(text)[0]


def sift_prose(text):
    """Do the same, and say how many words are left, and why the other paragraphs are not.

    Returns
    -------
    prose : str
        As `clean_prose` gives it.
    words : int
        A letter of a script that puts no spaces between words counts as one.
    left_out : Counter
        How many paragraphs were left out for each reason, which is a str.

    Raises
    ------
    ValueError
        When the text is no str.
    """
    check_text(text, None)
    paragraphs = _paragraphs(text)
    del text  # held by what reads it and then let go, before the prose is joined: both may be large
    left_out, total, parts, some, size = Counter(), 0, [], [], 0
    for paragraph, is_code in paragraphs:
        prose, words, reason = ("", 0, "of code") if is_code else _without_markup(paragraph)
        if reason:
            left_out[reason] += 1
            continue
        total += words
        some.append(prose)
        size += len(prose)
        if size > _LONGEST:  # a str for each of many short paragraphs would take several times their length
            parts.append("\n".join(some))
            some, size = [], 0
    return "\n".join([*parts, *some]), total, left_out


def _paragraphs(text):
    """Yield each paragraph outside fences, its lines joined by a newline, and whether a "::" before it says code."""
    code_deeper_than = None
    for paragraph in _unfenced(text):
        before = paragraph[: len(paragraph) - len(paragraph.lstrip(" \t"))]
        indent = len(before[:1000].expandtabs())  # a text of tabs would become eight times as long
        is_code = code_deeper_than is not None and indent > code_deeper_than
        if not is_code:
            # In reStructuredText "::" says that what is further in is code.
            code_deeper_than = indent if paragraph.rstrip().endswith("::") else None
        yield paragraph, is_code


def _unfenced(text):
    """Yield what stands between blank lines and fences.

    In Chinese a paragraph ends also with a line that ends a sentence, and before one that begins with a wide space.
    """
    lines, size = [], 0
    for line in _lines_outside_fences(text):
        if lines and line.startswith("\u3000"):
            yield from _pieces("\n".join(lines))
            lines, size = [], 0
        blank = not line or line.isspace()
        if not blank:
            lines.append(line)
            size += len(line)
        if blank or line[-4:].rstrip("”’」』） ").endswith(("。", "！", "？")):
            yield from _pieces("\n".join(lines))
            lines, size = [], 0
        elif size > _LONGEST:
            *whole, rest = _pieces("\n".join(lines))
            yield from whole
            lines, size = [rest], len(rest)
    yield from _pieces("\n".join(lines))


def _lines_outside_fences(text):
    """Yield each line outside fenced code, and an empty one for each block of it."""
    last = {fence[1]: fence.start(1) for fence in _FENCE.finditer(text)}
    inside = None
    for found in _LINE.finditer(text):
        line, fence = found[1], _FENCE.match(text, found.start()) if last else None
        if inside is None:
            if fence and fence.start(1) < last[fence[1]]:  # one that is never closed is text
                line, inside = "", fence[1]
            yield line
        elif fence and fence[1] == inside:
            inside = None
            yield text[fence.end() : found.end(1)]


def _pieces(paragraph):
    """Cut a paragraph that is too long where a sentence ends."""
    begin = 0
    while len(paragraph) - begin > _LONGEST:
        piece = paragraph[begin : begin + _LONGEST]
        size = max(find_sentence_ends(piece), default=_LONGEST)
        yield piece[:size]
        begin += size
    if begin < len(paragraph):
        yield paragraph[begin:]


def _without_markup(paragraph):
    """Return the paragraph without markup, its number of words, and "", or else why it is no prose."""
    if "::=" in paragraph or _NOT_PROSE.search(paragraph):
        return "", 0, "of code or a table"
    if not all(re.search(r"\w", line) for line in paragraph.splitlines()):
        # A heading and the line under it, and in docstrings the list of parameters below that.
        return "", 0, "with a line of signs only"
    for sign, pattern, rest in _MARKUP:
        if sign in paragraph:
            paragraph = pattern.sub(rest, paragraph)
    paragraph = " ".join(_CHINESE_WRAP.sub("", paragraph).replace("::", ":").split())
    shapes = letter_shapes(paragraph)
    unspaced, size = shapes.count(UNSPACED), len(shapes)
    no_spaces = has_no_spaces(unspaced, size)
    words = len(_WORD.findall(shapes)) if no_spaces else len(paragraph.split())
    if words < _LEAST_WORDS:
        return "", 0, f"of fewer than {_LEAST_WORDS} words"
    # Without spaces, which count as letters, punctuation has a larger share: there only other signs count against it.
    signs = (_SIGNS_IN_CHINESE if no_spaces else _SIGNS).findall(shapes)
    if size - sum(map(len, signs)) < _LEAST_LETTERS * size:
        return "", 0, "with too few letters among its signs and digits"
    if not _has_an_end(paragraph):
        return "", 0, "without a mark that ends a sentence"
    return paragraph, words, ""


def _has_an_end(paragraph):
    for character in reversed(paragraph):
        if character in _ENDS:
            return True
        if character.isalnum() or character == "_":
            return unicodedata.name(character, "").startswith(_WITHOUT_END_MARKS)
    return False
