"""Train a model and measure it on the way, after as many steps as are asked for."""

from collections.abc import Iterable
from itertools import count

from helpers.core.checks import check_integer
from helpers.core.optimisers import adam
from helpers.core.training import train


def learning_curve(loss_and_grads, params, draw, checkpoints, measure, rate=3e-3, clip=1.0):
    """Train with Adam as `helpers.models.reader.train_reader` does; measure the model at some numbers of steps.

    The steps do not depend on the checkpoints, as long as `measure` draws nothing from the generator of `draw`: the
    model after 150 steps is the same whether training ends there or goes on.

    Parameters
    ----------
    loss_and_grads : callable
        loss_and_grads(params, *batch) -> loss, grads.
    params : nested NamedTuple of arrays
        The first values.
    draw : callable
        draw() -> the next batch, a tuple.
    checkpoints : list of int
        Numbers of steps after which the model is measured; training ends with the largest.
    measure : callable
        measure(params) -> anything.
    rate, clip : float
        Adam's rate and the threshold of the gradient norm.

    Returns
    -------
    params : the type of params
        After the last step.
    measured : dict
        Number of steps → what `measure` gave.

    Raises
    ------
    FloatingPointError, ValueError
        As `helpers.core.training.train` does; and when a checkpoint is no number of steps.
    """
    if not isinstance(checkpoints, Iterable) or not [*checkpoints]:
        raise ValueError(f"checkpoints is {checkpoints!r}, expected numbers of steps")
    checkpoints = [check_integer("a checkpoint", steps, least=0) for steps in checkpoints]
    measured, made, last = {}, count(), max(checkpoints)

    def watched(params, *batch):
        steps = next(made)
        if steps in checkpoints:
            measured[steps] = measure(params)
        return loss_and_grads(params, *batch)

    params, _ = train(watched, params, (draw() for _ in range(last)), adam(rate), last, clip)
    measured[last] = measure(params)
    return params, measured
