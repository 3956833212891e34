"""The processes that train one model together: which one this is, and on what it computes."""

import os
from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import distributed


class Place(NamedTuple):
    """One of the processes."""

    rank: int  # its number, from 0
    processes: int
    device: torch.device


def launched_as():
    """(rank, processes) as the launcher, torchrun, says in the environment; (0, 1) without one."""
    return int(os.environ.get("RANK", 0)), int(os.environ.get("WORLD_SIZE", 1))


def restarts():
    """How often the launcher has started the processes again, since one of them had died."""
    return int(os.environ.get("TORCHELASTIC_RESTART_COUNT", 0))


@contextmanager
def joined_processes():
    """Join the other processes: over NCCL with a GPU each where the machine has GPUs, over gloo on the CPU elsewhere.

    Yields
    ------
    Place

    Raises
    ------
    ValueError
        When a machine with GPUs has more processes than GPUs.
    """
    (rank, processes), gpu = launched_as(), torch.cuda.is_available()
    here = int(os.environ.get("LOCAL_RANK", 0))  # the number of the process on this machine
    if gpu and here >= torch.cuda.device_count():
        raise ValueError(f"process {here} of this machine came, expected at most {torch.cuda.device_count()}, the GPUs")
    device = torch.device("cuda", here) if gpu else torch.device("cpu")
    if gpu:
        torch.cuda.set_device(device)
    if processes == 1:
        yield Place(rank, processes, device)
        return
    # The launcher's store outlives the processes. Under names of its own, nobody reads there the address of a dead one.
    store = distributed.PrefixStore(f"start {restarts()}", next(distributed.rendezvous("env://"))[0])
    backend = "nccl" if gpu else "gloo"
    distributed.init_process_group(backend, store=store, rank=rank, world_size=processes)
    yield Place(rank, processes, device)  # where it fails, it ends: the others learn it from the launcher
    distributed.destroy_process_group()


def mixed_precision(device):
    """Compute matrix products in bfloat16 where a GPU has it, and everything in float32 elsewhere.

    bfloat16 has the range of float32, so that no small gradient becomes 0 and no scale of the loss is needed.
    """
    has = device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
    return torch.autocast(device.type, torch.bfloat16, enabled=has)


def add_over_processes(values, place):
    """Add up a Tensor over all processes, in place, and return it."""
    if place.processes > 1:
        distributed.all_reduce(values)
    return values
