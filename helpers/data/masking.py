"""Masked tokens: which are to be guessed, and what stands in their place (BERT's 80/10/10 rule)."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_indices, check_integer, check_shape, is_number
from helpers.data.vocab import SPECIALS


class MaskRule(NamedTuple):
    """How often a token is chosen, and what becomes of those that are."""

    rate: float = 0.15  # the share of words that are chosen
    masked: float = 0.8  # of those: replaced by the mask
    random: float = 0.1  # of those: replaced by any word; the rest stay as they are


class MaskedBatch(NamedTuple):
    """Sentences with some of their words hidden."""

    seen: np.ndarray  # (...) of int, what the model reads; V stands for the mask
    targets: np.ndarray  # (...) of int, what really stands there
    chosen: np.ndarray  # (...) of bool, True = counts in the loss


def mask_tokens(tokens, V, rng, rule=None):
    """Choose each word with probability `rate`; show the mask, a random word or the word itself in its place.

    A model that saw only masks where it is asked would learn nothing about other positions, and would never see in
    training what it sees later: sentences without masks. As any word may be a wrong one or be asked for, it has to
    know something about each.

    Parameters
    ----------
    tokens : ndarray of int (...)
        Specials, such as the padding, are never chosen.
    V : int
        Tokens of the vocabulary, without the mask, which gets the number V.
    rng : numpy.random.Generator
    rule : MaskRule, optional
        0.15, and of those 0.8 masked and 0.1 random.

    Returns
    -------
    MaskedBatch

    Raises
    ------
    ValueError
        When a token is no number below V, or the rule holds no shares.

    References
    ----------
    Devlin et al. 2019, "BERT", section 3.1, https://arxiv.org/abs/1810.04805. They choose a fixed share of every
    text; here each word is chosen for itself, so a short sentence may have none or all of its words chosen.
    """
    rule = MaskRule() if rule is None else rule
    _check_rule(rule)
    check_integer("V", V, least=len(SPECIALS) + 1)
    check_indices("tokens", tokens, V)
    tokens = np.asarray(tokens)
    chosen = (rng.random(tokens.shape) < rule.rate) & (tokens >= len(SPECIALS))
    fate = rng.random(tokens.shape)
    words = rng.integers(len(SPECIALS), V, size=tokens.shape, dtype=tokens.dtype)
    seen = np.where(chosen & (fate < rule.masked), tokens.dtype.type(V), tokens)
    seen = np.where(chosen & (fate >= rule.masked) & (fate < rule.masked + rule.random), words, seen)
    return MaskedBatch(seen, tokens, chosen)


def seen_likelihood(seen, chosen, V, rule=None):
    """P(what is seen at t | the word w at t) for every w, given which words are asked for.

    A model that is asked for the word at t knows that this one was chosen; of the others it only knows how often
    words are. With `helpers.data.world.exact_probabilities` this gives the best that any model can answer.

    Parameters
    ----------
    seen : ndarray of int (T,)
        A sentence without `<start>` and `<end>`; V stands for the mask.
    chosen : ndarray of bool (T,)
        The words that are known to be chosen: for a prediction at t, t alone.
    V : int
    rule : MaskRule, optional

    Returns
    -------
    ndarray (T, V)

    Raises
    ------
    ValueError
        When shapes or numbers do not fit, or a special stands in the sentence.
    """
    rule = MaskRule() if rule is None else rule
    _check_rule(rule)
    check_indices("seen", seen, V + 1)
    if np.min(seen, initial=V) < len(SPECIALS):
        raise ValueError(f"seen has {np.min(seen)}, a special; expected words, from {len(SPECIALS)} on")
    (T,) = check_shape("seen", seen, "T")
    check_shape("chosen", chosen, "T", T=T)
    rate = np.where(chosen, 1.0, rule.rate)[:, None]
    same = np.asarray(seen)[:, None] == np.arange(V)
    kept = 1 - rule.masked - rule.random
    word = rate * rule.random / (V - len(SPECIALS)) + same * (1 - rate + rate * kept)
    likelihood = np.where((np.asarray(seen) == V)[:, None], rate * rule.masked, word)
    likelihood[:, : len(SPECIALS)] = 0.0  # no special stands in a sentence
    return likelihood


def _check_rule(rule):
    """Refuse shares that are none.

    Raises
    ------
    ValueError
    """
    if not all(is_number(share) and share <= 1 for share in rule) or not (
        rule.rate > 0 and min(rule[1:]) >= 0 and rule.masked + rule.random <= 1
    ):
        raise ValueError(
            f"the rule is {str(rule)[:200]}, expected shares: a rate above 0, and masked + random at most 1"
        )
