"""A trained translator with attention, step by step: what asks, where it looks, what it is told, and what it says."""

from typing import NamedTuple

import numpy as np
import torch

from helpers.core.checks import check_integer
from helpers.data.vocab import END, START
from helpers.models.seq2seq.decoding_steps import start_state
from helpers.models.torch_modules import device_of


class LookBack(NamedTuple):
    """One step of a decoder with attention."""

    before: np.ndarray  # (H,) the state s_{t-1}
    weights: np.ndarray  # (S,) over the source
    context: np.ndarray  # (C,) the weighted sum of the encoder's states
    after: np.ndarray  # (H,) the state s_t
    token: int  # the most probable one
    probability: float


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
    check_integer("longest", longest)
    state, looks, token = start_state(model, batch), [], START
    values = state.values[0]
    while len(looks) < longest and token != END:
        before = state.s[0]
        with torch.no_grad():
            logits, state = model.decode(torch.full((1, 1), token, device=device_of(model)), state)
        weights, p = state.weights[0, 0], torch.softmax(logits[0, 0], dim=-1)
        token = int(p.argmax())
        arrays = (part.cpu().numpy() for part in (before, weights, weights @ values, state.s[0]))
        looks.append(LookBack(*arrays, token, float(p[token])))
    return values.cpu().numpy(), looks
