"""The known language: the grammar of the whole small world, or of some of its topics."""

from functools import cache

from helpers.core.checks import check_choice
from helpers.text.expressions import weighted
from helpers.text.grammar import build
from helpers.text.living import about_animals, about_people
from helpers.text.things import about_countries, about_degrees, about_tools

TOPICS = {
    "people": (30, about_people),
    "animals": (25, about_animals),
    "countries": (20, about_countries),
    "degrees": (15, about_degrees),
    "tools": (10, about_tools),
}


@cache
def world_grammar(*topics):
    """Build the grammar of the small world.

    The topics are chosen with fixed probabilities, and within them the rows of every table of `helpers.text.world`
    with weights 1, 1/2, 1/3, … (Zipf's law), so that the most frequent words are more than a thousand times
    as frequent as the rarest.

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
    expression = weighted((weight, about()) for name, (weight, about) in TOPICS.items() if not topics or name in topics)
    return build(expression, vocab=world_grammar().vocab if topics else None)
