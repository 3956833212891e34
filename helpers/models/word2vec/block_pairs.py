"""The outputs in their fast form for skip-gram over a small vocabulary: the pairs of a block are counted, not asked.

The same inputs come again and again, and with them the same questions. So each different input is asked once about all
words, or about all nodes of the tree, in one large matrix product; how often a question comes is its weight.
"""

import numpy as np

from helpers.core.numerics import log_softmax
from helpers.models.word2vec.blocks import RowGradients, ask

# Words. With more, bundles were faster on prose: most scores of the large product are of what no pair asks.
SMALL = 1000


def find_pairs(block):
    """Give the input and the target of every pair, (pairs,) each."""
    seen = block.seen
    place = np.arange(len(seen))
    nth = np.arange(seen.sum()) - np.repeat(np.cumsum(seen) - seen, seen)  # the first that a centre sees, the second, …
    first = place - block.left + block.window  # centre i stands at place i + window
    target = np.repeat(first, seen) + nth + (nth >= np.repeat(block.left, seen))  # the centre itself is skipped
    return block.tokens.take(np.repeat(place + block.window, seen)), block.tokens.take(target)


def pair_gradients(ask_counted, params, block, _, want_loss=False):
    """The loss and the gradients of a block; ask_counted is one of the functions below, or what they have made."""
    inputs, targets = find_pairs(block)
    used = np.flatnonzero(np.bincount(inputs))
    row = np.zeros(len(params.E), np.int64)
    row[used] = np.arange(len(used))
    h = params.E.take(used, axis=0)
    loss, dh, dW, asked = ask_counted(h, row.take(inputs), targets, params.W, want_loss)
    return loss, RowGradients(used, dh, asked.sum(axis=1)), RowGradients(np.arange(len(dW)), dW, asked.sum(axis=0))


def count_nodes(tree):
    """Make ask_counted for hierarchical softmax; tree is what `huffman_paths` gives, or begins as that does."""
    nodes = len(tree.nodes) - 1
    # A column for each node and bit. What fills the path up comes last and is not looked at.
    column = np.where(tree.mask, tree.nodes + (nodes + 1) * tree.bits, nodes)

    def ask_counted(h, row, word, W, want_loss):
        steps = column.take(word, axis=0)
        counts = _count(row[:, None], steps, (len(h), 2 * (nodes + 1)), W.dtype)
        no, yes = counts[:, :nodes], counts[:, nodes + 1 : -1]
        asked = no + yes
        return *ask(h, W, asked, yes, 0, want_loss), asked

    return ask_counted


def count_words(h, row, word, W, want_loss):
    """ask_counted for the full softmax."""
    wanted = _count(row, word, (len(h), len(W)), W.dtype)
    log_p = log_softmax(h @ W.T)
    expected = wanted.sum(axis=1, keepdims=True) * np.exp(log_p)
    ds = expected - wanted
    loss = -float((wanted * log_p).sum(dtype=np.float64)) if want_loss else 0.0
    return loss, ds @ W, ds.T @ h, expected + wanted


def _count(row, column, shape, dtype):
    where = row * shape[1] + column
    return np.bincount(where.ravel(), minlength=shape[0] * shape[1]).astype(dtype).reshape(shape)
