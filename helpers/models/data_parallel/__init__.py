"""Many processes, one model: shares of a batch, gradients that are averaged, checkpoints to go on from."""

from helpers.models.data_parallel.checkpoint import Checkpoint, load_checkpoint, save_checkpoint
from helpers.models.data_parallel.data_order import DataOrder, first_order, next_batch, share_of_batch
from helpers.models.data_parallel.exercises import whole_gradient_exercise
from helpers.models.data_parallel.gradients import averaged_gradients, batch_gradient
from helpers.models.data_parallel.process_group import Place, joined_processes, mixed_precision
from helpers.models.data_parallel.ring import RingState, ring_all_reduce
from helpers.models.data_parallel.rows import Rows, held_out_loss, text_rows, world_rows
from helpers.models.data_parallel.training import parallel_losses, share_loss, train_data_parallel

__all__ = [
    "Checkpoint",
    "DataOrder",
    "Place",
    "RingState",
    "Rows",
    "averaged_gradients",
    "batch_gradient",
    "first_order",
    "held_out_loss",
    "joined_processes",
    "load_checkpoint",
    "mixed_precision",
    "next_batch",
    "parallel_losses",
    "ring_all_reduce",
    "save_checkpoint",
    "share_loss",
    "share_of_batch",
    "text_rows",
    "train_data_parallel",
    "whole_gradient_exercise",
    "world_rows",
]
