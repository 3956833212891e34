"""The numbers that decide how large a GPT is, with those of published models."""

from typing import NamedTuple

from helpers.core.checks import check_integer


class ModelShape(NamedTuple):
    """How large each part of a GPT is."""

    V: int  # tokens of the vocabulary
    D: int  # numbers for each token in the trunk
    layers: int
    heads: int  # of queries
    groups: int  # heads of keys and values; fewer than `heads` in grouped-query attention
    H: int  # inner units of the feed-forward network
    T_max: int  # tokens that it was trained to read at once
    learned_positions: bool = True  # an embedding for each position; rotary positions have no weights
    gated: bool = False  # three maps in the feed-forward network, not two
    bias: bool = True  # in maps; then norms are LayerNorm, else RMSNorm, with half as many weights
    tied: bool = True  # the output shares the weights of the token embedding


def shape_of(sizes):
    """The ModelShape of a GPT of `helpers.models.gpt_bert` with these Sizes."""
    return ModelShape(sizes.V, sizes.D, sizes.layers, sizes.heads, sizes.heads, 4 * sizes.D, sizes.T_max)


_LLAMA = {"learned_positions": False, "gated": True, "bias": False, "tied": False}
# Radford et al. 2019, "Language Models are Unsupervised Multitask Learners" (GPT-2)
# Brown et al. 2020, "Language Models are Few-Shot Learners", https://arxiv.org/abs/2005.14165 (GPT-3)
# Touvron et al. 2023, "Llama 2: Open Foundation and Fine-Tuned Chat Models", https://arxiv.org/abs/2307.09288
# Grattafiori et al. 2024, "The Llama 3 Herd of Models", https://arxiv.org/abs/2407.21783
PUBLISHED = {
    "GPT-2 124M": ModelShape(50257, 768, 12, 12, 12, 3072, 1024),
    "GPT-2 1.5B": ModelShape(50257, 1600, 48, 25, 25, 6400, 1024),
    "GPT-3 175B": ModelShape(50257, 12288, 96, 96, 96, 49152, 2048),
    "Llama 2 7B": ModelShape(32000, 4096, 32, 32, 32, 11008, 4096, **_LLAMA),
    "Llama 2 13B": ModelShape(32000, 5120, 40, 40, 40, 13824, 4096, **_LLAMA),
    "Llama 2 70B": ModelShape(32000, 8192, 80, 64, 8, 28672, 4096, **_LLAMA),
    "Llama 3 8B": ModelShape(128256, 4096, 32, 32, 8, 14336, 8192, **_LLAMA),
    "Llama 3 70B": ModelShape(128256, 8192, 80, 64, 8, 28672, 8192, **_LLAMA),
    "Llama 3 405B": ModelShape(128256, 16384, 126, 128, 8, 53248, 8192, **_LLAMA),
}


def check_model_shape(shape):
    """Refuse a shape that no model has.

    Raises
    ------
    ValueError
        When it is no ModelShape, a size is below 1, the heads do not divide D, or the groups the heads.
    """
    if not isinstance(shape, ModelShape):
        raise ValueError(f"shape is of type {type(shape).__name__}, expected a ModelShape")
    for name in ("V", "D", "layers", "heads", "groups", "H", "T_max"):
        check_integer(name, getattr(shape, name))
    if shape.D % shape.heads:
        raise ValueError(f"D is {shape.D}, expected a multiple of the {shape.heads} heads")
    if shape.heads % shape.groups:
        raise ValueError(f"groups is {shape.groups}, expected a number that divides the {shape.heads} heads")


def key_value_width(shape):
    """The numbers of the keys of one token in one layer, as of its values: groups · D / heads."""
    check_model_shape(shape)
    return int(shape.groups) * (int(shape.D) // int(shape.heads))
