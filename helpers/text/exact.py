"""What is exactly known about the sentences of a grammar: their probabilities, and those of the words in them.

Sentences begin at the start and end with `<end>`, which is a token like any other: a language model has to predict it
too. `<start>`, which is given and never predicted, is not counted.
"""

import numpy as np

from helpers.core.checks import check_indices
from helpers.core.numerics import softmax
from helpers.text.vocab import END, Corpus, encode_sentences, sentence_numbers, tokenise


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
        When a token is not an id of the grammar's vocabulary.
    """
    check_indices("tokens", corpus.tokens, len(grammar.vocab))
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


def _corpus_of(grammar, sentence):
    return encode_sentences(grammar.vocab, [tokenise(sentence) if isinstance(sentence, str) else sentence])
