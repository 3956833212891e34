"""A trained translator with attention, step by step: what asks, where it looks, what it is told, and what it says."""

from typing import NamedTuple

import numpy as np
import torch

from helpers.core.checks import check_integer
from helpers.data.source_target_pairs import encode_pairs, pair_batch
from helpers.data.vocab import END, START
from helpers.models.seq2seq.decoding_steps import alignments, start_state, teacher_forced
from helpers.models.seq2seq.evaluation import alignment_offsets, right_tokens
from helpers.models.torch_modules import device_of


class LookBack(NamedTuple):
    """One step of a decoder with attention."""

    before: np.ndarray  # (H,) the state s_{t-1}
    weights: np.ndarray  # (S,) over the source
    context: np.ndarray  # (C,) the weighted sum of the encoder's states
    after: np.ndarray  # (H,) the state s_t
    token: int  # the most probable one
    probability: float
    p: np.ndarray = None  # (V,) of all tokens


class Elsewhere(NamedTuple):
    """Where a translator looks when it is given the right words so far, over all words that come from a source word."""

    on_the_true_word: float  # the share whose heaviest weight is on the word that they come from
    near: float  # of the others, the share of which it is one or two places off; NaN where there is no other
    right: float  # the share that is said right
    elsewhere: float  # of the words said right, the share that was said with the heaviest weight on another word


def said_elsewhere(model, pairs, source_vocab, target_vocab):
    """Count how often the heaviest weight is on the true word, and what is said when it is not.

    Parameters
    ----------
    model : Seq2Seq
        With attention.
    pairs : list of Pair
        With their true alignments.
    source_vocab, target_vocab : Vocab

    Returns
    -------
    Elsewhere

    Raises
    ------
    ValueError
        When the model has no attention, or no target word comes from a source word.
    """
    batch = pair_batch(encode_pairs(pairs, source_vocab, target_vocab), np.arange(len(pairs)))
    targets = [row[mask] for row, mask in zip(batch.targets.T, batch.target_mask.T, strict=True)]
    looked = alignments(model, batch.source, batch.source_mask, targets)
    off = np.abs(alignment_offsets(looked, pairs))
    places = [(t, n) for n, pair in enumerate(pairs) for t, place in enumerate(pair.alignment) if place]
    ok = right_tokens(teacher_forced(model, batch), batch)[tuple(np.transpose(places))]
    near = np.mean(off[off > 0] <= 2) if (off > 0).any() else np.nan
    elsewhere = np.mean(off[ok] > 0) if ok.any() else np.nan
    return Elsewhere(float(np.mean(off == 0)), float(near), float(ok.mean()), float(elsewhere))


def trace_looks(model, batch, longest=30):
    """Translate one source greedily, and keep what every step computed.

    Parameters
    ----------
    model : Seq2Seq
        With attention.
    batch : PairBatch
        Of one pair; its target is not read.
    longest : int
        The most steps, if `<end>` does not come before.

    Returns
    -------
    states : ndarray (S, C)
        The states of the encoder.
    looks : list of LookBack
        The last one says `<end>`, unless there was no room for it.

    Raises
    ------
    ValueError
        When the model has no attention, or the batch has more or fewer than one source.
    """
    if model.attention is None:
        raise ValueError("the model has no attention, expected one that looks at the source")
    if batch.source.shape[1] != 1:
        raise ValueError(f"the batch has {batch.source.shape[1]} sources, expected one")
    state = start_state(model, batch)
    return state.values[0].cpu().numpy(), follow_looks(model, state, longest)


def follow_looks(model, state, longest=30):
    """Say greedily what follows from a state, and keep what every step computed.

    Parameters
    ----------
    model : torch.nn.Module
        Whose `decode` looks at what the state holds, such as a Seq2Seq with attention.
    state : RecurrentDecoderState
        Of one source.
    longest : int
        The most steps, if `<end>` does not come before.

    Returns
    -------
    list of LookBack
        The last one says `<end>`, unless there was no room for it.

    Raises
    ------
    ValueError
        When the state is of more or fewer than one source, or has nothing to look at.
    """
    check_integer("longest", longest)
    if len(state.s) != 1 or state.values is None:
        raise ValueError(f"the state is of {len(state.s)} sources, expected one that is looked at")
    looks, token, values = [], START, state.values[0]
    while len(looks) < longest and token != END:
        before = state.s[0]
        with torch.no_grad():
            logits, state = model.decode(torch.full((1, 1), token, device=device_of(model)), state)
        weights, p = state.weights[0, 0], torch.softmax(logits[0, 0], dim=-1)
        token = int(p.argmax())
        arrays = (part.cpu().numpy() for part in (before, weights, weights @ values, state.s[0]))
        looks.append(LookBack(*arrays, token, float(p[token]), p.cpu().numpy()))
    return looks
