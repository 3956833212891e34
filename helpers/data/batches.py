"""From a corpus to the batches that a model is trained on: shuffled, padded side by side, or as one stream."""

import numpy as np

from helpers.core.checks import as_array, check_finite, check_indices, check_integer, check_shape
from helpers.data.vocab import END, PAD, START, check_corpus, sentence_numbers


def shuffled_batches(size, batch, rng, epochs=1):
    """Yield for each epoch the numbers 0 to size − 1 in a new order, `batch` at a time.

    Parameters
    ----------
    size, batch : int
    rng : numpy.random.Generator
    epochs : int

    Yields
    ------
    ndarray of int (batch,)
        The last of an epoch may be smaller, so that every number comes once in each epoch.
    """
    for name, value in (("size", size), ("batch", batch), ("epochs", epochs)):
        check_integer(name, value)
    for _ in range(epochs):
        order = rng.permutation(size)
        for start in range(0, size, batch):
            yield order[start : start + batch]


def pad(corpus, sentences, start=False, end=False):
    """Stand some sentences side by side, filled up with `<pad>` to the length of the longest.

    Parameters
    ----------
    corpus : Corpus
    sentences : ndarray of int (B,)
        Which ones, such as `shuffled_batches` gives.
    start, end : bool
        Put `<start>` before, `<end>` after each.

    Returns
    -------
    tokens : ndarray of int32 (T, B)
        Time first.
    mask : ndarray of bool (T, B)
        True where a token is, False where it is `<pad>`.

    Raises
    ------
    ValueError
        When the corpus is none, or lacks a sentence.
    """
    check_corpus(corpus)
    sentences = as_array("sentences", sentences)
    check_shape("sentences", sentences, "B")
    check_indices("sentences", sentences, len(corpus.starts) - 1)
    lengths = np.diff(corpus.starts)[sentences]
    T = lengths.max(initial=0) + start + end
    t = np.arange(T)[:, None]
    where = corpus.starts[sentences] + t - start
    inside = (t >= start) & (t < lengths + start)
    tokens = np.full((T, len(sentences)), PAD, dtype=np.int32)
    tokens[inside] = corpus.tokens[where[inside]]
    if start:
        tokens[0] = START
    if end:
        tokens[lengths + start, np.arange(len(sentences))] = END
    return tokens, t < lengths + start + end


def token_stream(corpus):
    """The whole corpus as one text, (N + sentences + 1,): `<end>`, then every sentence with `<end>` after it.

    The first `<end>` is there so that every token, also the first word, is predicted after something. Over the tokens
    that are predicted, the floor of a model's loss is the `per_token` of `helpers.data.world.exact_probabilities`.
    """
    check_corpus(corpus)
    sentences = len(corpus.starts) - 1
    stream = np.full(len(corpus.tokens) + sentences + 1, END, dtype=np.int32)
    stream[np.arange(len(corpus.tokens)) + sentence_numbers(corpus) + 1] = corpus.tokens
    return stream


def length_buckets(lengths, batch, rng, pool=20):
    """Yield batches without end: draw `pool` batches at once, sort them by length, cut, and shuffle the cuts.

    Parameters
    ----------
    lengths : ndarray of int (N,)
        Of each sequence.
    batch : int
    rng : numpy.random.Generator
    pool : int
        How many batches are sorted together. With 1 the batches are random; the larger it is, the less padding, and
        the more alike are the sequences of a batch.

    Yields
    ------
    ndarray of int (batch,)
        Numbers of sequences. Within one pool no sequence comes twice.

    Raises
    ------
    ValueError
        When a number is not positive, or there are fewer than `batch` sequences.
    """
    (N,) = check_shape("lengths", lengths, "N")
    check_finite("lengths", lengths)
    check_integer("batch", batch)
    check_integer("pool", pool)
    if batch > N:
        raise ValueError(f"lengths has {N} sequences, expected at least one batch of {batch}")
    cuts = min(pool, N // batch)
    while True:
        drawn = rng.permutation(N)[: cuts * batch]  # its order is random, and stays so among equal lengths
        drawn = drawn[np.argsort(np.asarray(lengths)[drawn], kind="stable")]
        yield from rng.permutation(drawn.reshape(cuts, batch))
