"""What stands behind hidden words of a sentence, exactly: the best that any masked language model can answer."""

import numpy as np

from helpers.core.checks import check_indices, check_shape
from helpers.text.vocab import END, SPECIALS, encode, tokenise


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


def masked_probabilities(grammar, sentence, positions):
    """p(word at t | the words at all other positions) for each of several blanks, with the others blank as well.

    For one blank it is `helpers.text.exact.blank_probabilities`.

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
    tokens = encode(grammar.vocab, tokenise(sentence) if isinstance(sentence, str) else sentence)
    check_indices("positions", positions, len(tokens))
    V = len(grammar.vocab)
    likelihood = (tokens[:, None] == np.arange(V)).astype(float)
    likelihood[positions] = 1.0
    likelihood[:, : len(SPECIALS)] = 0.0
    return hidden_probabilities(grammar, likelihood)[positions]
