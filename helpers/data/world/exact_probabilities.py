"""What is known exactly of a grammar: probabilities of sentences, of next words and of hidden words, and entropy."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_list, check_finite, check_indices, check_shape
from helpers.core.numerics import softmax
from helpers.data.vocab import END, SPECIALS, Corpus, check_corpus, encode_sentences, sentence_numbers, tokenise
from helpers.data.world.grammar import node_visits


def token_log_probabilities(grammar, corpus):
    """ln p(token | those before it in its sentence), of every token and of the `<end>` of every sentence.

    Parameters
    ----------
    grammar : Grammar
    corpus : Corpus
        Sentences of the grammar, or of a model that is to be judged.

    Returns
    -------
    tokens : ndarray (N,)
        −inf for a token that cannot stand where it does, and for all that come after it in its sentence.
    ends : ndarray (sentences,)
        −inf where the sentence cannot be over yet.

    Raises
    ------
    ValueError
        When the corpus is none, or a token is not an id of the grammar's vocabulary.
    """
    check_corpus(corpus, len(grammar.vocab))
    step = _stepper(grammar)
    lengths = np.diff(corpus.starts)
    by_length = np.argsort(-lengths, kind="stable")  # those that go on are always the first of these
    node = np.full(len(lengths), grammar.start)
    tokens = np.empty(len(corpus.tokens))
    for t in range(lengths.max(initial=0)):
        going = by_length[: np.count_nonzero(lengths > t)]
        where = corpus.starts[going] + t
        tokens[where], node[going] = step(node[going], corpus.tokens[where])
    ends, _ = step(node, np.full(len(lengths), END))
    return tokens, ends


def _stepper(grammar):
    """step(node, word) -> ln p(word | node) and the node that follows; −inf and −1 where the word cannot be said."""
    V = len(grammar.vocab)
    keys = np.repeat(np.arange(len(grammar.first) - 1), np.diff(grammar.first)) * V + grammar.words  # ascending
    log_p = np.log(grammar.probabilities)

    def step(node, word):
        wanted = node * V + word
        arc = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        can = keys[arc] == wanted  # never for node −1, whose keys are below 0
        return np.where(can, log_p[arc], -np.inf), np.where(can, grammar.following[arc], -1)

    return step


def log_probabilities(grammar, corpus):
    """ln p(sentence) of every sentence of a Corpus, `<end>` included: (sentences,); −inf for what cannot be said."""
    tokens, ends = token_log_probabilities(grammar, corpus)
    return np.bincount(sentence_numbers(corpus), tokens, minlength=len(ends)) + ends


def log_probability(grammar, sentence):
    """ln p(sentence) in nats, −inf for what the grammar cannot say.

    Parameters
    ----------
    grammar : Grammar
    sentence : str or list of str
        A str is tokenised first. `<end>` is not written, but its probability is counted.

    Returns
    -------
    float
    """
    return float(log_probabilities(grammar, _corpus_of(grammar, sentence))[0])


def is_sentence(grammar, sentence):
    """Say whether the grammar can say the sentence (str or list of str)."""
    return log_probability(grammar, sentence) > -np.inf


def next_token_probabilities(grammar, sentence):
    """p(token | the first t tokens) for every t, exactly: what a perfect language model answers.

    Parameters
    ----------
    grammar : Grammar
    sentence : str or list of str
        The beginning of a sentence, or a whole one; it may be empty.

    Returns
    -------
    ndarray (T + 1, V)
        Row t is the distribution after the first t tokens; the last row is what comes next.

    Raises
    ------
    ValueError
        When no sentence begins with these tokens.
    """
    if not isinstance(sentence, str):
        sentence = as_list("sentence", sentence)
    tokens = _corpus_of(grammar, sentence).tokens if len(sentence) else np.array([], np.int32)
    step, node = _stepper(grammar), np.array([grammar.start])
    rows = np.zeros((len(tokens) + 1, len(grammar.vocab)))
    for t, row in enumerate(rows):
        arcs = slice(grammar.first[node[0]], grammar.first[node[0] + 1])
        row[grammar.words[arcs]] = grammar.probabilities[arcs]
        if t < len(tokens):
            _, node = step(node, tokens[t])
            if node[0] < 0:
                raise ValueError(f"no sentence begins with these {t + 1} tokens: token {t} cannot stand there")
    return rows


def blank_probabilities(grammar, sentence, position):
    """p(token at the position | all other tokens), exactly: what a perfect masked language model answers.

    By Bayes' rule it is proportional to p(sentence with that token there).

    Parameters
    ----------
    grammar : Grammar
    sentence : str or list of str
        Whatever stands at the position is not looked at.
    position : int
        From 0.

    Returns
    -------
    ndarray (V,)

    Raises
    ------
    ValueError
        When the position is outside the sentence, or no word there makes a sentence.
    """
    tokens = _corpus_of(grammar, sentence).tokens
    check_indices("position", position, len(tokens))
    V, T = len(grammar.vocab), len(tokens)
    filled = np.tile(tokens, (V, 1))  # one sentence for every word of the vocabulary
    filled[:, position] = np.arange(V)
    log_p = log_probabilities(grammar, Corpus(filled.ravel(), np.arange(V + 1) * T))
    if not np.isfinite(log_p).any():
        raise ValueError(f"no word at position {position} makes this a sentence of the grammar")
    return softmax(log_p)


def masked_probabilities(grammar, sentence, positions):
    """p(word at t | the words at all other positions) for each of several blanks, with the others blank as well.

    For one blank it is `blank_probabilities`.

    Parameters
    ----------
    grammar : Grammar
    sentence : str or list of str
        What stands at the positions is not looked at.
    positions : list of int
        The blanks, from 0.

    Returns
    -------
    ndarray (blanks, V)

    Raises
    ------
    ValueError
        When a position is outside the sentence, or no words there make a sentence.
    """
    tokens = _corpus_of(grammar, sentence).tokens
    check_indices("positions", positions, len(tokens))
    V = len(grammar.vocab)
    likelihood = (tokens[:, None] == np.arange(V)).astype(float)
    likelihood[positions] = 1.0
    likelihood[:, : len(SPECIALS)] = 0.0
    return hidden_probabilities(grammar, likelihood)[positions]


def hidden_probabilities(grammar, likelihood):
    """p(word at t | all that is seen) for every t, from P(what is seen at t | word at t).

    A sentence is one walk through the grammar. The probability of what is seen up to t is carried forward along all
    walks at once, that of what is seen from t on backward, and p is proportional to their product over the arcs.

    Parameters
    ----------
    grammar : Grammar
    likelihood : ndarray (T, V)
        For a word that is seen, 1 for this word and 0 for others; for one that is hidden, the same number for all.
        T is the length of the sentence, which is known.

    Returns
    -------
    ndarray (T, V)

    Raises
    ------
    ValueError
        When shapes do not fit, or no sentence of the grammar can look like that.

    References
    ----------
    The forward–backward algorithm, Rabiner 1989, "A Tutorial on Hidden Markov Models and Selected Applications in
    Speech Recognition", https://doi.org/10.1109/5.18626
    """
    V = len(grammar.vocab)
    T, _ = check_shape("likelihood", likelihood, "T V", V=V)
    check_finite("likelihood", likelihood)
    if not T or np.min(likelihood) < 0:
        raise ValueError(
            f"likelihood has {T} rows, the smallest number {np.min(likelihood, initial=0)}; expected none below 0"
        )
    nodes = len(grammar.first) - 1
    sources = np.repeat(np.arange(nodes), np.diff(grammar.first))
    goes_on = grammar.following >= 0
    here = np.zeros(nodes)
    here[grammar.start] = 1.0
    steps = []
    for seen in likelihood:  # forward
        arcs = np.flatnonzero((seen[grammar.words] > 0) & (here[sources] > 0) & goes_on)
        flow = grammar.probabilities[arcs] * seen[grammar.words[arcs]]
        steps.append((arcs, flow, here))
        here = np.bincount(grammar.following[arcs], here[sources[arcs]] * flow, minlength=nodes)
        if not here.any():
            raise ValueError(f"no sentence of the grammar looks like this up to word {len(steps) - 1}")
        here /= here.sum()
    ends = np.flatnonzero(grammar.words == END)
    after = np.zeros(nodes)  # the probability of all that is seen from here on
    after[sources[ends]] = grammar.probabilities[ends]
    if not here @ after > 0:
        raise ValueError(f"no sentence of the grammar that looks like this ends after {T} words")
    p = np.empty((T, V))
    for t, (arcs, flow, here) in reversed(list(enumerate(steps))):
        flow = flow * after[grammar.following[arcs]]
        p[t] = np.bincount(grammar.words[arcs], here[sources[arcs]] * flow, minlength=V)
        after = np.bincount(sources[arcs], flow, minlength=nodes)
        after /= after.max()
    return p / p.sum(axis=1, keepdims=True)


def _corpus_of(grammar, sentence):
    return encode_sentences(grammar.vocab, [tokenise(sentence) if isinstance(sentence, str) else sentence])


class Entropy(NamedTuple):
    """The entropy of a grammar's sentences, in nats: no model of the language has a lower expected loss."""

    per_sentence: float  # −Σ p(sentence) ln p(sentence)
    expected_length: float  # tokens in a sentence, `<end>` counted
    per_token: float  # per_sentence / expected_length: the floor of the mean loss over the tokens of a long text
    by_position: np.ndarray  # (T,) of the token at position t given those before it, over sentences that get there
    reached: np.ndarray  # (T,) how probable it is that a sentence has a token at position t, `<end>` counted


