"""Three mistakes, each a loss in place of the right one: a mask that leaks, no scale, targets not shifted.

None of them raises an error. Two of them leave the loss of training looking good.
"""

from math import sqrt

import torch
from torch.func import functional_call
from torch.nn.functional import cross_entropy

from helpers.models.seq2seq.training import batch_loss


def leaky_loss(model, batch):
    """Train without the causal mask: each step of the target sees the next ones, and so what it has to say."""
    return _mean_loss(model(batch.source, batch.source_mask, batch.inputs, causal=False), batch)


def unscaled_loss(model, batch):
    """Train with softmax(q k), not divided by √d, in all attentions; afterwards see `unscaled_weights`."""
    return _mean_loss(functional_call(model, unscaled_weights(model), tuple(batch[:3])), batch)


def unshifted_loss(model, batch):
    """Train with the targets as inputs too: step t reads the token that it has to say, not the one before."""
    return _mean_loss(model(batch.source, batch.source_mask, batch.targets), batch)


LOSSES = {
    "no mistake": batch_loss,
    "leak the mask": leaky_loss,
    "drop the scale": unscaled_loss,
    "shift the targets": unshifted_loss,
}


def unscaled_weights(model):
    """The weights with which a model that does divide by √d computes what these compute without: queries √d as large.

    Parameters
    ----------
    model : Transformer

    Returns
    -------
    dict
        Name → tensor, of all weights; gradients flow through. ``model.load_state_dict`` takes it.
    """
    weights = dict(model.named_parameters())
    for name, attention in model.named_modules():
        if isinstance(attention, torch.nn.MultiheadAttention):
            for part in ("in_proj_weight", "in_proj_bias"):
                queries, keys, values = getattr(attention, part).chunk(3)
                weights[f"{name}.{part}"] = torch.cat([sqrt(attention.head_dim) * queries, keys, values])
    return weights


def _mean_loss(logits, batch):
    return cross_entropy(logits[batch.target_mask], batch.targets[batch.target_mask].long())
