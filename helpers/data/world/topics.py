"""The known language: what can be said about the people, animals, countries, tools and sizes of the small world.

`helpers.data.world.words` holds the facts. In the templates, a star marks a verb that takes the tense of the sentence
and the number of its subject, and words in capitals stand for other parts (`helpers.data.world.phrases`). Choices that
depend on each other (a noun and its verb) are made together, in one option of a choice; all others are free. Nothing
untrue of the world is said, except where it is denied.
"""

from functools import cache
from itertools import combinations, permutations

from helpers.core.checks import check_choice
from helpers.data.world.grammar import build_grammar, one_of, weighted, zipf
from helpers.data.world.phrases import (
    ANYONE,
    SEVERAL,
    animal_subject,
    animal_subjects,
    fill_template,
    in_tenses,
    person_subject,
    person_subjects,
    said_of,
    with_article,
)
from helpers.data.world.words import ANIMALS, COUNTRIES, PEOPLE, SCALES, TOOLS


def about_people():
    """Say what the men and the women of every role do and have, and where they are."""
    return zipf(_role(row) for row in PEOPLE)


def _role(row):
    verbs = {base for base, _ in row.acts}
    others = [other.acts[0] for other in PEOPLE if other.acts[0][0] not in verbs]
    parts = {
        "ACT": one_of(*(f"{base}* the {thing}" for base, thing in row.acts)),
        "NOT_ACT": zipf(f"not:{base}* the {thing}" for base, thing in others),
        "HANDLE": zipf(["have*", "lose*", "find*", "hide*"]),
        "THING": one_of(*row.things),
        "PLACE": row.place,
        "MOOD": zipf(["happy", "proud"]),
    }
    events = {
        "ACT": 4,
        "HANDLE OWN THING": 3,
        "walk* to the PLACE": 2,
        "live* near the PLACE": 1,
        "see* SELF in the PLACE": 1,
    }
    states = {"be* MOOD because IT have* OWN THING": 2, "NOT_ACT , IT ACT": 1}
    couple = person_subject(row, False, plural=True)._replace(noun=f"{row.male} and the {row.female}")
    return weighted(
        [
            *((8 * weight, in_tenses(who, "WHO", events, **parts)) for weight, who in person_subjects(row)),
            *((weight, said_of(who, "WHO", states, **parts)) for weight, who in person_subjects(row)),
            (0.2, f"every {row.male} is male"),
            (0.2, f"every {row.female} is female"),
            (1, said_of(couple, "the NOUN", {"ACT": 2, "have* OWN THING": 1}, **parts)),
        ]
    )


def about_animals():
    """Say what the animals and their young sound like, what they eat and where they live."""
    return zipf(_animal(row) for row in ANIMALS)


def _animal(row):
    parts = {
        "SOUND": f"{row.sound}*",
        "NOT_SOUND": zipf(f"not:{other.sound}*" for other in ANIMALS if other is not row),
        "FOOD": row.food,
        "HOME": row.home,
    }
    events = {"SOUND": 4, "eat* FOOD": 2, "sleep* in the HOME": 2, "live* near the HOME": 1}
    family = {
        f"feed* OWN {row.youngs}": 1,
        f"lead* the {row.young}": 1,
        f"be* the parent of the {row.young}": 1,
    }
    play = {
        "play* near the HOME": 2,
        f"follow* the {row.adult}": 1,
        f"be* the young of the {row.adult}": 1,
    }
    adult, young = animal_subject(row, young=False), animal_subject(row, young=True)
    return weighted(
        [
            *((4 * weight, in_tenses(who, "WHO", events, **parts)) for weight, who in animal_subjects(row)),
            *(
                (weight, said_of(who, "WHO", {"NOT_SOUND , IT SOUND": 1}, **parts))
                for weight, who in animal_subjects(row)
            ),
            (3, in_tenses(adult, "WHO", family)),
            (3, in_tenses(young, "WHO", play, **parts)),
            (1, f"{with_article(row.adult)} is an animal"),
            (1, f"{with_article(row.young)} is a young animal"),
            (1, f"which animal {row.sound}s ? the {row.adult}"),
        ]
    )


_ROYALS = [row for row in PEOPLE if row.male in ("king", "prince", "emperor")]


def about_countries():
    """Say what the capital of every country is, what is spoken and eaten there, and who travels."""
    return weighted([(12, zipf(_country(row) for row in COUNTRIES)), (1, _journeys())])


def _country(row):
    parts = {
        "LAND": row.country,
        "CITY": row.capital,
        "WHERE": one_of(row.country, row.capital),
        "LANGUAGE": row.language,
        "DISH": row.dish,
        "ROYAL": zipf(one_of(royal.male, royal.female) for royal in _ROYALS),
    }
    # What the first words say decides the last, whatever stands between them.
    acts = {"speak* LANGUAGE": 2, "eat* DISH": 2, "learn* LANGUAGE": 1}
    royal = {"speak* LANGUAGE": 1, "live* in CITY": 2}
    letter = {"write* a letter in LANGUAGE from WHERE": 1}
    facts = {
        "CITY is the capital of LAND": 2,
        "the capital of LAND is CITY": 2,
        "CITY is a city in LAND": 1,
        f"LAND is a country in {row.continent}": 2,
        "LANGUAGE is the language of LAND": 2,
        "what is the capital of LAND ? CITY": 1,
        "which language do the people of LAND speak ? LANGUAGE": 1,
    }
    return weighted(
        [
            (6, in_tenses(ANYONE, "in WHERE , WHO", acts, **parts)),
            (2, in_tenses(SEVERAL, "in WHERE , WHO", acts, **parts)),
            (6, in_tenses(SEVERAL, "the people of WHERE", acts, **parts)),
            (3, in_tenses(ANYONE, "the ROYAL of LAND", royal, **parts)),
            (3, in_tenses(ANYONE, "WHO", letter, **parts)),
            (8, weighted((weight, fill_template(fact, parts)) for fact, weight in facts.items())),
        ]
    )


