"""Several runs: each with its own data, and the models they were on the way."""

from typing import NamedTuple

import numpy as np
import pytest
import torch

from helpers.core.training import History
from helpers.models.torch_modules import new_model
from helpers.models.torch_runs import train_runs


class Adder(NamedTuple):
    """A run that adds a number to a bias at every step."""

    seed: int
    steps: int = 3
    looks: tuple = ()

    def new(self, number, size):
        return new_model(torch.nn.Linear, 2, size, seed=self.seed)

    def train(self, model, number, size, each=None):
        for k in range(self.steps):
            each(k)
            model.bias.data += number
        return History(np.full(self.steps, float(number)), np.zeros(self.steps))


def bias(seed, size=1):
    return new_model(torch.nn.Linear, 2, size, seed=seed).bias


@pytest.mark.parametrize("workers", [1, 2])
def test_every_run_comes_back_as_it_was_trained(workers):
    first, second = train_runs([Adder(0), Adder(1, 2, looks=(0, 1))], 10, 1, workers=workers)
    torch.testing.assert_close(first.model.bias, bias(0) + 30)
    torch.testing.assert_close(second.model.bias, bias(1) + 20)
    assert first.history.loss.tolist() == [10, 10, 10]
    assert first.earlier == {}
    assert [*second.earlier] == [0, 1]
    torch.testing.assert_close(second.earlier[0].bias, bias(1))
    torch.testing.assert_close(second.earlier[1].bias, bias(1) + 10)


def test_a_list_in_the_data_has_one_for_each_run():
    first, second = train_runs([Adder(0), Adder(0)], [10, 1], [1, 2], workers=1)
    torch.testing.assert_close(first.model.bias, bias(0) + 30)
    torch.testing.assert_close(second.model.bias, bias(0, 2) + 3)
    with pytest.raises(ValueError, match="a list of 3 came with the data for 2 runs"):
        train_runs([Adder(0), Adder(0)], [1, 2, 3], 1)
