"""How many operations a GPT makes: part by part, and by the rule of six for each weight and token."""

from helpers.core.checks import check_integer, check_positive
from helpers.models.gpt_costs.shapes import key_value_width


def forward_operations(shape, B, T):
    """Count the operations of matrix products, forward, part by part: {part: number}.

    A multiply–add counts as two. Norms, softmax and activation functions are left out: they cost little.

    Parameters
    ----------
    shape : ModelShape
    B, T : int
        Sequences, and tokens of each. Every score of T × T is counted, those that the causal mask hides too, as a
        product that fills the whole table computes them.

    Returns
    -------
    dict
        "attention maps" 2 operations for each weight and token; "scores and means" 4 T D for each token and layer;
        "feed-forward" and "output", again 2 for each weight and token. To look up an embedding is no operation.

    Raises
    ------
    ValueError
        When no model has such a shape, or B or T is below 1.
    """
    B, T = check_integer("B", B), check_integer("T", T)
    tokens = B * T
    W = key_value_width(shape)
    V, D, layers, H = (int(size) for size in (shape.V, shape.D, shape.layers, shape.H))
    return {
        "attention maps": 2 * tokens * layers * (2 * D * D + 2 * D * W),
        "scores and means": 4 * tokens * layers * T * D,
        "feed-forward": 2 * tokens * layers * (3 if shape.gated else 2) * D * H,
        "output": 2 * tokens * V * D,
    }


def training_operations(shape, B, T):
    """Three times `forward_operations`: backward, each product has two, for its input and for its weights."""
    return {part: 3 * number for part, number in forward_operations(shape, B, T).items()}


def six_per_weight_and_token(N, tokens):
    """C = 6 N D: two operations forward and four backward, for each of N weights and each of D tokens.

    What it leaves out: scores and means, whose share grows with T. What it has too much: weights that are looked up.

    Raises
    ------
    ValueError
        When a number is not above 0, or their product too large for a float.

    References
    ----------
    Kaplan et al. 2020, "Scaling Laws for Neural Language Models", section 2.1, https://arxiv.org/abs/2001.08361
    """
    check_positive("N", N)
    check_positive("tokens", tokens)
    operations = 6 * float(N) * float(tokens)
    if operations == float("inf"):
        raise ValueError(f"N is {N} and tokens {tokens}, expected numbers whose product a float can hold")
    return operations
