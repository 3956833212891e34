import numpy as np
import pytest

from helpers.data.source_target_pairs import PairBatch


@pytest.fixture
def random_batch():
    """random_batch(lengths, V_s=5, V_t=6): random ids, in the padding too, of pairs with the lengths (S, T)."""

    def draw(lengths, V_s=5, V_t=6):
        rng = np.random.default_rng(0)
        S, T = (np.array(column) for column in zip(*lengths, strict=True))
        source_mask, target_mask = (np.arange(n.max())[:, None] < n for n in (S, T))
        source = rng.integers(V_s, size=source_mask.shape, dtype=np.int32)
        inputs, targets = rng.integers(V_t, size=(2, *target_mask.shape), dtype=np.int32)
        return PairBatch(source, source_mask, inputs, targets, target_mask)

    return draw
