"""The induction head: a model of attention alone, repeated blocks to learn, and what each of its heads looks at."""

from helpers.data.tasks.repeated_blocks import RepeatedBlocks, best_guess_by_place, repeated_blocks
from helpers.models.induction.attention_only import AttentionLayer, attention_only, without_head_of
from helpers.models.induction.path_patching import copying_by_path
from helpers.models.induction.scores import Copying, HeadScores, Look, copying, head_scores, look_at
from helpers.models.induction.training import train_copying

__all__ = [
    "AttentionLayer",
    "Copying",
    "HeadScores",
    "Look",
    "RepeatedBlocks",
    "attention_only",
    "best_guess_by_place",
    "copying",
    "copying_by_path",
    "head_scores",
    "look_at",
    "repeated_blocks",
    "train_copying",
    "without_head_of",
]
