"""Every number that a small Transformer makes while it translates one sentence: what each sublayer reads and adds."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch

from helpers.core.checks import check_choice
from helpers.data.vocab import END, START, decode, encode
from helpers.models.transformer.evaluation import write_greedily
from helpers.models.transformer.torch_model import _project

_MORE = 8  # tokens that may be written beyond two for each word


class Sublayer(NamedTuple):
    """One sublayer of a pre-norm layer at all tokens: stream = x + added, where added = sublayer(normed)."""

    name: str  # "attention", "masked", "cross" or "feed-forward"
    normed: np.ndarray  # norm(x) (T, D)
    added: np.ndarray  # (T, D)
    stream: np.ndarray  # (T, D): x + added
    weights: np.ndarray | None  # (K, T, S) of an attention


class TranslationTrace(NamedTuple):
    """One source, what was written, and all that was computed on the way. The layers' sublayers stand in one list."""

    source: tuple  # S tokens, <end> among them
    inputs: tuple  # T tokens: <start>, and what was written before
    written: tuple  # T tokens, the last is <end> unless the room ended first
    source_embedded: np.ndarray  # embedding + position (S, D)
    encoder: tuple  # of Sublayer
    memory: np.ndarray  # norm of the encoder's last stream (S, D)
    target_embedded: np.ndarray  # (T, D)
    decoder: tuple  # of Sublayer
    last: np.ndarray  # norm of the decoder's last stream (T, D)
    p: np.ndarray  # of each next token (T, V_t)
    words: tuple  # of the target's vocabulary, V_t


@torch.no_grad()
def trace_translation(model, sentence, source_vocab, target_vocab):
    """Let a Transformer translate a sentence greedily, and write down all that it computes.

    Parameters
    ----------
    model : Transformer
        With pre-norm.
    sentence : str
        Words of the source's vocabulary, with spaces between.
    source_vocab, target_vocab : Vocab

    Returns
    -------
    TranslationTrace
        In float64.

    Raises
    ------
    ValueError
        When the sentence is empty or has an unknown word, or the model has post-norm.
    """
    if not isinstance(sentence, str) or not sentence.split():
        raise ValueError(f"sentence is {sentence!r}, expected words with spaces between")
    words = sentence.split()
    for word in words:
        check_choice("word", word, source_vocab.tokens[4:])
    if not model.decoder.layers[0].norm_first:
        raise ValueError("the model has post-norm, expected pre-norm")
    source = np.append(encode(source_vocab, words), END)[:, None]
    (written,) = write_greedily(model, source, np.ones_like(source, bool), 2 * len(words) + _MORE)
    return _trace(model, source, np.array([START, *written[:-1]]), written, source_vocab, target_vocab)


@torch.no_grad()
def self_attention_under(model, tokens, target_vocab, mask):
    """Make the weights of the first layer of a decoder, whatever the mask with which it was trained.

    Parameters
    ----------
    model : Transformer
        With pre-norm.
    tokens : sequence of T str
        Of the target's vocabulary.
    target_vocab : Vocab
    mask : ndarray of bool (T, T)
        True = may attend.

    Returns
    -------
    ndarray (K, T, T)
        A token that may attend to nothing has weights of 0.

    Raises
    ------
    ValueError
        When tokens is no list, a token is unknown, the mask is of another shape or not of bools, or the norm is after.
    """
    if not isinstance(tokens, Sequence) or isinstance(tokens, str):
        raise ValueError(f"tokens is {tokens!r:.60}, expected a list of tokens")
    layer, T = model.decoder.layers[0], len(tokens)
    for token in tokens:
        check_choice("token", token, target_vocab.tokens)
    if not isinstance(mask, np.ndarray) or mask.dtype != bool or mask.shape != (T, T):
        raise ValueError(f"mask is {str(mask)[:60]}, expected bools ({T}, {T})")
    if not layer.norm_first:
        raise ValueError("the model has post-norm, expected pre-norm")
    x = model._embed(torch.as_tensor(encode(target_vocab, tokens))[:, None], model.target_embedding)
    q, k, _ = _project(layer.self_attn, layer.norm1(x))
    scores = (q @ k.mT / q.shape[-1] ** 0.5).masked_fill(torch.as_tensor(~mask), -torch.inf)
    return _array(scores.softmax(dim=-1).nan_to_num(0.0))


def _trace(model, source, inputs, written, source_vocab, target_vocab):
    source_embedded = model._embed(torch.as_tensor(source), model.source_embedding)
    x, read = source_embedded, []
    for layer in model.encoder.layers:
        x = _attend(read, "attention", x, layer.norm1, layer.self_attn)
        x = _feed(read, x, layer.norm2, layer)
    memory = model.encoder.norm(x)
    target_embedded = model._embed(torch.as_tensor(inputs[:, None]), model.target_embedding)
    x, said, T = target_embedded, [], len(inputs)
    later = torch.ones(T, T, dtype=torch.bool).triu(1)  # True = may not attend
    for layer in model.decoder.layers:
        x = _attend(said, "masked", x, layer.norm1, layer.self_attn, mask=later)
        x = _attend(said, "cross", x, layer.norm2, layer.multihead_attn, memory)
        x = _feed(said, x, layer.norm3, layer)
    last = model.decoder.norm(x)
    p = model.output(last).softmax(dim=-1)
    return TranslationTrace(
        tuple(map(str, decode(source_vocab, source[:, 0]))),
        tuple(map(str, decode(target_vocab, inputs))),
        tuple(map(str, decode(target_vocab, written))),
        *(_array(source_embedded), tuple(read), _array(memory)),
        *(_array(target_embedded), tuple(said), _array(last), _array(p)),
        tuple(map(str, target_vocab.tokens)),
    )


def _attend(done, name, x, norm, attention, memory=None, mask=None):
    normed = norm(x)
    memory = normed if memory is None else memory
    added, weights = attention(normed, memory, memory, attn_mask=mask, average_attn_weights=False)
    return _keep(done, name, x, normed, added, _array(weights))


def _feed(done, x, norm, layer):
    normed = norm(x)
    return _keep(done, "feed-forward", x, normed, layer.linear2(layer.activation(layer.linear1(normed))), None)


def _keep(done, name, x, normed, added, weights):
    stream = x + added
    done.append(Sublayer(name, *map(_array, (normed, added, stream)), weights))
    return stream


def _array(tensor):
    """The only sentence of a batch, as an array."""
    return tensor[0].double().numpy()
