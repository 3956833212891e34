"""Weights to and from torch's Transformer layers: torch.nn.TransformerEncoderLayer and TransformerDecoderLayer."""

import numpy as np
import torch

from helpers.core.checks import check_choice, check_floats, check_shape
from helpers.core.params import named_arrays
from helpers.layers.attention.multi_head import MultiHeadParams
from helpers.layers.attention.torch_weights import multi_head_from_torch, multi_head_to_torch
from helpers.layers.linear import LinearParams
from helpers.layers.transformer.decoder_layer import DecoderLayerParams
from helpers.layers.transformer.encoder_layer import EncoderLayerParams
from helpers.layers.transformer.feed_forward import FEED_FORWARD_ACTIVATIONS, FeedForwardParams, feed_forward
from helpers.layers.transformer.norms import NormParams, layer_norm

_EPS = 1e-5  # what both add to the variance in a norm

# Our names and torch's: the norms are numbered there, and the two linear maps are not in a module of their own.
_ENCODER_NAMES = {"attention": "self_attn", "attention_norm": "norm1", "feed_forward_norm": "norm2"}
_DECODER_NAMES = {
    "attention": "self_attn",
    "attention_norm": "norm1",
    "cross": "multihead_attn",
    "cross_norm": "norm2",
    "feed_forward_norm": "norm3",
}
_KINDS = {
    EncoderLayerParams: (torch.nn.TransformerEncoderLayer, _ENCODER_NAMES),
    DecoderLayerParams: (torch.nn.TransformerDecoderLayer, _DECODER_NAMES),
}


def layer_to_torch(params, heads, norm_first=False, activation="relu"):
    """Make the torch.nn layer that computes the same function.

    Parameters
    ----------
    params : EncoderLayerParams or DecoderLayerParams
    heads : int
    norm_first : bool
    activation : "relu" or "gelu"

    Returns
    -------
    torch.nn.TransformerEncoderLayer or torch.nn.TransformerDecoderLayer
        Batch first, without dropout, in the dtype of params. Of its masks, those of bools mean the opposite of ours:
        True = may *not* attend.

    Raises
    ------
    ValueError
        When params are those of another layer, the activation is unknown, or the heads do not divide D.
    """
    check_choice("activation", activation, FEED_FORWARD_ACTIVATIONS)
    if type(params) not in _KINDS:
        raise ValueError(f"params has {type(params).__name__}, expected EncoderLayerParams or DecoderLayerParams")
    kind, names = _KINDS[type(params)]
    D, H = check_shape("W of the hidden layer", params.feed_forward.hidden.W, "D H")
    dtype = check_floats(**dict(named_arrays(params)))
    nothing = np.zeros((1, D), dtype)  # the layers refuse weights that do not fit
    for name in _of_type(params, NormParams):
        layer_norm(nothing, getattr(params, name))
    feed_forward(nothing, params.feed_forward)
    attention = {ours: multi_head_to_torch(getattr(params, ours), heads) for ours in _of_type(params, MultiHeadParams)}
    dtype = attention["attention"].out_proj.weight.dtype
    options = {"dropout": 0.0, "activation": activation, "layer_norm_eps": _EPS, "norm_first": norm_first}
    layer = kind(D, heads, H, batch_first=True, dtype=dtype, **options)
    for ours, module in attention.items():
        setattr(layer, names[ours], module)
    with torch.no_grad():
        for place, array in _places(layer, names, params):
            place.copy_(torch.from_numpy(array))
    return layer


def layer_from_torch(layer, gradients=False):
    """Read the weights of one of torch's layers, or their gradients.

    Parameters
    ----------
    layer : torch.nn.TransformerEncoderLayer or torch.nn.TransformerDecoderLayer
        With biases, and torch's own ε of 1e-5. The number of heads is ``layer.self_attn.num_heads``; what
        ``norm_first`` and the activation are, the layer knows too.
    gradients : bool
        Read ∂L/∂W in place of W.

    Returns
    -------
    EncoderLayerParams or DecoderLayerParams
        Copies.

    Raises
    ------
    ValueError
        When it is another module.
    """
    for params_type, (kind, names) in _KINDS.items():
        if isinstance(layer, kind) and layer.linear1.bias is not None and layer.norm1.eps == _EPS:
            return _read(layer, params_type, names, gradients)
    raise ValueError(
        f"layer is {layer}, expected a TransformerEncoderLayer or TransformerDecoderLayer with biases and ε = {_EPS}"
    )


def _read(layer, params_type, names, gradients):
    def arrays(module):
        for tensor in (module.weight, module.bias):
            yield (tensor.grad if gradients else tensor).detach().cpu().numpy().T.copy()

    hidden, output = (LinearParams(*arrays(module)) for module in (layer.linear1, layer.linear2))
    parts = {"feed_forward": FeedForwardParams(hidden, output)}
    for ours, theirs in names.items():
        module = getattr(layer, theirs)
        is_norm = isinstance(module, torch.nn.LayerNorm)
        parts[ours] = NormParams(*arrays(module)) if is_norm else multi_head_from_torch(module, gradients)
    return params_type(**parts)


def _places(layer, names, params):
    """Each tensor of the norms and of the linear maps, with what goes there."""
    for module, (W, b) in zip((layer.linear1, layer.linear2), params.feed_forward, strict=True):
        yield from ((module.weight, W.T), (module.bias, b))
    for ours in _of_type(params, NormParams):
        module, (scale, shift) = getattr(layer, names[ours]), getattr(params, ours)
        yield from ((module.weight, scale), (module.bias, shift))


def _of_type(params, kind):
    return [name for name, part in params._asdict().items() if isinstance(part, kind)]
