"""From the log-probabilities of every frame to a text: best path, prefix beam search, and every text there is."""

from itertools import product
from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_floats, check_integer, check_number
from helpers.core.ctc_paths import check_log_y, collapse
from helpers.core.numerics import logsumexp
from helpers.decoding.beam import largest
from helpers.decoding.interface import ABOVE_ZERO

_MOST_PATHS = 1_000_000
_MOST = 1e100  # so that no score overflows


class Transcript(NamedTuple):
    """A text that was found, and how good it is."""

    tokens: tuple[int, ...]  # without blanks
    log_prob: float  # log P(text | frames), summed over the paths that the search kept, nats
    log_prior: float  # log P(text) of the language model; 0 without one
    score: float  # log_prob + weight · log_prior + bonus · letters, by which texts are compared


def best_path(log_y, blank=0):
    """Take the most probable symbol at every frame, and collapse this one path.

    It need not say the most probable text: another text may have many paths, each less probable.

    Parameters
    ----------
    log_y : ndarray (T, V)
        Log-probabilities of the symbols at every frame.
    blank : int

    Returns
    -------
    Transcript
        Its log_prob is that of the path, log P(path) = Σ_t max_k log y_t(k), and so at most that of the text.

    Raises
    ------
    ValueError
        When the shape is another, or a frame has no log-probabilities.
    """
    check_log_y(log_y, blank)
    log_prob = float(log_y.max(axis=1).sum(dtype=np.float64))
    return Transcript(tuple(collapse(log_y.argmax(axis=1), blank).tolist()), log_prob, 0.0, log_prob)


def prefix_beam_search(log_y, width, blank=0, language_model=None, weight=1.0, bonus=0.0, end=None):
    """Keep at every frame the `width` best beginnings of a text, each with the sum of its paths.

    The paths of a beginning are kept in two sums, those that end in the blank and those that end in its last letter:
    the same letter again makes a new one only after a blank. A beam that never has to drop anything finds every text
    with its whole probability; the sum of a beginning that was dropped and comes back lacks the paths from before.

    Parameters
    ----------
    log_y : ndarray (T, V)
        Log-probabilities of the symbols at every frame.
    width : int
    blank : int
    language_model : function, optional
        language_model(prefix) -> log P(next | prefix), an array with a number for each of the V symbols, more if it has
        more. The prefix is a tuple of tokens, and each is asked for once. What stands at the blank is not used.
    weight : float
        At least 0: by which log P of the language model is multiplied.
    bonus : float
        Added for each letter. With a language model every letter makes the score fall, so that short texts win; a
        bonus makes up for that.
    end : int, optional
        Where the language model has log P(the text ends here | prefix); it is added once the frames are over.

    Returns
    -------
    list of Transcript
        Best first, at most `width`; none where no text is possible. Of equal scores the one that comes from the better
        beginning stands first.

    Raises
    ------
    ValueError
        When the shape is another, a frame has no log-probabilities, or a setting is out of range.

    References
    ----------
    Hannun, Maas, Jurafsky, Ng 2014, "First-Pass Large Vocabulary Continuous Speech Recognition using Bi-Directional
    Recurrent DNNs", https://arxiv.org/abs/1408.2873, algorithm 1.
    """
    _, V = check_log_y(log_y, blank)
    width = check_integer("width", width)
    prior = _Prior(language_model, weight, bonus, end, V)
    beam = _Prefixes([()], np.zeros(1), np.array([-np.inf]), np.zeros(1))
    for log_y_t in log_y.astype(np.promote_types(log_y.dtype, np.float64)):
        beam = _advance_prefixes(beam, log_y_t, blank, width, prior)
        if not beam.tokens:  # what the frame allows, the language model forbids
            return []
    log_probs = np.logaddexp(beam.after_blank, beam.after_letter).tolist()
    return prior.ranked(zip(beam.tokens, log_probs, strict=True))


def exhaustive_transcripts(log_y, blank=0, language_model=None, weight=1.0, bonus=0.0, end=None):
    """Collapse every one of the V^T paths, add up those of the same text, and rank all texts.

    It is for a few frames: to see what the other searches miss. Parameters, but for the width, and result as for
    `prefix_beam_search`.

    Raises
    ------
    ValueError
        As `prefix_beam_search`; and when there are over a million paths.
    """
    T, V = check_log_y(log_y, blank)
    prior = _Prior(language_model, weight, bonus, end, V)
    if V**T > _MOST_PATHS:
        raise ValueError(f"log_y has {T} frames of {V} symbols, {V}^{T} paths, expected at most {_MOST_PATHS}")
    paths_of = {}
    for path in product(range(V), repeat=T):
        log_prob = sum(float(log_y_t[symbol]) for log_y_t, symbol in zip(log_y, path, strict=True))
        paths_of.setdefault(tuple(collapse(path, blank).tolist()), []).append(log_prob)
    return prior.ranked([(text, float(logsumexp(log_probs))) for text, log_probs in paths_of.items()])


