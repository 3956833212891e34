from helpers.data.world.words import ANIMALS, COUNTRIES, PEOPLE, SCALES, TOOLS, VERBS


def test_the_tables_are_complete():
    for row in PEOPLE:
        assert all(base in VERBS for base, _ in row.acts)
    assert all(row.sound in VERBS for row in ANIMALS)
    assert all(row.verb in VERBS for row in TOOLS)
    for table, names in ((PEOPLE, 4), (ANIMALS, 5), (COUNTRIES, 4), (TOOLS, 6)):
        words = [word for row in table for word in row[:names]]
        assert len(set(words)) == len(words)  # no word in two places, or an analogy would have two answers
    assert all(len(set(forms)) == 3 for forms in VERBS.values())
    assert all(len(set(row.things)) == 6 for row in SCALES)
