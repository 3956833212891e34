"""What stands near what in a corpus: windows around every token, and the subsampling of frequent ones."""

import numpy as np

from helpers.core.checks import check_counts, check_finite, check_indices, check_integer, check_positive, check_shape
from helpers.data.vocab import PAD, Corpus, check_corpus, sentence_numbers


def keep_probabilities(counts, threshold=1e-3):
    """p(keep w) = min(1, √(t / f(w))), with f(w) the share of w in all tokens: (V,).

    Parameters
    ----------
    counts : ndarray (V,)
        How often each token occurs. What never occurs would be kept.
    threshold : float
        t: tokens that are rarer than this are all kept.

    Raises
    ------
    ValueError
        When the threshold is not above 0, or the counts are not one-dimensional, not finite, below 0 or all 0.

    References
    ----------
    Mikolov et al. 2013, "Distributed Representations of Words and Phrases and their Compositionality",
    https://arxiv.org/abs/1310.4546, equation 5: p(discard) = 1 − √(t / f). Their program word2vec.c keeps a little
    more, √(t / f) + t / f.
    """
    check_positive("threshold", threshold)
    counts = check_counts(counts)
    share = counts / counts.sum()
    return np.sqrt(threshold / np.maximum(share, threshold))


def subsample(corpus, keep, rng):
    """Leave out each token of the corpus with probability 1 − keep[token]; its neighbours move closer.

    Parameters
    ----------
    corpus : Corpus
    keep : ndarray (V,)
        From `keep_probabilities`.
    rng : numpy.random.Generator

    Returns
    -------
    Corpus
        With the same sentences, of which some may have become empty.

    Raises
    ------
    ValueError
        When the corpus is none, or `keep` is not one-dimensional, not finite or lacks a token of the corpus.
    """
    check_corpus(corpus)
    (V,) = check_shape("keep", keep, "V")
    check_finite("keep", keep)
    check_indices("tokens", corpus.tokens, V)
    kept = rng.random(len(corpus.tokens)) < np.asarray(keep)[corpus.tokens]
    before = np.concatenate([[0], np.cumsum(kept)])
    return Corpus(corpus.tokens[kept], before[corpus.starts])


def context_windows(corpus, window, rng=None):
    """Find the neighbours of every token, up to `window` to either side and within its sentence.

    Parameters
    ----------
    corpus : Corpus
    window : int
        The greatest distance of a neighbour.
    rng : numpy.random.Generator, optional
        Draws for each centre its own window from 1 to `window`, as word2vec does, so that near neighbours count more.
        Without it all windows are the same.

    Returns
    -------
    centres : ndarray (N,)
        Every token of the corpus, in order.
    contexts : ndarray (N, 2 · window)
        Its neighbours from the left to the right; `<pad>` where there is none.

    Raises
    ------
    ValueError
        When the window is below 1, or the corpus is none.
    """
    check_integer("window", window)
    check_corpus(corpus)
    tokens, sentence = corpus.tokens, sentence_numbers(corpus)
    N = len(tokens)
    reach = np.full(N, window) if rng is None else rng.integers(1, window + 1, size=N)
    contexts = np.full((N, 2 * window), PAD, dtype=tokens.dtype)
    for distance in range(1, min(window, N) + 1):
        # Each of these N − distance couples is a token and the one that stands so much further right.
        same = sentence[:-distance] == sentence[distance:]
        right, left = window + distance - 1, window - distance
        contexts[:-distance, right] = np.where(same & (reach[:-distance] >= distance), tokens[distance:], PAD)
        contexts[distance:, left] = np.where(same & (reach[distance:] >= distance), tokens[:-distance], PAD)
    return tokens, contexts
