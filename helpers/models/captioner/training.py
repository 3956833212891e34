"""Training of a captioner by teacher forcing; and the description of a run."""

from typing import NamedTuple

import torch
from numpy.random import default_rng

from helpers.core.checks import check_positive
from helpers.data.batches import shuffled_batches
from helpers.data.pictures.batches import caption_batch
from helpers.models.captioner.torch_model import Captioner
from helpers.models.seq2seq.training import target_loss
from helpers.models.torch_modules import as_tensors, device_of, new_model
from helpers.models.torch_training import train_torch


def caption_loss(model, batch):
    """L = mean of −log P(y_t | y_1 … y_{t-1}, picture) over the tokens of all captions, in nats, as a tensor."""
    return target_loss(model(batch.pictures, batch.inputs), batch)


def train_captioner(model, encoded, rng, steps=600, batch=64, rate=4e-3, clip=1.0, each=None, progress=None):
    """Train with Adam; the rate rises over the first tenth of the steps, and falls to zero in a straight line.

    Parameters
    ----------
    model : Captioner
        Its weights are changed in place. It is left in `eval` mode: batch normalisation uses its running statistics.
    encoded : EncodedCaptions
    rng : numpy.random.Generator
        Draws the batches.
    steps, batch : int
    rate : float
        The highest rate.
    clip, each, progress
        See `helpers.models.torch_training.train_torch`.

    Returns
    -------
    History
        The loss (nats a token) and the gradient norm of every step.

    Raises
    ------
    ValueError
        When a number is out of range.
    FloatingPointError
        When the gradient is NaN or infinite.
    """
    check_positive("rate", rate)

    def losses():
        while True:
            for numbers in shuffled_batches(len(encoded.pictures), batch, rng):
                L = caption_loss(model, as_tensors(caption_batch(encoded, numbers), device_of(model)))
                yield L, L

    optimiser = torch.optim.Adam(model.parameters(), lr=float(rate))
    model.train()
    try:
        return train_torch(losses(), optimiser, steps, clip=clip, each=each, progress=progress)
    finally:
        model.eval()


class CaptionerRun(NamedTuple):
    """A `Captioner` that is to be trained, and how, for `helpers.models.torch_runs.train_runs`."""

    seed: int  # of the first weights and of the batches
    kind: str = "attention"
    steps: int = 600
    batch: int = 64
    rate: float = 4e-3
    looks: tuple = ()  # steps before which the model is kept

    def new(self, encoded, V):
        """Make the model that is trained, for a vocabulary of this size."""
        return new_model(Captioner, V, self.kind, seed=self.seed).eval()

    def train(self, model, encoded, V, each=None):
        """Train it in place: -> History."""
        return train_captioner(model, encoded, default_rng(self.seed), self.steps, self.batch, self.rate, each=each)
