"""A model that writes, step by step: it reads a token, gives each next one a probability, draws one, and reads that."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_indices, check_integer
from helpers.decoding.interface import check_search, next_log_probs
from helpers.decoding.sampling import sample_tokens, temperature, top_k, top_p


class WrittenToken(NamedTuple):
    """One step of a model that writes."""

    read: int  # the token that it reads
    state: object  # after that, as the model has it
    p: np.ndarray  # (V,) the probability of each token to come next, as it was drawn from
    next: int  # the token that comes: given, or drawn
    given: bool  # whether it belongs to the beginning that was given


def write_tokens(step, state, start, end, rng, beginning=(), max_length=20, T=1.0, k=None, p=None):
    """x_{t+1} ~ P(next | x_1 … x_t), and x_{t+1} is read in its turn, until `<end>` or `max_length` tokens.

    Parameters
    ----------
    step : function
        The model, ``step(tokens (N,), state) -> log_probs (N, V), state``, see `helpers.decoding.interface`.
    state : nest
        What the model knows before `<start>`, of one sequence.
    start, end : int
        The tokens `<start>` and `<end>`; an `end` of −1 never comes.
    rng : numpy.random.Generator
        Draws one number for each step, those of the beginning too: so the same seed with other settings shows what the
        settings change.
    beginning : sequence of int
        Tokens that are given and not drawn.
    max_length : int
        Tokens to write at most, those given and `<end>` included.
    T, k, p : optional
        Change the distribution by `temperature`, then by `top_k`, then by `top_p`.

    Returns
    -------
    list of WrittenToken

    Raises
    ------
    ValueError
        When a token is unknown, the beginning has `<end>` or leaves no room, or a setting is out of range.
    """
    beginning = list(beginning)
    check_search(start, end, max_length)
    check_integer("max_length", max_length, least=len(beginning) + 1)
    if end in beginning:
        raise ValueError(f"beginning has the token {end}, which is <end>: nothing comes after it")
    token, written = start, []
    for t in range(max_length):
        log_probs, state = next_log_probs(step, np.array([token]), state)
        log_probs = temperature(log_probs, T)
        log_probs = log_probs if k is None else top_k(log_probs, k)
        log_probs = log_probs if p is None else top_p(log_probs, p)
        drawn = int(sample_tokens(rng, log_probs)[0])
        given = t < len(beginning)
        if given:
            check_indices("beginning", np.array(beginning[t]), log_probs.shape[1])
        written.append(WrittenToken(token, state, np.exp(log_probs[0]), int(beginning[t]) if given else drawn, given))
        token = written[-1].next
        if token == end:
            break
    return written


def tokens_of(written):
    """The tokens that came, with those that were given: a list of int."""
    return [step.next for step in written]
