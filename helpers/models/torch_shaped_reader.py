"""The reader of every shape in torch, for training at size: tokens or vectors in, one answer or one a step."""

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from helpers.core.checks import (
    as_array,
    check_choice,
    check_finite,
    check_indices,
    check_integer,
    check_number,
    check_positive,
    check_shape,
    is_number,
)
from helpers.data.batches import shuffled_batches
from helpers.models.shaped_reader import READS, check_read
from helpers.models.torch_modules import device_of, new_model
from helpers.models.torch_training import train_torch

_LAYERS = {"rnn": nn.RNN, "lstm": nn.LSTM, "gru": nn.GRU}
TORCH_READS = (*READS, "attention", "padded")


class TorchShapedReader(nn.Module):
    """y = s W + b or y_t = h_t W + b, with h from recurrent layers over E[tokens], or over the vectors themselves.

    Parameters
    ----------
    D, H, V : int
        Numbers for each step, units of each direction of each layer, answers.
    tokens : int
        The size of the table of tokens; 0 where vectors are read.
    cell : "rnn", "lstm" or "gru"
    layers : int
    bidirectional, residual : bool
    read : str
        As in `helpers.models.shaped_reader`. "attention" has a query that is learned, see
        `helpers.layers.attention_pooling`. "padded" reads the last step of the array, whatever stands there: a mistake.

    Raises
    ------
    ValueError
        When a name is unknown, a size is not positive, or the last state of two directions is to be read.
    """

    def __init__(
        self, D, H, V, tokens=0, cell="gru", layers=1, bidirectional=False, residual=False, read="last", dropout=0.0
    ):
        """Draw first weights as torch does."""
        super().__init__()
        check_choice("cell", cell, _LAYERS)
        check_read(read, bidirectional, TORCH_READS)
        D, H, V = check_integer("D", D), check_integer("H", H), check_integer("V", V)
        layers, tokens = check_integer("layers", layers), check_integer("tokens", tokens, least=0)
        if not is_number(dropout) or not 0 <= dropout < 1:
            raise ValueError(f"dropout is {dropout}, expected a share of at least 0 and below 1")
        self.embedding = nn.Embedding(tokens, D) if tokens else None
        width = 2 * H if bidirectional else H
        self.layers = nn.ModuleList(
            _LAYERS[cell](width if number else D, H, bidirectional=bidirectional) for number in range(layers)
        )
        self.dropout = nn.Dropout(dropout)
        self.output = nn.Linear(width, V)
        self.query = nn.Parameter(torch.zeros(width)) if read == "attention" else None  # begins as the mean
        self.residual, self.read = residual, read

    def states(self, x, lengths):
        """(T, B) tokens or (T, B, D) numbers: -> h (T, B, H or 2H), 0 in the padding where there are two directions."""
        h = x if self.embedding is None else self.embedding(x)
        for number, layer in enumerate(self.layers):
            below = h
            if layer.bidirectional:  # a layer that reads on cannot see the padding behind it; one that reads back does
                packed, _ = layer(pack_padded_sequence(below, lengths.cpu(), enforce_sorted=False))
                h, _ = pad_packed_sequence(packed, total_length=len(below))
            else:
                h, _ = layer(below)
            h = h + below if self.residual and number else h
        return h

    def forward(self, x, lengths):
        """Read (T, B) or (T, B, D) with lengths (B,): -> logits (B, V), or (T, B, V) where every step is read."""
        h = self.states(x, lengths)
        return self.output(self.dropout(h if self.read == "every" else _pooled(h, lengths, self.read, self.query)))


