"""The encoder and the decoder of a Transformer, forward and backward: a stack of layers each."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_integer
from helpers.core.overflow import refuse_overflow
from helpers.layers.transformer.decoder_layer import decoder_layer, decoder_layer_backward, init_decoder_layer
from helpers.layers.transformer.encoder_layer import encoder_layer, encoder_layer_backward, init_encoder_layer
from helpers.layers.transformer.norms import NormParams, init_norm, layer_norm, layer_norm_backward


class StackParams(NamedTuple):
    """The weights of an encoder or a decoder; its gradients have the same type."""

    layers: tuple  # of EncoderLayerParams or of DecoderLayerParams
    norm: NormParams  # over the output of the last layer, or () for none


def init_encoder(rng, D, H, layers, norm_first=False, dtype=np.float64):
    """Draw first parameters; with pre-norm there is one more norm at the end, as no other norm follows the last sum."""
    return _init_stack(init_encoder_layer, rng, D, H, layers, norm_first, dtype)


def init_decoder(rng, D, H, layers, norm_first=False, dtype=np.float64):
    """Draw first parameters, see `init_encoder`."""
    return _init_stack(init_decoder_layer, rng, D, H, layers, norm_first, dtype)


@refuse_overflow
def encoder(x, params, heads, mask=None, norm_first=False, activation="relu"):
    """y = norm(layer_N(… layer_1(x))), all layers with the same mask.

    Parameters
    ----------
    x : ndarray (..., T, D)
        Batch first; embeddings to which positions have been added.
    params : StackParams
    heads, mask, norm_first, activation
        See `encoder_layer`. `norm_first` is the one that was given to `init_encoder`.

    Returns
    -------
    y : ndarray (..., T, D)
    weights : tuple of ndarrays (..., K, T, T)
        One for each layer.
    cache : tuple
        What `encoder_backward` needs.

    Raises
    ------
    ValueError
        As `encoder_layer` does.
    """
    weights, caches = [], []
    for layer in params.layers:
        x, layer_weights, cache = encoder_layer(x, layer, heads, mask, norm_first, activation)
        weights.append(layer_weights)
        caches.append(cache)
    y, norm_cache = _last_norm(x, params.norm)
    return y, tuple(weights), (caches, norm_cache)


@refuse_overflow
def encoder_backward(dy, cache, params):
    """Back through the layers, from the last to the first: dx (..., T, D) and grads.

    It raises a ValueError when shapes do not fit or dtypes are mixed.
    """
    caches, norm_cache = cache
    dx, dnorm = _last_norm_backward(dy, norm_cache, params.norm)
    grads = []
    for layer, layer_cache in zip(reversed(params.layers), reversed(caches), strict=True):
        dx, layer_grads = encoder_layer_backward(dx, layer_cache, layer)
        grads.append(layer_grads)
    return dx, StackParams(tuple(reversed(grads)), dnorm)


@refuse_overflow
def decoder(x, memory, params, heads, mask, memory_mask=None, norm_first=False, activation="relu"):
    """y = norm(layer_N(… layer_1(x, memory) …, memory)): every layer attends to the same memory.

    Parameters
    ----------
    x : ndarray (..., T, D)
    memory : ndarray (..., S, D)
        The output of `encoder`.
    params : StackParams
    heads, mask, memory_mask, norm_first, activation
        See `decoder_layer`.

    Returns
    -------
    y : ndarray (..., T, D)
    weights : tuple of pairs of ndarrays
        For each layer (..., K, T, T) of the self-attention and (..., K, T, S) of the cross-attention.
    cache : tuple
        What `decoder_backward` needs.

    Raises
    ------
    ValueError
        As `decoder_layer` does.
    """
    weights, caches = [], []
    for layer in params.layers:
        x, layer_weights, cache = decoder_layer(x, memory, layer, heads, mask, memory_mask, norm_first, activation)
        weights.append(layer_weights)
        caches.append(cache)
    y, norm_cache = _last_norm(x, params.norm)
    return y, tuple(weights), (caches, norm_cache)


@refuse_overflow
def decoder_backward(dy, cache, params):
    """Back through the layers: dx (..., T, D), dmemory (..., S, D), the sum over all layers, and grads.

    It raises a ValueError when shapes do not fit or dtypes are mixed.
    """
    caches, norm_cache = cache
    dx, dnorm = _last_norm_backward(dy, norm_cache, params.norm)
    dmemory, grads = 0, []
    for layer, layer_cache in zip(reversed(params.layers), reversed(caches), strict=True):
        dx, dlayer_memory, layer_grads = decoder_layer_backward(dx, layer_cache, layer)
        dmemory = dmemory + dlayer_memory
        grads.append(layer_grads)
    return dx, dmemory, StackParams(tuple(reversed(grads)), dnorm)


def _init_stack(init_layer, rng, D, H, layers, norm_first, dtype):
    layers = check_integer("layers", layers)
    return StackParams(
        tuple(init_layer(rng, D, H, dtype) for _ in range(layers)), init_norm(D, dtype) if norm_first else ()
    )


def _last_norm(x, norm):
    return layer_norm(x, norm) if norm else (x, ())


def _last_norm_backward(dy, cache, norm):
    return layer_norm_backward(dy, cache, norm) if norm else (dy, ())
