"""What a GPT costs: weights, operations, memory, and what many machines send; by formula, and counted by torch."""

from helpers.models.gpt_costs.exercises import gpt_weights_exercise
from helpers.models.gpt_costs.measured import (
    cache_bytes,
    counted_operations,
    formulas_and_counts,
    held_bytes,
    saved_numbers,
)
from helpers.models.gpt_costs.memory import activation_numbers, key_value_bytes, serving_memory, training_memory
from helpers.models.gpt_costs.operations import forward_operations, six_per_weight_and_token, training_operations
from helpers.models.gpt_costs.parameters import parameter_count, parameter_counts
from helpers.models.gpt_costs.shapes import PUBLISHED, ModelShape, shape_of
from helpers.models.gpt_costs.traffic import (
    data_parallel_bytes,
    pipeline_bytes,
    pipeline_idle_share,
    ring_numbers,
    tensor_parallel_bytes,
)

__all__ = [
    "PUBLISHED",
    "ModelShape",
    "activation_numbers",
    "cache_bytes",
    "counted_operations",
    "data_parallel_bytes",
    "formulas_and_counts",
    "forward_operations",
    "gpt_weights_exercise",
    "held_bytes",
    "key_value_bytes",
    "parameter_count",
    "parameter_counts",
    "pipeline_bytes",
    "pipeline_idle_share",
    "ring_numbers",
    "saved_numbers",
    "serving_memory",
    "shape_of",
    "six_per_weight_and_token",
    "tensor_parallel_bytes",
    "training_memory",
    "training_operations",
]
