"""A Transformer that is to be trained: rightly, or with one of three mistakes, each a loss in place of the right one.

The mistakes are a mask that leaks, no scale, and targets that are not shifted. None of them raises an error. Two of
them leave the loss of training looking good.
"""

from math import sqrt
from typing import NamedTuple

import torch
from numpy.random import default_rng
from torch.func import functional_call

from helpers.models.seq2seq.training import batch_loss, target_loss, train_seq2seq
from helpers.models.torch_modules import new_model
from helpers.models.transformer.torch_model import Transformer


def leaky_loss(model, batch):
    """Train without the causal mask: each step of the target sees the next ones, and so what it has to say."""
    return target_loss(model(batch.source, batch.source_mask, batch.inputs, causal=False), batch)


def unscaled_loss(model, batch):
    """Train with softmax(q k), not divided by √d, in all attentions; afterwards see `unscaled_weights`."""
    return target_loss(functional_call(model, unscaled_weights(model), tuple(batch[:3])), batch)


def unshifted_loss(model, batch):
    """Train with the targets as inputs too: step t reads the token that it has to say, not the one before."""
    return target_loss(model(batch.source, batch.source_mask, batch.targets), batch)


LOSSES = {
    "no mistake": batch_loss,
    "leak the mask": leaky_loss,
    "drop the scale": unscaled_loss,
    "shift the targets": unshifted_loss,
}


def unscaled_weights(model):
    """The weights with which a model that does divide by √d computes what these compute without: queries √d as large.

    Parameters
    ----------
    model : Transformer

    Returns
    -------
    dict
        Name → tensor, of all weights; gradients flow through. ``model.load_state_dict`` takes it.
    """
    weights = dict(model.named_parameters())
    for name, attention in model.named_modules():
        if isinstance(attention, torch.nn.MultiheadAttention):
            for part in ("in_proj_weight", "in_proj_bias"):
                queries, keys, values = getattr(attention, part).chunk(3)
                weights[f"{name}.{part}"] = torch.cat([sqrt(attention.head_dim) * queries, keys, values])
    return weights


class TransformerRun(NamedTuple):
    """A `Transformer` that is to be trained, and how, for `helpers.models.torch_runs.train_runs`.

    A model that was trained to "drop the scale" ends with its `unscaled_weights`, so it computes what it learned.
    """

    seed: int  # of the first weights and of the batches
    D: int = 40
    H: int = 128
    options: dict = {}  # noqa: RUF012 it is only read
    steps: int = 400
    batch: int = 32
    rate: float = 5e-3
    warm_up: float = 0.1  # the share of the steps over which the rate rises
    loss: str = "no mistake"  # or another of LOSSES
    looks: tuple = ()  # steps before which the model is kept

    def new(self, encoded, V_s, V_t):
        """Make the model that is trained, for vocabularies of these sizes."""
        return new_model(Transformer, V_s, V_t, self.D, self.H, seed=self.seed, **self.options)

    def train(self, model, encoded, V_s, V_t, each=None):
        """Train it in place: -> History. An unknown loss is a KeyError."""
        options = {"loss": LOSSES[self.loss], "warm_up": self.warm_up, "each": each}
        rng = default_rng(self.seed)
        history = train_seq2seq(model, encoded, rng, self.steps, self.batch, self.rate, **options)
        if self.loss == "drop the scale":
            model.load_state_dict(unscaled_weights(model))
        return history
