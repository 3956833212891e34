"""Training in torch by teacher forcing, in batches of about equally long sources; and the description of a run."""

from typing import NamedTuple

import torch
from numpy.random import default_rng
from torch.nn.functional import cross_entropy

from helpers.core.checks import check_positive
from helpers.data.batches import length_buckets
from helpers.data.source_target_pairs import pair_batch
from helpers.models.seq2seq.torch_model import Seq2Seq
from helpers.models.torch_modules import as_tensors, check_tensor, device_of, new_model
from helpers.models.torch_training import train_torch


def target_loss(logits, batch):
    """Mean of −log softmax(logits)[y_t] over the tokens of all targets; padding does not count."""
    T, B = batch.targets.shape
    check_tensor("logits", logits, "T B V", "float", T=T, B=B)
    return cross_entropy(logits[batch.target_mask], batch.targets[batch.target_mask].long())


def batch_loss(model, batch):
    """L = mean of −log P(y_t | y_1 … y_{t-1}, source) over the tokens of all targets, in nats, as a tensor."""
    return target_loss(model(batch.source, batch.source_mask, batch.inputs), batch)


def train_seq2seq(
    model,
    encoded,
    rng,
    steps,
    batch=64,
    rate=1e-2,
    clip=1.0,
    progress=None,
    loss=batch_loss,
    warm_up=0.1,
    each=None,
):
    """Train with Adam; the rate rises over the first tenth of the steps, and falls to zero in a straight line.

    Parameters
    ----------
    model : Seq2Seq or Transformer
        Its weights are changed in place.
    encoded : EncodedPairs
    rng : numpy.random.Generator
        Draws the batches.
    steps, batch : int
    rate : float
        The highest rate.
    loss : callable
        loss(model, batch) -> the tensor that is made small.
    clip, progress, warm_up, each
        See `helpers.models.torch_training.train_torch`.

    Returns
    -------
    History
        The loss (nats for each target token) and the gradient norm of every step.

    Raises
    ------
    ValueError
        When a number is out of range, or there are fewer pairs than a batch.
    FloatingPointError
        When the gradient is NaN or infinite.
    """
    check_positive("rate", rate)
    lengths = encoded.source.starts[1:] - encoded.source.starts[:-1]

    def losses():
        for numbers in length_buckets(lengths, batch, rng):
            L = loss(model, as_tensors(pair_batch(encoded, numbers), device_of(model)))
            yield L, L

    optimiser = torch.optim.Adam(model.parameters(), lr=float(rate))
    return train_torch(losses(), optimiser, steps, warm_up, clip, each, progress)


class Seq2SeqRun(NamedTuple):
    """A `Seq2Seq` that is to be trained, and how, for `helpers.models.torch_runs.train_runs`."""

    seed: int  # of the first weights and of the batches
    H: int
    E: int = 32
    options: dict = {}  # noqa: RUF012 it is only read
    steps: int = 600
    batch: int = 32
    rate: float = 1e-2
    looks: tuple = ()  # steps before which the model is kept

    def new(self, encoded, V_s, V_t):
        """Make the model that is trained, for vocabularies of these sizes."""
        return new_model(Seq2Seq, V_s, V_t, self.E, self.H, seed=self.seed, **self.options)

    def train(self, model, encoded, V_s, V_t, each=None):
        """Train it in place: -> History."""
        rng = default_rng(self.seed)
        return train_seq2seq(model, encoded, rng, self.steps, self.batch, self.rate, each=each)
