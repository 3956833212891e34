"""What can be said about the people and the animals of the small world, as expressions of the grammar.

`helpers.text.world` holds the facts. In the templates, a star marks a verb that takes the tense of the sentence and
the number of its subject, and words in capitals stand for other parts (`helpers.text.phrases`). Choices that depend on
each other (a noun and its verb) are made together, in one option of a choice; all others are free. Nothing untrue of
the world is said, except where it is denied.
"""

from helpers.text.expressions import one_of, weighted, zipf
from helpers.text.phrases import a, animal, animal_subjects, in_tenses, person, person_subjects, said_of
from helpers.text.world import ANIMALS, PEOPLE


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
    couple = person(row, False, plural=True)._replace(noun=f"{row.male} and the {row.female}")
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
    adult, young = animal(row, young=False), animal(row, young=True)
    return weighted(
        [
            *((4 * weight, in_tenses(who, "WHO", events, **parts)) for weight, who in animal_subjects(row)),
            *(
                (weight, said_of(who, "WHO", {"NOT_SOUND , IT SOUND": 1}, **parts))
                for weight, who in animal_subjects(row)
            ),
            (3, in_tenses(adult, "WHO", family)),
            (3, in_tenses(young, "WHO", play, **parts)),
            (1, f"{a(row.adult)} is an animal"),
            (1, f"{a(row.young)} is a young animal"),
            (1, f"which animal {row.sound}s ? the {row.adult}"),
        ]
    )
