"""The gradient through a stack of layers, against PyTorch's Jacobian."""

import numpy as np
import pytest
import torch

from helpers.core.initial_values import scaled_normal
from helpers.models.deep_tanh import gradient_through_layers


@pytest.mark.parametrize("residual", [False, True])
def test_it_is_the_size_of_the_jacobian(residual):
    rng = np.random.default_rng(3)
    first = torch.tensor(rng.standard_normal(4))
    layers = [torch.tensor(scaled_normal(rng, (4, 4))) for _ in range(5)]

    def stack(h):
        for W in layers:
            h = residual * h + torch.tanh(h @ W)
        return h

    wanted = torch.autograd.functional.jacobian(stack, first).norm().item() / 2
    assert gradient_through_layers(np.random.default_rng(3), 5, 4, residual) == pytest.approx(wanted)


def test_no_layer_is_refused():
    with pytest.raises(ValueError, match="layers"):
        gradient_through_layers(np.random.default_rng(0), 0, 4)
