"""From text to numbers and back: tokens, the vocabulary, and a corpus as one flat array of ids."""

import re
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_indices, check_integer

SPECIALS = ("<pad>", "<unk>", "<start>", "<end>")
PAD, UNK, START, END = range(4)

# A word may hold apostrophes and hyphens (don't, mother-in-law), digits and underscores (array_like), a number points
# and commas (3.14); any other mark that is no space is a token of its own.
_TOKEN = re.compile(r"[^\W\d]\w*(?:['’-]\w+)*|\d+(?:[.,]\d+)*|[^\w\s]")


@dataclass(frozen=True, eq=False, repr=False)
class Vocab:
    """The tokens that are known, by id: the specials first, then from frequent to rare. See `build_vocab`."""

    tokens: np.ndarray  # (V,) of str
    counts: np.ndarray  # (V,) how often each occurred; `<unk>` has those of all tokens that were too rare
    ids: dict[str, int]

    def __len__(self):
        """Count the tokens, specials included: |V|."""
        return len(self.tokens)

    def __contains__(self, token):
        """Say whether the token has an id of its own."""
        return token in self.ids

    def __repr__(self):
        """Name the first few tokens."""
        return f"Vocab of {len(self)} tokens: {' '.join(self.tokens[:8])} …"


class Corpus(NamedTuple):
    """Sentences as one flat array: sentence s is tokens[starts[s]:starts[s + 1]]. Specials are not stored."""

    tokens: np.ndarray  # (N,) of int32
    starts: np.ndarray  # (sentences + 1,) of int64, from 0 to N


def tokenise(text, lower=True):
    """Split a text into words, numbers and marks of punctuation.

    Parameters
    ----------
    text : str
    lower : bool
        Write every token in lower case, so that "The" and "the" are one.

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        When the text is no string or has no token.
    """
    if not isinstance(text, str):
        raise ValueError(f"text is of type {type(text).__name__}, expected a str")
    tokens = _TOKEN.findall(text.lower() if lower else text)
    if not tokens:
        raise ValueError(f"text has no token ({len(text)} characters), expected at least one word")
    return tokens


def build_vocab(tokens, minimum_count=1, maximum_size=None):
    """Give an id to every token that occurs often enough, the most frequent first.

    Parameters
    ----------
    tokens : iterable of str
        Such as `tokenise` gives.
    minimum_count : int
        Rarer tokens become `<unk>`.
    maximum_size : int, optional
        Keep at most this many tokens, the four specials not counted.

    Returns
    -------
    Vocab
        Equal counts are ordered by spelling, so that the same text gives the same ids.

    Raises
    ------
    ValueError
        When there is no token, or none occurs often enough.
    """
    if isinstance(tokens, str):
        raise ValueError("tokens is one str, expected a list of tokens: see tokenise")
    check_integer("minimum_count", minimum_count)
    if maximum_size is not None:
        check_integer("maximum_size", maximum_size)
    counts = Counter(tokens)
    if not counts:
        raise ValueError("tokens is empty, expected at least one token")
    kept = {token: n for token, n in counts.items() if n >= minimum_count and token not in SPECIALS}
    if not kept:
        raise ValueError(f"no token occurs {minimum_count} times, the most frequent {max(counts.values())} times")
    kept = dict(sorted(kept.items(), key=lambda item: (-item[1], item[0]))[:maximum_size])
    specials = {token: counts[token] for token in SPECIALS}
    specials["<unk>"] += counts.total() - sum(kept.values()) - sum(specials.values())
    return make_vocab(specials | kept)


def make_vocab(counts):
    """Make a vocabulary of {token: count}: the specials first, then by count, then by spelling."""
    order = sorted(counts.keys() - set(SPECIALS), key=lambda token: (-counts[token], token))
    tokens = [*SPECIALS, *order]
    return Vocab(
        np.array(tokens),
        np.array([counts.get(token, 0) for token in tokens]),
        {token: i for i, token in enumerate(tokens)},
    )


def encode(vocab, tokens):
    """Turn tokens into ids; a token that the vocabulary lacks becomes `<unk>`.

    Parameters
    ----------
    vocab : Vocab
    tokens : list of str

    Returns
    -------
    ndarray of int32 (N,)

    Raises
    ------
    ValueError
        When there is no token, or one str came instead of a list.
    """
    if isinstance(tokens, str):
        raise ValueError("tokens is one str, expected a list of tokens: see tokenise")
    ids = np.array([vocab.ids.get(token, UNK) for token in tokens], dtype=np.int32)
    if not ids.size:
        raise ValueError("tokens is empty, expected at least one token")
    return ids


def encode_rows(vocab, rows):
    """Turn rows of words, all of one length, into ids (rows, words); every word must be known.

    Parameters
    ----------
    vocab : Vocab
    rows : iterable of tuple of str
        Such as the analogies of `helpers.data.world.relations`.

    Returns
    -------
    ndarray of int32 (rows, words)

    Raises
    ------
    ValueError
        When there is no row, the rows differ in length, or the vocabulary lacks a word.
    """
    rows = [tuple(row) for row in rows]
    if len({len(row) for row in rows}) != 1:
        raise ValueError(f"{len(rows)} rows have the lengths {sorted({len(row) for row in rows})}, expected one length")
    missing = sorted({word for row in rows for word in row} - vocab.ids.keys())
    if missing:
        raise ValueError(f"the vocabulary lacks {', '.join(missing[:5])}, expected known words only")
    return np.array([[vocab.ids[word] for word in row] for row in rows], dtype=np.int32)


def decode(vocab, ids):
    """Turn an array of ids into an array of tokens of the same shape.

    Raises
    ------
    ValueError
        When an id is outside the vocabulary.
    """
    check_indices("ids", ids, len(vocab))
    return vocab.tokens[np.asarray(ids)]


def encode_sentences(vocab, sentences):
    """Turn lists of tokens into a Corpus; tokens that the vocabulary lacks become `<unk>`.

    Raises
    ------
    ValueError
        When there is no sentence, or one of them has no token.
    """
    sentences = list(sentences)
    lengths = [len(sentence) for sentence in sentences]
    if not all(lengths):
        raise ValueError(f"sentence {lengths.index(0)} is empty, expected at least one token in each")
    tokens = encode(vocab, [token for sentence in sentences for token in sentence])
    return Corpus(tokens, np.cumsum([0, *lengths]))


def sentence_numbers(corpus):
    """The number of the sentence that each token is in, (N,)."""
    return np.repeat(np.arange(len(corpus.starts) - 1), np.diff(corpus.starts))


def decode_sentences(vocab, corpus):
    """Write every sentence of a Corpus as one str, its tokens separated by spaces."""
    tokens = decode(vocab, corpus.tokens)
    return [" ".join(sentence) for sentence in np.split(tokens, corpus.starts[1:-1])]
