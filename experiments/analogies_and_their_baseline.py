"""Do word vectors answer analogies by their arrows, or is the nearest word to c alone as often right?

Skip-gram with negative sampling on the known language. Of six relations every third pair is held out: no sentence that
is left has both of its words. Each question is answered twice, with the arrow and without it (Linzen 2016). The other
arms take more away: the sentences that tell the held-out countries' dishes, or their languages; or, as the control of
frequency, sentences about these countries at random, until each country is as rare as without its languages.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.result_table import make_table
from helpers.data.vocab import SPECIALS, encode_rows
from helpers.data.world.grammar import sample_corpus
from helpers.data.world.relations import analogy_questions, every_third, without_sentences
from helpers.data.world.topics import world_grammar
from helpers.data.world.words import COUNTRIES
from helpers.models.word2vec.evaluate import analogy_accuracy
from helpers.models.word2vec.training import train_word2vec

CAPITAL, LANGUAGE, DISH = "country - capital", "country - language", "country - dish"
RELATIONS_ASKED = {
    "capital": CAPITAL,
    "woman": "man - woman",
    "young": "animal - young",
    "opposite": "adjective - opposite",
    "comparative": "positive - comparative",
    "tool": "worker - tool",
    "language": LANGUAGE,
}
HELD_OUT = [relation for relation in RELATIONS_ASKED.values() if relation != LANGUAGE]
ARMS = {"held out": (), "dishes too": (DISH,), "languages too": (LANGUAGE,), "random instead": (LANGUAGE,)}
PASSES, RATES, SEEDS = (6, 12, 24), (0.025, 0.05, 0.1), range(3)
# The languages of every third country are untold in the arm "languages too" alone; in the others they are in the text.
ASKED = [f"{name}_{asked}" for name in RELATIONS_ASKED for asked in ("told", "held_out")]
SENTENCES, D = 20_000, 64
COLUMNS = ["arm", "passes", "rate", "seed", *(f"right_{test}{way}" for test in ASKED for way in ("", "_c_alone"))]
KEYS = list(product(ARMS, PASSES, RATES, SEEDS))


def text_of(arm, seed, grammar):
    """Draw a text and take out of it what the arm leaves out."""
    corpus = sample_corpus(grammar, SENTENCES, np.random.default_rng(seed))
    rest = without_sentences(corpus, encode_rows(grammar.vocab, every_third(HELD_OUT)))
    less = without_sentences(rest, encode_rows(grammar.vocab, every_third([*HELD_OUT, *ARMS[arm]])))
    return without_at_random(rest, less, grammar.vocab, seed) if arm == "random instead" else less


def without_at_random(corpus, less, vocab, seed):
    """Take random sentences out until each held-out country occurs as often as in the smaller text."""
    rng = np.random.default_rng([seed, 1])
    number = np.repeat(np.arange(len(corpus.starts) - 1), np.diff(corpus.starts))
    kept = np.ones(len(corpus.starts) - 1, bool)
    for country in (row.country for row in COUNTRIES[1::3]):
        there = np.unique(number[corpus.tokens == vocab.ids[country]])
        there = there[kept[there]]
        wanted = (less.tokens == vocab.ids[country]).sum()
        kept[rng.choice(there, max(0, len(there) - wanted), replace=False)] = False
    lengths = np.diff(corpus.starts)[kept]
    return type(corpus)(corpus.tokens[kept[number]], np.cumsum(np.concatenate([[0], lengths])))


def rows_of(arm, passes, rate, seed):
    """Train one table and ask it everything, with the arrow and by the nearest word to c alone."""
    grammar = world_grammar()
    V, rng = len(grammar.vocab), np.random.default_rng(seed)
    E = train_word2vec(text_of(arm, seed, grammar), V, rng, D=D, epochs=passes, rate=rate)[0].E
    out, right = every_third(list(RELATIONS_ASKED.values())), []
    for relation, held_out in product(RELATIONS_ASKED.values(), (False, True)):
        questions = encode_rows(grammar.vocab, analogy_questions(relation, out, held_out))
        right += [analogy_accuracy(E, questions, range(len(SPECIALS)), offset) for offset in (True, False)]
    return [tuple(right)]


if __name__ == "__main__":
    make_table("analogies_and_their_baseline", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
