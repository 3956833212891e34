"""Random tokens, a block of which comes again at the end: only who looks back can foresee it the second time."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_integer


class RepeatedBlocks(NamedTuple):
    """Sequences in which a block of tokens is said twice."""

    tokens: np.ndarray  # (B, T) of int
    distance: np.ndarray  # (B,) of int: so many places before a token of the last block the same one stood
    copied: np.ndarray  # (B, T) of bool, True where a token can be foreseen: in the last block, from its second token


def repeated_blocks(rng, B, T=24, V=32, shortest=8, longest=10, distance=None):
    """Draw sequences: random tokens, a block of different ones somewhere among them, and the same block at the end.

    The first token of the last block can be foreseen only by who knows where the block begins, so it is not asked for.

    Parameters
    ----------
    rng : numpy.random.Generator
    B, T, V : int
        Sequences, tokens of each, and tokens that there are.
    shortest, longest : int
        Between which the length of the block is drawn for each sequence.
    distance : int, optional
        From a token to its copy. By default it is drawn for each sequence, from the length of the block, where one
        follows the other, to T less that length, where the first begins the sequence. With one distance for all, the
        place alone tells what comes.

    Returns
    -------
    RepeatedBlocks

    Raises
    ------
    ValueError
        When a number is out of range, two blocks do not fit into T at this distance, or V has too few tokens.
    """
    B, T, V = check_integer("B", B), check_integer("T", T), check_integer("V", V)
    shortest, longest = check_integer("shortest", shortest, least=2), check_integer("longest", longest, least=2)
    if shortest > longest or 2 * longest > T or longest > V:
        raise ValueError(
            f"blocks have {shortest} to {longest} tokens, expected two of the longest in {T}, and {V} different ones"
        )
    length = rng.integers(shortest, longest + 1, size=B)
    if distance is None:
        distances = rng.integers(length, T - length + 1)
    else:
        if not longest <= check_integer("distance", distance) <= T - longest:
            raise ValueError(f"distance is {distance}, expected {longest} to {T - longest}")
        distances = np.full(B, distance)
    tokens = rng.integers(V, size=(B, T))
    for row, L, far in zip(tokens, length, distances, strict=True):
        row[T - L :] = row[T - L - far : T - far] = rng.permutation(V)[:L]
    return RepeatedBlocks(tokens, distances, np.arange(T) > T - length[:, None])


def best_guess_by_place(T=24, shortest=8, longest=10):
    """How often the most probable distance is the right one, for who knows the place of a copied token and no token.

    It is the mean over all copied tokens, where the distances of `repeated_blocks` are drawn.

    Raises
    ------
    ValueError
        When a number is out of range, or two blocks do not fit into T.
    """
    T = check_integer("T", T)
    shortest, longest = check_integer("shortest", shortest, least=2), check_integer("longest", longest, least=2)
    if shortest > longest or 2 * longest > T:
        raise ValueError(f"blocks have {shortest} to {longest} tokens, expected two of the longest in {T}")
    together = np.zeros((T, T + 1))  # of a place and a distance, up to a factor
    for L in range(shortest, longest + 1):
        together[T - L + 1 :, L : T - L + 1] += 1 / (T - 2 * L + 1)
    return float(together.max(axis=1).sum() / together.sum())
