"""Training a model on repeated blocks: every token is foreseen, though only the copies can be."""

import torch

from helpers.core.checks import check_integer, check_positive
from helpers.core.training import progress_bar
from helpers.data.tasks.repeated_blocks import repeated_blocks
from helpers.models.gpt_bert.gpt import next_token_losses
from helpers.models.gpt_bert.pretraining import adamw
from helpers.models.torch_modules import as_ids, device_of

_WARM_UP, _CLIP = 50, 1.0


def train_copying(model, rng, steps, batch=64, rate=1e-2, each=None, progress=None, **blocks):
    """Train on what comes next, in fresh sequences of `repeated_blocks`, with AdamW.

    After 50 steps the rate stays as it is: so a curve up to step k is the same however long training goes on, and that
    nothing happens later is not because the rate has become small.

    Parameters
    ----------
    model : GPT
        Its weights are changed in place.
    rng : numpy.random.Generator
    steps, batch : int
    rate : float
    each : callable, optional
        each(k) is called before step k, and with k = steps at the end.
    progress : str, optional
        The caption of a progress bar, which is shown only if training takes longer than three seconds.
    **blocks
        Options of `repeated_blocks`; V is that of the model.

    Returns
    -------
    ndarray (steps,)
        The loss of each step, in nats for each token that is foreseen.

    Raises
    ------
    ValueError
        When a number is out of range.
    FloatingPointError
        When the loss is NaN or infinite.
    """
    steps, batch = check_integer("steps", steps), check_integer("batch", batch)
    check_positive("rate", rate)
    V, device, optimiser, history = model.trunk.sizes.V, device_of(model), adamw(model, rate), torch.empty(steps)
    for k in progress_bar(steps, progress):
        if each is not None:
            each(k)
        tokens = as_ids("tokens", repeated_blocks(rng, batch, V=V, **blocks).tokens, "B T", device)
        loss = next_token_losses(model, tokens, torch.ones_like(tokens, dtype=torch.bool)).mean()
        if not loss.isfinite():
            raise FloatingPointError(f"step {k}: the loss is {loss.item():.3g}")
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), _CLIP)
        for group in optimiser.param_groups:
            group["lr"] = float(rate) * min(1, (k + 1) / _WARM_UP)
        optimiser.step()
        history[k] = loss.detach()
    if each is not None:
        each(steps)
    return history.numpy()
