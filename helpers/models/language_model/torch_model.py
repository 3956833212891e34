"""The recurrent language model in torch, for training at size: torch's own layers, the same functions as by hand."""

import numpy as np
import torch
from torch import nn

from helpers.core.checks import check_choice, check_indices, check_integer, check_positive, is_number
from helpers.core.params import map_params
from helpers.data.batches import length_buckets, pad
from helpers.data.vocab import check_corpus
from helpers.models.torch_modules import as_ids, device_of
from helpers.models.torch_training import train_torch

_LAYERS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}


class RecurrentLanguageModel(nn.Module):
    """logits_t = h_t W + b, with h_t from a recurrent layer over x_t = E[ids_t].

    Parameters
    ----------
    V, D, H : int
        Tokens, numbers for each token, units.
    cell : "rnn", "lstm" or "gru"
    layers : int
        Recurrent layers, one over the other.
    dropout : float
        The share of the inputs of the layers and of the output that is left out while training, from 0 to below 1.

    Raises
    ------
    ValueError
        When the cell is unknown, a size is not positive or the share is out of range.
    """

    def __init__(self, V, D, H, cell="lstm", layers=1, dropout=0.0):
        """Draw first weights as torch does."""
        super().__init__()
        check_choice("cell", cell, _LAYERS)
        sizes = (("V", V), ("D", D), ("H", H), ("layers", layers))
        V, D, H, layers = (check_integer(*size) for size in sizes)
        if not is_number(dropout) or not 0 <= dropout < 1:
            raise ValueError(f"dropout is {dropout}, expected a share of at least 0 and below 1")
        self.embedding = nn.Embedding(V, D)
        self.recurrent = _LAYERS[cell](D, H, num_layers=layers, dropout=dropout if layers > 1 else 0.0)
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(H, V)

    def forward(self, ids, state=None):
        """Read (T, B): -> logits (T, B, V) of the tokens after each, and the state after the last, as torch has it."""
        h, state = self.recurrent(self.dropout(self.embedding(ids)), state)
        return self.output(self.dropout(h)), state


def detached(state):
    """The same numbers, cut from the graph that made them: no gradient goes back into the window before."""
    return tuple(part.detach() for part in state) if isinstance(state, tuple) else state.detach()


def _begin_anew(state, reset):
    """Zeros in the rows of the strips that begin here: parts (layers, B, H)."""
    keep = torch.as_tensor(~np.asarray(reset), device=(state[0] if isinstance(state, tuple) else state).device)
    return map_params(lambda part: part * keep[:, None], state)


def window_losses(model, windows):
    """Yield the mean loss of every window, in nats a token, for `train_torch`: twice, to go back from and to show.

    Parameters
    ----------
    model : RecurrentLanguageModel
    windows : iterable of StreamWindow
        As `helpers.data.streams.stream_windows` gives them: the state is carried on, and begins anew where they say so.
    """
    device, state = device_of(model), None
    for inputs, targets, reset in windows:
        ids, targets = (torch.as_tensor(np.array(a), dtype=torch.int64, device=device) for a in (inputs, targets))
        logits, state = model(ids, None if state is None else _begin_anew(detached(state), reset))
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
        yield loss, loss


def sequence_losses(model, batches):
    """Yield the mean loss of every batch of sequences that stand alone, such as names; padding does not count.

    Parameters
    ----------
    model : RecurrentLanguageModel
    batches : iterable of (ids, mask)
        Arrays (T, B): `<start>`, tokens, `<end>`, padding; the mask is True where a token stands.
    """
    device = device_of(model)
    for ids, mask in batches:
        ids = torch.as_tensor(np.asarray(ids), dtype=torch.int64, device=device)
        counts = torch.as_tensor(np.asarray(mask), device=device)[1:]
        logits, _ = model(ids[:-1])
        loss = nn.functional.cross_entropy(logits[counts], ids[1:][counts])
        yield loss, loss


def sentence_batches(corpus, rng, steps, batch=256):
    """Yield the batches of `sequence_losses`: sentences of about one length, with `<start>` and `<end>`.

    Parameters
    ----------
    corpus : Corpus
    rng : numpy.random.Generator
    steps, batch : int
    """
    check_corpus(corpus)
    steps = check_integer("steps", steps)
    buckets = length_buckets(np.diff(corpus.starts), batch, rng)
    for _, sentences in zip(range(steps), buckets, strict=False):
        yield pad(corpus, sentences, start=True, end=True)


