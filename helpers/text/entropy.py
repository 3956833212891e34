"""How uncertain the sentences of a grammar are, exactly: the floor under the loss of every language model."""

from typing import NamedTuple

import numpy as np

from helpers.text.grammar import node_visits


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
