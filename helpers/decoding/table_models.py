"""Models that are a table: P(next token | tokens so far), small enough to know everything about them.

A history is a node of a tree. The state of the model is the number of the node it stands at, for each row. The first
nodes are those of the sources before `<start>`, so the state to begin with is 0, 1, …, B − 1.
"""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_indices, check_integer, check_number, is_number
from helpers.core.numerics import log_softmax


class Table(NamedTuple):
    """The tree of histories of B sources."""

    log_probs: np.ndarray  # (nodes, V), of the next token; of the first B nodes they are not used
    children: np.ndarray  # (nodes, V), the node that each token leads to
    sources: int  # B


def first_state(table):
    """The state (B,) before `<start>`."""
    return np.arange(table.sources)


def table_step(table):
    """The model of a table, as the searches want it: ``step(tokens (N,), state (N,)) -> log_probs (N, V), state``."""

    def step(tokens, state):
        check_indices("state", state, len(table.children))
        check_indices("tokens", tokens, table.children.shape[1])
        state = table.children[state, tokens]
        return table.log_probs[state], state

    return step


def random_table(rng, sources, V, depth, sharpness=1.0, zeros=0.0):
    """Draw every P(next | history) by itself: softmax of normal numbers, `sharpness` times.

    Parameters
    ----------
    rng : numpy.random.Generator
    sources : int
    V : int
        Tokens.
    depth : int
        Histories of fewer than `depth` tokens are different nodes, so outputs may have `depth` tokens. There are
        (V^depth − 1) / (V − 1) nodes for each source.
    sharpness : float
        0 makes all tokens equally probable, large numbers one of them certain.
    zeros : float
        The share of tokens that are impossible after a history; one always stays possible.

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        When a size is below 1, the sharpness is no finite number, or the share is none.
    """
    sources, V, depth = (check_integer(*each) for each in (("sources", sources), ("V", V), ("depth", depth)))
    check_number("sharpness", sharpness)
    if not is_number(zeros) or not 0 <= zeros <= 1:
        raise ValueError(f"zeros is {zeros}, expected a share from 0 to 1")
    sizes = sources * V ** np.arange(depth)  # nodes at each depth
    firsts = sources + np.cumsum([0, *sizes])
    logits = sharpness * rng.standard_normal((firsts[-1], V))
    hidden = (rng.random(logits.shape) < zeros) & (np.arange(V) != rng.integers(V, size=(len(logits), 1)))
    log_probs = log_softmax(np.where(hidden, -np.inf, logits))

    children = np.zeros((firsts[-1], V), np.int64)
    children[:sources] = sources + np.arange(sources)[:, None]
    children[sources : firsts[-2]] = np.arange(firsts[1], firsts[-1]).reshape(-1, V)
    return Table(log_probs, children, sources)  # from the last nodes on nothing is asked


def given_table(probabilities, V, end):
    """The model of one source whose probabilities are written down.

    Parameters
    ----------
    probabilities : dict
        History (tuple of tokens) -> {token: P(token | history)}. Tokens that are not named are impossible, and after a
        history that is not named `<end>` is certain. The empty history must be there.
    V : int
        Tokens.
    end : int
        The token `<end>`.

    Returns
    -------
    Table

    Raises
    ------
    ValueError
        When a row does not sum to 1, or a history can not be reached.
    """
    V, end = check_integer("V", V), check_integer("end", end, least=0)
    check_indices("end", end, V)
    histories = {history: number for number, history in enumerate(sorted(probabilities, key=len), start=2)}
    rows, children = np.zeros((2 + len(histories), V)), np.ones((2 + len(histories), V), np.int64)
    rows[:2, end] = 1  # node 0 is the source before `<start>`, node 1 all histories that are not named
    for history, number in histories.items():
        for token, probability in probabilities[history].items():
            rows[number, token] = probability
        if history:
            if history[:-1] not in histories or not rows[histories[history[:-1]], history[-1]] > 0:
                raise ValueError(f"the history {history} is named, but it cannot be reached")
            children[histories[history[:-1]], history[-1]] = number
    if () not in histories or not np.allclose(rows.sum(axis=1), 1) or rows.min() < 0:
        raise ValueError(f"the probabilities sum to {rows.sum(axis=1).tolist()}, expected 1 after every history")
    children[0] = histories[()]
    with np.errstate(divide="ignore"):  # log 0 = −inf is what is meant
        return Table(np.log(rows), children, 1)
