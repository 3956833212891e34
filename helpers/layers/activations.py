"""Activations of the plain recurrent layer, each with its slope."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Activation(NamedTuple):
    """h = act(a), and the slope act'(a) written in terms of h, so that a need not be kept."""

    act: Callable  # act(a, out=None) -> h
    slope: Callable  # slope(h) -> a new array


def _relu(a, out=None):
    return np.maximum(a, 0, out=out)


def _tanh_slope(h):
    slope = np.square(h)
    return np.subtract(1, slope, out=slope)  # 1 − h², in one array: a second one costs more than the arithmetic


def _relu_slope(h):
    return (h > 0).astype(h.dtype)


ACTIVATIONS = {
    "tanh": Activation(np.tanh, _tanh_slope),
    "relu": Activation(_relu, _relu_slope),
    "identity": Activation(np.positive, np.ones_like),
}
