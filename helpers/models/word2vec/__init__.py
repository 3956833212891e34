"""word2vec: two inputs, four outputs, and a fast way to train any pair of them."""

from helpers.models.word2vec.evaluate import analogy_accuracy, analogy_answers, neighbours, similarity_correlation
from helpers.models.word2vec.fast.blocks import GROUP, Block, window_reach
from helpers.models.word2vec.fast.outputs import make_block_output
from helpers.models.word2vec.huffman import huffman_codes, huffman_paths
from helpers.models.word2vec.inputs import (
    INPUTS,
    Examples,
    Word2VecParams,
    cbow,
    hidden,
    hidden_backward,
    skip_gram,
    word2vec_loss,
)
from helpers.models.word2vec.noise import noise_distribution
from helpers.models.word2vec.outputs import OUTPUTS, make_output, negative_sampling, noise_contrastive
from helpers.models.word2vec.softmaxes import (
    full_softmax,
    full_softmax_backward,
    hierarchical_probabilities,
    hierarchical_softmax,
    softplus,
    yes_no_loss,
    yes_no_loss_backward,
)
from helpers.models.word2vec.training import train_word2vec

__all__ = [
    "GROUP",
    "INPUTS",
    "OUTPUTS",
    "Block",
    "Examples",
    "Word2VecParams",
    "analogy_accuracy",
    "analogy_answers",
    "cbow",
    "full_softmax",
    "full_softmax_backward",
    "hidden",
    "hidden_backward",
    "hierarchical_probabilities",
    "hierarchical_softmax",
    "huffman_codes",
    "huffman_paths",
    "make_block_output",
    "make_output",
    "negative_sampling",
    "neighbours",
    "noise_contrastive",
    "noise_distribution",
    "similarity_correlation",
    "skip_gram",
    "softplus",
    "train_word2vec",
    "window_reach",
    "word2vec_loss",
    "yes_no_loss",
    "yes_no_loss_backward",
]
