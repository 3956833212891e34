"""A classifier of sequences: a recurrent encoder, attention pooling by one learned query, and a read-out."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_floats, check_integer, check_shape
from helpers.core.initial_values import scaled_normal
from helpers.core.optimisers import adam
from helpers.core.training import train
from helpers.layers.attention.scaled_dot_product import attention, attention_backward
from helpers.layers.linear import LinearParams, init_linear, linear, linear_backward
from helpers.layers.losses import cross_entropy, cross_entropy_backward
from helpers.layers.recurrent.stack import init_recurrent, recurrent, recurrent_backward, zero_recurrent_state


class PoolingClassifierParams(NamedTuple):
    """The weights of the model; its gradients have the same type."""

    encoder: tuple  # as `helpers.layers.recurrent.stack` has it: a GRU that reads from both ends
    query: np.ndarray  # (1, 2H), the same for every sequence
    output: LinearParams  # W (2H, V)


def init_pooling_classifier(rng, D, V, H, dtype=np.float64):
    """Draw first parameters: D inputs, V classes, H units in each direction of the encoder."""
    return PoolingClassifierParams(
        init_recurrent(rng, D, H, "gru", bidirectional=True, dtype=dtype),
        scaled_normal(rng, (1, 2 * H), dtype=dtype),
        init_linear(rng, 2 * H, V, dtype),
    )


def pooling_classifier(x, params):
    """logits = (Σ_s weights_s h_s) W + b, where h is the encoder's states, keys and values at once.

    Parameters
    ----------
    x : ndarray (T, B, D)
    params : PoolingClassifierParams

    Returns
    -------
    logits : ndarray (B, V)
    weights : ndarray (B, 1, T)
        The weight of each step.
    values : ndarray (B, T, 2H)
        h, batch first.
    cache : tuple

    Raises
    ------
    ValueError
        When shapes do not fit or dtypes are mixed.
    """
    _, B, _ = check_shape("x", x, "T B D")
    h, _, encoder_cache = recurrent(x, zero_recurrent_state(B, params.encoder, "gru"), params.encoder, "gru")
    values = h.swapaxes(0, 1)  # batch first, as attention has them
    check_floats(query=params.query)
    query = np.broadcast_to(params.query, (B, *params.query.shape))
    out, weights, attention_cache = attention(query, values, values)
    logits, output_cache = linear(out[:, 0], params.output)
    return logits, weights, values, (encoder_cache, attention_cache, output_cache)


def pooling_classifier_backward(dlogits, cache, params):
    """The values were keys too, so their gradient is the sum of both; the query was the same for every sequence.

    Parameters
    ----------
    dlogits : ndarray (B, V)
    cache : tuple
        From `pooling_classifier`.
    params : PoolingClassifierParams

    Returns
    -------
    PoolingClassifierParams
        The gradients.
    """
    encoder_cache, attention_cache, output_cache = cache
    dout, doutput = linear_backward(dlogits, output_cache, params.output)
    dquery, dk, dv = attention_backward(dout[:, None], attention_cache)
    nothing = zero_recurrent_state(len(dlogits), params.encoder, "gru")
    _, _, dencoder = recurrent_backward((dk + dv).swapaxes(0, 1), nothing, encoder_cache, params.encoder)
    return PoolingClassifierParams(dencoder, dquery.sum(axis=0), doutput)


def pooling_classifier_loss(params, x, targets):
    """L = mean cross-entropy: -> loss in nats for each sequence, grads.

    Parameters
    ----------
    params : PoolingClassifierParams
    x : ndarray (T, B, D)
    targets : ndarray of int (B,)
    """
    logits, _, _, cache = pooling_classifier(x, params)
    loss, loss_cache = cross_entropy(logits, targets)
    return loss, pooling_classifier_backward(cross_entropy_backward(loss_cache), cache, params)


def train_pooling_classifier(params, draw, steps=300, rate=1e-2):
    """Train on fresh sequences, draw() -> x, targets, with Adam: -> params, History."""
    steps = check_integer("steps", steps)
    return train(pooling_classifier_loss, params, (draw() for _ in range(steps)), adam(rate), steps, clip=1.0)
