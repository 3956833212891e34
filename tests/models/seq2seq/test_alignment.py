import numpy as np
import pytest

from helpers.data.source_target_pairs import Pair
from helpers.models.seq2seq.evaluation import alignment_offsets, alignment_rate, same_place_weights

PAIRS = [
    Pair(("the", "big", "dog"), ("dog", "big", "ka"), ((2,), (1,), ())),
    Pair(("a", "b"), ("ab",), ((0, 1),)),
]
WEIGHTS = np.array([
    [[0.1, 0.3, 0.6, 0.0], [0.5, 0.4, 0.1, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]],
    [[0.3, 0.2, 0.5, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]],
])  # fmt: skip


def test_by_hand():
    assert alignment_rate(WEIGHTS, PAIRS) == pytest.approx(1 / 3)  # "dog" only: "ab" looks at <end> most


def test_the_truth_is_always_right():
    truth = np.zeros((2, 3, 3))
    truth[0, [0, 1], [2, 1]] = truth[1, 0, 0] = 1
    assert alignment_rate(truth, PAIRS) == 1


def test_offsets_are_to_the_nearest_true_place():
    assert alignment_offsets(WEIGHTS, PAIRS).tolist() == [0, -1, 1]  # "ab" comes from 0 and 1, and looks at 2
    assert (alignment_offsets(WEIGHTS, PAIRS) == 0).mean() == alignment_rate(WEIGHTS, PAIRS)
    with pytest.raises(ValueError, match="2 rows"):
        alignment_offsets(WEIGHTS[:, :2], PAIRS)


def test_same_place():
    pairs = [*PAIRS, Pair(tuple("abcde"), ("x", "y", "z"), ((0,), (1,), (4,)))]
    weights = same_place_weights(pairs)
    assert weights.shape == (3, 3, 5)
    assert weights.argmax(axis=-1).tolist() == [[0, 1, 2], [0, 0, 0], [0, 2, 4]]
    assert weights.sum(axis=-1).tolist() == [[1, 1, 1], [1, 0, 0], [1, 1, 1]]


@pytest.mark.parametrize(
    ("weights", "pairs", "message"),
    [
        (WEIGHTS[:1], PAIRS, "weights"),
        (WEIGHTS[:, :2], PAIRS, "2 rows"),
        (WEIGHTS[..., :2], PAIRS, "2 columns"),
        (WEIGHTS[:1], [PAIRS[0]._replace(alignment=((), (), ()))], "no target token"),
        (np.empty((0, 3, 3)), [], "no target token"),
    ],
)
def test_refuses_what_cannot_be_compared(weights, pairs, message):
    with pytest.raises(ValueError, match=message):
        alignment_rate(weights, pairs)
