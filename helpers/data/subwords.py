"""Byte-pair encoding: subwords learnt from a text by merging again and again the most frequent pair of neighbours."""

import re
from collections import Counter
from collections.abc import Mapping
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_list, check_indices, check_integer
from helpers.data.vocab import SPECIALS

# A word with the space before it, a run of marks likewise, or the space that is left: every character is in one piece.
# A run of spaces leaves its last one to the word after it.
_PIECE = re.compile(r" ?\w+| ?[^\w\s]+|\s+(?!\S)|\s+")
_BYTES = tuple(f"<0x{byte:02X}>" for byte in range(256))
_FIRST_BYTE = len(SPECIALS)
_FIRST_CHARACTER = _FIRST_BYTE + len(_BYTES)


class Subwords(NamedTuple):
    """What `learn_subwords` has learnt.

    The ids: the specials of `helpers.data.vocab`, the 256 bytes, the characters of the text by code point, and what the
    merges made, in their order.
    """

    tokens: tuple[str, ...]  # V of them, by id
    ids: dict[str, int]  # of the characters and of what the merges made
    ranks: dict[tuple[str, str], int]  # the merges from first to last: pair -> its place in that order


def cut_pieces(text):
    """Cut a text into pieces over whose borders nothing is merged: words and marks, each with the space before it.

    Joined, they are the text again.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        When it is no str, or holds half of a surrogate pair, which is no character.
    """
    if not isinstance(text, str):
        raise ValueError(f"text is of type {type(text).__name__}, expected a str")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"text holds {text[error.start]!r} at {error.start}, expected whole characters") from error
    return _PIECE.findall(text)


def learn_subwords(text, merges):
    """Merge the most frequent pair of neighbours into a new token, `merges` times.

    Of equally frequent pairs the one with the lower ids wins, the left id first, so that the same text always gives the
    same merges; Hugging Face's `tokenizers` does so too. It ends early when no pair occurs twice.

    Parameters
    ----------
    text : str, or list of str, or mapping of str to int
        A text, which `cut_pieces` cuts; words, which are taken as they are; or words with their counts.
    merges : int
        0 leaves the characters.

    Returns
    -------
    Subwords

    Raises
    ------
    ValueError
        When there is no text, a word is empty or no str, or merges is negative.

    References
    ----------
    Gage 1994, "A new algorithm for data compression"; for words Sennrich, Haddow, Birch 2016,
    https://doi.org/10.18653/v1/P16-1162
    """
    counts = count_pieces(text)
    check_integer("merges", merges, least=0)
    characters = sorted({character for word in counts for character in word})
    ids = {character: _FIRST_CHARACTER + i for i, character in enumerate(characters)}
    words = {tuple(word): count for word, count in counts.items()}
    learnt = []
    while len(learnt) < merges:
        pairs = count_subword_pairs(words)
        if not pairs or max(pairs.values()) < 2:
            break
        pair = min(pairs, key=lambda pair: (-pairs[pair], ids[pair[0]], ids[pair[1]]))
        learnt.append(pair)
        ids.setdefault("".join(pair), _FIRST_CHARACTER + len(ids))
        words = {merge_pair(word, pair): count for word, count in words.items()}
    return make_subwords(characters, learnt)


def count_subword_pairs(words):
    """Count how often each two tokens stand side by side in words (tuples of tokens) with their counts."""
    pairs = Counter()
    for word, count in words.items():
        for pair in pairwise(word):
            pairs[pair] += count
    return pairs


def merge_pair(word, pair):
    """Write each occurrence of the pair in a word as one token, from left to right: (a, b, a, b) -> (ab, ab)."""
    merged, i = [], 0
    while i < len(word):
        if word[i : i + 2] == pair:
            merged.append("".join(pair))
            i += 2
        else:
            merged.append(word[i])
            i += 1
    return tuple(merged)


def count_pieces(text):
    """Count the pieces of a text, or the words of a list: what `learn_subwords` learns from, see there."""
    if not isinstance(text, str | Mapping | list | tuple):
        raise ValueError(f"text is of type {type(text).__name__}, expected a str, a list of str or counts of words")
    for word in () if isinstance(text, str) else text:
        if not cut_pieces(word):  # says what is wrong with what is no text
            raise ValueError("a word is empty, expected at least one character in each")
    counts = dict(text) if isinstance(text, Mapping) else Counter(cut_pieces(text) if isinstance(text, str) else text)
    if not counts:
        raise ValueError("text is empty, expected at least one character")
    for count in counts.values():
        check_integer("count of a word", count)
    return counts


def make_subwords(characters, merges):
    """Number the tokens of a list of characters and a list of merges."""
    characters, merges = as_list("characters", characters), as_list("merges", merges)
    for merge in merges:
        if not isinstance(merge, tuple | list) or len(merge) != 2 or not all(isinstance(token, str) for token in merge):
            raise ValueError(f"a merge is {str(merge)[:60]}, expected two tokens")
    for character in characters:
        if not isinstance(character, str):
            raise ValueError(f"a character is {str(character)[:60]}, expected a str")
    made = dict.fromkeys([*characters, *map("".join, merges)])  # two merges may make the same token
    return Subwords(
        (*SPECIALS, *_BYTES, *made),
        {token: _FIRST_CHARACTER + i for i, token in enumerate(made)},
        {pair: rank for rank, pair in enumerate(merges)},
    )


def cut_word(subwords, word):
    """Merge the characters of a word as was learnt, the pair that was merged first at each step: a tuple of tokens."""
    if not isinstance(word, str):
        raise ValueError(f"word is {str(word)[:60]}, expected a str")
    word = tuple(word)
    while pairs := subwords.ranks.keys() & {*pairwise(word)}:
        word = merge_pair(word, min(pairs, key=subwords.ranks.get))
    return word


def encode_subwords(subwords, text):
    """Turn a text into ids; a character that was not in the learnt text becomes its bytes in UTF-8.

    Parameters
    ----------
    subwords : Subwords
    text : str
        In any script; it may be empty.

    Returns
    -------
    ndarray of int32 (N,)
        `decode_subwords` makes exactly the text of them.

    Raises
    ------
    ValueError
        As in `cut_pieces`.
    """
    known, ids = {}, []
    for piece in cut_pieces(text):
        if piece not in known:
            known[piece] = [i for token in cut_word(subwords, piece) for i in _token_ids(subwords, token)]
        ids += known[piece]
    return np.array(ids, dtype=np.int32)


def _token_ids(subwords, token):
    return [subwords.ids[token]] if token in subwords.ids else [_FIRST_BYTE + byte for byte in token.encode()]


def decode_subwords(subwords, ids):
    """Turn ids into a text; specials are left out, and bytes that are no UTF-8, which a model may draw, become "�".

    Raises
    ------
    ValueError
        When an id is outside the vocabulary.
    """
    ids = np.asarray(ids, dtype=None if np.size(ids) else np.int64)
    check_indices("ids", ids, len(subwords.tokens))
    parts = (
        bytes([i - _FIRST_BYTE]) if i < _FIRST_CHARACTER else subwords.tokens[i].encode()
        for i in ids.ravel().tolist()
        if i >= _FIRST_BYTE
    )
    return b"".join(parts).decode(errors="replace")
