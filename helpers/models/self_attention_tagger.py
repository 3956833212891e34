"""A tagger of one self-attention layer: it answers several questions about every place of a sequence."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_array, check_floats, check_integer, check_shape
from helpers.core.initial_values import scaled_normal
from helpers.core.optimisers import adam
from helpers.core.training import train
from helpers.layers.attention.multi_head import MultiHeadParams, init_multi_head, multi_head, multi_head_backward
from helpers.layers.embedding import embedding, embedding_backward
from helpers.layers.linear import LinearParams, init_linear, linear, linear_backward
from helpers.layers.losses import cross_entropy, cross_entropy_backward


class SelfAttentionTaggerParams(NamedTuple):
    """The weights of the model; its gradients have the same type."""

    tokens: np.ndarray  # (V, D), a row for each token
    places: np.ndarray  # (T, D), a row for each place: attention itself knows no order
    attention: MultiHeadParams
    output: LinearParams  # W (D, Q V): V scores for each of Q questions


def init_self_attention_tagger(rng, V, T, D, questions, dtype=np.float64):
    """Draw first parameters: V tokens, T places, vectors of size D, and so many questions about each place."""
    for name, size in (("V", V), ("T", T), ("D", D), ("questions", questions)):
        check_integer(name, size)
    return SelfAttentionTaggerParams(
        scaled_normal(rng, (V, D), np.sqrt(V), dtype),  # N(0, 1)
        scaled_normal(rng, (T, D), np.sqrt(T), dtype),
        init_multi_head(rng, D, dtype=dtype),
        init_linear(rng, D, questions * V, dtype),
    )


def self_attention_tagger(tokens, params, heads):
    """x = tokens[id] + places;  logits = multi_head(x, x) W + b.

    Parameters
    ----------
    tokens : ndarray of int (B, T)
    params : SelfAttentionTaggerParams
    heads : int

    Returns
    -------
    logits : ndarray (B, T, Q, V)
        The scores of all answers to each of Q questions about each place.
    weights : ndarray (B, K, T, T)
    cache : tuple

    Raises
    ------
    ValueError
        When a token is unknown, shapes do not fit, or the heads do not divide D.
    """
    check_floats(tokens=params.tokens, places=params.places)
    _, D = check_shape("the table of tokens", params.tokens, "V D")
    T, _ = check_shape("places", params.places, "T D", D=D)
    B, _ = check_shape("tokens", tokens, "B T", T=T)
    read, embedding_cache = embedding(tokens, params.tokens)
    x = read + params.places
    found, weights, attention_cache = multi_head(x, x, params.attention, heads)
    logits, output_cache = linear(found, params.output)
    logits = logits.reshape(B, T, -1, len(params.tokens))
    return logits, weights, (embedding_cache, attention_cache, output_cache)


def self_attention_tagger_backward(dlogits, cache, params):
    """Back through the same steps; x was query and memory at once, so its gradient is the sum of both.

    Parameters
    ----------
    dlogits : ndarray (B, T, Q, V)
    cache : tuple
        From `self_attention_tagger`.
    params : SelfAttentionTaggerParams

    Returns
    -------
    SelfAttentionTaggerParams
        The gradients.
    """
    embedding_cache, attention_cache, output_cache = cache
    B, T, Q, V = dlogits.shape
    dfound, doutput = linear_backward(dlogits.reshape(B, T, Q * V), output_cache, params.output)
    dqueries, dmemory, dattention = multi_head_backward(dfound, attention_cache, params.attention)
    dx = dqueries + dmemory
    dtokens = embedding_backward(dx, embedding_cache, params.tokens)
    return SelfAttentionTaggerParams(dtokens, dx.sum(axis=0), dattention, doutput)


def self_attention_tagger_loss(params, tokens, targets, heads):
    """L = mean cross-entropy over all questions about all places that have an answer.

    Parameters
    ----------
    params : SelfAttentionTaggerParams
    tokens : ndarray of int (B, T)
    targets : ndarray of int (B, T, Q)
        Below 0 where there is no answer.
    heads : int

    Returns
    -------
    loss : float
        Nats for each answer.
    grads : SelfAttentionTaggerParams
    """
    logits, _, cache = self_attention_tagger(tokens, params, heads)
    loss, loss_cache = cross_entropy(logits, targets, targets >= 0)
    return loss, self_attention_tagger_backward(cross_entropy_backward(loss_cache), cache, params)


def self_attention_tagger_accuracy(params, tokens, targets, heads):
    """The share of right answers to each question, of those that have one, ndarray (Q,)."""
    logits, _, _ = self_attention_tagger(tokens, params, heads)
    targets = as_array("targets", targets)
    if targets.dtype.kind not in "iu" or targets.shape != logits.shape[:-1]:
        raise ValueError(
            f"targets has dtype {targets.dtype} and shape {targets.shape}, expected integers {logits.shape[:-1]}"
        )
    if not (targets >= 0).any(axis=(0, 1)).all():
        raise ValueError("targets has no answer to a question, expected at least one to each")
    right = (logits.argmax(axis=-1) == targets) & (targets >= 0)
    return right.sum(axis=(0, 1)) / (targets >= 0).sum(axis=(0, 1))


def train_self_attention_tagger(params, draw, heads, steps=400, rate=1e-2):
    """Train on fresh sequences, draw() -> tokens, targets, with Adam: -> params, History."""

    steps = check_integer("steps", steps)

    def loss_and_grads(params, tokens, targets):
        return self_attention_tagger_loss(params, tokens, targets, heads)

    return train(loss_and_grads, params, (draw() for _ in range(steps)), adam(rate), steps, clip=1.0)
