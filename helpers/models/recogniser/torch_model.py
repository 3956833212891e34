"""The recogniser in torch: two convolutions over time, a bidirectional GRU, and a linear layer to letters and blank."""

import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from helpers.core.checks import as_list, check_choice, check_finite, check_integer, check_positive, check_shape
from helpers.core.ctc_paths import check_log_y, collapse, frames_needed
from helpers.data.batches import length_buckets
from helpers.data.speech import BLANK, SPEECH_SYMBOLS, letter_ids, text_of
from helpers.models.torch_modules import check_tensor, device_of, new_model
from helpers.models.torch_training import train_torch

_SYMBOLS = len(SPEECH_SYMBOLS)
_KERNEL = 5  # frames that a convolution sees
_LONGEST = 100_000  # frames


class Recogniser(nn.Module):
    """log y_t = log softmax(h_t W + b), with h from a GRU over two convolutions; the first one takes every third frame.

    Parameters
    ----------
    D : int
        Numbers for each frame.
    H : int
        Channels of both convolutions, and units of each direction of the GRU.
    V : int
        Letters and the blank.
    stride : int
        From how many frames the first convolution moves on. Each output stands for so many.
    bidirectional : bool
        Without the second direction an output knows what was said up to a few frames after its own, and no more: it
        can be written while someone speaks. The layer has more units then, so that the weights are nearly as many.
    """

    def __init__(self, D=40, H=96, V=_SYMBOLS, stride=3, bidirectional=True):
        """Draw first weights as torch does."""
        super().__init__()
        D, H, V = check_integer("D", D), check_integer("H", H), check_integer("V", V, least=2)
        self.stride = check_integer("stride", stride)
        check_choice("bidirectional", bidirectional, (True, False))
        self.below = nn.Conv1d(D, H, _KERNEL, stride=stride, padding=_KERNEL // 2)
        self.above = nn.Conv1d(H, H, _KERNEL, padding=_KERNEL // 2)
        self.gru = nn.GRU(H, H if bidirectional else round(1.55 * H), bidirectional=bidirectional)
        self.output = nn.Linear(2 * H if bidirectional else self.gru.hidden_size, V)

    def forward(self, x, lengths):
        """Read x (T, B, D) with lengths (B,): -> log y (T', B, V) and their lengths, ⌈lengths / stride⌉."""
        check_tensor("x", x, "T B D", "float", D=self.below.in_channels)
        lengths = -(-lengths // self.stride)
        h = torch.relu(self.below(x.permute(1, 2, 0)))  # (B, H, T')
        inside = torch.arange(h.shape[2], device=x.device) < lengths[:, None]
        h = torch.relu(self.above(h * inside[:, None]))  # the second one meets no padding, but zeros
        h = h.permute(2, 0, 1)  # (T', B, H)
        if self.gru.bidirectional:  # what reads back must not begin in the padding
            packed, _ = self.gru(pack_padded_sequence(h, lengths.cpu(), enforce_sorted=False))
            h, _ = pad_packed_sequence(packed, total_length=len(h))
        else:
            h, _ = self.gru(h)
        return self.output(h).log_softmax(dim=-1), lengths


def new_recogniser(seed, **sizes):
    """Make a recogniser whose first weights depend on the seed alone; the sizes are those of `Recogniser`."""
    return new_model(Recogniser, seed=seed, **sizes)


def train_recogniser(model, data, rng, steps=500, rate=4e-3, batch=16, each=None, progress=None):
    """AdamW on −log P(text | frames), in batches of about equally long utterances; the weights change in place.

    The loss of each utterance is divided by its letters, so that a long one counts no more than a short one.

    Parameters
    ----------
    model : Recogniser
    data : SpeechSet
    rng : numpy.random.Generator
    steps : int
    rate : float
        The highest; it rises over the first 6 % of the steps, and then falls to 0.
    batch : int
    each : callable, optional
        each(k) is called before step k.
    progress : str, optional
        The caption of a progress bar.

    Returns
    -------
    History
        Of each step the mean of −log P for each letter, in nats.

    Raises
    ------
    ValueError
        When features and texts do not fit, or a text needs more frames than there are.
    """
    check_integer("steps", steps)
    check_positive("rate", rate)
    features = check_features(model, data.features)
    texts = [letter_ids(text) for text in as_list("data.texts", data.texts)]
    _check_texts(model, features, texts)
    frames = np.array([len(each) for each in features])
    device = device_of(model)

    def losses():
        for rows in length_buckets(frames, batch, rng):
            log_y, lengths = model(*padded_features([features[row] for row in rows], device))
            loss = mean_ctc_loss(log_y, lengths, [texts[row] for row in rows])
            yield loss, loss

    model.train()
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate)
    history = train_torch(losses(), optimiser, steps, warm_up=0.06, each=each, progress=progress)
    model.eval()
    return history


def mean_ctc_loss(log_y, lengths, texts):
    """mean over the batch of −log P(text | frames) / letters, by torch's own loss; `ctc_loss` does not divide.

    Parameters
    ----------
    log_y : Tensor (T, B, V)
    lengths : Tensor of int (B,)
    texts : list of ndarray of int
        Without blanks.
    """
    letters = torch.as_tensor(np.concatenate(texts), device=log_y.device)
    counts = torch.tensor([len(text) for text in texts], device=log_y.device)
    return nn.functional.ctc_loss(log_y, letters, lengths, counts, blank=BLANK)


@torch.no_grad()
def recognise(model, features, batch=64):
    """The log-probabilities that a trained model gives each symbol at each output frame.

    Parameters
    ----------
    model : Recogniser
    features : list of ndarray (T, D)
        They are read in batches, the result does not depend on which.
    batch : int

    Returns
    -------
    list of ndarray (T', V) of float64
        Each row sums to 1 as probabilities, to rounding of float64.
    """
    features, batch = check_features(model, features), check_integer("batch", batch)
    was_training, device, found = model.training, device_of(model), [None] * len(features)
    model.eval()
    order = np.argsort([len(each) for each in features], kind="stable")
    for n in range(0, len(order), batch):
        rows = order[n : n + batch]
        log_y, lengths = model(*padded_features([features[row] for row in rows], device))
        wide = log_y.double().log_softmax(dim=-1).numpy(force=True)
        for place, (row, length) in enumerate(zip(rows, lengths.tolist(), strict=True)):
            found[row] = wide[:length, place].copy()
    model.train(was_training)
    return found


def best_texts(log_ys):
    """The text of the best path of each utterance: the likeliest symbol at every frame, merged, without blanks.

    Parameters
    ----------
    log_ys : list of ndarray (T', V)

    Returns
    -------
    list of str
    """
    texts = []
    for log_y in as_list("log_ys", log_ys):
        check_log_y(log_y, BLANK)
        texts.append(text_of(collapse(log_y.argmax(axis=1), BLANK)))
    return texts


def padded_features(features, device=None):
    """Features as one tensor (T, B, D) with zeros at the ends, and their lengths (B,)."""
    lengths = torch.tensor([len(each) for each in features], device=device)
    x = torch.zeros(int(lengths.max()), len(features), features[0].shape[1], device=device)
    for place, each in enumerate(features):
        x[: len(each), place] = torch.as_tensor(np.ascontiguousarray(each, dtype=np.float32), device=device)
    return x, lengths


def check_features(model, features):
    """Refuse what is no list of frames for the model; return the list."""
    features = [np.asarray(each) for each in as_list("features", features)]
    if not features:
        raise ValueError("features is an empty list, expected at least one utterance")
    for each in features:
        T, _ = check_shape("features of one utterance", each, "T D", D=model.below.in_channels)
        check_finite("features", each)
        if not 0 < T <= _LONGEST or np.abs(each).max(initial=0) > 1e4:
            came = f"features has {T} frames with numbers up to {np.abs(each).max(initial=0):.3g}"
            raise ValueError(f"{came}, expected from 1 to {_LONGEST} frames of normalised numbers")
    return features


def _check_texts(model, features, texts):
    if len(texts) != len(features):
        raise ValueError(f"there are {len(features)} features and {len(texts)} texts, expected one text for each")
    for n, (each, text) in enumerate(zip(features, texts, strict=True)):
        frames, needed = -(-len(each) // model.stride), max(1, frames_needed(text))
        if not len(text) or needed > frames:
            needs = f"text {n} has {len(text)} letters and needs {needed} frames"
            raise ValueError(f"{needs}, expected some letters that need up to {frames}")