class _Prefixes(NamedTuple):
    """The beginnings of a text in the beam."""

    tokens: list  # of k tuples
    after_blank: np.ndarray  # (k,) log of the sum over the paths that end in the blank
    after_letter: np.ndarray  # (k,) log of the sum over the paths that end in the last letter
    prior: np.ndarray  # (k,) weight · log P(tokens) + bonus · letters


def _advance_prefixes(beam, log_y_t, blank, width, prior):
    """One frame: each beginning stays as it is, or gets a letter; those that are the same are added up."""
    k, V = len(beam.tokens), len(log_y_t)
    total = np.logaddexp(beam.after_blank, beam.after_letter)
    begun = np.array([row for row, tokens in enumerate(beam.tokens) if tokens], int)
    last = np.array([beam.tokens[row][-1] for row in begun], int)

    after_blank = total + log_y_t[blank]
    after_letter = np.full(k, -np.inf)
    after_letter[begun] = beam.after_letter[begun] + log_y_t[last]  # the last letter is said for longer
    grown = total[:, None] + log_y_t  # (k, V): a letter is added
    grown[begun, last] = beam.after_blank[begun] + log_y_t[last]  # the same letter again, after a blank alone
    grown[:, blank] = -np.inf

    place = {tokens: row for row, tokens in enumerate(beam.tokens)}
    same = [(row, place[tokens[:-1]]) for row, tokens in enumerate(beam.tokens) if tokens and tokens[:-1] in place]
    for row, shorter in same:  # another one of the beam grows into this one
        letter = beam.tokens[row][-1]
        after_letter[row] = np.logaddexp(after_letter[row], grown[shorter, letter])
        grown[shorter, letter] = -np.inf

    grown_prior = beam.prior[:, None] + prior.of_next(beam.tokens)  # (k, V)
    scores = np.append(np.logaddexp(after_blank, after_letter) + beam.prior, grown + grown_prior)
    kept = largest(scores, width)
    rows, letters = np.where(kept < k, (kept, np.full(len(kept), blank)), np.divmod(kept - k, V))
    stays = letters == blank
    tokens = [
        beam.tokens[row] if letter == blank else (*beam.tokens[row], letter)
        for row, letter in zip(rows.tolist(), letters.tolist(), strict=True)
    ]
    return _Prefixes(
        tokens,
        np.where(stays, after_blank[rows], -np.inf),
        np.where(stays, after_letter[rows], grown[rows, letters]),
        np.where(stays, beam.prior[rows], grown_prior[rows, letters]),
    )


class _Prior:
    """weight · log P(text) + bonus · letters, letter by letter; what the language model said is kept."""

    def __init__(self, language_model, weight, bonus, end, V):
        check_number("weight", weight)
        check_number("bonus", bonus)
        if not 0 <= weight <= _MOST or abs(bonus) > _MOST:
            wanted = f"expected a weight from 0 to {_MOST:g} and a bonus of at most {_MOST:g} in size"
            raise ValueError(f"weight is {weight} and bonus is {bonus}, {wanted}")
        if language_model is not None and not callable(language_model):
            raise ValueError(f"language_model is {language_model!r}, expected a function")
        if end is not None:
            check_integer("end", end, least=0)
        self._language_model, self._weight, self._bonus, self._end, self._V = language_model, weight, bonus, end, V
        self._known = {}

    def of_next(self, prefixes):
        """What each next letter adds to the score of k prefixes, (k, V)."""
        if self._language_model is None:
            return np.full((1, self._V), float(self._bonus))
        return _times(self._weight, np.array([self._log_probs(tokens)[: self._V] for tokens in prefixes])) + self._bonus

    def ranked(self, texts):
        """List (tokens, log P(tokens | frames)) as `Transcript`, best first, without those that are impossible."""
        found = []
        for tokens, log_prob in texts:
            log_prior = self._log_prior(tokens)
            score = log_prob + _times(self._weight, log_prior) + self._bonus * len(tokens)
            if score > -np.inf:
                found.append(Transcript(tokens, log_prob, float(log_prior), float(score)))
        return sorted(found, key=lambda each: -each.score)

    def _log_prior(self, tokens):
        if self._language_model is None:
            return 0.0
        log_prior = sum(self._log_probs(tokens[:n])[token] for n, token in enumerate(tokens))
        return log_prior if self._end is None else log_prior + self._log_probs(tokens)[self._end]

    def _log_probs(self, tokens):
        if tokens not in self._known:
            log_probs = as_floats("log P of the language model", self._language_model(tokens))
            least = self._V if self._end is None else max(self._V, self._end + 1)
            if log_probs.ndim != 1 or len(log_probs) < least or not (log_probs <= ABOVE_ZERO).all():
                raise ValueError(
                    f"the language model gives {log_probs.shape} numbers up to {log_probs.max(initial=-np.inf)}, "
                    f"expected log-probabilities of at least {least} tokens"
                )
            self._known[tokens] = log_probs
        return self._known[tokens]


def _times(weight, log_probs):
    """weight · log P; with weight 0 an impossible token counts as any other."""
    return weight * log_probs if weight else np.zeros_like(log_probs)
