"""A small RNN that learns the agreement task, and every number of one sentence that it reads: forward and back."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_list, check_integer, check_number
from helpers.core.initial_values import orthogonal
from helpers.core.numerics import softmax
from helpers.core.optimisers import adam
from helpers.core.params import map_params
from helpers.core.training import train
from helpers.data.tasks.agreement import AGREEMENT_WORDS, agreement_sentences
from helpers.layers.embedding import one_hot
from helpers.layers.losses import cross_entropy, cross_entropy_backward
from helpers.layers.recurrent.rnn import rnn_state_gradients
from helpers.models.reader import first_reader_state, init_reader, reader, reader_loss


class Reading(NamedTuple):
    """One sentence that a network reads. Its last word is not read: it is the target of the loss."""

    words: tuple  # of the sentence, the target too: T + 1 of them
    from_word: np.ndarray  # (T, H), what each word brings: its row of W_xh
    from_state: np.ndarray  # (T, H), what the state before brings: h_{t-1} W_hh
    h: np.ndarray  # (T, H), the state after each word
    p: np.ndarray  # (T, V), the probability of each next word
    loss: float  # −ln p(target) after the last word, in nats
    dlogits: np.ndarray  # (V,), ∂L/∂logits after the last word: p − one-hot(target)
    dh: np.ndarray  # (T, H), ∂L/∂h_t
    da: np.ndarray  # (T, H), ∂L/∂a_t, with h_t = tanh(a_t): what arrives at the word
    p_after: float  # p(target) after one step of gradient descent on this loss


def train_agreement_readers(rng, stops, H=4, rate=0.02):
    """Train one RNN on all sentences at once with Adam, and keep it at each of the given numbers of steps.

    Its recurrent matrix begins as half an orthogonal one, so that at first a gradient has at most half its length at
    every step back.

    Parameters
    ----------
    rng : numpy.random.Generator
    stops : iterable of int
        Numbers of steps; 0 is the network before training.
    H : int
        Units of the state.
    rate : float

    Returns
    -------
    dict
        Number of steps → helpers.models.reader.ReaderParams, float64.
    """
    for stop in as_list("stops", stops):
        check_integer("stop", stop, least=0)
    if not stops:
        raise ValueError("stops is empty, expected at least one number of steps")
    ids, targets, mask = agreement_sentences()
    V, steps = len(AGREEMENT_WORDS), max(stops)
    batch = one_hot(ids, V), targets, mask
    seen = []

    def loss_and_grads(params, *batch):
        seen.append(params)  # no step writes into it
        loss, grads, _ = reader_loss(params, *batch)
        return loss, grads

    params = init_reader(rng, "rnn", V, H, V, W_hh=orthogonal(rng, H, gain=0.5))
    if steps:
        params, _ = train(loss_and_grads, params, (batch for _ in range(steps)), adam(rate), steps)
    seen.append(params)
    return {stop: seen[stop] for stop in stops}


def read_sentence(params, words, rate=0.02):
    """Read a sentence up to its last word, take the loss of that word, and go back.

    Parameters
    ----------
    params : helpers.models.reader.ReaderParams
        Of an RNN over one-hot words.
    words : str
        Of AGREEMENT_WORDS, at least two; the last one is the target.
    rate : float
        Of the step of gradient descent that `p_after` tells of.

    Returns
    -------
    Reading

    Raises
    ------
    ValueError
        When a word is unknown, or there are fewer than two.
    """
    if not isinstance(words, str):
        raise ValueError(f"words is {words!r}, expected a str")
    check_number("rate", rate)
    words = tuple(words.split())
    unknown = [word for word in words if word not in AGREEMENT_WORDS]
    if unknown or len(words) < 2:
        raise ValueError(f"words is {' '.join(words)!r}, expected two or more of {', '.join(AGREEMENT_WORDS)}")
    ids = np.array([AGREEMENT_WORDS.index(word) for word in words])
    x, target = one_hot(ids[:-1, None], len(AGREEMENT_WORDS)), ids[-1:]  # (T, 1, V), (1,)
    state = first_reader_state(1, params)
    logits, last, (h, _, cell_cache, _) = reader(x, state, params)
    loss, loss_cache = cross_entropy(logits[-1], target)

    dlogits = cross_entropy_backward(loss_cache)
    dh = np.zeros_like(h)
    dh[-1] = dlogits @ params.output.W.T
    dh = rnn_state_gradients(dh, (np.zeros_like(last[0]),), cell_cache, params.cell)
    _, grads, _ = reader_loss(params, x, target)
    changed = map_params(lambda p, g: p - rate * g, params, grads)
    h_before = np.concatenate([state[0][None], h[:-1]])
    return Reading(
        words,
        (x @ params.cell.W_xh)[:, 0],
        (h_before @ params.cell.W_hh)[:, 0],
        h[:, 0],
        softmax(logits)[:, 0],
        loss,
        dlogits[0],
        dh[:, 0],
        (dh * (1 - h**2))[:, 0],
        float(np.exp(-reader_loss(changed, x, target)[0])),
    )
