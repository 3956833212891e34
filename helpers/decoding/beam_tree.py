"""The tree that a beam search grows: what it considered at every step, kept and dropped."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_integer
from helpers.decoding.beam import Limits, advance, first_beam, largest
from helpers.decoding.hypotheses import check_alpha, length_score
from helpers.decoding.interface import check_search, count_rows, next_log_probs, select_rows


class Node(NamedTuple):
    """The beginning of an output: its parent's tokens and one more."""

    parent: int  # the number of a node before it; −1 for the root, which is `<start>`
    step: int  # tokens from the root to here
    token: int
    log_prob: float  # of the whole beginning, nats
    score: float  # log_prob / step**alpha; 0 for the root
    kept: bool  # it was among the best `width` of its step
    finished: bool  # it was kept and goes no further, because it ended or because of `max_length`


def beam_tree(step, state, start, end, width, max_length, alpha=1.0, considered=None):
    """Search as `helpers.decoding.beam.beam_search` does, for one source, and keep the tree.

    Parameters
    ----------
    step, state, start, end, width, max_length, alpha
        As for `beam_search`; the state has one row.
    considered : int, optional
        How many of the best candidates of a step become nodes, at least `width`; otherwise all that are possible.

    Returns
    -------
    hypotheses : list of Hypothesis
        What `beam_search` finds.
    nodes : list of Node
        The root first, then step by step, each step best first. A node that was kept and has neither finished nor
        children was given up, since nothing could win any more.

    Raises
    ------
    ValueError
        When the state has several rows, the sizes are impossible, or the model gives no log-probabilities.
    """
    width = check_integer("width", width)
    start, end, max_length = check_search(start, end, max_length)
    check_alpha(alpha, max_length)
    if count_rows(state) != 1:
        raise ValueError(f"state has {count_rows(state)} rows, expected one: a tree is grown for one source")
    if considered is not None:
        considered = check_integer("considered", considered, least=width)
    limits = Limits(end, width, max_length, alpha)
    beam, nodes, numbers = first_beam(), [Node(-1, 0, start, 0.0, 0.0, True, False)], [0]
    tokens = np.array([start])
    while len(tokens):
        log_probs, state = next_log_probs(step, tokens, state)
        fresh = _candidates(beam, numbers, log_probs, limits, considered)
        beam, rows = advance(beam, log_probs, limits)
        still_open = [number for number, node in enumerate(fresh, len(nodes)) if node.kept and not node.finished]
        numbers = still_open[: len(rows)]  # all of them, or none after the stop
        nodes += fresh
        tokens, state = beam.tokens[:, -1] if len(rows) else rows, select_rows(state, rows)
    return beam.finished, nodes


def _candidates(beam, numbers, log_probs, limits, considered):
    """The nodes of one step, best first; `numbers` are those of the open hypotheses."""
    end, width, max_length, alpha = limits
    length = beam.tokens.shape[1] + 1
    total = beam.log_prob[:, None] + log_probs
    places = largest(total.ravel(), total.size if considered is None else considered)
    nodes = []
    for rank, (parent, token) in enumerate(zip(*np.divmod(places, total.shape[1]), strict=True)):
        log_prob, kept = float(total[parent, token]), rank < width
        finished = kept and (bool(token == end) or length == max_length)
        score = float(length_score(log_prob, length, alpha))
        nodes.append(Node(numbers[parent], length, int(token), log_prob, score, kept, finished))
    return nodes


def path(nodes, number):
    """The numbers of the nodes from the root to node `number`."""
    numbers = [number]
    while nodes[numbers[-1]].parent >= 0:
        numbers.append(nodes[numbers[-1]].parent)
    return numbers[::-1]
