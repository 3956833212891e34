"""What a head looks at: the token before, or the one that came after the last time; and how well a model copies."""

from typing import NamedTuple

import numpy as np
import torch

from helpers.core.checks import as_array, check_shape
from helpers.data.tasks.repeated_blocks import RepeatedBlocks
from helpers.models.gpt_bert.attention_weights import attention_weights
from helpers.models.torch_modules import as_ids, device_of


class HeadScores(NamedTuple):
    """Mean weights of every head, each from 0 to 1."""

    induction: np.ndarray  # (layers, K), on what came after the same token the last time
    previous: np.ndarray  # (layers, K), on the token before
    chance: float  # what equal weights would put on the first


class Copying(NamedTuple):
    """How well the copied tokens are foreseen."""

    loss: float  # nats for each of them
    right: float  # share of them that the model finds most probable


class Look(NamedTuple):
    """A model at one moment of its training."""

    copying: Copying
    scores: HeadScores
    weights: np.ndarray  # (layers, K, T − 1, T − 1), of the first sequence


def look_at(model, batch):
    """How well a model copies, what its heads look at, and their weights in the first sequence: -> Look."""
    scores = head_scores(model, batch)
    first = as_ids("tokens", batch.tokens, "B T", device_of(model))[:1, :-1]
    weights = attention_weights(model.trunk, first)[:, 0].cpu().numpy()
    return Look(copying(model, batch), scores, weights)


def head_scores(model, batch):
    """What every head looks at while it foresees the copied tokens.

    The token t is foreseen at t − 1. The same token as there stood at t − 1 − distance, and after it, at t − distance,
    what is to be copied: the weight on that place is the **induction score**.

    Parameters
    ----------
    model : GPT
    batch : RepeatedBlocks

    Returns
    -------
    HeadScores

    References
    ----------
    Olsson et al. 2022, "In-context Learning and Induction Heads", https://arxiv.org/abs/2209.11895
    """
    tokens, distance, copied = _checked(batch)
    weights = attention_weights(model.trunk, as_ids("tokens", tokens, "B T", device_of(model))[:, :-1])
    weights = weights.double().cpu().numpy()
    b, t = np.nonzero(copied)
    queries, keys = t - 1, t - distance[b]
    induction = weights[:, b, :, queries, keys].mean(axis=0)  # NumPy puts the pairs first: (pairs, layers, K)
    previous = np.diagonal(weights, offset=-1, axis1=-2, axis2=-1).mean(axis=(1, 3))
    return HeadScores(induction, previous, float((1 / (queries + 1)).mean()))


@torch.no_grad()
def copying(model, batch):
    """The loss and the share of right answers on the copied tokens of RepeatedBlocks: -> Copying."""
    tokens, _, copied = _checked(batch)
    tokens = as_ids("tokens", tokens, "B T", device_of(model))
    wanted = torch.as_tensor(copied[:, 1:], device=tokens.device)
    log_p, targets = model(tokens[:, :-1])[wanted].double().log_softmax(dim=-1), tokens[:, 1:][wanted]
    loss = -log_p.gather(1, targets[:, None]).mean().item()
    return Copying(loss, (log_p.argmax(dim=-1) == targets).double().mean().item())


def _checked(batch):
    if not isinstance(batch, RepeatedBlocks):
        raise ValueError(f"batch is of type {type(batch).__name__}, expected RepeatedBlocks")
    tokens, distance, copied = (as_array(name, part) for name, part in batch._asdict().items())
    B, T = check_shape("tokens", tokens, "B T")
    check_shape("distance", distance, "B", B=B)
    check_shape("copied", copied, "B T", B=B, T=T)
    if copied.dtype != bool:
        raise ValueError(f"copied has dtype {copied.dtype}, expected bool")
    b, t = np.nonzero(copied)
    if not len(b) or distance.dtype.kind not in "iu" or not ((distance[b] > 0) & (distance[b] <= t)).all():
        raise ValueError("no token is copied from a place before it, expected at least one, and none from elsewhere")
    return tokens, distance.astype(np.int64), copied
