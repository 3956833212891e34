"""Training word2vec: a step of gradient descent for each block of running text, by the fast form of the model."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice, check_indices, check_integer, check_positive
from helpers.core.training import progress_bar
from helpers.data.vocab import check_corpus
from helpers.data.windows import keep_probabilities, subsample
from helpers.layers.fast_scatter_add import sum_rows
from helpers.models.word2vec.fast.blocks import GROUP, cut_block, text_block
from helpers.models.word2vec.fast.outputs import make_block_output
from helpers.models.word2vec.inputs import INPUTS
from helpers.models.word2vec.model import OUTPUTS, init_word2vec

# Places of a block: with fewer, calling NumPy takes longer than computing; with more, words learn from old vectors.
_PLACES_AT_ONCE = 4096
_LEAST_STEPS = 50  # of an epoch, however short the text is
_LARGEST_MOVE = 2.0  # see _step
_RATES = {"skip-gram": 0.05, "cbow": 0.15}
_LAST_RATE = 1e-3  # as a share of the first
_POINTS = 100  # of the history


class Word2VecHistory(NamedTuple):
    """What was measured about a hundred times on the way, each time before a step."""

    tokens: np.ndarray  # (points,) how much text was read so far, in tokens, all epochs counted
    loss: np.ndarray  # (points,) nats for each example of that step
    rate: np.ndarray  # (points,)


def train_word2vec(
    corpus,
    V,
    rng,
    *,
    context="skip-gram",
    output="negative",
    D=100,
    window=5,
    epochs=5,
    k=5,
    power=0.75,
    subsampling=1e-3,
    rate=None,
    dynamic=True,
    watch=None,
    progress=None,
):
    """Learn a vector for each word.

    Parameters
    ----------
    corpus : Corpus
    V : int
        Size of the vocabulary.
    rng : numpy.random.Generator
        The same generator in the same state gives the same vectors.
    context : "skip-gram" or "cbow"
    output : "softmax", "hierarchical", "negative" or "nce"
    D : int
        Numbers in a vector.
    window : int
        Tokens to either side.
    epochs : int
    k : int
        Noise words an example, for "negative" and "nce".
    power : float
        Of the noise distribution.
    subsampling : float, optional
        The threshold of `keep_probabilities`, drawn anew in each epoch; None keeps every token.
    rate : float, optional
        The first learning rate, which then falls in a line to a thousandth. Without it, one that works for the context.
    dynamic : bool
        Let each centre draw its own window, from 1 to `window`.
    watch : callable, optional
        watch(params) is called at each point of the history and sees what training goes on with: copy what is kept.
    progress : str, optional
        The caption of a progress bar, which is shown only if training takes longer than three seconds.

    Returns
    -------
    params : Word2VecParams
        float32; `E` are the input vectors, which one keeps, `W` the output vectors.
    history : Word2VecHistory

    Raises
    ------
    ValueError
        When an option is unknown or out of range, the corpus is empty or has an id outside the vocabulary, or there is
        nothing to learn: it has one word only, no word has a neighbour, or none has one after subsampling.
    FloatingPointError
        When the loss is NaN or infinite, which a smaller rate prevents.
    """
    _check_options(corpus, V, context, output, D, window, epochs, k)
    counts = np.bincount(corpus.tokens, minlength=V)
    keep = None if subsampling is None else keep_probabilities(counts, subsampling)
    rate = _RATES[context] if rate is None else rate
    check_positive("rate", rate)
    fast = make_block_output(output, context, counts, k, power)
    params = init_word2vec(rng, V, D, fast.rows)
    measured = []
    size = epochs * len(corpus.tokens)
    bar = progress_bar(size, progress)
    with bar, np.errstate(over="ignore", invalid="ignore"):  # _check_finite reports it, and says where
        for read, block in _blocks(corpus, keep, rng, window, dynamic, epochs):
            wanted = read >= size * len(measured) / _POINTS
            now = rate * max(1 - read / size, _LAST_RATE)
            negatives = fast.draw(rng, block.seen.size)
            loss, dE, dW = fast.gradients(params, block, negatives, wanted)
            if wanted:
                measured.append((read, loss / max(_count_examples(block, context), 1), now))
                _check_finite(*measured[-1])
                if watch is not None:
                    watch(params)
            _step(params.E, dE, now)
            _step(params.W, dW, now)
            bar.update(read - bar.n)
    _check_finite(size, float(np.abs(params.E).max()), rate)
    return params, Word2VecHistory(*np.reshape(measured, (-1, 3)).T)


def _blocks(corpus, keep, rng, window, dynamic, epochs):
    """Yield each block, and how many tokens were read before it."""
    for epoch in range(epochs):
        text = corpus if keep is None else subsample(corpus, keep, rng)
        if (np.diff(text.starts) < 2).all():
            raise ValueError(
                f"subsampling leaves {len(text.tokens)} of {len(corpus.tokens)} tokens in epoch {epoch + 1} and none "
                "of them a neighbour, expected a longer text, a larger threshold, or subsampling=None"
            )
        whole = text_block(text, window, rng if dynamic else None, fill=corpus.tokens[0])
        N = len(whole.left)
        size = int(np.clip(len(text.tokens) // (_LEAST_STEPS * GROUP), 1, _PLACES_AT_ONCE // GROUP)) * GROUP
        for begin, block in zip(range(0, N, size), cut_block(whole, size), strict=True):
            yield int((epoch + begin / N) * len(corpus.tokens)), block


def _step(table, gradients, rate):
    """θ ← θ − rate · g for the rows that were met, in place; a row that was met very often moves less far.

    In a block, a frequent word meets the same old vectors many times over, and the sum of its gradients may carry it
    far beyond where it would have come step by step. A loss of m terms, each a binary cross-entropy, has a curvature of
    at most m ‖v‖² / 4, so gradient descent on it is safe while rate · m ‖v‖² / 4 < 2. As long as rate · m is at most 2,
    it is so for vectors up to a length of 2. A row with more terms takes their mean times 2 instead of their sum times
    the rate.
    """
    ids, rows, terms = gradients
    if not len(ids):
        return
    move = rate * np.bincount(ids, terms)
    ids, sums = sum_rows(ids, rows)
    sums *= (-rate * _LARGEST_MOVE / np.maximum(move.take(ids), _LARGEST_MOVE)).astype(sums.dtype)[:, None]
    sums += table.take(ids, axis=0)
    table[ids] = sums


def _count_examples(block, context):
    return int(block.seen.sum() if context == "skip-gram" else np.count_nonzero(block.seen))


def _check_finite(read, loss, rate):
    if not np.isfinite(loss):
        raise FloatingPointError(f"after {read} tokens the loss is {loss}, at a rate of {rate:.3g}: try a smaller one")


def _check_options(corpus, V, context, output, D, window, epochs, k):
    for name, value in (("V", V), ("D", D), ("window", window), ("epochs", epochs), ("k", k)):
        check_integer(name, value)
    check_choice("context", context, INPUTS)
    check_choice("output", output, OUTPUTS)
    check_corpus(corpus)
    if not len(corpus.tokens):
        raise ValueError("the corpus is empty, expected at least one token")
    check_indices("tokens", corpus.tokens, V)
    if (np.diff(corpus.starts) < 2).all():
        raise ValueError(
            f"none of {len(corpus.tokens)} tokens has a neighbour, as no sentence has two of them; expected longer ones"
        )
    if corpus.tokens.min() == corpus.tokens.max():
        raise ValueError(
            f"the corpus has one word only, token {corpus.tokens[0]}, expected at least two different ones"
        )
