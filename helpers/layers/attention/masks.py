"""Masks for attention: who may attend to what. True = may attend, and `&` combines two masks."""

import numpy as np

from helpers.core.checks import check_integer, check_shape


def padding_mask(counts):
    """mask[b, 0, s] = counts[s, b]: every query of sequence b may attend to its tokens, and none to its padding.

    Parameters
    ----------
    counts : ndarray of bool (S, B)
        Time first, True where a token is, as `helpers.data.batches.pad` gives it.

    Returns
    -------
    ndarray of bool (B, 1, S)
        It broadcasts over the queries.

    Raises
    ------
    ValueError
        When it has not two axes, or holds no bools.
    """
    check_shape("counts", counts, "S B")
    counts = np.asarray(counts)
    if counts.dtype != bool:
        raise ValueError(f"counts has dtype {counts.dtype}, expected bool, True where a token is")
    return counts.T[:, None, :]


def causal_mask(T, S=None):
    """mask[t, s] = s ≤ t: a query may attend to its own position and to those before it.

    Parameters
    ----------
    T : int
        Queries.
    S : int, optional
        Keys, T unless it is given. With more keys than queries, the queries are at the last T positions, as when a
        text is continued whose first keys are known already.

    Returns
    -------
    ndarray of bool (T, S)

    Raises
    ------
    ValueError
        When S is smaller than T.
    """
    T = check_integer("T", T)
    S = T if S is None else S
    S = check_integer("S", S, least=T)
    return np.tri(T, S, S - T, dtype=bool)


def causal_padding_mask(counts):
    """mask[b, t, s] = s ≤ t and counts[s, b]: what a decoder may attend to in its own padded batch.

    Parameters
    ----------
    counts : ndarray of bool (T, B)
        Time first, True where a token is.

    Returns
    -------
    ndarray of bool (B, T, T)

    Raises
    ------
    ValueError
        When it has not two axes, or holds no bools.
    """
    return padding_mask(counts) & causal_mask(len(counts))
