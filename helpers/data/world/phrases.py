"""Sentence patterns such as "WHO lose* OWN THING": how they get their subject, their tense and their other parts."""

from typing import NamedTuple

from helpers.data.world.grammar import Choice, maybe, weighted, zipf
from helpers.data.world.words import ANIMALS, PEOPLE, VERBS

# The tense decides the form of the verb, and the words for the time say which tense it is.
_TENSES = {"present": 0.5, "past": 0.35, "future": 0.15}
_TIMES = {
    "present": zipf(["every day", "today", "every week"]),
    "past": zipf(["yesterday", "last week", "last year"]),
    "future": zipf(["tomorrow", "next week"]),
}


class Subject(NamedTuple):
    """Who a sentence is about, with the words that must agree. The names in capitals stand for them in templates."""

    noun: str | Choice  # NOUN; WHO is the noun with its article and, now and then, a clause about it
    plural: bool
    pronoun: str  # IT
    possessive: str  # OWN
    reflexive: str  # SELF
    relative: str  # "who" or "that"


def person_subject(row, female, plural=False):
    """The man or the woman of a row of PEOPLE, or several, as a subject."""
    if plural:
        return Subject(row.females if female else row.males, True, "they", "their", "themselves", "who")
    if female:
        return Subject(row.female, False, "she", "her", "herself", "who")
    return Subject(row.male, False, "he", "his", "himself", "who")


def animal_subject(row, young, plural=False):
    """The adult or the young of a row of ANIMALS, or several, as a subject."""
    if plural:
        return Subject(row.youngs if young else row.adults, True, "they", "their", "themselves", "that")
    return Subject(row.young if young else row.adult, False, "it", "its", "itself", "that")


def person_subjects(row):
    """The pairs (weight, subject) of a row of PEOPLE: one in four sentences is about several."""
    return [(0.25 if plural else 0.75, person_subject(row, female, plural)) for female in (0, 1) for plural in (0, 1)]


def animal_subjects(row):
    """The pairs (weight, subject) of a row of ANIMALS: adults twice as often as young, one in three plural."""
    return [((2 - young) * (2 - plural), animal_subject(row, young, plural)) for young in (0, 1) for plural in (0, 1)]


# Anyone: what comes later in the sentence depends only on whether the subject is one or several.
ANYONE = Subject(zipf(weighted([(1, row.male), (1, row.female)]) for row in PEOPLE), False, "", "", "", "who")
SEVERAL = Subject(zipf(weighted([(1, row.males), (1, row.females)]) for row in PEOPLE), True, "", "", "", "who")
_SEEN = zipf(weighted([(1, row.adult), (1, row.adults)]) for row in ANIMALS[:6])
TRAIT = zipf(["happy", "tired", "clever", "famous"])
# A clause about the subject, whose own object may differ from it in number: the king who sees the dogs …
_ABOUT = (zipf(["see*", "love*", "follow*"]), "the", _SEEN)


def verb_form(base, tense="present", plural=False):
    """A form of a verb: walks, walked, will walk; "not:walk" gives does not walk, did not walk, will not walk."""
    if base.startswith("not:"):
        helper = {"present": "do" if plural else "does", "past": "did", "future": "will"}[tense]
        return f"{helper} not {base.removeprefix('not:')}"
    form, third, past = VERBS[base]
    if base == "be" and plural:
        third, past = "are", "were"
    elif plural:
        third = form
    return {"present": third, "past": past, "future": f"will {form}"}[tense]


def with_article(noun):
    """The noun with its article: a cow, an owl."""
    return f"an {noun}" if noun[0] in "aeio" or noun == "uncle" else f"a {noun}"


def fill_template(template, parts, tense="present", plural=False):
    """Replace words in capitals by the parts that they name, and words that end in a star by forms of these verbs.

    Parameters
    ----------
    template : str, tuple or Choice
        An expression of the grammar; parts may hold templates themselves.
    parts : dict of str to expression
    tense : "present", "past" or "future"
    plural : bool

    Returns
    -------
    tuple or Choice
        An expression of the grammar.
    """
    if isinstance(template, Choice):
        return Choice(
            tuple(fill_template(option, parts, tense, plural) for option in template.options), template.weights
        )
    if isinstance(template, tuple):
        return tuple(fill_template(part, parts, tense, plural) for part in template)
    words = []
    for word in template.split():
        if word in parts:
            words.append(fill_template(parts[word], parts, tense, plural))
        else:
            words.append(verb_form(word[:-1], tense, plural) if word.endswith("*") else word)
    return tuple(words)


def said_of(subject, head, predicates, tense="present", **parts):
    """The head (such as "WHO" or "the NOUN") and one of the predicates {template: weight}, in one tense."""
    parts |= {"NOUN": subject.noun, "IT": subject.pronoun, "OWN": subject.possessive, "SELF": subject.reflexive}
    # In a clause about the subject the future is not marked: "the king who sees the dog will walk".
    about = fill_template(_ABOUT, {}, "past" if tense == "past" else "present", subject.plural)
    article = weighted([(3, "the"), (1, "many")]) if subject.plural else "the"
    parts["WHO"] = (article, maybe(0.2, TRAIT), subject.noun, maybe(0.15, (subject.relative, about)))
    predicate = weighted((weight, template) for template, weight in predicates.items())
    return fill_template((head, predicate), parts, tense, subject.plural)


def in_tenses(subject, head, predicates, **parts):
    """As `said_of`, in all tenses, with the words for the time before it, after it or left out."""

    def timed(tense):
        clause = said_of(subject, head, predicates, tense, **parts)
        return weighted([(3, (_TIMES[tense], clause)), (7, (clause, maybe(3 / 7, _TIMES[tense])))])

    return weighted((weight, timed(tense)) for tense, weight in _TENSES.items())
