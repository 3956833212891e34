"""Pairs of sequences, a source and its target, with the alignment that is known to be true: encoded and in batches."""

from numbers import Integral
from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_list, check_share
from helpers.data.batches import pad
from helpers.data.vocab import Corpus, build_vocab, encode_sentences


class Pair(NamedTuple):
    """A source and its target, as tokens. No special token is in either."""

    source: tuple[str, ...]
    target: tuple[str, ...]
    # For each target token the positions of the source tokens it comes from; () where it comes from none. An empty
    # alignment says that it is not known.
    alignment: tuple[tuple[int, ...], ...]


class EncodedPairs(NamedTuple):
    """Pairs as ids: sentence n of one corpus goes with sentence n of the other."""

    source: Corpus
    target: Corpus


class PairBatch(NamedTuple):
    """Some pairs side by side, time first, as an encoder and a teacher-forced decoder read them.

    At step t the decoder has read inputs[: t + 1] and is to say targets[t]. Masks are True where a token counts, the
    ends included, and False where it is `<pad>`.
    """

    source: np.ndarray  # (S, B) int32, with <end> after each
    source_mask: np.ndarray  # (S, B) bool
    inputs: np.ndarray  # (T, B) int32, the target with <start> before it
    targets: np.ndarray  # (T, B) int32, the target with <end> after it
    target_mask: np.ndarray  # (T, B) bool, for inputs and targets alike


def pair_vocabs(pairs):
    """Give an id to every token of the sources, and to every token of the targets, each in a vocabulary of its own.

    Parameters
    ----------
    pairs : iterable of Pair

    Returns
    -------
    source_vocab, target_vocab : Vocab

    Raises
    ------
    ValueError
        When there is no pair, or one is none.
    """
    pairs = _checked_pairs(pairs)
    return (
        build_vocab(token for pair in pairs for token in pair.source),
        build_vocab(token for pair in pairs for token in pair.target),
    )


def encode_pairs(pairs, source_vocab, target_vocab):
    """Turn pairs into ids; a token that its vocabulary lacks becomes `<unk>`.

    Parameters
    ----------
    pairs : iterable of Pair
    source_vocab, target_vocab : Vocab
        Such as `pair_vocabs` gives.

    Returns
    -------
    EncodedPairs

    Raises
    ------
    ValueError
        When there is no pair, one is none, or a source or a target has no token.
    """
    pairs = _checked_pairs(pairs)
    return EncodedPairs(
        encode_sentences(source_vocab, (pair.source for pair in pairs)),
        encode_sentences(target_vocab, (pair.target for pair in pairs)),
    )


def pair_batch(encoded, numbers):
    """Stand some pairs side by side, filled up with `<pad>`.

    Parameters
    ----------
    encoded : EncodedPairs
    numbers : ndarray of int (B,)
        Which pairs, such as `helpers.data.batches.shuffled_batches` gives.

    Returns
    -------
    PairBatch

    Raises
    ------
    ValueError
        When a number is not that of a pair.
    """
    source, source_mask = pad(encoded.source, numbers, end=True)
    inputs, _ = pad(encoded.target, numbers, start=True)
    targets, target_mask = pad(encoded.target, numbers, end=True)
    return PairBatch(source, source_mask, inputs, targets, target_mask)


def alignment_matrix(pair):
    """The true alignment as a table (T, S) of bool: True where target token t comes from source token s.

    Parameters
    ----------
    pair : Pair

    Returns
    -------
    ndarray of bool (T, S)
        A row is all False where the target token comes from no source token. `<end>` has neither a row nor a column.

    Raises
    ------
    ValueError
        When the alignment has not one entry for each target token, or names a position outside the source.
    """
    _check_pair("pair", pair)
    matrix = np.zeros((len(pair.target), len(pair.source)), bool)
    for t, positions in enumerate(pair.alignment):
        matrix[t, list(positions)] = True
    return matrix


def split_pairs(pairs, share, rng):
    """Hold out a share of what can be said: no target of the second list, in whatever words, is in the first.

    Parameters
    ----------
    pairs : iterable of Pair
    share : float
        How much of the distinct targets is held out, above 0 and below 1.
    rng : numpy.random.Generator

    Returns
    -------
    train, test : list of Pair
        Each in the order of `pairs`.

    Raises
    ------
    ValueError
        When the share is out of range, or would leave one of the two without a pair.
    """
    check_share("share", share)
    pairs = _checked_pairs(pairs)
    targets = list(dict.fromkeys(pair.target for pair in pairs))  # not a set: its order would differ from run to run
    held_out = {targets[i] for i in rng.permutation(len(targets))[: round(share * len(targets))]}
    train = [pair for pair in pairs if pair.target not in held_out]
    test = [pair for pair in pairs if pair.target in held_out]
    if not train or not test:
        raise ValueError(f"a share of {share} of {len(targets)} distinct targets leaves nothing on one side")
    return train, test


def _checked_pairs(pairs):
    """List the pairs, and refuse what is none."""
    pairs = as_list("pairs", pairs)
    for n, pair in enumerate(pairs):
        _check_pair(f"pair {n}", pair)
    return pairs


def _check_pair(which, pair):
    """Refuse what is no Pair of lists of str, with positions in the source for each target token."""
    if not isinstance(pair, Pair):
        raise ValueError(f"{which} is of type {type(pair).__name__}, expected a Pair")
    for name, tokens in (("source", pair.source), ("target", pair.target)):
        if not all(isinstance(token, str) for token in as_list(f"{name} of {which}", tokens)):
            raise ValueError(f"{name} of {which} is {str(tokens)[:60]}, expected a str for each token")
    T, S = len(pair.target), len(pair.source)
    alignment = as_list(f"alignment of {which}", pair.alignment)
    if alignment and len(alignment) != T:  # an empty one says nothing of any token
        raise ValueError(f"alignment has {len(alignment)} entries, expected one for each of {T} target tokens")
    for t, positions in enumerate(alignment):
        for s in as_list(f"alignment of target token {t}", positions):
            if not isinstance(s, Integral) or isinstance(s, bool) or not 0 <= s < S:
                raise ValueError(f"alignment of target token {t} is {positions}, expected positions from 0 to {S - 1}")
