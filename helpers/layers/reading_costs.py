"""What it costs to read words from an embedding table: by a product with one-hot vectors, and by a look-up."""

from timeit import repeat

import numpy as np

from helpers.core.checks import check_integer
from helpers.layers.embedding import embedding, one_hot


def input_bytes(V, B):
    """Bytes of B words as one-hot vectors in float32, and as ids of 64 bits: {way: bytes}."""
    V, B = check_integer("V", V), check_integer("B", B)
    return {"one-hot product": 4 * B * V, "look-up": 8 * B}


def reading_seconds(rng, V, B, D):
    """Measure both ways to read B random words of a table (V, D) in float32: {way: seconds}, the best of five."""
    V, B, D = check_integer("V", V), check_integer("B", B), check_integer("D", D)
    E, ids = rng.standard_normal((V, D)).astype(np.float32), rng.integers(V, size=B)
    return {
        "one-hot product": min(repeat(lambda: one_hot(ids, V, np.float32) @ E, number=1, repeat=5)),
        "look-up": min(repeat(lambda: embedding(ids, E), number=10, repeat=5)) / 10,
    }
