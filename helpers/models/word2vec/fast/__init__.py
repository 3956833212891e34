"""The fast form of word2vec: a block of running text at a time, its scores as matrix products."""

from helpers.models.word2vec.fast.blocks import GROUP, Block, text_block
from helpers.models.word2vec.fast.outputs import make_block_output, word2vec_block_loss

__all__ = ["GROUP", "Block", "make_block_output", "text_block", "word2vec_block_loss"]
