"""The same costs, counted while torch computes: operations, what is kept for the backward pass, what is held."""

from weakref import WeakSet

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import cross_entropy
from torch.utils.flop_counter import FlopCounterMode

from helpers.models.gpt_bert.gpt import read_prompt, start_cache
from helpers.models.gpt_bert.pretraining import adamw
from helpers.models.gpt_costs.memory import activation_numbers, key_value_bytes, training_memory
from helpers.models.gpt_costs.operations import training_operations
from helpers.models.gpt_costs.parameters import parameter_count
from helpers.models.gpt_costs.shapes import shape_of
from helpers.models.torch_modules import as_ids, count_weights, device_of


def counted_operations(model, tokens):
    """Count the operations of matrix products of a GPT with torch's FlopCounterMode: (forward, forward and backward).

    Attention is computed by its readable form, since the counter does not know what the fused one does on every
    device, and the backward of a fused one computes the scores again.

    Parameters
    ----------
    model : GPT
        It is not changed, but for gradients that are added.
    tokens : array of int (B, T)
        All of them are read.

    Returns
    -------
    tuple of int
    """
    tokens = as_ids("tokens", tokens, "B T", device_of(model))
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        total = model(tokens).sum()
        forward = counter.get_total_flops()
        total.backward()
    return forward, counter.get_total_flops()


def saved_numbers(model, tokens, fused=True):
    """Count the numbers that torch keeps between the forward and the backward pass of a loss; each storage once.

    Ids, weights and the loss itself do not count; nor what is dropped again before the backward pass.

    Parameters
    ----------
    model : GPT
    tokens : array of int (B, T + 1)
        T tokens are read, and T are foreseen.
    fused : bool
        Let attention be computed by the fused form, which keeps no weights.

    Returns
    -------
    int
    """
    tokens, saved = as_ids("tokens", tokens, "B U", device_of(model)), WeakSet()
    weights = {weight.untyped_storage().data_ptr() for weight in model.parameters()}

    def note(tensor):
        saved.add(one := _Saved(tensor))
        return one

    form = SDPBackend.FLASH_ATTENTION if fused else SDPBackend.MATH
    with sdpa_kernel(form), torch.autograd.graph.saved_tensors_hooks(note, lambda one: one.tensor):
        loss = cross_entropy(model(tokens[:, :-1]).flatten(0, 1), tokens[:, 1:].flatten())  # holds what is kept
    kept = [one.tensor for one in saved if one.tensor.is_floating_point() and one.tensor.ndim]
    numbers = {part.untyped_storage().data_ptr(): part.untyped_storage().nbytes() // part.itemsize for part in kept}
    del loss
    return sum(count for storage, count in numbers.items() if storage not in weights)


class _Saved:
    """What an operation saves; it lives as long as the operation may still go back."""

    def __init__(self, tensor):
        self.tensor = tensor


def held_bytes(model, optimiser):
    """Bytes of the weights, of their gradients, and of the optimiser's numbers as large as weights: {part: bytes}."""
    weights = [*model.parameters()]
    gradients = [weight.grad for weight in weights if weight.grad is not None]
    kept = [
        part for state in optimiser.state.values() for part in state.values() if torch.is_tensor(part) and part.ndim
    ]
    parts = {"weights": weights, "gradients": gradients, "Adam": kept}
    return {name: sum(part.numel() * part.element_size() for part in each) for name, each in parts.items()}


def cache_bytes(caches):
    """Bytes of the keys and values in the caches of `read_prompt` or `cached_step`."""
    return sum(part.numel() * part.element_size() for cache in caches for part in cache)


def formulas_and_counts(model, tokens):
    """Set what the formulas say of a GPT beside what torch counts: {what: (by formula, counted)}.

    Parameters
    ----------
    model : GPT
        It makes one step of AdamW.
    tokens : array of int (B, T + 1)
        T tokens are read, and T are foreseen.

    Returns
    -------
    dict
        "weights", "operations" of a forward and a backward pass, "activations", "bytes held" of weights, gradients and
        AdamW, and "bytes of keys and values".
    """
    tokens = as_ids("tokens", tokens, "B U", device_of(model))
    shape, read = shape_of(model.trunk.sizes), tokens[:, :-1]
    B, T = read.shape
    optimiser, counted = adamw(model, 1e-3), counted_operations(model, read)[1]
    optimiser.step()
    held = training_memory(shape, B, T)
    by_formula = [
        parameter_count(shape),
        sum(training_operations(shape, B, T).values()),
        activation_numbers(shape, B, T),
    ]
    by_formula += [sum(held[part] for part in ("weights", "gradients", "Adam")), key_value_bytes(shape, B, T, 4)]
    by_torch = [count_weights(model), counted, saved_numbers(model, tokens), sum(held_bytes(model, optimiser).values())]
    by_torch += [cache_bytes(read_prompt(model, read, start_cache(model, B)))]
    what = "weights", "operations", "activations", "bytes held", "bytes of keys and values"
    return dict(zip(what, zip(by_formula, by_torch, strict=True), strict=True))
