"""Random tokens, a block of which comes again: only who looks back can foresee the second one."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_integer


class RepeatedBlocks(NamedTuple):
    """Sequences in which a block of tokens is said several times, at the end."""

    tokens: np.ndarray  # (B, T) of int
    period: np.ndarray  # (B,) of int, the length of the block: the same token stood so many places before
    copied: np.ndarray  # (B, T) of bool, True where a token can be foreseen: in the last block, from its second token


def repeated_blocks(rng, B, T=24, V=32, shortest=7, longest=12, times=2, distinct=True):
    """Draw sequences: some random tokens, then one block `times` times, so that it ends with the sequence.

    The first token of the last block can be foreseen only by who knows where the block begins, so it is not asked for.

    Parameters
    ----------
    rng : numpy.random.Generator
    B, T, V : int
        Sequences, tokens of each, and tokens that there are.
    shortest, longest : int
        Between which the length of the block is drawn anew for each sequence. With one length, place tells what comes.
    times : int
        With more than two, what is asked has been said more than once.
    distinct : bool
        No token stands twice in one block, so that the one before tells which comes next.

    Returns
    -------
    RepeatedBlocks

    Raises
    ------
    ValueError
        When a number is out of range, the blocks do not fit into T, or V has too few tokens for a block.
    """
    B, T, V = check_integer("B", B), check_integer("T", T), check_integer("V", V)
    shortest, longest = check_integer("shortest", shortest, least=2), check_integer("longest", longest, least=2)
    times = check_integer("times", times, least=2)
    if shortest > longest or times * longest > T:
        raise ValueError(f"blocks have {shortest} to {longest} tokens, expected {times} of the longest in {T} tokens")
    if distinct and longest > V:
        raise ValueError(f"longest is {longest}, expected at most {V}, the tokens that there are")
    tokens, period = rng.integers(V, size=(B, T)), rng.integers(shortest, longest + 1, size=B)
    for row, L in zip(tokens, period, strict=True):
        block = rng.permutation(V)[:L] if distinct else rng.integers(V, size=L)
        row[T - times * L :] = np.tile(block, times)
    return RepeatedBlocks(tokens, period, np.arange(T) > T - period[:, None])
