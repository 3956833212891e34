"""The induction head: a model of attention alone, repeated blocks to learn, and what each of its heads looks at."""

from helpers.data.tasks.repeated_blocks import RepeatedBlocks, repeated_blocks
from helpers.models.induction.attention_only import AttentionLayer, attention_only, without_head_of
from helpers.models.induction.scores import Copying, HeadScores, copying, head_scores
from helpers.models.induction.training import train_copying

__all__ = [
    "AttentionLayer",
    "Copying",
    "HeadScores",
    "RepeatedBlocks",
    "attention_only",
    "copying",
    "head_scores",
    "repeated_blocks",
    "train_copying",
    "without_head_of",
]
