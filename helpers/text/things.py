"""What can be said about the countries, the tools and the sizes of things in the small world.

The templates are those of `helpers.text.living`.
"""

from itertools import combinations, permutations

from helpers.text.expressions import one_of, weighted, zipf
from helpers.text.phrases import ANYONE, SEVERAL, a, fill, in_tenses
from helpers.text.world import COUNTRIES, PEOPLE, SCALES, TOOLS

ROYALS = [row for row in PEOPLE if row.male in ("king", "prince", "emperor")]


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
        "ROYAL": zipf(one_of(royal.male, royal.female) for royal in ROYALS),
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
            (8, weighted((weight, fill(fact, parts)) for fact, weight in facts.items())),
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
    parts |= {"A": a(row.tool), "OWN_SINGLE": one_of("his", "her"), "HANDLE": zipf(["lose*", "find*", "hide*"])}
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
            (4, weighted((weight, fill(fact, parts)) for fact, weight in facts.items())),
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
            (6, weighted((weight, fill(fact, parts)) for fact, weight in facts.items())),
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