def sentence_nats(model, corpus, batch=512):
    """Σ_t −ln P of the tokens of each sentence, `<end>` included: (sentences,), in nats.

    Their sum over the number of tokens, those of `<end>` too, is the loss in nats a token, and exp of that the
    perplexity.
    """
    check_corpus(corpus, model.embedding.num_embeddings)
    batch = check_integer("batch", batch)
    order = np.argsort(np.diff(corpus.starts), kind="stable")  # little padding
    nats = np.empty(len(order))
    for first in range(0, len(order), batch):
        sentences = order[first : first + batch]
        ids, mask = pad(corpus, sentences, start=True, end=True)
        nats[sentences] = np.where(mask[1:], token_surprisals(model, ids), 0).sum(axis=0)
    return nats


def train_language_model(model, losses, steps, rate=4e-3, clip=1.0, each=None, progress=None, seed=0):
    """AdamW with a rate that falls to zero in a straight line; the weights are changed in place.

    Parameters
    ----------
    model : RecurrentLanguageModel
    losses : iterator
        From `window_losses` or `sequence_losses`, made with this model.
    steps : int
    rate, clip : float
        The highest rate, and the threshold of the gradient norm.
    each : callable, optional
        each(k) is called before step k.
    progress : str, optional
        See `helpers.core.training.train`.
    seed : int
        What dropout leaves out depends on it alone; torch's own generator is left as it was.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        When a number is out of range.
    FloatingPointError
        When the gradient is NaN or infinite.
    """
    check_positive("rate", rate)
    seed = check_integer("seed", seed, least=0)
    model.train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        history = train_torch(iter(losses), optimiser, steps, clip=clip, each=each, progress=progress)
    model.eval()
    return history


@torch.no_grad()
def token_surprisals(model, ids, state=None):
    """−ln P(ids_{t+1} | ids_1 … ids_t), nats: (T − 1, B).

    Parameters
    ----------
    model : RecurrentLanguageModel
    ids : ndarray of int (T, B)
    state : optional
        As torch has it; zeros without one.

    Raises
    ------
    ValueError
        When ids are no integers of two axes, outside the vocabulary, or of fewer than two steps.
    """
    ids = as_ids("ids", ids, "T B", device_of(model))
    check_indices("ids", ids.numpy(force=True), model.embedding.num_embeddings)
    if len(ids) < 2:
        raise ValueError(f"ids has shape {tuple(ids.shape)}, expected at least two steps")
    was_training = model.training
    model.eval()
    logits, _ = model(ids[:-1], state)
    model.train(was_training)
    V = logits.shape[-1]
    losses = nn.functional.cross_entropy(logits.reshape(-1, V), ids[1:].reshape(-1), reduction="none")
    return losses.reshape(ids[1:].shape).numpy(force=True)


def torch_token_step(model):
    """Give the model to a search: step(tokens (N,), state) -> log_probs (N, V), state, as `helpers.decoding` asks.

    The state is a tuple of tensors (N, layers, H), a row for each hypothesis; `first_token_state` makes the first.
    """

    @torch.no_grad()
    def step(tokens, state):
        ids = as_ids("tokens", tokens, "N", device_of(model), N=len(state[0]))[None]
        V = model.embedding.num_embeddings
        if len(tokens) and not 0 <= ids.min() <= ids.max() < V:
            raise ValueError(f"tokens spans {ids.min()} to {ids.max()}, expected integers from 0 to {V - 1}")
        inner = tuple(part.transpose(0, 1).contiguous() for part in state)
        logits, inner = model(ids, inner if len(inner) > 1 else inner[0])
        parts = inner if isinstance(inner, tuple) else (inner,)
        return torch.log_softmax(logits[0], dim=-1), tuple(part.transpose(0, 1) for part in parts)

    return step


def first_token_state(model, N):
    """Zeros for N hypotheses, as `torch_token_step` reads them."""
    check_integer("N", N)
    layer = model.recurrent
    zeros = torch.zeros(N, layer.num_layers, layer.hidden_size, device=device_of(model))
    return (zeros, zeros.clone()) if isinstance(layer, nn.LSTM) else (zeros,)