def entropy(grammar):
    """H = Σ_s E[visits of node s] · H(arc | s), the entropy of a sentence, and what it is per token.

    A sentence is one walk, so the entropy of sentences is that of walks, and the walk's entropy is the sum of those of
    its steps (the chain rule). What a model of the next token loses on average, over the words and the `<end>` of many
    independent sentences, is at least `per_token`; where it sees only a part of what stands before, at least as much.

    Returns
    -------
    Entropy
    """
    surprise = grammar.probabilities * -np.log(grammar.probabilities)
    per_node = np.add.reduceat(surprise, grammar.first[:-1])
    visits = list(node_visits(grammar))
    reached = np.array([here.sum() for here in visits])
    nats = np.array([here @ per_node for here in visits])
    return Entropy(nats.sum(), reached.sum(), nats.sum() / reached.sum(), nats / reached, reached)


def count_sentences(grammar):
    """How many different sentences the grammar can say, an int of any size."""
    ways = [0] * (len(grammar.first) - 1) + [1]  # the last, which −1 finds, is the end of a sentence
    for node in range(len(grammar.first) - 1):  # every node stands behind those that follow it
        ways[node] = sum(ways[after] for after in grammar.following[grammar.first[node] : grammar.first[node + 1]])
    return ways[grammar.start]
