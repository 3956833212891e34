"""The training loop of all models in torch, and the rate that rises and falls."""

import torch

from helpers.core.checks import check_integer, check_positive
from helpers.core.overflow import NotFiniteError
from helpers.core.training import History, progress_bar


def train_torch(losses, optimiser, steps, warm_up=0.1, clip=1.0, each=None, progress=None):
    """Repeat: take the next loss; go back through it; clip the gradient; make a step at the rate of `rate_share`.

    Parameters
    ----------
    losses : iterator of pairs of Tensors
        The loss that is made smaller, and the one that is written down. They are asked for one at a time, so that each
        is computed with the weights of its step.
    optimiser : torch.optim.Optimizer
        Its weights are changed in place. Its rate is the highest that is used.
    steps : int
    warm_up : float
        The share of the steps over which the rate rises, at least 0 and below 1.
    clip : float
        The threshold of the gradient norm.
    each : callable, optional
        each(k) is called before step k, to look at the model as it learns.
    progress : str, optional
        The caption of a progress bar, which is shown only if training takes longer than three seconds.

    Returns
    -------
    History
        The loss that is written down and the gradient norm of every step.

    Raises
    ------
    ValueError
        When a number is out of range.
    FloatingPointError
        When the gradient is NaN or infinite. It names the step, its loss and its gradient norm.
    """
    check_integer("steps", steps)
    check_positive("clip", clip)
    if not 0 <= warm_up < 1:
        raise ValueError(f"warm_up is {warm_up}, expected a share of the steps, at least 0 and below 1")
    for group in optimiser.param_groups:
        if not abs(group["lr"]) <= torch.finfo(torch.float32).max:  # torch refuses it at the first step, without a name
            raise ValueError(f"rate is {group['lr']}, expected a number that float32 can hold")
    weights = [weight for group in optimiser.param_groups for weight in group["params"]]
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda k: rate_share(k, steps, warm_up))
    history = torch.empty(2, steps)
    for k in progress_bar(steps, progress):
        if each is not None:
            each(k)
        try:
            loss, shown = next(losses)
        except NotFiniteError as error:
            raise FloatingPointError(f"step {k}: {error}") from error
        optimiser.zero_grad()
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(weights, clip)
        if not norm.isfinite():
            raise FloatingPointError(f"step {k}: the loss is {loss.item():.3g}, the gradient norm {norm.item():.3g}")
        history[:, k] = torch.stack([shown.detach(), norm.detach()])
        optimiser.step()
        schedule.step()
    return History(*history.numpy())


def rate_share(k, steps, warm_up=0.1):
    """The share of the highest rate at step k: up over the first steps, then down to zero in a straight line."""
    rise = max(1, int(warm_up * steps))
    return min((k + 1) / rise, (steps - k) / max(1, steps - rise))
