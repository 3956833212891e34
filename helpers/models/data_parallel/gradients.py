"""Is the gradient that several processes average that of the whole batch? Both, of one GPT and one batch."""

from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from torch import distributed

from helpers.core.checks import check_integer
from helpers.core.processes import side_by_side
from helpers.models.data_parallel.data_order import share_of_batch
from helpers.models.data_parallel.process_group import Place
from helpers.models.data_parallel.training import parallel_losses, share_loss
from helpers.models.gpt_bert.gpt import GPT
from helpers.models.torch_modules import as_ids, check_tensor, set_weights, weight_arrays


def batch_gradient(model, tokens, mask):
    """∂L/∂w of every weight of a GPT, with L the mean over all tokens of a batch; computed by this process alone.

    Parameters
    ----------
    model : GPT
        On the CPU, its output tied to its embedding. It is not changed.
    tokens : Tensor of int (B, T)
    mask : Tensor of bool (B, T)
        True where a token is.

    Returns
    -------
    dict
        Name of the weight → ndarray.
    """
    return averaged_gradients(model, tokens, mask, 1)[0]


def averaged_gradients(model, tokens, mask, processes=2):
    """The same gradient from several processes, each of which reads its share of the rows and averages over gloo.

    Parameters are as for `batch_gradient`; `processes` must divide B. The result is a list, a dict for each process.
    """
    tokens = as_ids("tokens", tokens, "B T")
    B, T = tokens.shape
    check_tensor("mask", mask, "B T", "bool", B=B, T=T)
    share_of_batch(torch.arange(B).numpy(), 0, check_integer("processes", processes))  # refuses what cannot be shared
    with TemporaryDirectory() as folder:
        shared = {"sizes": model.trunk.sizes, "weights": weight_arrays(model), "tokens": tokens.numpy()}
        shared |= {"mask": mask.numpy(), "processes": processes, "meeting": (Path(folder) / "meeting").as_uri()}
        return side_by_side(_gradient_here, [{**shared, "rank": rank} for rank in range(processes)], processes)


def _gradient_here(sizes, weights, tokens, mask, processes, meeting, rank):
    """In one of the processes."""
    place = Place(rank, processes, torch.device("cpu"))
    dtype = torch.from_numpy(weights["trunk.norm.weight"]).dtype
    model = set_weights(GPT(sizes).to(dtype), weights)
    if processes > 1:
        distributed.init_process_group("gloo", init_method=meeting, rank=rank, world_size=processes)
    losses_of, expected = parallel_losses(model, place), mask[:, 1:].sum()
    numbers = share_of_batch(torch.arange(len(tokens)).numpy(), rank, processes)
    losses = losses_of(torch.from_numpy(tokens[numbers]), torch.from_numpy(mask[numbers]))
    share_loss(losses, int(expected), processes).backward()
    gradient = {name: weight.grad.numpy().copy() for name, weight in model.named_parameters()}
    if processes > 1:
        distributed.destroy_process_group()
    return gradient
