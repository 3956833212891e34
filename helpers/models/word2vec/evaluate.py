"""What word vectors know: analogies, graded similarity, neighbours as words."""

import numpy as np

from helpers.core.checks import as_list, check_finite, check_floats, check_indices, check_shape
from helpers.data.vocab import SPECIALS
from helpers.layers.embedding import nearest_neighbours, unit_rows

_TURNED = 16  # pairs: 2^15 choices
_QUESTIONS_AT_ONCE = 256  # so few that their scores against the whole vocabulary need little memory


def analogy_answers(E, questions, exclude=(), offset=True, minus_a=True):
    """a is to b as c is to …? The word w with the largest cos(w, b) − cos(w, a) + cos(w, c): 3CosAdd.

    With offset=False the word with the largest cos(w, c), among the same words: the baseline that no analogy needs.
    With minus_a=False the word with the largest cos(w, b) + cos(w, c): the baseline that needs no a.

    Parameters
    ----------
    E : ndarray (V, D)
    questions : ndarray of int (Q, 3) or (Q, 4)
        The words a, b, c; the fourth, d, has no influence on the answer.
    exclude : sequence of int
        Words that are no answer, such as the specials. The three words of a question never are.
    offset : bool
        False leaves b − a out.
    minus_a : bool
        False leaves a out; without the offset there is none.

    Returns
    -------
    ndarray of int (Q,)

    Raises
    ------
    ValueError
        When shapes do not fit, a word has no row, the table has NaN or infinity, or no word is left to answer.

    References
    ----------
    Mikolov, Yih, Zweig 2013, "Linguistic Regularities in Continuous Space Word Representations", NAACL (the method);
    Levy, Goldberg 2014, "Linguistic Regularities in Sparse and Explicit Word Representations", CoNLL (the name);
    Linzen 2016, "Issues in Evaluating Semantic Spaces Using Word Analogies", https://arxiv.org/abs/1606.07736 (the
    baselines).
    """
    check_floats(E=E)
    V, _ = check_shape("E", E, "V D")
    check_finite("E", E)
    questions, exclude = np.asarray(questions), as_list("exclude", exclude)
    _, columns = check_shape("questions", questions, "Q columns")
    if columns not in (3, 4):
        raise ValueError(f"questions has {columns} columns, expected 3 or 4")
    check_indices("questions", questions, V)
    if exclude:  # an empty list has no integers to show
        check_indices("exclude", exclude, V)
    unit = unit_rows(E)
    answers = np.empty(len(questions), np.int64)
    for begin in range(0, len(questions), _QUESTIONS_AT_ONCE):
        abc = questions[begin : begin + _QUESTIONS_AT_ONCE, :3]
        a, b, c = (unit[column] for column in abc.T)
        scores = (b - minus_a * a + c if offset else c) @ unit.T  # (Q, V)
        np.put_along_axis(scores, abc, -np.inf, axis=1)
        scores[:, exclude] = -np.inf
        if np.isneginf(scores.max(axis=1)).any():
            raise ValueError(f"all {V} words are asked about or excluded, expected one that is left to answer")
        answers[begin : begin + _QUESTIONS_AT_ONCE] = scores.argmax(axis=1)
    return answers


def analogy_accuracy(E, questions, exclude=(), offset=True, minus_a=True):
    """The share of questions (Q, 4) whose answer is d, from 0 to 1. Chance is about 1 / V.

    It takes what `analogy_answers` takes.

    Raises
    ------
    ValueError
        When there is no question, or one is not of four words.
    """
    questions = np.asarray(questions)
    check_shape("questions", questions, "Q words", words=4)
    if not len(questions):
        raise ValueError("questions is empty, expected at least one")
    return float((analogy_answers(E, questions, exclude, offset, minus_a) == questions[:, 3]).mean())


def arrow_cosine(E, pairs):
    """The mean cosine between the arrows of two pairs, (E_b − E_a) · (E_d − E_c), rows and arrows at length 1.

    Parameters
    ----------
    E : ndarray (V, D)
    pairs : ndarray of int (N, 2)
        At least two pairs (a, b).

    Returns
    -------
    float
        1: all arrows are parallel. 0: on average they have nothing in common.

    Raises
    ------
    ValueError
        When shapes do not fit, a word has no row, or there are fewer than two pairs.
    """
    check_floats(E=E)
    V, _ = check_shape("E", E, "V D")
    check_finite("E", E)
    N, _ = check_shape("pairs", pairs, "N words", words=2)
    check_indices("pairs", pairs, V)
    if N < 2:
        raise ValueError(f"pairs has {N} pairs, expected at least two to compare")
    a, b = np.asarray(pairs).T
    unit = unit_rows(E)
    arrows = unit_rows(unit[b] - unit[a])
    cosines = arrows @ arrows.T  # (N, N), and each arrow with itself, which does not count
    return float((cosines.sum() - np.trace(cosines)) / (N * N - N))


