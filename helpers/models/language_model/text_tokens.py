"""A text of a reader's own as tokens, and tokens as a text again: characters, words with their marks, or subwords."""

import re
import unicodedata
from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice, check_indices
from helpers.data.fast_subwords import fast_learn_subwords
from helpers.data.letter_shapes import UNSPACED, letter_shapes, normalise_text, split_characters
from helpers.data.subwords import decode_subwords, encode_subwords, make_subwords
from helpers.data.vocab import SPECIALS, UNK, build_vocab
from helpers.data.words_and_sentences import cut_tokens

TOKEN_KINDS = ("characters", "words", "subwords")
_MOST_WORDS = 20_000
_BYTES = 256  # the tokens of `helpers.data.subwords` after the specials
_NO_SPACE_BEFORE, _NO_SPACE_AFTER = set(".,;:!?…)]}%»”’/"), set("([{«“‘¿¡#@$/")
_STRAIGHT_QUOTES = set("\"'`")


class TextTokens(NamedTuple):
    """What the tokens of a text are; see `learn_text_tokens`."""

    kind: str  # one of TOKEN_KINDS
    tokens: tuple[str, ...]  # V of them, by id
    merges: tuple[tuple[str, str], ...] = ()  # of subwords, from first to last


def tidy_text(text):
    r"""Write each character and each line end in one way: Unicode's normal form C, and \n. Nothing else is changed."""
    return normalise_text(text.replace("\r\n", "\n").replace("\r", "\n"))


def split_held_out(text, share=0.1):
    """Cut a text in two at the first space or line end after 1 − share of it: what is learned from, and what is not.

    Where no space or line end comes for 100 characters, as in Chinese, it is cut between two characters.
    """
    middle = round(len(text) * (1 - share))
    space = re.compile(r"\s").search(text, middle, middle + 100)
    cut = space.end() if space else middle
    return text[:cut], text[cut:]


def learn_text_tokens(kind, text, held_out="", merges=500):
    """Find the vocabulary of a text; the same text gives the same ids.

    Parameters
    ----------
    kind : "characters", "words" or "subwords"
        Characters are all that either part has. Words and marks are those that occur at least twice in the text, at
        most 20,000; the others become `<unk>`. Subwords are learned from the text; what it lacks becomes bytes.
    text, held_out : str
    merges : int
        Of subwords.

    Returns
    -------
    TextTokens

    Raises
    ------
    ValueError
        When the kind is unknown, or the text has no token.
    """
    check_choice("kind", kind, TOKEN_KINDS)
    if kind == "subwords":
        subwords = fast_learn_subwords(text, merges)
        return TextTokens(kind, subwords.tokens, tuple(subwords.ranks))
    if kind == "characters":
        vocab = build_vocab(_cut(kind, text) + _cut(kind, held_out))
    else:
        vocab = build_vocab(_cut(kind, text), minimum_count=2, maximum_size=_MOST_WORDS)
    return TextTokens(kind, tuple(vocab.tokens.tolist()))


def encode_text(text_tokens, text):
    """Turn a text into ids (N,) of int32; a character or word that the vocabulary lacks becomes `<unk>`."""
    if text_tokens.kind == "subwords":
        return encode_subwords(_subwords(text_tokens), text)
    ids = {token: i for i, token in enumerate(text_tokens.tokens)}
    return np.array([ids.get(token, UNK) for token in _cut(text_tokens.kind, text)], dtype=np.int32)


def decode_text(text_tokens, ids):
    """Turn ids into a text: exactly, for characters and subwords; words and marks with the spaces of `join_words`."""
    check_indices("ids", np.asarray(ids, dtype=int), len(text_tokens.tokens))
    if text_tokens.kind == "subwords":
        return decode_subwords(_subwords(text_tokens), ids)
    tokens = [text_tokens.tokens[i] for i in ids]
    return join_words(tokens) if text_tokens.kind == "words" else "".join(tokens)


def missing_tokens(text_tokens, text):
    """List what of a text the vocabulary lacks, each once: words and marks, or characters."""
    pieces = text if text_tokens.kind == "subwords" else _cut(text_tokens.kind, text)
    known = {*text_tokens.tokens[first_writable(text_tokens) :]}
    return [piece for piece in dict.fromkeys(pieces) if piece not in known]


def first_writable(text_tokens):
    """The lowest id that is text: below it are the specials and, of subwords, the bytes, which no text consists of."""
    return len(SPECIALS) + (_BYTES if text_tokens.kind == "subwords" else 0)


def line_end_token(text_tokens):
    """The id after which a text begins: that of a line end; where there is none, the first token that is text."""
    return text_tokens.tokens.index("\n") if "\n" in text_tokens.tokens else first_writable(text_tokens)


def join_words(tokens):
    r"""Write words and marks as a text: a space between two, but none before a comma or after an opening bracket.

    Of straight quotes every second one of a line closes. Letters and marks of scripts without spaces between words
    stand side by side, and nothing stands around a line end.

    Parameters
    ----------
    tokens : list of str
        "\n" is a line end.

    Returns
    -------
    str
    """
    parts, opened, last, opens = [], set(), "\n", False
    for token in tokens:
        closes = token in opened
        glued = opens or closes or token in _NO_SPACE_BEFORE or last in _NO_SPACE_AFTER or "\n" in (token, last)
        parts += [token] if glued or _is_unspaced(last[-1]) or _is_unspaced(token[0]) else [" ", token]
        opens = token in _STRAIGHT_QUOTES and not closes
        opened = set() if token == "\n" else opened ^ ({token} & _STRAIGHT_QUOTES)
        last = token
    return "".join(parts)


def _cut(kind, text):
    if kind == "characters":
        return split_characters(text)
    lines = ([*cut_tokens(line, lower=False, segment=split_characters)[0], "\n"] for line in text.split("\n"))
    return [token for line in lines for token in line][:-1]  # the last line has no end


def _subwords(text_tokens):
    characters = [token for token in text_tokens.tokens[first_writable(text_tokens) :] if len(token) == 1]
    return make_subwords(characters, text_tokens.merges)


def _is_unspaced(character):
    if character.isalnum():
        return letter_shapes(character) == UNSPACED
    return unicodedata.east_asian_width(character) in "WF"
