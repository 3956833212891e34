"""From text to numbers and back: tokens, the vocabulary, and a corpus as one flat array of ids."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_indices, check_integer, check_shape
from helpers.data.words_and_sentences import check_text, cut_tokens, warn_of_characters

SPECIALS = ("<pad>", "<unk>", "<start>", "<end>")
PAD, UNK, START, END = range(4)

_LONGEST_OF_FIXED_WIDTH = 64


@dataclass(frozen=True, eq=False, repr=False)
class Vocab:
    """The tokens that are known, by id: the specials first, then from frequent to rare. See `build_vocab`."""

    tokens: np.ndarray  # (V,) of str; of object, each a str, where a token has more than 64 letters
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


def tokenise(text, lower=True, segment=None):
    """Split a text into words, numbers and marks of punctuation.

    Parameters
    ----------
    text : str
        In any script. Letters with accents count as equal however they are stored: it is brought to Unicode's normal
        form C.
    lower : bool
        Write every token in lower case, so that "The" and "the" are one.
    segment : callable, optional
        For scripts that put no spaces between words, such as Chinese, Japanese and Thai: segment(run) gets a run of
        such letters and gives the list of its words, as `jieba.lcut` does. Without it each character is a token, and a
        warning says so; `helpers.data.letter_shapes.split_characters` does the same without a warning.

    Returns
    -------
    list of str

    Raises
    ------
    ValueError
        When the text is no string or has no token, or what the segmenter gives is not the run in pieces.

    Warns
    -----
    UserWarning
        When more than a tenth of the characters are letters of such scripts and there is no segmenter.
    """
    check_text(text, segment)
    tokens, unspaced = cut_tokens(text, lower, segment)
    if not tokens:
        raise ValueError(f"text has no token ({len(text)} characters), expected at least one word")
    if segment is None:
        warn_of_characters(unspaced, len(text))
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
        When there is no token, one is no str, or none occurs often enough.
    """
    if isinstance(tokens, Mapping):
        raise ValueError(f"tokens is a {type(tokens).__name__}, expected a list of tokens; for counts see make_vocab")
    tokens = _as_tokens(tokens)
    check_integer("minimum_count", minimum_count)
    if maximum_size is not None:
        check_integer("maximum_size", maximum_size)
    try:
        counts = Counter(tokens)
    except TypeError:  # of a list in the list
        counts = {}
        _check_each_token(tokens)
    _check_each_token(counts)
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
    """Make a vocabulary of {token: count}: the specials first, then by count, then by spelling.

    Raises
    ------
    ValueError
        When a token is no str.
    """
    _check_each_token(counts)
    order = sorted(counts.keys() - set(SPECIALS), key=lambda token: (-counts[token], token))
    tokens = [*SPECIALS, *order]
    longest = max(map(len, tokens))
    return Vocab(
        # An array of str gives every token the room of the longest.
        np.array([str(token) for token in tokens], dtype=object if longest > _LONGEST_OF_FIXED_WIDTH else str),
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
        When there is no token, one str came instead of a list, or a token is no str.
    """
    tokens = _as_tokens(tokens)
    try:
        ids = np.fromiter((vocab.ids.get(token, UNK) for token in tokens), np.int32, len(tokens))
    except TypeError:  # of a list in the list
        ids = np.full(len(tokens), UNK)
    _check_each_token(tokens[i] for i in np.flatnonzero(ids == UNK))  # what is known is a str
    if not ids.size:
        raise ValueError("tokens is empty, expected at least one token")
    return ids


def _as_tokens(tokens):
    """As a list or a tuple: an iterator can be read only once, and errors are looked for after reading."""
    if isinstance(tokens, str):
        raise ValueError("tokens is one str, expected a list of tokens: see tokenise")
    try:
        return tokens if isinstance(tokens, list | tuple) else list(tokens)
    except TypeError:
        raise ValueError(f"tokens is of type {type(tokens).__name__}, expected a list of tokens") from None


def _check_each_token(tokens):
    for token in tokens:
        if not isinstance(token, str):
            hint = "; of sentences, list the tokens of all" if isinstance(token, list | tuple | np.ndarray) else ""
            raise ValueError(f"a token is {str(token)[:40]}, of type {type(token).__name__}, expected a str{hint}")


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
        When there is no row, one is no list of str, the rows differ in length, or the vocabulary lacks a word.
    """
    rows = [tuple(_as_tokens(row)) for row in _as_tokens(rows)]
    _check_each_token(word for row in rows for word in row)
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
        When there is no sentence, one of them has no token, or is a str or anything else that is no list of str.
    """
    sentences = _as_tokens(sentences)
    for s, sentence in enumerate(sentences):
        if isinstance(sentence, str) or not hasattr(sentence, "__len__"):
            came = "one str" if isinstance(sentence, str) else f"of type {type(sentence).__name__}"
            raise ValueError(f"sentence {s} is {came}, expected a list of tokens: tokenise each sentence first")
    lengths = [len(sentence) for sentence in sentences]
    if not all(lengths):
        raise ValueError(f"sentence {lengths.index(0)} is empty, expected at least one token in each")
    return Corpus(encode(vocab, list(chain.from_iterable(sentences))), np.cumsum([0, *lengths]))


def check_corpus(corpus, V=None):
    """Refuse what is no corpus, or one with tokens that are no ids, and return its tokens and starts.

    Parameters
    ----------
    corpus : Corpus
    V : int, optional
        With it the tokens are looked at, one by one: each must be below V.

    Raises
    ------
    ValueError
        When an array is not of integers or not one-dimensional, the starts do not rise from 0 to the number of tokens,
        or a token is not below V.
    """
    if not isinstance(corpus, Corpus):
        raise ValueError(f"corpus is of type {type(corpus).__name__}, expected a Corpus: see encode_sentences")
    for name, array in corpus._asdict().items():
        if not isinstance(array, np.ndarray):
            raise ValueError(f"{name} is of type {type(array).__name__}, expected an array of integers")
        check_shape(name, array, "N")
    tokens, starts = corpus
    if not _are_ids(tokens):
        raise ValueError(f"tokens has dtype {tokens.dtype}, expected integers")
    rises = _are_ids(starts) and len(starts) and not starts[0] and not (starts[1:] < starts[:-1]).any()
    if not rises or starts[-1] != len(tokens):
        found = np.array2string(starts, threshold=6)
        raise ValueError(
            f"starts is {found}, expected integers that rise from 0 to {len(tokens)}, the number of tokens"
        )
    if V is not None:
        check_indices("tokens", tokens, V)
    return tokens, starts


def _are_ids(array):
    return array.dtype.kind in "iu" and np.can_cast(array.dtype, np.int64)


def sentence_numbers(corpus):
    """The number of the sentence that each token is in, (N,)."""
    check_corpus(corpus)
    return np.repeat(np.arange(len(corpus.starts) - 1), np.diff(corpus.starts))


def decode_sentences(vocab, corpus):
    """Write every sentence of a Corpus as one str, its tokens separated by spaces."""
    check_corpus(corpus)
    tokens = decode(vocab, corpus.tokens)
    return [" ".join(sentence) for sentence in np.split(tokens, corpus.starts[1:-1])]
