"""What a trained translator writes by itself, always the most probable token, and which of it is wholly right."""

import numpy as np
import torch

from helpers.core.checks import check_integer
from helpers.data.vocab import END, START
from helpers.models.seq2seq.evaluation import exact_match
from helpers.models.torch_modules import as_tensors, device_of


@torch.no_grad()
def write_greedily(model, source, mask, max_length):
    """Translate sources, a token at a time; `helpers.decoding.greedy` does the same for any model.

    Parameters
    ----------
    model : Transformer
    source : ndarray of int (S, B)
    mask : ndarray of bool (S, B)
        True where a token is.
    max_length : int
        Tokens that are written at most, `<end>` among them.

    Returns
    -------
    list of B lists of int
        Each up to its first `<end>`, which is the last.

    Raises
    ------
    ValueError
        When `max_length` is below 1, or a token is unknown to the model.
    """
    check_integer("max_length", max_length)
    source, mask = as_tensors((source, mask), device_of(model))
    state, written = model.encode(source, mask), []
    token = torch.full((1, source.shape[1]), START, device=source.device)
    ended = torch.zeros_like(token, dtype=torch.bool)
    while len(written) < max_length and not ended.all():
        logits, state = model.decode(token, state)
        token = logits.argmax(dim=-1)
        written.append(token[0].cpu().numpy())
        ended |= token == END
    return [_up_to_end(row) for row in np.stack(written, axis=1)]


def _up_to_end(tokens):
    ends = np.flatnonzero(tokens == END)
    return tokens[: ends[0] + 1].tolist() if len(ends) else tokens.tolist()


def right_translations(model, batch, max_length=30):
    """Say which sources of a batch a model translates wholly right.

    Parameters
    ----------
    model : Transformer
    batch : PairBatch
    max_length : int
        See `write_greedily`.

    Returns
    -------
    ndarray of bool (B,)

    Raises
    ------
    ValueError
        As `write_greedily` does.
    """
    return exact_match(write_greedily(model, batch.source, batch.source_mask, max_length), batch)
