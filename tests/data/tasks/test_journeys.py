"""Journeys: tags name who travels, from where and to where, and every answer stands where it is said to."""

import numpy as np

from helpers.data.tasks.journeys import QUESTIONS, TAGS, ask_questions, sample_journeys
from helpers.data.vocab import decode_sentences
from helpers.data.world import world_grammar

VOCAB = world_grammar().vocab


def test_tags_are_those_of_the_words(rng):
    journeys = sample_journeys(rng, 60)
    for text, tags in zip(decode_sentences(VOCAB, journeys.corpus), journeys.tags, strict=True):
        words = text.split()
        named = {tag: [word for word, n in zip(words, tags, strict=True) if TAGS[n] == tag] for tag in TAGS}
        assert named["from"] == [words[len(words) - 1 - words[::-1].index("from") + 1]]
        assert named["to"] == [words[len(words) - 1 - words[::-1].index("to") + 1]]
        assert named["traveller"][0] == "the"
        assert not {"will", "travels", "travelled", "from", "today", "tomorrow"} & {*named["traveller"]}


def test_an_answer_stands_in_its_place(rng):
    journeys = sample_journeys(rng, 40)
    asked = ask_questions(journeys, rng)
    texts = decode_sentences(VOCAB, journeys.corpus)
    kinds = set()
    for n, text in enumerate(texts):
        row = VOCAB.tokens[asked.tokens[asked.mask[:, n], n]].tolist()
        end = row.index("<end>")
        assert row[end + 1 : -1] == text.split()
        question = " ".join(row[1:end])
        kinds.add(question)
        answer = row[asked.first[n] : asked.last[n] + 1]
        tags = journeys.tags[n] == TAGS.index(QUESTIONS[question])
        assert answer == np.array(text.split())[tags].tolist()
    assert kinds == {*QUESTIONS}


def test_the_same_seed_gives_the_same():
    first, second = (sample_journeys(np.random.default_rng(3), 5) for _ in range(2))
    np.testing.assert_array_equal(first.corpus.tokens, second.corpus.tokens)
