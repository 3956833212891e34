"""The cost of a layer as the sequence grows, counted and not timed: attention, recurrence, and a step with a cache."""

from typing import NamedTuple

from helpers.core.checks import check_integer


class Cost(NamedTuple):
    """The cost of one layer over one sequence, forward."""

    multiply_adds: int  # in matrix products; softmax, norms, gates and additions are left out
    numbers: int  # made over the length: weights of attention, or states
    steps: int  # matrix products that must wait for each other
    path: int  # layers or steps between the first token and the last


def encoder_layer_cost(T, D, H, heads=1):
    """4 T D² for the projections, 2 T² D for scores and means of values, 2 T D H for the feed-forward network.

    Parameters
    ----------
    T : int
        Tokens; all of them attend to all.
    D, H, heads : int
        See `helpers.layers.transformer.encoder_layer`.

    Returns
    -------
    Cost
        With heads · T² weights. The steps are 6 whatever T is: queries (with keys and values beside them), scores,
        means, W_o, and the two maps of the feed-forward network. The path is 1, as each token sees each.

    Raises
    ------
    ValueError
        When a size is below 1.

    References
    ----------
    Vaswani et al. 2017, "Attention Is All You Need", table 1, https://arxiv.org/abs/1706.03762
    """
    T, D, H, heads = _integers(T=T, D=D, H=H, heads=heads)
    return Cost(4 * T * D * D + 2 * T * T * D + 2 * T * D * H, heads * T * T, 6, 1)


def gru_cost(T, D, H):
    """3 T (D H + H²): each of T states costs the same, and waits for the one before.

    Parameters
    ----------
    T, D, H : int
        Tokens, features of one, units.

    Returns
    -------
    Cost
        With T · H numbers in the states. T + 1 steps, as the inputs are projected all at once; the path is T − 1.

    Raises
    ------
    ValueError
        When a size is below 1.
    """
    T, D, H = _integers(T=T, D=D, H=H)
    return Cost(3 * T * (D * H + H * H), T * H, T + 1, T - 1)


def cached_step_cost(t, D, H):
    """4 D² + 2 t D + 2 D H multiply–adds for token t, when the keys and values of the t − 1 before it are kept.

    Without them it costs ``encoder_layer_cost(t, D, H).multiply_adds``: all t tokens are read again. What is kept are
    2 t D numbers.
    """
    t, D, H = _integers(t=t, D=D, H=H)
    return 4 * D * D + 2 * t * D + 2 * D * H


def encoder_layer_size(D, H):
    """4 D² + 2 D H + 9 D + H weights and biases: attention 4 (D² + D), feed-forward 2 D H + H + D, two norms 4 D."""
    D, H = _integers(D=D, H=H)
    return 4 * D * D + 2 * D * H + 9 * D + H


def decoder_layer_size(D, H):
    """8 D² + 2 D H + 15 D + H: one attention, 4 (D² + D), and one norm, 2 D, more than `encoder_layer_size`."""
    D, H = _integers(D=D, H=H)
    return encoder_layer_size(D, H) + 4 * D * D + 6 * D


def _integers(**sizes):
    """The sizes as Python's ints, which do not overflow."""
    return [check_integer(name, size) for name, size in sizes.items()]
