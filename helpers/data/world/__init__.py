"""The known language of a small world: its grammar, its exact probabilities, and the relations between its words."""

from helpers.data.world.exact_probabilities import (
    blank_probabilities,
    entropy,
    is_sentence,
    log_probabilities,
    next_token_probabilities,
    token_log_probabilities,
)
from helpers.data.world.grammar import expected_counts, sample_corpus
from helpers.data.world.relations import (
    CATEGORIES,
    RELATIONS,
    ROWS,
    analogies,
    analogy_questions,
    every_third,
    similarity_pairs,
    without_sentences,
)
from helpers.data.world.topics import TOPICS, world_grammar

__all__ = [
    "CATEGORIES",
    "RELATIONS",
    "ROWS",
    "TOPICS",
    "analogies",
    "analogy_questions",
    "blank_probabilities",
    "entropy",
    "every_third",
    "expected_counts",
    "is_sentence",
    "log_probabilities",
    "next_token_probabilities",
    "sample_corpus",
    "similarity_pairs",
    "token_log_probabilities",
    "without_sentences",
    "world_grammar",
]
