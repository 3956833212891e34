"""Words as rows of characters: the vocabulary of their letters, and padded batches of ids."""

import numpy as np

from helpers.core.checks import as_array, check_indices, check_shape
from helpers.data.batches import pad
from helpers.data.vocab import build_vocab, decode, encode_sentences


def letters_of(words):
    """Make the vocabulary of the characters of some words."""
    return build_vocab(letter for word in checked_words("words", words) for letter in word)


def spell(vocab, words, start=False):
    """Write words as columns of ids, `<end>` after each: -> ids (T, N), lengths (N,). What is unknown is `<unk>`.

    Parameters
    ----------
    vocab : Vocab
        Of characters, such as `letters_of` gives.
    words : list of str
    start : bool
        Put `<start>` before each too.

    Returns
    -------
    ids : ndarray of int32 (T, N)
        Padded at the end.
    lengths : ndarray of int (N,)
        With the marks.

    Raises
    ------
    ValueError
        When there is no word, or one of them is empty.
    """
    return padded(encode_sentences(vocab, [list(word) for word in checked_words("words", words)]), start, end=True)


def padded(corpus, start=False, end=False):
    """Stand all sequences of a corpus side by side: -> ids (T, N), lengths (N,); marks as in `spell`."""
    (ends,) = check_shape("corpus.starts", corpus.starts, "N")
    ids, mask = pad(corpus, np.arange(ends - 1), start, end)
    return ids, mask.sum(axis=0)


def written(vocab, ids):
    """Write ids as one word again."""
    ids = as_array("ids", ids)
    check_shape("ids", ids, "T")
    if not ids.size:
        return ""
    check_indices("ids", ids, len(vocab))
    return "".join(decode(vocab, ids))


def checked_words(name, words):
    """Refuse what is no list of words; return it.

    Raises
    ------
    ValueError
    """
    if not isinstance(words, list | tuple | np.ndarray) or not all(isinstance(word, str) for word in words):
        raise ValueError(f"{name} is {str(words)[:80]!r}, expected a list of words")
    return list(words)
