"""Checkpoints: all that a run needs to go on as if nothing had happened, in one file; nothing in it is executed."""

import os
import pickle
from pathlib import Path
from typing import NamedTuple

import torch

from helpers.models.data_parallel.data_order import DataOrder

_FORMAT = "unrolled training checkpoint 1"


class Checkpoint(NamedTuple):
    """A run after some steps."""

    plan: dict  # {option: value}, of all on which the losses depend
    losses: list  # of float, one for each step that was made
    model: dict  # weights by name
    optimiser: dict  # its state, such as the two means of Adam
    order: DataOrder


def save_checkpoint(path, checkpoint):
    """Write a checkpoint; whenever the machine stops, the file is the old one or the new one, and whole.

    It is written beside its place, brought to the disk, and then given its name, which the system does at once.
    """
    order = checkpoint.order
    numbers = torch.from_numpy(order.numbers.copy())
    content = {"format": _FORMAT, **checkpoint._asdict(), "order": {**order._asdict(), "numbers": numbers}}
    part = Path(f"{path}.part")
    with part.open("wb") as file:
        torch.save(content, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)


def load_checkpoint(path, plan):
    """Read a checkpoint of this plan, onto the CPU.

    Parameters
    ----------
    path : str or Path
    plan : dict
        What the run would be: see `Checkpoint`.

    Returns
    -------
    Checkpoint

    Raises
    ------
    ValueError
        When there is no such file, it is no checkpoint, or one of another plan. The message names what differs.
    """
    path = Path(path)
    if not path.is_file():
        raise ValueError(f"checkpoint is {str(path)!r}, where no file is, expected one that a run has written")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
        if content.pop("format") != _FORMAT:
            raise KeyError("format")
        order = content.pop("order")
        found = Checkpoint(**content, order=DataOrder(order["numbers"].numpy(), order["read"], order["rng_state"]))
    except (pickle.UnpicklingError, RuntimeError, EOFError, ValueError, LookupError, AttributeError, TypeError):
        raise ValueError(f"file {path.name!r} cannot be read as a checkpoint, expected one of this program") from None
    other = [name for name in plan if found.plan.get(name) != plan[name]]
    if other:
        has = ", ".join(f"{name} {found.plan.get(name)}" for name in other)
        wanted = ", ".join(f"{name} {plan[name]}" for name in other)
        raise ValueError(f"checkpoint {path.name!r} is of a run with {has}, expected {wanted}")
    return found
