"""What every other package builds on: softmax, parameters, first values, optimisers, training and gradient checks."""

from helpers.core.exercises import Exercise, Mistake, check
from helpers.core.gradient_check import check_gradients, compare_gradients, numerical_gradient, relative_error
from helpers.core.initial_values import (
    identity,
    largest_singular_value,
    non_normal,
    orthogonal,
    scaled_normal,
    spectral_radius,
    with_spectral_radius,
)
from helpers.core.numerics import ACTIVATIONS, log_softmax, logsumexp, sigmoid, softmax
from helpers.core.optimisers import adam, clip_by_norm, clip_by_value, momentum, sgd
from helpers.core.params import add, global_norm, map_params, named_arrays, zeros_like
from helpers.core.processes import side_by_side
from helpers.core.projection import principal_axes, project
from helpers.core.training import History, progress_bar, train

__all__ = [
    "ACTIVATIONS",
    "Exercise",
    "History",
    "Mistake",
    "adam",
    "add",
    "check",
    "check_gradients",
    "clip_by_norm",
    "clip_by_value",
    "compare_gradients",
    "global_norm",
    "identity",
    "largest_singular_value",
    "log_softmax",
    "logsumexp",
    "map_params",
    "momentum",
    "named_arrays",
    "non_normal",
    "numerical_gradient",
    "orthogonal",
    "principal_axes",
    "progress_bar",
    "project",
    "relative_error",
    "scaled_normal",
    "sgd",
    "side_by_side",
    "sigmoid",
    "softmax",
    "spectral_radius",
    "train",
    "with_spectral_radius",
    "zeros_like",
]