def analogy_cosines(E, questions):
    """The cosine between the two arrows of each analogy, (E_b − E_a) · (E_d − E_c), rows and arrows at length 1.

    Parameters
    ----------
    E : ndarray (V, D)
    questions : ndarray of int (Q, 4)
        The words a, b, c, d.

    Returns
    -------
    ndarray (Q,)
        1: c leads to d as a leads to b. 0: the two arrows have nothing in common.

    Raises
    ------
    ValueError
        When shapes do not fit, a word has no row, or the table has NaN or infinity.
    """
    check_floats(E=E)
    V, _ = check_shape("E", E, "V D")
    check_finite("E", E)
    check_shape("questions", questions, "Q words", words=4)
    check_indices("questions", questions, V)
    a, b, c, d = unit_rows(E)[np.asarray(questions).T]
    return (unit_rows(b - a) * unit_rows(d - c)).sum(axis=1)


def arrow_cosine_controls(E, pairs):
    """The mean cosine of arrows again: with the partners exchanged, and with each arrow turned as is best for it.

    Parameters
    ----------
    E : ndarray (V, D)
    pairs : ndarray of int (N, 2)
        At least two pairs (a, b), at most 16: every choice of arrows to turn is tried.

    Returns
    -------
    exchanged : float
        The mean over all shifts of the second words: what arrows have in common that lead to the partner of another.
    turned : float
        The largest mean if any pair (a, b) may be (b, a): what a relation has whose pairs have no order of their own.

    Raises
    ------
    ValueError
        When there are more than 16 pairs, and as `arrow_cosine`.
    """
    arrow_cosine(E, pairs)  # refuses what does not fit
    (a, b), N = np.asarray(pairs).T, len(pairs)
    if N > _TURNED:
        raise ValueError(f"pairs has {N} pairs, expected at most {_TURNED}")
    exchanged = np.mean([arrow_cosine(E, np.stack([a, np.roll(b, k)], axis=1)) for k in range(1, N)])
    unit = unit_rows(E)
    arrows = unit_rows(unit[b] - unit[a])
    ways = 1 - 2 * (np.arange(2 ** (N - 1))[:, None] >> np.arange(N) & 1)  # (2^(N - 1), N), the last is never turned
    cosines = arrows @ arrows.T
    sums = ((ways @ cosines) * ways).sum(axis=1) - np.trace(cosines)
    return float(exchanged), float(sums.max() / (N * N - N))


def rank_correlation(x, y):
    """Spearman's ρ: the correlation of the ranks, from −1 to 1; 0 means that one order says nothing about the other.

    Parameters
    ----------
    x, y : ndarray (N,)
        Equal values share the mean of their ranks.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        When the lengths differ, a value is NaN or infinite, or all values of one are equal: then there is no order to
        compare.

    References
    ----------
    Spearman 1904, "The Proof and Measurement of Association between Two Things", https://doi.org/10.2307/1412159
    """
    (N,) = check_shape("x", x, "N")
    check_shape("y", y, "N", N=N)
    ranks = np.stack([_ranks("x", x), _ranks("y", y)])
    ranks -= ranks.mean(axis=1, keepdims=True)
    sizes = np.sqrt((ranks**2).sum(axis=1))
    return float(np.clip(ranks[0] @ ranks[1] / sizes.prod(), -1, 1))


def similarity_correlation(E, first, second, grades):
    """Spearman's ρ between the cosines of pairs of words and how similar they truly are.

    Parameters
    ----------
    E : ndarray (V, D)
    first, second : ndarray of int (N,)
    grades : ndarray (N,)

    Returns
    -------
    float

    Raises
    ------
    ValueError
        When shapes do not fit or a word has no row, and as `rank_correlation`.
    """
    check_floats(E=E)
    V, _ = check_shape("E", E, "V D")
    (N,) = check_shape("first", first, "N")
    check_shape("second", second, "N", N=N)
    check_shape("grades", grades, "N", N=N)
    check_indices("first", first, V)
    check_indices("second", second, V)
    unit = unit_rows(E)
    return rank_correlation((unit[first] * unit[second]).sum(axis=1), grades)


def neighbours(vocab, E, word, n=10):
    """List the n words nearest to a word, as words.

    Parameters
    ----------
    vocab : Vocab
    E : ndarray (V, D)
    word : str
    n : int

    Returns
    -------
    list of (str, float)
        Each with its cosine; the word itself and the specials are left out.

    Raises
    ------
    ValueError
        When the vocabulary lacks the word, or the table is not that of the vocabulary.
    """
    check_shape("E", E, "V D", V=len(vocab))
    if not isinstance(word, str) or word not in vocab:
        raise ValueError(f"word is {word!r}, expected one of the {len(vocab)} words of the vocabulary")
    i = vocab.ids[word]
    ids, cosines = nearest_neighbours(E[i], E, n, exclude=[*range(len(SPECIALS)), i])
    return [(str(token), float(cosine)) for token, cosine in zip(vocab.tokens[ids], cosines, strict=True)]


def _ranks(name, x):
    check_finite(name, x)
    _, place, counts = np.unique(np.asarray(x), return_inverse=True, return_counts=True)
    if len(counts) < 2:
        raise ValueError(f"{name} has {len(counts)} different values, expected at least two")
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[place]
