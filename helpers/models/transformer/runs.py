"""Transformers that differ in seed, or in a mistake, trained at the same time on the same pairs."""

from typing import NamedTuple

import torch
from numpy.random import default_rng

from helpers.core.side_by_side import side_by_side
from helpers.models.seq2seq.runs import Trained
from helpers.models.seq2seq.training import train_seq2seq
from helpers.models.transformer.mistakes import LOSSES, unscaled_weights
from helpers.models.transformer.model import Transformer


class TransformerRun(NamedTuple):
    """What is to be trained, and how."""

    seed: int  # of the first weights and of the batches
    D: int = 40
    H: int = 128
    options: dict = {}  # noqa: RUF012 it is only read
    steps: int = 400
    batch: int = 32
    rate: float = 5e-3
    warm_up: float = 0.1  # the share of the steps over which the rate rises
    loss: str = "no mistake"  # or another of LOSSES


def new_transformer(seed, *sizes, **options):
    """Make a `Transformer` whose first weights depend on the seed alone; torch's own generator is left as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Transformer(*sizes, **options)


def train_transformers(runs, encoded, V_s, V_t, workers=2):
    """Train a new model for every run, `workers` at a time.

    Parameters
    ----------
    runs : list of TransformerRun
    encoded : EncodedPairs
    V_s, V_t : int
        Sizes of the vocabularies of the source and of the target.
    workers : int
        Processes; the result is the same for any number.

    Returns
    -------
    list of Trained
        A model that was trained to "drop the scale" comes back with `unscaled_weights`, so it computes what it learned.

    Raises
    ------
    ValueError
        When an option or a number is out of range.
    KeyError
        When a loss is unknown.
    """
    calls = [{"run": run, "encoded": encoded, "V_s": V_s, "V_t": V_t} for run in runs]
    trained = []
    for run, (weights, history) in zip(runs, side_by_side(_train, calls, workers), strict=True):
        model = new_transformer(run.seed, V_s, V_t, run.D, run.H, **run.options)
        model.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
        trained.append(Trained(model, history))
    return trained


def _train(run, encoded, V_s, V_t):
    """Train one; the weights come back as arrays, as these need no process to hold them."""
    model, loss = new_transformer(run.seed, V_s, V_t, run.D, run.H, **run.options), LOSSES[run.loss]
    options = {"loss": loss, "warm_up": run.warm_up}
    history = train_seq2seq(model, encoded, default_rng(run.seed), run.steps, run.batch, run.rate, **options)
    weights = unscaled_weights(model) if run.loss == "drop the scale" else model.state_dict()
    return {name: weight.detach().numpy() for name, weight in weights.items()}, history
