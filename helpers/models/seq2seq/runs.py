"""Models that differ in seed or in kind, trained at the same time on the same pairs."""

from typing import NamedTuple

from numpy.random import default_rng
from torch import nn

from helpers.core.processes import side_by_side
from helpers.core.training import History
from helpers.models.seq2seq.torch_model import Seq2Seq
from helpers.models.seq2seq.training import train_seq2seq
from helpers.models.torch_weights import new_model, set_weights, weight_arrays


class Seq2SeqRun(NamedTuple):
    """What is to be trained, and how."""

    seed: int  # of the first weights and of the batches
    H: int
    E: int = 32
    options: dict = {}  # noqa: RUF012 it is only read
    steps: int = 600
    batch: int = 32
    rate: float = 1e-2

    def new(self, V_s, V_t):
        """Make the model that is trained."""
        return new_model(Seq2Seq, V_s, V_t, self.E, self.H, seed=self.seed, **self.options)

    def train(self, model, encoded):
        """Train it in place: -> History."""
        return train_seq2seq(model, encoded, default_rng(self.seed), self.steps, self.batch, self.rate)


class Trained(NamedTuple):
    """What came of it."""

    model: nn.Module
    history: History


def train_runs(runs, encoded, V_s, V_t, workers=2):
    """Train a new model for every run, `workers` at a time.

    Parameters
    ----------
    runs : list
        Each a `Seq2SeqRun`, or another with `new` and `train` as that has.
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
    results = zip(runs, side_by_side(_train, calls, workers), strict=True)
    return [Trained(set_weights(run.new(V_s, V_t), weights), history) for run, (weights, history) in results]


def _train(run, encoded, V_s, V_t):
    model = run.new(V_s, V_t)
    history = run.train(model, encoded)
    return weight_arrays(model), history
