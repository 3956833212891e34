"""Lists of pairs are of one relation, say nothing of words left out, and prompts end with the word asked about."""

from helpers.data.tasks.lists_of_pairs import LISTED, pair_lists, prompts
from helpers.data.vocab import decode_sentences
from helpers.data.world import RELATIONS, world_grammar

HELD = {"france", "dog"}
NAMES = [name for names in LISTED.values() for name in names]


def test_a_list_has_different_pairs_of_one_relation(rng):
    texts = decode_sentences(world_grammar().vocab, pair_lists(rng, 60, pairs=4, without=HELD))
    found = set()
    for text in texts:
        pairs = [tuple(pair.split()) for pair in text.split(" , ")]
        (name,) = [name for name in NAMES if {*pairs} <= {*RELATIONS[name]}]
        found.add(name)
        assert len({*pairs}) == 4
        assert not HELD & {word for pair in pairs for word in pair}
    assert found == {*NAMES}


def test_prompts_ask_every_relation_of_every_word(rng):
    asked = prompts(rng, 2, HELD)
    assert len(asked) == 6
    for each in asked:
        *examples, word = " ".join(each.words).split(" , ")
        assert len(examples) == 2
        assert word in HELD
        (name,) = [name for name in NAMES if (word, each.answer) in RELATIONS[name]]
        assert all(tuple(pair.split()) in RELATIONS[name] for pair in examples)
        assert each.answer not in each.others
        assert len(each.others) == 2
    assert all(each.words in (["france"], ["dog"]) for each in prompts(rng, 0, HELD))
