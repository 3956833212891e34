"""One label in, a sequence of tokens out, in torch: the label as first state, at the first step or at every step."""

import numpy as np
import torch
from torch import nn

from helpers.core.checks import as_array, check_choice, check_indices, check_integer, check_positive, check_shape
from helpers.data.batches import shuffled_batches
from helpers.data.vocab import END, PAD, START
from helpers.models.one_to_many import WIRINGS
from helpers.models.torch_modules import device_of, new_model
from helpers.models.torch_training import train_torch


class TorchOneToMany(nn.Module):
    """P(token t | label, tokens before) from a GRU that reads the token before, and the label where the wiring says so.

    Parameters
    ----------
    labels, tokens, D, H : int
        Labels, tokens, numbers for each of both, units.
    wiring : str
        One of `helpers.models.one_to_many.WIRINGS`.

    Raises
    ------
    ValueError
        When the wiring is unknown or a size is not positive.
    """

    def __init__(self, labels, tokens, D, H, wiring="every step"):
        """Draw first weights as torch does."""
        super().__init__()
        check_choice("wiring", wiring, WIRINGS)
        labels, tokens = check_integer("labels", labels), check_integer("tokens", tokens)
        D, H = check_integer("D", D), check_integer("H", H)
        self.label, self.embedding = nn.Embedding(labels, D), nn.Embedding(tokens, D)
        self.start = nn.Linear(D, H)
        self.recurrent, self.output = nn.GRU(2 * D, H), nn.Linear(H, tokens)
        self.wiring = wiring

    def forward(self, labels, ids, state=None, first=True):
        """Read labels (B,) and the tokens before (T, B): -> logits (T, B, V), state. `first`: a sequence begins."""
        v, x = self.label(labels), self.embedding(ids)
        steps = {"every step": len(ids), "first step": int(first)}.get(self.wiring, 0)
        beside = torch.cat([v.expand(steps, -1, -1), v.new_zeros(len(ids) - steps, *v.shape)])
        if first and self.wiring == "first state":
            state = torch.tanh(self.start(v))[None]
        h, state = self.recurrent(torch.cat([beside, x], dim=-1), state)
        return self.output(h), state


def train_one_to_many(model, ids, labels, rng, steps, batch=64, rate=1e-2):
    """AdamW on batches in a new order every epoch; the weights are changed in place.

    Parameters
    ----------
    model : TorchOneToMany
    ids : ndarray of int (T, N)
        `<start>`, tokens, `<end>`, then `<pad>`, which is no target.
    labels : ndarray of int (N,)
    rng : numpy.random.Generator
    steps, batch : int
    rate : float

    Returns
    -------
    History
        The loss in nats a token.
    """
    check_positive("rate", rate)
    check_integer("steps", steps)
    check_integer("batch", batch)
    ids, labels = _checked_sequences(model, ids, labels)

    def losses():
        for rows in shuffled_batches(len(labels), batch, rng, -(-steps * batch // len(labels)) + 1):
            loss = _loss(model, ids[:, rows], labels[rows])
            yield loss, loss

    model.train()
    history = train_torch(losses(), torch.optim.AdamW(model.parameters(), lr=rate), steps)
    model.eval()
    return history


@torch.no_grad()
def one_to_many_nats(model, ids, labels):
    """The mean of −ln P of the tokens that count, nats a token."""
    return float(_loss(model, *_checked_sequences(model, ids, labels)))


def _checked_sequences(model, ids, labels):
    ids, labels = as_array("ids", ids), as_array("labels", labels)
    T, N = check_shape("ids", ids, "T N")
    check_shape("labels", labels, "N", N=N)
    check_indices("ids", ids, model.embedding.num_embeddings)
    check_indices("labels", labels, model.label.num_embeddings)
    if T < 2 or not N or (ids[1:] == PAD).all():
        raise ValueError(f"ids has shape {ids.shape}, expected two steps or more, and a token that is no padding")
    return ids, labels


def _loss(model, ids, labels):
    tokens, labels = (torch.as_tensor(np.asarray(a, dtype=np.int64), device=device_of(model)) for a in (ids, labels))
    logits, _ = model(labels, tokens[:-1])
    return nn.functional.cross_entropy(logits.flatten(0, 1), tokens[1:].flatten(), ignore_index=PAD)


@torch.no_grad()
def write_from_labels(model, labels, rng, longest=20):
    """Draw one sequence of tokens for each label, all at once, until `<end>` or `longest` tokens.

    Parameters
    ----------
    model : TorchOneToMany
    labels : ndarray of int (B,)
    rng : numpy.random.Generator
    longest : int

    Returns
    -------
    list of list of int
        Without `<start>` and `<end>`.
    """
    check_integer("longest", longest)
    labels = as_array("labels", labels)
    check_shape("labels", labels, "B")
    check_indices("labels", labels, model.label.num_embeddings)
    labels = torch.as_tensor(labels.astype(np.int64), device=device_of(model))
    tokens, state, drawn = torch.full((1, len(labels)), START, device=labels.device), None, []
    for t in range(longest):
        logits, state = model(labels, tokens, state, first=t == 0)
        logits[..., [PAD, START]] = -torch.inf
        p = torch.softmax(logits[0].double(), dim=-1).numpy(force=True)
        below = p.cumsum(axis=-1) < rng.random((len(labels), 1)) * p.sum(axis=-1, keepdims=True)
        drawn.append(np.minimum(below.sum(axis=-1), p.shape[-1] - 1))
        tokens = torch.as_tensor(drawn[-1], device=labels.device)[None]
    ended = [list(row).index(END) if END in row else longest for row in np.array(drawn).T]
    return [row[:end].tolist() for row, end in zip(np.array(drawn).T, ended, strict=True)]


def new_trained_writer(ids, labels, tokens, D, H, steps=300, rate=1e-2, seed=0, wiring="every step"):
    """Make a network and train it: `TorchOneToMany`, then `train_one_to_many`; one seed for both."""
    check_indices("labels", labels, max(1, np.size(labels)))
    model = new_model(TorchOneToMany, 1 + int(np.max(labels, initial=0)), tokens, D, H, wiring=wiring, seed=seed)
    train_one_to_many(model, ids, labels, np.random.default_rng(seed), steps, rate=rate)
    return model
