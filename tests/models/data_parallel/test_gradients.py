"""Two processes that really run average their gradients to that of the whole batch, over gloo."""

import numpy as np
import torch

from helpers.models.data_parallel.gradients import averaged_gradients, batch_gradient
from helpers.models.gpt_bert.gpt import next_token_losses


def test_the_averaged_gradient_is_that_of_the_whole_batch(model):
    """The rows differ in length, and so do the shares: a mean of means would be another gradient."""
    model = model.double()
    tokens = torch.randint(11, (4, 9), generator=torch.Generator().manual_seed(0))
    mask = torch.arange(9) < torch.tensor([9, 3, 8, 2])[:, None]
    next_token_losses(model, tokens, mask).mean().backward()
    alone = batch_gradient(model, tokens, mask)
    both = averaged_gradients(model, tokens, mask, processes=2)
    assert len(both) == 2
    for name, weight in model.named_parameters():
        np.testing.assert_allclose(alone[name], weight.grad, rtol=1e-12, atol=1e-15)
        assert np.abs(alone[name]).max() > 0
        for found in both:
            np.testing.assert_allclose(found[name], alone[name], rtol=1e-10, atol=1e-13)
        np.testing.assert_array_equal(both[0][name], both[1][name])
