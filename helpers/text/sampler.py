"""Sentences drawn from a grammar, all at once: every sentence takes its step through the graph together."""

import numpy as np

from helpers.core.checks import check_integer
from helpers.text.vocab import Corpus

_BLOCK = 1 << 16  # sentences at a time: enough to be fast, few enough to need little memory


def sample(grammar, sentences, rng):
    """Draw sentences from a grammar, independently of each other.

    Parameters
    ----------
    grammar : Grammar
    sentences : int
        How many.
    rng : numpy.random.Generator
        The same generator in the same state gives the same corpus.

    Returns
    -------
    Corpus
        Without `<end>`; `helpers.text.batches` puts it where a language model needs it.

    Raises
    ------
    ValueError
        When the number is not an integer above 0.
    """
    check_integer("sentences", sentences)
    ends = _arc_ends(grammar)
    blocks = [_sample_block(grammar, ends, min(_BLOCK, sentences - n), rng) for n in range(0, sentences, _BLOCK)]
    tokens = np.concatenate([tokens for tokens, _ in blocks])
    return Corpus(tokens, np.cumsum(np.concatenate([[0], *(lengths for _, lengths in blocks)])))


def _arc_ends(grammar):
    """Node + Σ of p up to and with each arc: the arcs of node s share out the numbers from s to s + 1."""
    total = np.cumsum(grammar.probabilities)
    nodes = np.arange(len(grammar.first) - 1)
    before = np.concatenate([[0.0], total])[grammar.first[:-1]]
    ends = np.repeat(nodes - before, np.diff(grammar.first)) + total
    ends[grammar.first[1:] - 1] = nodes + 1  # rounding must not let a draw fall into the next node
    return ends


def _sample_block(grammar, ends, sentences, rng):
    """The words of some sentences in one flat array, and the lengths of the sentences."""
    node = np.full(sentences, grammar.start)
    going = np.arange(sentences)  # the sentences that are not over
    lengths = np.zeros(sentences, dtype=np.int64)
    steps = []
    while going.size:
        draw = np.minimum(node + rng.random(going.size), np.nextafter(node + 1.0, 0))
        arc = np.searchsorted(ends, draw, side="right")
        node = grammar.following[arc]
        going, arc, node = going[node >= 0], arc[node >= 0], node[node >= 0]
        lengths[going] += 1
        steps.append((going, grammar.words[arc]))
    starts = np.cumsum(lengths) - lengths
    tokens = np.empty(lengths.sum(), dtype=np.int32)
    for t, (sentence, word) in enumerate(steps):
        tokens[starts[sentence] + t] = word
    return tokens, lengths
