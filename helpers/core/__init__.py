"""What everything else stands on: safe numerics, parameters, initial values, optimisers and gradient checks."""

from helpers.core.gradient_check import check_gradients, compare_gradients, numerical_gradient, relative_error
from helpers.core.initial_values import orthogonal
from helpers.core.numerics import sigmoid, softmax
from helpers.core.optimisers import adam, sgd
from helpers.core.params import map_params, named_arrays
from helpers.core.projection import axes_along, principal_axes, project
from helpers.core.training import train

__all__ = [
    "adam",
    "axes_along",
    "check_gradients",
    "compare_gradients",
    "map_params",
    "named_arrays",
    "numerical_gradient",
    "orthogonal",
    "principal_axes",
    "project",
    "relative_error",
    "sgd",
    "sigmoid",
    "softmax",
    "train",
]
