"""Training a model on repeated blocks: every token is foreseen, though only the copies can be."""

import torch

from helpers.core.checks import check_integer
from helpers.data.tasks.repeated_blocks import repeated_blocks
from helpers.models.gpt_bert.gpt import next_token_losses
from helpers.models.gpt_bert.pretraining import adamw
from helpers.models.torch_modules import as_ids, device_of
from helpers.models.torch_training import train_torch


def train_copying(model, rng, steps, batch=64, rate=1e-2, each=None, progress=None, **blocks):
    """Train on what comes next, in fresh sequences of `repeated_blocks`.

    Parameters
    ----------
    model : GPT
        Its weights are changed in place.
    rng : numpy.random.Generator
    steps, batch : int
    rate : float
        The highest learning rate.
    each, progress
        As of `helpers.models.torch_training.train_torch`.
    **blocks
        Options of `repeated_blocks`; V is that of the model.

    Returns
    -------
    History
    """
    check_integer("batch", batch)
    V, device = model.trunk.sizes.V, device_of(model)

    def losses():
        while True:
            tokens = as_ids("tokens", repeated_blocks(rng, batch, V=V, **blocks).tokens, "B T", device)
            loss = next_token_losses(model, tokens, torch.ones_like(tokens, dtype=torch.bool)).mean()
            yield loss, loss

    return train_torch(losses(), adamw(model, rate), steps, each=each, progress=progress)
