"""A language model of letters for prefix beam search: what is likely to be written next, from counts."""

from functools import cache

import numpy as np

from helpers.core.checks import as_list, check_integer
from helpers.data.speech import BLANK, SPEECH_SYMBOLS, letter_ids
from helpers.data.vocab import END, SPECIALS, Corpus
from helpers.models.ngram import count_ngrams, next_probabilities

_SHIFT = len(SPECIALS) - 1  # the counts have <pad>, <start> and <end> where CTC has the blank
_LONGEST = 20


def letter_language_model(texts, order=6):
    """log P(next letter | the order − 1 letters before), from n-gram counts with Witten–Bell smoothing.

    Parameters
    ----------
    texts : list of str
        Such as the texts of the training set.
    order : int
        6 spans a word of five letters and the space after it.

    Returns
    -------
    function
        prefix, a tuple of ids -> log P of each of the 17 symbols and, last, of the end of the text, (18,), as
        `prefix_beam_search(…, language_model=…, end=17)` asks for. That of the blank is not used.

    Raises
    ------
    ValueError
        When a text has a letter that no digit's word has, or the order is not from 1 to 20.
    """
    order, texts = check_integer("order", order), [letter_ids(text) for text in as_list("texts", texts)]
    if order > _LONGEST or not texts:
        raise ValueError(f"order is {order} for {len(texts)} texts, expected at most {_LONGEST}, and some text")
    lengths = np.array([len(ids) for ids in texts])
    corpus = Corpus(np.concatenate(texts) + _SHIFT, np.append(0, lengths.cumsum()))
    model = count_ngrams(corpus, order, len(SPEECH_SYMBOLS) + _SHIFT)

    @cache  # a search asks for the same contexts again and again
    def after(context):
        P = next_probabilities(model, np.array(context, int) + _SHIFT)
        return np.log([*P[_SHIFT + BLANK : _SHIFT + len(SPEECH_SYMBOLS)], P[END]])

    def log_probs(prefix):
        return after(tuple(prefix[max(0, len(prefix) - order + 1) :]))

    return log_probs
