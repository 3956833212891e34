"""Transformers that differ in seed, or in a mistake, for `helpers.models.seq2seq.runs.train_runs`."""

from typing import NamedTuple

from numpy.random import default_rng

from helpers.models.seq2seq.training import train_seq2seq
from helpers.models.torch_weights import new_model
from helpers.models.transformer.mistakes import LOSSES, unscaled_weights
from helpers.models.transformer.torch_model import Transformer


class TransformerRun(NamedTuple):
    """What is to be trained, and how.

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

    def new(self, V_s, V_t):
        """Make the model that is trained."""
        return new_model(Transformer, V_s, V_t, self.D, self.H, seed=self.seed, **self.options)

    def train(self, model, encoded):
        """Train it in place: -> History. An unknown loss is a KeyError."""
        options = {"loss": LOSSES[self.loss], "warm_up": self.warm_up}
        rng = default_rng(self.seed)
        history = train_seq2seq(model, encoded, rng, self.steps, self.batch, self.rate, **options)
        if self.loss == "drop the scale":
            model.load_state_dict(unscaled_weights(model))
        return history