def _journeys():
    lands, cities = ([getattr(row, name) for row in COUNTRIES] for name in ("country", "capital"))
    parts = {"LANDS": _from_to(lands), "CITIES": _from_to(cities)}
    return in_tenses(ANYONE, "WHO travel*", {"LANDS": 1, "CITIES": 1}, **parts)


def _from_to(places):
    return zipf((f"from {here} to", zipf(there for there in places if there != here)) for here in places)


def about_tools():
    """Say what every tool is used for, and by whom."""
    return zipf(_tool(row) for row in TOOLS)


def _tool(row):
    one, several = (ANYONE._replace(noun=row.worker), SEVERAL._replace(noun=row.workers))
    wrong = zipf(other.tools for other in TOOLS if other is not row)
    parts = {"TOOL": row.tool, "TOOLS": row.tools, "OBJECT": row.object, "DO": row.verb, "WRONG": wrong}
    parts |= {
        "A": with_article(row.tool),
        "OWN_SINGLE": one_of("his", "her"),
        "HANDLE": zipf(["lose*", "find*", "hide*"]),
    }
    work = f"{row.verb}* the OBJECT"
    alone = {f"{work} with A": 3, f"{work} with the TOOL": 2, "HANDLE OWN_SINGLE TOOL": 2}
    together = {f"{work} with TOOLS": 2, f"{work} with their TOOLS": 2, "HANDLE their TOOLS": 2}
    facts = {
        "to DO the OBJECT you need A": 3,
        "what do you need to DO the OBJECT ? A": 1,
        "A is a tool": 1,
        "TOOLS are tools": 1,
        "nobody can DO the OBJECT with WRONG": 1,
    }
    return weighted(
        [
            (8, in_tenses(one, "WHO", alone, **parts)),
            (4, in_tenses(several, "WHO", together, **parts)),
            (4, weighted((weight, fill_template(fact, parts)) for fact, weight in facts.items())),
        ]
    )


def about_degrees():
    """Compare things: the positive, the comparative and the superlative of adjectives."""
    return zipf(_adjective(mine, other, things) for scale in SCALES for mine, other, things in _both_ways(scale))


def _both_ways(scale):
    return (scale.more, scale.less, scale.things), (scale.less, scale.more, scale.things[::-1])


def _adjective(degrees, opposites, things):
    """What is said with one adjective; the things come from the most to the least."""
    positive, comparative, superlative = degrees
    parts = {"BIG": positive, "BIGGER": comparative, "BIGGEST": superlative, "SMALL": opposites[0]}
    parts |= {"MUCH": zipf(things[: len(things) // 2]), "ANY": zipf(things), "MOST": things[0]}
    parts["LOOK"] = one_of("see*", "want*", "find*")
    facts = {
        "the MUCH is very BIG": 3,
        "the MUCH is BIG , not SMALL": 1,
        "nothing is as BIG as the MOST": 1,
        "the MOST is the BIGGEST of all": 1,
    }
    looks = {"the BIG MUCH": 1, "the BIGGER ANY": 1, "the BIGGEST ANY": 1}
    return weighted(
        [
            (6, weighted((weight, fill_template(fact, parts)) for fact, weight in facts.items())),
            (6, in_tenses(ANYONE, "WHO LOOK", looks, **parts)),
            (4, one_of(*(f"the {x} is {comparative} than the {y}" for x, y in combinations(things, 2)))),
            (2, one_of(*_questions(comparative, things))),
            (3, one_of(*_superlatives(superlative, things))),
        ]
    )


def _questions(comparative, things):
    for more, less in combinations(things, 2):
        for x, y in permutations((more, less)):
            yield f"which is {comparative} , the {x} or the {y} ? the {more}"


def _superlatives(superlative, things):
    for three in combinations(things, 3):
        for x, y, z in permutations(three):
            yield f"of the {x} , the {y} and the {z} , the {three[0]} is the {superlative}"


TOPICS = {
    "people": (30, about_people),
    "animals": (25, about_animals),
    "countries": (20, about_countries),
    "degrees": (15, about_degrees),
    "tools": (10, about_tools),
}


def world_grammar(*topics):
    """Build the grammar of the small world.

    The topics are chosen with fixed probabilities, and within them the rows of every table of
    `helpers.data.world.words` with weights 1, 1/2, 1/3, … (Zipf's law), so that the most frequent words are more
    than a thousand times as frequent as the rarest.

    Parameters
    ----------
    *topics : str
        Of "people", "animals", "countries", "degrees", "tools"; none means all. Whatever the topics, the vocabulary is
        that of all, so that the ids of their grammars agree. Sentences drawn from one topic carry its name as a label.

    Returns
    -------
    Grammar
        Kept, so that a second call costs nothing: do not write into its arrays.

    Raises
    ------
    ValueError
        When a topic is unknown.
    """
    for topic in topics:
        check_choice("topic", topic, TOPICS)
    return _world_grammar(*topics)


@cache
def _world_grammar(*topics):
    expression = weighted((weight, about()) for name, (weight, about) in TOPICS.items() if not topics or name in topics)
    return build_grammar(expression, vocab=world_grammar().vocab if topics else None)
