"""The weights of a GPT-2 of the `transformers` library, in the GPT of this book."""

from functools import partial

import torch
from torch import nn
from torch.nn.functional import gelu

from helpers.core.checks import check_choice
from helpers.models.gpt_bert.gpt import GPT
from helpers.models.gpt_bert.trunk import Sizes

# What `transformers` calls them; the first is GPT-2's own, an approximation by tanh.
_ACTIVATIONS = {
    "gelu_new": partial(gelu, approximate="tanh"),
    "gelu_pytorch_tanh": partial(gelu, approximate="tanh"),
    "gelu": gelu,
}
# Of the configuration: what this book's GPT does. Anything else would be read wrongly, without an error.
_EXPECTED = {
    "scale_attn_weights": True,
    "scale_attn_by_inverse_layer_idx": False,
    "add_cross_attention": False,
}
_PLACES = (("W_qkv", "attn.c_attn"), ("W_o", "attn.c_proj"), ("W_1", "mlp.c_fc"), ("W_2", "mlp.c_proj"))


def from_transformers(model):
    """Make a GPT with the weights of a `GPT2LMHeadModel`: its logits are the same.

    `transformers` itself is not needed here: only the configuration and the weights of the model are read.

    Parameters
    ----------
    model : transformers.GPT2LMHeadModel
        Such as `GPT2LMHeadModel.from_pretrained("gpt2")`. It is not changed, and what is returned shares no weight with
        it.

    Returns
    -------
    GPT
        In evaluation mode, on the device and in the dtype of the model. It has no dropout.

    Raises
    ------
    ValueError
        When the model is of another kind, or its configuration asks for what this book's GPT does not do.

    References
    ----------
    Radford et al. 2019, "Language Models are Unsupervised Multitask Learners" (GPT-2).
    """
    config = getattr(model, "config", None)
    if getattr(config, "model_type", None) != "gpt2" or not hasattr(model, "lm_head"):
        raise ValueError(f"model is a {type(model).__name__}, expected a GPT2LMHeadModel of transformers")
    act = _ACTIVATIONS[_checked_activation(config)]
    weights = model.state_dict()
    table = weights["transformer.wte.weight"]
    sizes = Sizes(config.vocab_size, config.n_embd, config.n_layer, config.n_head, config.n_positions)
    tied = torch.equal(weights["lm_head.weight"], table)
    gpt = GPT(sizes, tied, act).to(table.device, table.dtype)
    for norm in (each for each in gpt.modules() if isinstance(each, nn.LayerNorm)):
        norm.eps = config.layer_norm_epsilon
    gpt.load_state_dict(_renamed(weights, sizes.layers))
    return gpt.eval()


def _checked_activation(config):
    check_choice("activation_function", config.activation_function, tuple(_ACTIVATIONS))
    for name, wanted in _EXPECTED.items():
        if getattr(config, name, wanted) != wanted:
            raise ValueError(f"{name} is {getattr(config, name)}, expected {wanted}, as in GPT-2")
    if config.n_inner not in (None, 4 * config.n_embd):
        raise ValueError(f"n_inner is {config.n_inner}, expected four times n_embd, {4 * config.n_embd}")
    return config.activation_function


def _renamed(weights, layers):
    """Return a GPT's state by its own names. What `transformers` calls Conv1D multiplies rows, so it is transposed."""
    renamed = {
        "trunk.tokens.weight": weights["transformer.wte.weight"],
        "trunk.positions.weight": weights["transformer.wpe.weight"],
        "output.weight": weights["lm_head.weight"],
    }
    renamed |= {f"trunk.norm.{part}": weights[f"transformer.ln_f.{part}"] for part in ("weight", "bias")}
    for n in range(layers):
        own, theirs = f"trunk.layers.{n}", f"transformer.h.{n}"
        for part in ("weight", "bias"):
            for number in (1, 2):
                renamed[f"{own}.norm_{number}.{part}"] = weights[f"{theirs}.ln_{number}.{part}"]
            for name, place in _PLACES:
                array = weights[f"{theirs}.{place}.{part}"]
                renamed[f"{own}.{name}.{part}"] = array.T if part == "weight" else array
    return renamed
