"""Language models that count: how often each token followed each context, smoothed so that nothing is impossible."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_array, check_indices, check_integer, check_positive, check_shape, check_share
from helpers.data.vocab import END, PAD, SPECIALS, START, check_corpus

_LARGEST_K = 1e9


class NGramModel(NamedTuple):
    """P(w | the n − 1 tokens before) from counts; see `count_ngrams`."""

    n: int
    V: int  # tokens that have an id; `<pad>` and `<start>` among them, which never come next
    followers: tuple[dict, ...]  # followers[k][context of k tokens][w] = count(context w), k = 0 … n − 1
    totals: tuple[dict, ...]  # totals[k][context] = count(context)
    kinds: tuple[dict, ...]  # kinds[k][context] = how many different tokens followed; of Kneser–Ney what was taken off
    smoothing: Callable


def add_k(k=1.0):
    """P(w | c) = (count(c w) + k) / (count(c) + k V), of the longest context alone.

    V are the tokens that can come next: all but `<pad>` and `<start>`. With k = 1 it is Laplace's rule.

    Raises
    ------
    ValueError
        When k is not above 0, or so large that it drowns every count.
    """
    check_positive("k", k)
    if k > _LARGEST_K:
        raise ValueError(f"k is {k}, expected at most {_LARGEST_K:g}")

    def smoothing(count, total, kinds, shorter, V):
        return (count + k) / (total + k * V)

    return smoothing


def jelinek_mercer(weight=0.7):
    """P(w | c) = λ count(c w) / count(c) + (1 − λ) P(w | c′), where c′ is c without its first token.

    Below the single tokens stands 1 / V. A context that was never seen says nothing: P(w | c) = P(w | c′).

    Parameters
    ----------
    weight : float
        λ, the same for all contexts, between 0 and 1.

    Raises
    ------
    ValueError

    References
    ----------
    Jelinek, Mercer 1980, "Interpolated estimation of Markov source parameters from sparse data". Chen, Goodman 1999,
    https://doi.org/10.1006/csla.1999.0128, compare it with the others.
    """
    check_share("weight", weight)

    def smoothing(count, total, kinds, shorter, V):
        return weight * count / total + (1 - weight) * shorter if total else shorter

    return smoothing


def witten_bell():
    """P(w | c) = (count(c w) + N(c) P(w | c′)) / (count(c) + N(c)), where N(c) different tokens followed c.

    The more different tokens followed a context, the more likely is a new one, and the more the shorter context c′ has
    to say. Below the single tokens stands 1 / V.

    References
    ----------
    Witten, Bell 1991, "The zero-frequency problem", https://doi.org/10.1109/18.87000, method C, in the recursive form
    of Chen, Goodman 1999, https://doi.org/10.1006/csla.1999.0128
    """

    def smoothing(count, total, kinds, shorter, V):
        return (count + kinds * shorter) / (total + kinds) if total else shorter

    return smoothing


def count_ngrams(corpus, n, V, smoothing=None):
    """Count what followed each context of 0 to n − 1 tokens, within the sentences of a corpus.

    Before each sentence stand n − 1 `<start>`, after it `<end>`.

    Parameters
    ----------
    corpus : Corpus
        Ids of characters, subwords or words, see `helpers.data.vocab.encode_sentences`.
    n : int
        Tokens of the longest n-gram; 1 ignores all that came before.
    V : int
        The size of the vocabulary.
    smoothing : function
        `add_k(…)`, `jelinek_mercer(…)` or `witten_bell()`, which is taken if none is given.
        ``model._replace(smoothing=…)`` smooths the same counts in another way; Kneser–Ney has counts of its own, see
        `count_kneser_ney`.

    Returns
    -------
    NGramModel

    Raises
    ------
    ValueError
        When n is below 1, or a token is no id below V or is `<pad>`, `<start>` or `<end>`.
    """
    n, V = check_integer("n", n), check_integer("V", V, least=len(SPECIALS))
    followers = tuple({} for _ in range(n))
    for (*context, token), count in Counter(_padded_ngrams(corpus, n, V)).items():
        for k in range(n):
            after = followers[k].setdefault(tuple(context[n - 1 - k :]), Counter())
            after[token] += count
    totals = tuple({context: after.total() for context, after in level.items()} for level in followers)
    kinds = tuple({context: len(after) for context, after in level.items()} for level in followers)
    return NGramModel(n, V, followers, totals, kinds, smoothing or witten_bell())


def next_probabilities(model, context):
    """P(w | context) of every token w, (V,): exact, summing to 1, and 0 for `<pad>` and `<start>`.

    Parameters
    ----------
    model : NGramModel
    context : sequence of int
        The tokens so far, from the beginning of the sentence; only the last n − 1 count. Before them stand `<start>`.

    Raises
    ------
    ValueError
        When a token of the context is no id below V.
    """
    context = as_array("context", context)
    context = context if context.size else np.empty(0, int)
    check_shape("context", context, "t")
    check_indices("context", context, model.V)
    context = ([START] * (model.n - 1) + context.tolist())[len(context) :]
    possible = np.array([w for w in range(model.V) if w not in (PAD, START)])
    P = np.zeros(model.V)
    P[possible] = _smoothed(model, tuple(context), possible)
    return P


def _last(tokens, k):
    return tuple(tokens[max(0, len(tokens) - k) :])


def _smoothed(model, context, token):
    """P(token | context): from 1 / V to single tokens and on to the longest context. Also for an array of tokens."""
    V = model.V - 2  # `<pad>` and `<start>` never come next
    P = 1 / V
    for k in range(model.n):
        after = model.followers[k].get(context[model.n - 1 - k :], {})
        count = after.get(token, 0) if isinstance(token, int) else np.array([after.get(w, 0) for w in token.tolist()])
        total, kinds = (table[k].get(context[model.n - 1 - k :], 0) for table in (model.totals, model.kinds))
        P = model.smoothing(count, total, kinds, P, V)
    return P


def _padded_ngrams(corpus, n, V):
    """Every n-gram that ends on a token or on `<end>`, in order, as a list of tuples: N + sentences of them."""
    check_corpus(corpus)
    check_indices("tokens", corpus.tokens, V)
    tokens, starts = as_array("tokens", corpus.tokens), as_array("starts", corpus.starts)
    marks = np.isin(tokens, (PAD, START, END))
    if marks.any():
        raise ValueError(f"corpus has {marks.sum()} tokens <pad>, <start> or <end>, expected sentences without them")
    starts, ends = starts[:-1].astype(np.int64), starts[1:].astype(np.int64)
    text = np.insert(tokens, np.repeat(starts, n - 1), START)
    text = np.insert(text, ends + (n - 1) * np.arange(1, len(ends) + 1), END).tolist()
    return [ngram for ngram in zip(*(text[k:] for k in range(n)), strict=False) if ngram[-1] != START]


def ngram_log_probs(model, corpus):
    """ln P of every token of every sentence given those before it, `<end>` included: (N + sentences,), in nats.

    Its negative mean is the loss in nats a token, exp of that the perplexity, and its negative sum divided by the
    number of characters is nats a character, which can be compared between different kinds of tokens.

    Parameters
    ----------
    model : NGramModel
    corpus : Corpus

    Raises
    ------
    ValueError
        As in `count_ngrams`.
    """
    ngrams = _padded_ngrams(corpus, model.n, model.V)
    P = {ngram: _smoothed(model, ngram[:-1], ngram[-1]) for ngram in dict.fromkeys(ngrams)}  # each different one once
    return np.log([P[ngram] for ngram in ngrams])


def ngram_step(model, B=1):
    """Give the model the interface of `helpers.decoding`, so that every search and way of sampling takes it.

    Returns
    -------
    step : function
        ``step(tokens (N,), contexts (N, n − 1)) -> log_probs (N, V), contexts``.
    contexts : ndarray of int (B, n − 1)
        The state of B sentences that have not begun.
    """
    check_integer("B", B)
    known = {}

    def step(tokens, contexts):
        contexts = np.column_stack([contexts, tokens])[:, 1:] if model.n > 1 else contexts
        rows = [tuple(row) for row in contexts.tolist()]
        for context in {*rows} - known.keys():
            with np.errstate(divide="ignore"):  # ln 0 = −∞ for `<pad>` and `<start>`
                known[context] = np.log(next_probabilities(model, context))
        return np.array([known[context] for context in rows]), contexts

    return step, np.full((B, model.n - 1), START)


def sample_ngrams(model, rng, size, T=1.0, longest=100):
    """Draw sentences token by token, each from P(w | context)^(1 / T), renormalised.

    Parameters
    ----------
    model : NGramModel
    rng : numpy.random.Generator
    size : int
        How many sentences.
    T : float
        The temperature, above 0: below 1 what is probable becomes more probable.
    longest : int
        A sentence that has so many tokens stops there, without `<end>`.

    Returns
    -------
    list of list of int
        Ids, without `<start>` and `<end>`; now and then `<unk>`, which is given a small probability like any token.

    Raises
    ------
    ValueError
        When the temperature or a number is too small.
    """
    for name, value in (("size", size), ("longest", longest)):
        check_integer(name, value)
    check_positive("T", T)
    sums = {}  # of each context the summed probabilities

    def draw(context):
        if context not in sums:
            P = next_probabilities(model, context)
            sums[context] = np.cumsum((P / P.max()) ** (1 / T))
        summed = sums[context]
        return int(np.searchsorted(summed, rng.random() * summed[-1], side="right"))

    sentences = []
    for _ in range(size):
        sentence = []
        while len(sentence) < longest and (token := draw(_last(sentence, model.n - 1))) != END:
            sentence.append(token)
        sentences.append(sentence)
    return sentences
