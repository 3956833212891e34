"""A valid call of a function: what the property test spoils."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch

from helpers.core.params import map_params


class Call(NamedTuple):
    """A function of helpers and arguments that are right."""

    function: Callable
    arguments: Callable  # rng -> {parameter: value}; "*" holds those without a name
    judge: Callable | None = None  # (arguments, result) -> what is wrong with it, or None
    infinite: bool = False  # −inf may come back: it stands for a probability of zero
    own_dtype: bool = False  # its answer depends on the dtype, or is not compared: drawn numbers, steps of training
    # It subtracts what may be nearly equal, or hands a sum that overflowed to a function that saturates: at extreme
    # values only that its answer is finite is judged.
    rounds: bool = False
    left: tuple = ()  # parameters that are not spoiled, as they are no data
    via: Callable | None = None  # what is called in place of the function: its forward, then it

    @property
    def name(self):
        """The module and the name of the function, without `helpers`."""
        return f"{self.function.__module__}.{self.function.__qualname__}".removeprefix("helpers.")

    def run(self, arguments):
        """The function with these arguments."""
        arguments = dict(arguments)
        return (self.via or self.function)(*arguments.pop("*", ()), **arguments)


def normal(rng, *shape, dtype=np.float64):
    """Ordinary numbers."""
    return rng.standard_normal(shape).astype(dtype)


T, B, D, H, V = 3, 2, 4, 3, 5
DRAWN = {"own_dtype": True}  # what is drawn, or comes out of training, is not compared


def draw_params(rng, params):
    """Ordinary numbers in a structure of params."""
    return map_params(lambda a: rng.standard_normal(a.shape), params)


def not_below_0(arguments, result):
    """Judge a loss, or the loss that comes first."""
    loss = result[0] if isinstance(result, tuple) else result
    return None if np.all(np.asarray(loss.detach() if torch.is_tensor(loss) else loss) >= 0) else f"a loss of {loss}"


def a_share(arguments, result):
    """Judge a probability or a share."""
    return None if np.all((np.asarray(result) >= 0) & (np.asarray(result) <= 1)) else f"a share of {result}"
