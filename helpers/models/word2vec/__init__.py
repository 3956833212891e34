"""word2vec: two inputs, three outputs and noise-contrastive estimation, training any pair of them, and evaluation."""

from helpers.models.word2vec.associations import association, association_test, pair_direction, without_direction
from helpers.models.word2vec.evaluate import (
    analogy_accuracy,
    analogy_answers,
    analogy_cosines,
    arrow_cosine,
    arrow_cosine_controls,
    neighbours,
    rank_correlation,
    similarity_correlation,
)
from helpers.models.word2vec.huffman import huffman_codes, huffman_paths, mean_code_length
from helpers.models.word2vec.inputs import INPUTS, Examples, cbow, hidden, hidden_backward, skip_gram
from helpers.models.word2vec.model import (
    OUTPUTS,
    Word2VecParams,
    init_word2vec,
    make_output,
    mean_word2vec_loss,
    word2vec_loss,
)
from helpers.models.word2vec.noise import noise_distribution
from helpers.models.word2vec.outputs import (
    binary_cross_entropy,
    binary_cross_entropy_backward,
    full_softmax,
    full_softmax_backward,
    hierarchical_probabilities,
    hierarchical_softmax,
    negative_sampling,
    noise_contrastive,
    softplus,
)
from helpers.models.word2vec.pairs_of_two_groups import pair_counts, pairs_between
from helpers.models.word2vec.training import train_word2vec

__all__ = [
    "INPUTS",
    "OUTPUTS",
    "Examples",
    "Word2VecParams",
    "analogy_accuracy",
    "analogy_answers",
    "analogy_cosines",
    "arrow_cosine",
    "arrow_cosine_controls",
    "association",
    "association_test",
    "binary_cross_entropy",
    "binary_cross_entropy_backward",
    "cbow",
    "full_softmax",
    "full_softmax_backward",
    "hidden",
    "hidden_backward",
    "hierarchical_probabilities",
    "hierarchical_softmax",
    "huffman_codes",
    "huffman_paths",
    "init_word2vec",
    "make_output",
    "mean_code_length",
    "mean_word2vec_loss",
    "negative_sampling",
    "neighbours",
    "noise_contrastive",
    "noise_distribution",
    "pair_counts",
    "pair_direction",
    "pairs_between",
    "rank_correlation",
    "similarity_correlation",
    "skip_gram",
    "softplus",
    "train_word2vec",
    "without_direction",
    "word2vec_loss",
]
