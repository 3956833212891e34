"""Models that differ in seed, size or kind, trained at the same time, a process each."""

from typing import NamedTuple

from torch import nn

from helpers.core.checks import check_integer
from helpers.core.processes import side_by_side
from helpers.core.training import History
from helpers.models.torch_modules import set_weights, weight_arrays


class TrainedRun(NamedTuple):
    """What a run has made."""

    model: nn.Module
    history: History
    earlier: dict  # {step: the model before it}, of the steps that the run names in `looks`


def train_runs(runs, *data, workers=2):
    """Train a new model for every run, `workers` at a time.

    Parameters
    ----------
    runs : list
        Descriptions of what is to be trained, and how, such as `Seq2SeqRun`, `TransformerRun` and `PretrainingRun`. Of
        each are asked ``new(*data)``, which makes its model; ``train(model, *data, each=each)``, which trains that in
        place, calls each(k) before step k, and gives a History; and ``looks``, the steps before which the model is
        kept.
    *data
        What the runs need: pairs and the sizes of two vocabularies, or a vocabulary and a corpus. Each is one for all
        runs, or a list of one for each run.
    workers : int
        Processes of one thread each; the result is the same for any number.

    Returns
    -------
    list of TrainedRun

    Raises
    ------
    ValueError
        When an option or a number is out of range, or a list in the data has not one item for each run.
    """
    check_integer("workers", workers)
    data = list(zip(*(_one_for_each(runs, part) for part in data), strict=True))
    calls = [{"run": run, "data": own} for run, own in zip(runs, data, strict=True)]
    trained = []
    for run, own, (weights, history, earlier) in zip(runs, data, side_by_side(_train, calls, workers), strict=True):
        models = {step: set_weights(run.new(*own), arrays) for step, arrays in earlier.items()}
        trained.append(TrainedRun(set_weights(run.new(*own), weights), history, models))
    return trained


def _train(run, data):
    """In another process: weights travel as arrays."""
    model, earlier = run.new(*data), {}

    def each(step):
        if step in run.looks:
            earlier[step] = weight_arrays(model)

    history = run.train(model, *data, each=each)
    return weight_arrays(model), history, earlier


def _one_for_each(runs, part):
    parts = part if isinstance(part, list) else [part] * len(runs)
    if len(parts) != len(runs):
        raise ValueError(f"a list of {len(parts)} came with the data for {len(runs)} runs, expected one for each run")
    return parts
