"""Search and sampling: from a model's probabilities of the next token to whole outputs."""

from helpers.decoding.beam import advance, beam_search
from helpers.decoding.beam_tree import beam_tree
from helpers.decoding.exhaustive import exhaustive_search
from helpers.decoding.greedy import follow, greedy
from helpers.decoding.hypotheses import Hypothesis, length_score, score_of, without_end
from helpers.decoding.sampling import sample_outputs, temperature, top_k, top_p
from helpers.decoding.table_models import first_state, given_table, random_table, table_step
from helpers.decoding.writing import WrittenToken, tokens_of, write_tokens

__all__ = [
    "Hypothesis",
    "WrittenToken",
    "advance",
    "beam_search",
    "beam_tree",
    "exhaustive_search",
    "first_state",
    "follow",
    "given_table",
    "greedy",
    "length_score",
    "random_table",
    "sample_outputs",
    "score_of",
    "table_step",
    "temperature",
    "tokens_of",
    "top_k",
    "top_p",
    "without_end",
    "write_tokens",
]
