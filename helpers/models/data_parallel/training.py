"""Data-parallel training: each process reads its share of every batch, and all make the same step."""

import torch
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from helpers.core.checks import check_integer
from helpers.models.data_parallel.checkpoint import Checkpoint, save_checkpoint
from helpers.models.data_parallel.data_order import first_order, next_batch, share_of_batch
from helpers.models.data_parallel.process_group import add_over_processes, mixed_precision
from helpers.models.gpt_bert.gpt import next_token_losses
from helpers.models.gpt_bert.pretraining import adamw
from helpers.models.torch_training import rate_share

_CLIP = 1.0


class TokenLosses(nn.Module):
    """−ln P of every token of some rows, as a Module: DistributedDataParallel wants a `forward` to stand around."""

    def __init__(self, model):
        """Keep the GPT, whose weights are those of this Module."""
        super().__init__()
        self.model = model

    def forward(self, tokens, mask):
        """See `next_token_losses`."""
        return next_token_losses(self.model, tokens, mask)


def parallel_losses(model, place):
    """losses(tokens, mask) of a GPT whose gradients are averaged over all processes while they are computed.

    Parameters
    ----------
    model : GPT
        On the device of the place. Its first weights become those of process 0.
    place : Place

    Returns
    -------
    Module
    """
    losses = TokenLosses(model)
    if place.processes == 1:
        return losses
    return DistributedDataParallel(losses, device_ids=[place.device] if place.device.type == "cuda" else None)


def share_loss(losses, expected, processes):
    """Σ losses of one share · P / expected, whose mean over the P processes is Σ of all losses / expected.

    The mean of each share would let a token count more where fewer are with it: shares differ in tokens.
    """
    return losses.sum() * processes / expected


def train_data_parallel(model, rows, plan, place, path, every, start=None, each=None):
    """Train a GPT with AdamW, from the beginning or from a checkpoint, and write checkpoints.

    Parameters
    ----------
    model : GPT
        Its weights are changed in place.
    rows : Rows
        What is read, see `helpers.models.data_parallel.rows`; all processes have the same.
    plan : dict
        With `steps`, `batch`, the rows of all processes together, `rate`, the highest rate, and `seed`, of the order;
        and whatever else a checkpoint is to be refused for.
    place : Place
    path : str or Path
        Process 0 writes a checkpoint there after every `every` steps and after the last.
    every : int
    start : Checkpoint, optional
        Go on from it, see `load_checkpoint`. With as many processes, one or two, the losses are exactly those of a run
        that was not interrupted; with more the gradients may be added in another order, which is a matter of rounding.
    each : callable, optional
        each(step, loss) is called after every step, with the number of steps made.

    Returns
    -------
    list of float
        The loss of every step, in nats for each token of the whole batch.

    Raises
    ------
    ValueError
        When a number is out of range, or the processes do not divide the batch.
    FloatingPointError
        When the gradient is NaN or infinite.
    """
    steps, batch = check_integer("steps", plan["steps"]), check_integer("batch", plan["batch"])
    check_integer("every", every)
    model.to(place.device)
    optimiser, order, made = adamw(model, plan["rate"]), first_order(rows.N, plan["seed"]), []
    if start is not None:
        made, order = [*start.losses], start.order
        model.load_state_dict(start.model)
        optimiser.load_state_dict(start.optimiser)
    losses_of, expected = parallel_losses(model, place), batch * rows.expected
    for step in range(len(made), steps):
        numbers, order = next_batch(order, batch)
        tokens, mask = rows.read(share_of_batch(numbers, place.rank, place.processes), place.device)
        with mixed_precision(place.device):
            losses = losses_of(tokens, mask)
        optimiser.zero_grad()
        share_loss(losses, expected, place.processes).backward()  # DistributedDataParallel averages here
        norm = nn.utils.clip_grad_norm_(model.parameters(), _CLIP)
        if not norm.isfinite():
            raise FloatingPointError(f"step {step}: the gradient norm is {norm.item():.3g}")
        for group in optimiser.param_groups:
            group["lr"] = plan["rate"] * rate_share(step, steps)
        optimiser.step()
        total = torch.stack([losses.detach().sum(), losses.new_tensor(len(losses))]).double()
        made.append((add_over_processes(total, place)[0] / total[1]).item())
        if place.rank == 0 and (step + 1 == steps or (step + 1) % every == 0):
            save_checkpoint(path, Checkpoint(plan, made, model.state_dict(), optimiser.state_dict(), order))
        if each is not None:
            each(step + 1, made[-1])
    return made
