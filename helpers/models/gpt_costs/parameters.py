"""How many weights and biases each part of a GPT has."""

from helpers.models.gpt_costs.shapes import key_value_width


def parameter_counts(shape):
    """Count the weights and biases of every part: {part: number}.

    Parameters
    ----------
    shape : ModelShape

    Returns
    -------
    dict
        "token embedding" V D; "positions" T_max D; "attention" about 4 D² a layer, less with fewer heads of keys and
        values; "feed-forward" 2 D H a layer, 3 D H where it is gated; "norms"; "output" V D, 0 where it is tied. Maps
        have biases where the shape says so.

    Raises
    ------
    ValueError
        When no model has such a shape.
    """
    W = key_value_width(shape)
    V, D, layers, H, T_max = (int(size) for size in (shape.V, shape.D, shape.layers, shape.H, shape.T_max))
    maps = 3 if shape.gated else 2
    attention = 2 * D * D + 2 * D * W
    feed_forward = maps * D * H
    if shape.bias:
        attention += 2 * D + 2 * W
        feed_forward += (maps - 1) * H + D
    return {
        "token embedding": V * D,
        "positions": T_max * D if shape.learned_positions else 0,
        "attention": layers * attention,
        "feed-forward": layers * feed_forward,
        "norms": (2 * layers + 1) * D * (2 if shape.bias else 1),
        "output": 0 if shape.tied else V * D,
    }


def parameter_count(shape):
    """N, the number of all weights and biases."""
    return sum(parameter_counts(shape).values())
