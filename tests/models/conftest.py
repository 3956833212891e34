import numpy as np
import pytest

from helpers.data.source_target_pairs import Pair, encode_pairs, pair_vocabs


@pytest.fixture(scope="session")
def reversals():
    """Three or fewer letters, to be written backward: encoded, and the sizes of the vocabularies."""
    rng = np.random.default_rng(0)
    words = [tuple(rng.choice(list("abc"), size=rng.integers(1, 4))) for _ in range(200)]
    pairs = [Pair(word, word[::-1], ((),) * len(word)) for word in words]
    vocabs = pair_vocabs(pairs)
    return encode_pairs(pairs, *vocabs), *map(len, vocabs)
