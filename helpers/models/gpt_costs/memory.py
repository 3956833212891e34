"""Where the memory goes: weights, gradients, Adam's two means, activations, and the cache of keys and values."""

from helpers.core.checks import check_choice, check_integer
from helpers.models.gpt_costs.parameters import parameter_count
from helpers.models.gpt_costs.shapes import check_model_shape, key_value_width

# Bytes for each weight: of the weights, of their gradients, and of what Adam keeps.
_BYTES = {
    "float32": (4, 4, 8),
    "mixed": (2, 2, 12),  # Adam's two means and a copy of the weights in float32
}


def activation_numbers(shape, B, T, keep_weights=False, recompute=False):
    """How many numbers the forward pass keeps for the backward pass.

    Parameters
    ----------
    shape : ModelShape
    B, T : int
        Sequences, and tokens of each.
    keep_weights : bool
        Keep the T × T weights of attention, as a form that is not fused does with several heads. A fused one keeps a
        number for each query and head, and computes the weights again (Dao et al. 2022).
    recompute : bool
        Keep only what goes into each layer, and compute the rest of one layer at a time again (Chen et al. 2016).

    Returns
    -------
    int
        For each token and layer of a GPT as in this book: 16 D + heads + 4. These are its input, that of both norms
        and of all maps, queries, keys and values, what attention reads, and the two sides of the activation function.
        And for each token 2 D + V + 2 for the last norm and the probabilities.

    Raises
    ------
    ValueError
        When no model has such a shape, or B or T is below 1.

    References
    ----------
    Dao et al. 2022, "FlashAttention", https://arxiv.org/abs/2205.14135; Chen et al. 2016, "Training Deep Nets with
    Sublinear Memory Cost", https://arxiv.org/abs/1604.06174
    """
    tokens = check_integer("B", B) * check_integer("T", T)
    W, statistics = key_value_width(shape), 2 if shape.bias else 1
    V, D, layers, heads, H = (int(size) for size in (shape.V, shape.D, shape.layers, shape.heads, shape.H))
    norms = 4 * D + 2 * statistics  # what goes in and out of both
    attention = 2 * D + 2 * W + heads  # queries, keys, values, and what is read
    if keep_weights:
        attention += heads * T - heads
    layer = norms + attention + (4 if shape.gated else 2) * H
    after = 2 * D + statistics + V
    return tokens * ((layers * D + layer if recompute else layers * layer) + after)


def training_memory(shape, B, T, precision="float32", recompute=False):
    """Bytes that training needs, part by part: {part: bytes}.

    Parameters
    ----------
    shape : ModelShape
    B, T : int
        Sequences that are read at once, and tokens of each.
    precision : "float32" or "mixed"
        Mixed has weights, gradients and activations of 16 bits, and float32 copies of the weights with Adam's means:
        16 bytes a weight, as in float32, but half the activations.
    recompute : bool
        See `activation_numbers`.

    Returns
    -------
    dict
        "weights", "gradients", "Adam", "activations".

    References
    ----------
    Rajbhandari et al. 2020, "ZeRO: Memory Optimizations Toward Training Trillion Parameter Models", section 3,
    https://arxiv.org/abs/1910.02054
    """
    check_choice("precision", precision, tuple(_BYTES))
    N, (weights, gradients, adam) = parameter_count(shape), _BYTES[precision]
    numbers = activation_numbers(shape, B, T, recompute=recompute)
    return {"weights": weights * N, "gradients": gradients * N, "Adam": adam * N, "activations": weights * numbers}


def key_value_bytes(shape, B, T, bytes_each=2):
    """Bytes of the keys and values of T tokens of B sequences: 2 · layers · groups · (D / heads) · T · B numbers.

    Parameters
    ----------
    shape : ModelShape
    B, T, bytes_each : int
        2 bytes are 16 bits.
    """
    check_model_shape(shape)
    numbers = 2 * int(shape.layers) * key_value_width(shape) * check_integer("T", T) * check_integer("B", B)
    return numbers * check_integer("bytes_each", bytes_each)


def serving_memory(shape, B, T, bytes_each=2):
    """Bytes for writing with B sequences of T tokens: {"weights": …, "keys and values": …}."""
    weights = parameter_count(shape) * check_integer("bytes_each", bytes_each)
    return {"weights": weights, "keys and values": key_value_bytes(shape, B, T, bytes_each)}
