"""Training in torch: teacher forcing on batches of about equally long sources, and a rate that falls to zero."""

import torch
from torch.nn.functional import cross_entropy
from tqdm import tqdm

from helpers.core.checks import check_integer, check_positive
from helpers.core.training import History
from helpers.data.batches import length_buckets
from helpers.data.source_target_pairs import pair_batch


def as_tensors(batch, device=None):
    """The arrays of a PairBatch as tensors."""
    return type(batch)(*(torch.as_tensor(array, device=device) for array in batch))


def batch_loss(model, batch):
    """L = mean of −log P(y_t | y_1 … y_{t-1}, source) over the tokens of all targets, in nats, as a tensor."""
    logits = model(batch.source, batch.source_mask, batch.inputs)
    return cross_entropy(logits[batch.target_mask], batch.targets[batch.target_mask].long())


def train_seq2seq(
    model, encoded, rng, steps, batch=64, rate=1e-2, clip=1.0, progress=None, loss=batch_loss, warm_up=0.1
):
    """Train with Adam; the rate rises over the first tenth of the steps, and falls to zero in a straight line.

    Parameters
    ----------
    model : Seq2Seq or Transformer
        Its weights are changed in place.
    encoded : EncodedPairs
    rng : numpy.random.Generator
        Draws the batches.
    steps, batch : int
    rate : float
        The highest rate.
    clip : float
        The threshold of the gradient norm.
    progress : str, optional
        The caption of a progress bar, which is shown only if training takes longer than three seconds.
    loss : callable
        loss(model, batch) -> the tensor that is made small.
    warm_up : float
        The share of the steps over which the rate rises, below 1.

    Returns
    -------
    History
        The loss (nats for each target token) and the gradient norm of every step.

    Raises
    ------
    ValueError
        When a number is out of range, or there are fewer pairs than a batch.
    FloatingPointError
        When the gradient is NaN or infinite.
    """
    check_integer("steps", steps)
    check_positive("rate", rate)
    check_positive("clip", clip)
    if not 0 <= warm_up < 1:
        raise ValueError(f"warm_up is {warm_up}, expected a share of the steps, at least 0 and below 1")
    lengths = encoded.source.starts[1:] - encoded.source.starts[:-1]
    batches = length_buckets(lengths, batch, rng)
    optimiser = torch.optim.Adam(model.parameters(), lr=float(rate))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda k: rate_share(k, steps, warm_up))
    device = next(model.parameters()).device
    losses, norms = torch.empty(steps), torch.empty(steps)
    for k in tqdm(range(steps), desc=progress, disable=progress is None, delay=3, leave=False):
        L = loss(model, as_tensors(pair_batch(encoded, next(batches)), device))
        optimiser.zero_grad()
        L.backward()
        norms[k] = torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        if not norms[k].isfinite():
            raise FloatingPointError(f"step {k}: the loss is {L.item():.3g}, the gradient norm {norms[k]:.3g}")
        losses[k] = L.detach()
        optimiser.step()
        schedule.step()
    return History(losses.numpy(), norms.numpy())


def rate_share(k, steps, warm_up=0.1):
    """The share of the highest rate at step k: up over the first steps, then down to zero."""
    rise = max(1, int(warm_up * steps))
    return min((k + 1) / rise, (steps - k) / max(1, steps - rise))
