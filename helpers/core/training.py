"""The training loop of the NumPy models, and the progress bar of every training loop."""

from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from helpers.core.checks import check_integer, check_positive
from helpers.core.optimisers import clip_by_norm
from helpers.core.overflow import NotFiniteError
from helpers.core.params import check_numbers, global_norm


class History(NamedTuple):
    """What happened at each step, before the step was made."""

    loss: np.ndarray  # (steps,)
    gradient_norm: np.ndarray  # (steps,), before clipping


def train(loss_and_grads, params, batches, optimiser, steps, clip=None, progress=None):
    """Repeat: draw a batch, take the gradient of its loss, clip it, make a step.

    Parameters
    ----------
    loss_and_grads : callable
        loss_and_grads(params, *batch) -> loss, grads.
    params : nested NamedTuple of arrays
        Left as they are.
    batches : iterable
        Each item is a tuple, the further arguments of `loss_and_grads`. A generator that draws fresh batches,
        or ``itertools.repeat(batch)`` to use all data at every step.
    optimiser : Optimiser
    steps : int
    clip : float, optional
        The threshold of `clip_by_norm`.
    progress : str, optional
        The caption of a progress bar, which is shown only if training takes longer than three seconds.

    Returns
    -------
    params : the type of params
    history : History

    Raises
    ------
    NotFiniteError
        When the loss or the gradient is NaN or infinite. It names the step and the gradient norm just before. It is a
        ValueError and a FloatingPointError.
    ValueError
        When the batches end before the steps do.
    """
    steps = check_integer("steps", steps)
    if clip is not None:
        check_positive("clip", clip)
    check_numbers(params=params)
    state = optimiser.start(params)
    loss, norm = np.empty(steps), np.empty(steps)
    batches = iter(batches)
    with np.errstate(over="ignore", invalid="ignore"):  # _check_step reports it, and says where
        for k in progress_bar(steps, progress):
            batch = next(batches, None)
            if batch is None:
                raise ValueError(f"the batches ended after {k} of {steps} steps")
            try:
                loss[k], grads = loss_and_grads(params, *batch)
                norm[k] = global_norm(grads)
                _check_step(loss[k], norm[k])
                if clip is not None:
                    grads, _ = clip_by_norm(grads, clip)
                params, state = optimiser.step(params, grads, state)
            except NotFiniteError as error:
                before = f"the gradient norm just before was {norm[k - 1]:.3g}" if k else "it was the first step"
                raise NotFiniteError(f"step {k}: {error}; {before}") from error
    return params, History(loss, norm)


def progress_bar(steps, caption=None):
    """Count k = 0, 1, …, steps − 1, and show a bar if that takes longer than three seconds.

    Parameters
    ----------
    steps : int
    caption : str, optional
        What stands before the bar. Without a caption no bar is shown.

    Returns
    -------
    tqdm.tqdm
        Iterate over it; or, where a step is not one of the loop, use it in ``with`` and call its ``update(count)``.
        The bar disappears at the end. With TQDM_DISABLE=1 in the environment no bar is shown at all.
    """
    hidden = {"disable": True} if caption is None else {}  # `disable=False` would outdo the environment
    return tqdm(range(steps), desc=caption, delay=3, leave=False, **hidden)


def _check_step(loss, norm):
    if not (np.isfinite(loss) and np.isfinite(norm)):
        raise NotFiniteError(f"the loss is {loss:.3g}, the gradient norm {norm:.3g}")
