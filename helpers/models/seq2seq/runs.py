"""Models that differ in seed or in kind, trained at the same time on the same pairs."""

from typing import NamedTuple

import torch
from numpy.random import default_rng

from helpers.core.side_by_side import side_by_side
from helpers.core.training import History
from helpers.models.seq2seq.torch_model import Seq2Seq
from helpers.models.seq2seq.training import new_seq2seq, train_seq2seq


class Run(NamedTuple):
    """What is to be trained, and how."""

    seed: int  # of the first weights and of the batches
    H: int
    E: int = 32
    options: dict = {}  # noqa: RUF012 it is only read
    steps: int = 600
    batch: int = 32
    rate: float = 1e-2


class Trained(NamedTuple):
    """What came of it."""

    model: Seq2Seq
    history: History


def train_runs(runs, encoded, V_s, V_t, workers=2):
    """Train a new model for every run, `workers` at a time.

    Parameters
    ----------
    runs : list of Run
    encoded : EncodedPairs
    V_s, V_t : int
        Sizes of the vocabularies of the source and of the target.
    workers : int
        Processes; the result is the same for any number.

    Returns
    -------
    list of Trained

    Raises
    ------
    ValueError
        When an option or a number is out of range.
    """
    calls = [{"run": run, "encoded": encoded, "V_s": V_s, "V_t": V_t} for run in runs]
    trained = []
    for run, (weights, history) in zip(runs, side_by_side(_train, calls, workers), strict=True):
        model = new_seq2seq(run.seed, V_s, V_t, run.E, run.H, **run.options)
        model.load_state_dict({name: torch.from_numpy(array) for name, array in weights.items()})
        trained.append(Trained(model, history))
    return trained


def count_weights(model):
    """The number of weights and biases, those of the embeddings included."""
    return sum(weight.numel() for weight in model.parameters())


def _train(run, encoded, V_s, V_t):
    """Train one; the weights come back as arrays, as these need no process to hold them."""
    model = new_seq2seq(run.seed, V_s, V_t, run.E, run.H, **run.options)
    history = train_seq2seq(model, encoded, default_rng(run.seed), run.steps, run.batch, run.rate)
    return {name: weight.numpy() for name, weight in model.state_dict().items()}, history