def _pooled(h, lengths, read, query=None):
    if read == "padded":
        return h[-1]
    T, B, H = h.shape
    last = h[lengths - 1, torch.arange(B, device=h.device)]
    if read == "last":
        return last
    if read == "ends":
        return torch.cat([last[:, : H // 2], h[0, :, H // 2 :]], dim=-1)
    real = (torch.arange(T, device=h.device)[:, None] < lengths)[..., None]
    if read == "mean":
        return (h * real).sum(dim=0) / lengths[:, None]
    if read == "attention":
        a = torch.softmax((h @ query).masked_fill(~real[..., 0], -torch.inf), dim=0)
        return (a[..., None] * h).sum(dim=0)
    return h.masked_fill(~real, -torch.inf).amax(dim=0)


def reader_batch(model, x, lengths):
    """Arrays as tensors on the model's device, cut to the longest sequence of the batch, as `forward` takes them."""
    x, lengths = as_array("x", x), as_array("lengths", lengths)
    T, N = check_shape("x", x, "T N" if model.embedding is not None else "T N D")[:2]
    check_shape("lengths", lengths, "N", N=N)
    check_indices("lengths", lengths, T + 1)
    if not N or lengths.min() < 1:
        raise ValueError(f"lengths has {N} sequences, the shortest of {lengths.min(initial=0)} steps, expected steps")
    if model.embedding is None:
        check_finite("x", x)
        check_shape("x", x, "T N D", D=model.layers[0].input_size)
    else:
        check_indices("x", x, model.embedding.num_embeddings)
    x = x[: lengths.max()]
    kind = np.int64 if x.dtype.kind in "iu" else np.float32
    x = torch.as_tensor(np.ascontiguousarray(x, dtype=kind), device=device_of(model))
    return x, torch.as_tensor(np.array(lengths, dtype=np.int64), device=device_of(model))


def train_torch_reader(model, x, lengths, targets, rng, steps, batch=64, rate=1e-2, each=None, decay=0.01):
    """AdamW on batches drawn in a new order every epoch; the weights are changed in place.

    Parameters
    ----------
    model : TorchShapedReader
    x : ndarray of int (T, N) or of float (T, N, D)
        All sequences, padded at the end.
    lengths : ndarray of int (N,)
    targets : ndarray of int (N,), or (T, N) where every step is read
        Then only real steps count.
    rng : numpy.random.Generator
    steps, batch : int
    rate : float
        The highest; it falls to zero in a straight line.
    each : callable, optional
        each(k) is called before step k.
    decay : float
        Weight decay.

    Returns
    -------
    History
    """
    check_positive("rate", rate)
    check_integer("steps", steps)
    check_integer("batch", batch)
    check_number("decay", decay)
    x, lengths, targets = _checked_targets(model, x, lengths, targets)
    device = device_of(model)

    def losses():
        epochs = -(-steps * batch // len(lengths)) + 1
        for rows in shuffled_batches(len(lengths), batch, rng, epochs):
            logits = model(*reader_batch(model, x[:, rows], lengths[rows]))
            wanted = torch.as_tensor(np.asarray(targets[..., rows], dtype=np.int64), device=device)
            if model.read == "every":
                real = np.arange(len(logits))[:, None] < lengths[rows]
                logits, wanted = logits[real], wanted[: len(real)][real]
            loss = nn.functional.cross_entropy(logits, wanted)
            yield loss, loss

    model.train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=decay)
    with torch.random.fork_rng(devices=[]):  # what dropout leaves out depends on rng alone too
        torch.manual_seed(int(rng.spawn(1)[0].integers(2**62)))
        history = train_torch(losses(), optimiser, steps, each=each)
    model.eval()
    return history


def _checked_targets(model, x, lengths, targets):
    x, lengths, targets = as_array("x", x), as_array("lengths", lengths), as_array("targets", targets)
    reader_batch(model, x, lengths)
    T, N = x.shape[:2]
    check_shape("targets", targets, "T N" if model.read == "every" else "N", T=T, N=N)
    real = np.arange(T)[:, None] < lengths if model.read == "every" else slice(None)
    check_indices("targets", targets[real], model.output.out_features)
    return x, lengths, targets


@torch.no_grad()
def torch_reader_logits(model, x, lengths):
    """The logits of the trained model, as an array: (N, V), or (T, N, V) where every step is read."""
    was_training = model.training
    model.eval()
    logits = model(*reader_batch(model, x, lengths))
    model.train(was_training)
    return logits.numpy(force=True)


def torch_reader_accuracy(model, x, lengths, targets):
    """The share of answers that are right, from 0 to 1; where every step is read, of the real steps."""
    x, lengths, targets = _checked_targets(model, x, lengths, targets)
    said = torch_reader_logits(model, x, lengths).argmax(axis=-1)
    if model.read != "every":
        return float((said == targets).mean())
    real = np.arange(len(said))[:, None] < np.asarray(lengths)
    return float((said == targets[: len(said)])[real].mean())


@torch.no_grad()
def torch_running_logits(model, x):
    """What the output layer says of the state after every step, of a network that reads from left to right: (T, N, V).

    Raises
    ------
    ValueError
        When the network has two directions: its states know what comes.
    """
    if model.layers[0].bidirectional:
        raise ValueError("model reads in two directions, expected one: after a step it has seen the steps to come")
    x = as_array("x", x)
    T, N = check_shape("x", x, "T N" if model.embedding is not None else "T N D")[:2]
    x, lengths = reader_batch(model, x, np.full(N, T))
    return model.output(model.states(x, lengths)).numpy(force=True)


def new_trained_reader(x, lengths, targets, D, H, V, steps=300, rate=1e-2, seed=0, **shape):
    """Make a network and train it: `TorchShapedReader` of D, H, V and `shape`, then `train_torch_reader` on x.

    The seed is that of the first weights and of the order of the batches.

    Returns
    -------
    TorchShapedReader
    """
    model = new_model(TorchShapedReader, D, H, V, seed=seed, **shape)
    train_torch_reader(model, x, lengths, targets, np.random.default_rng(seed), steps, rate=rate)
    return model
