"""BLEU: how many n-grams of an output stand in one of its references, too."""

from collections import Counter
from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_list, check_integer


class BLEU(NamedTuple):
    """The score of some outputs, and what it is made of."""

    score: float  # brevity · the geometric mean of the precisions, from 0 to 1
    precisions: tuple[float, ...]  # of n-grams, n = 1 … order
    brevity: float  # exp(1 − reference length / output length) where the outputs are shorter, else 1
    output_length: int
    reference_length: int


def bleu(outputs, references, order=4):
    """BLEU = brevity · exp(Σ_n log p_n / order), from 0 to 1, over all outputs together.

    p_n is the share of the outputs' n-grams that stand in a reference too. An n-gram counts at most as often as it
    stands in one reference ("clipped"), so that saying one right word again and again gains nothing. Short outputs
    would win by saying only what is sure; the brevity penalty takes that away.

    Where no n-gram of some n is right, the first such p_n is taken as half of one n-gram, the next as a quarter, and so
    on, as sacrebleu does; without any n-gram of that length at all, or any right word, BLEU is 0.

    Parameters
    ----------
    outputs : list of str, or of sequences of words
        Of a str the words are what stands between spaces.
    references : list of lists of str, or of sequences of words
        For each output the texts that would be right, at least one.
    order : int
        The longest n-grams.

    Returns
    -------
    BLEU

    Raises
    ------
    ValueError
        When there are not references for each output, or no output at all.

    References
    ----------
    Papineni, Roukos, Ward, Zhu 2002, "BLEU: a Method for Automatic Evaluation of Machine Translation",
    https://aclanthology.org/P02-1040. Post 2018, "A Call for Clarity in Reporting BLEU Scores",
    https://arxiv.org/abs/1804.08771
    """
    order = check_integer("order", order)
    pairs = _pairs(outputs, references)
    right, all_ = np.zeros(order, int), np.zeros(order, int)
    for output, allowed in pairs:
        for n in range(1, order + 1):
            grams = _count_n_grams(output, n)
            most = Counter()  # how often an n-gram stands in the reference that has it most often
            for reference in allowed:
                most |= _count_n_grams(reference, n)
            right[n - 1] += (grams & most).total()
            all_[n - 1] += grams.total()
    output_length = sum(len(output) for output, _ in pairs)
    reference_length = sum(_nearest_length(output, allowed) for output, allowed in pairs)
    precisions = _smoothed(right, all_)
    brevity = _brevity(output_length, reference_length)
    with np.errstate(divide="ignore"):  # log 0 = −inf, and the score is 0
        score = brevity * np.exp(np.log(precisions).mean()) if right.any() else 0.0
    return BLEU(float(score), tuple(precisions.tolist()), brevity, output_length, reference_length)


def share_exactly_right(outputs, truths):
    """How many of the outputs are their truth, word for word, from 0 to 1; arguments as for `word_error_rate`."""
    outputs, truths = as_list("outputs", outputs), as_list("truths", truths)
    if len(outputs) != len(truths) or not truths:
        raise ValueError(f"there are {len(outputs)} outputs and {len(truths)} truths, expected one for each")
    return sum(_words(output) == _words(truth) for output, truth in zip(outputs, truths, strict=True)) / len(truths)


def _pairs(outputs, references):
    """(words of the output, words of each of its references), for each output."""
    outputs, references = as_list("outputs", outputs), as_list("references", references)
    if len(outputs) != len(references) or not outputs:
        raise ValueError(
            f"there are {len(outputs)} outputs and {len(references)} lists of references, expected as many"
        )
    pairs = []
    for output, allowed in zip(outputs, references, strict=True):
        texts = [_words(reference) for reference in as_list("the references of an output", allowed)]
        if not texts:
            raise ValueError(f"the output {output!r} has no reference, expected at least one")
        pairs.append((_words(output), texts))
    return pairs


def _words(text):
    return text.split() if isinstance(text, str) else as_list("a text", text)


def _count_n_grams(words, n):
    return Counter(tuple(words[start : start + n]) for start in range(len(words) - n + 1))


def _nearest_length(output, allowed):
    """The length of the reference that is nearest to the output's, of two as near the shorter."""
    return min((len(reference) for reference in allowed), key=lambda length: (abs(length - len(output)), length))


def _smoothed(right, all_):
    """The share of each order that is right; where it would be 0: 1/2 of one n-gram, then 1/4, and so on."""
    precisions, half = np.zeros(len(right)), 1.0
    for n, (found, of) in enumerate(zip(right, all_, strict=True)):
        if of and not found:
            half /= 2
        precisions[n] = (found or half) / of if of else 0
    return precisions


def _brevity(output_length, reference_length):
    if output_length >= reference_length:
        return 1.0
    return float(np.exp(1 - reference_length / output_length)) if output_length else 0.0
