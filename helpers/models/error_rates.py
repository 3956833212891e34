"""Word and character error rate: how many edits make what was recognised into what was said."""

from helpers.core.checks import as_list
from helpers.core.edit_distance import edit_distance


def word_error_rate(outputs, truths):
    """WER = Σ edits / Σ words of the truth, where an edit inserts, deletes or replaces one word.

    It is a rate of the whole, not the mean over the sentences, and it can be above 1: a long output for a short truth
    has many words too many.

    Parameters
    ----------
    outputs, truths : list of str, or of sequences of words
        Of a str the words are what stands between spaces.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        When there is not one output for each truth, something is no text, or the truths have no word.
    """
    return _error_rate(outputs, truths, lambda text: text.split() if isinstance(text, str) else as_list("a text", text))


def character_error_rate(outputs, truths):
    """CER = Σ edits / Σ characters of the truth, spaces counted; arguments and result as for `word_error_rate`.

    A text may be a sequence of tokens: each counts as one character.
    """
    return _error_rate(outputs, truths, lambda text: text if isinstance(text, str) else as_list("a text", text))


def _error_rate(outputs, truths, parts):
    outputs, truths = as_list("outputs", outputs), as_list("truths", truths)
    if len(outputs) != len(truths):
        raise ValueError(f"there are {len(outputs)} outputs and {len(truths)} truths, expected one for each")
    pairs = [(parts(output), parts(truth)) for output, truth in zip(outputs, truths, strict=True)]
    length = sum(len(truth) for _, truth in pairs)
    if not length:
        raise ValueError(f"the {len(truths)} truths have nothing in them, expected at least one word or character")
    return sum(edit_distance(output, truth) for output, truth in pairs) / length
