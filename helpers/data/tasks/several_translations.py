"""Translation with several right answers, or with copies among the answers; how probable each answer is, is known.

Every noun, adjective and verb of `helpers.data.tasks.translation` has a second form, which ends in another letter and
means the same. Which form is said is the toss of a coin, so a sentence with n such words has 2ⁿ translations that are
equally right. Some targets may be no translation: they are the source itself, as in real collections of translations
(Ott, Auli, Grangier, Ranzato 2018, "Analyzing Uncertainty in Neural Machine Translation",
https://arxiv.org/abs/1803.00047).
"""

import numpy as np

from helpers.core.checks import as_list, check_number
from helpers.data.source_target_pairs import Pair
from helpers.data.tasks.translation import LEXICON, translate, translation_pairs

_OTHER_ENDING = {"n": "m", "r": "l", "s": "t"}  # of a noun, an adjective, a verb
SECOND_FORMS = {
    word: word[:-1] + _OTHER_ENDING[word[-1]] for english, word in LEXICON.items() if english != "and"
}  # first form → second form
_FIRST_FORMS = {second: first for first, second in SECOND_FORMS.items()}
_UNDECIDED, _TRANSLATION, _COPY, _NEITHER = range(4)


def uncertain_pairs(count, rng, lengths=(3, 11), several=True, copied=0.0):
    """Draw sentences, each with one target from the true distribution P(target | source).

    Parameters
    ----------
    count : int
        How many pairs.
    rng : numpy.random.Generator
    lengths : (int, int)
        The least and the greatest number of source tokens.
    several : bool
        Each word of the translation is its first or its second form, equally likely; otherwise always the first.
    copied : float
        The share of targets that are the source itself, at least 0 and below 1.

    Returns
    -------
    list of Pair

    Raises
    ------
    ValueError
        When the count, the lengths or the share are out of range.
    """
    _check_copied(copied)
    pairs = translation_pairs(count, rng, lengths)
    return [_draw_target(pair, rng, several, copied) for pair in pairs]


def _draw_target(pair, rng, several, copied):
    if rng.random() < copied:
        return Pair(pair.source, pair.source, tuple((place,) for place in range(len(pair.source))))
    target = tuple(SECOND_FORMS.get(word, word) if several and rng.random() < 0.5 else word for word in pair.target)
    return pair._replace(target=target)


def in_first_forms(output):
    """Write every word of an output in its first form; outputs that mean the same become equal."""
    return tuple(_FIRST_FORMS.get(word, word) for word in as_list("output", output))


def count_translations(source, several=True):
    """How many translations of a source are right: 2ⁿ, or 1."""
    return 2 ** sum(word in SECOND_FORMS for word in translate(source).target) if several else 1


def true_distribution(sources, vocab, several=True, copied=0.0):
    """Make the truth a model that every search can ask: ``step, state`` as `helpers.decoding.interface` wants them.

    Parameters
    ----------
    sources : list of B sequences of str
    vocab : Vocab
        Of the targets, with every word that may be said.
    several, copied
        As in `uncertain_pairs`.

    Returns
    -------
    step : function
        ``step(tokens (N,), state) -> log_probs (N, V), state``. What is said first, decides between a translation and a
        copy. After a word that is in neither, `<end>` is certain.
    state : ndarray of int (B, 3)
        A row for each source: its number, what the output is so far, and how many tokens it has.

    Raises
    ------
    ValueError
        When a source is no sentence of the language, a word is not in the vocabulary, or the share is out of range.
    """
    _check_copied(copied)
    sources = [tuple(as_list("a source", source)) for source in as_list("sources", sources)]
    answers = [_answers(source, vocab, several, copied) for source in sources]
    end = vocab.ids["<end>"]

    def step(tokens, state):
        log_probs = np.full((len(tokens), len(vocab)), -np.inf)
        after = state.copy()
        for row, (token, (number, kind, written)) in enumerate(zip(tokens, state, strict=True)):
            kind, options = _next_options(int(token), kind, written, answers[number], copied, end)
            log_probs[row, list(options)] = np.log(list(options.values()))
            after[row, 1:] = kind, written + 1
        return log_probs, after

    return step, np.array([(number, _UNDECIDED, 0) for number in range(len(sources))])


def _answers(source, vocab, several, copied):
    """For each place the ids that may stand there: in a translation, and in a copy."""
    words = translate(source).target
    forms = [(word, SECOND_FORMS[word]) if several and word in SECOND_FORMS else (word,) for word in words]
    needed = {word for each in forms for word in each} | ({*source} if copied else set())
    if missing := sorted(needed - {*vocab.ids}):
        raise ValueError(f"the vocabulary lacks {', '.join(missing[:5])}, expected every word that may be said")
    translation = [[vocab.ids[word] for word in each] for each in forms]
    return translation, [vocab.ids[word] for word in source] if copied else []


def _next_options(token, kind, written, answers, copied, end):
    """What the output is now, and {token: probability} of what comes next."""
    translation, copy = answers
    said = {_TRANSLATION: translation, _COPY: [[word] for word in copy]}
    if written and kind == _UNDECIDED:  # the first word decides
        kind = _TRANSLATION if token in translation[0] else _COPY if copy and token == copy[0] else _NEITHER
    elif kind in said and (written > len(said[kind]) or token not in said[kind][written - 1]):
        kind = _NEITHER
    if kind == _UNDECIDED:
        options = {word: (1 - copied) / len(translation[0]) for word in translation[0]}
        return kind, options | ({copy[0]: copied} if copied else {})
    if kind == _TRANSLATION and written < len(translation):
        return kind, dict.fromkeys(translation[written], 1 / len(translation[written]))
    if kind == _COPY and written < len(copy):
        return kind, {copy[written]: 1.0}
    return kind, {end: 1.0}


def _check_copied(copied):
    check_number("copied", copied)
    if not 0 <= copied < 1:
        raise ValueError(f"copied is {copied}, expected a share, at least 0 and below 1")
