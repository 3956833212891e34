import numpy as np
import pytest

from helpers.data.source_target_pairs import PairBatch
from helpers.data.vocab import END, PAD
from helpers.models.seq2seq.evaluation import (
    exact_match,
    mean_by_length,
    pad_outputs,
    right_tokens,
)

# Targets: 7 8 <end>, 7 <end>, 9 9 9 <end>; sources of 3, 1 and 2 tokens, and <end>.
TARGETS = np.array([[7, 7, 9], [8, END, 9], [END, PAD, 9], [PAD, PAD, END]])
SOURCE_MASK = np.arange(4)[:, None] < [4, 2, 3]
BATCH = PairBatch(np.zeros((4, 3), int), SOURCE_MASK, np.zeros((4, 3), int), TARGETS, TARGETS != PAD)


def test_outputs_side_by_side():
    tokens, mask = pad_outputs([(5, END), (6, 7, 8, END)])
    np.testing.assert_array_equal(tokens, [[5, 6], [END, 7], [PAD, 8], [PAD, END]])
    np.testing.assert_array_equal(mask, [[1, 1], [1, 1], [0, 1], [0, 1]])
    tokens, mask = pad_outputs([(5, END), (6, 7, 8, END)], T=3)
    np.testing.assert_array_equal(tokens, [[5, 6], [END, 7], [PAD, 8]])
    for outputs in ([], [(1,), ()]):
        with pytest.raises(ValueError, match="expected at least one token in each"):
            pad_outputs(outputs)


def test_all_is_right():
    outputs = [(7, 8, END), (7, END), (9, 9, 9, END)]
    np.testing.assert_array_equal(right_tokens(outputs, BATCH), BATCH.target_mask)
    assert exact_match(outputs, BATCH).all()


def test_wrong_too_long_and_too_short_by_hand():
    outputs = [(7, 7, END), (7, 7, END), (9, 9, END)]  # one wrong token; one too many; one too few
    np.testing.assert_array_equal(exact_match(outputs, BATCH), [False, False, False])
    np.testing.assert_array_equal(right_tokens(outputs, BATCH).sum(axis=1), [3, 1, 1, 0])
    as_array, _ = pad_outputs(outputs, T=4)
    np.testing.assert_array_equal(right_tokens(as_array, BATCH), right_tokens(outputs, BATCH))


def test_an_output_without_end_is_not_right():
    outputs = [(7, 8), (7, END), (9, 9, 9, 9, 9, 9)]
    np.testing.assert_array_equal(exact_match(outputs, BATCH), [False, True, False])


def test_what_is_said_in_the_padding_does_not_count():
    said = np.where(BATCH.target_mask, TARGETS, 5)
    assert exact_match(said, BATCH).all()
    assert not right_tokens(said, BATCH)[~BATCH.target_mask].any()
    np.testing.assert_array_equal(right_tokens(np.full((4, 3), PAD), BATCH), np.zeros((4, 3)))


def test_means_by_length():
    lengths, means = mean_by_length([1.0, 0.0, 0.5], BATCH)
    np.testing.assert_array_equal(lengths, [1, 2, 3])
    np.testing.assert_array_equal(means, [0, 0.5, 1])
    lengths, means = mean_by_length(np.array([True, False, False]), BATCH, width=2)  # 1 and 2; 3 and 4
    np.testing.assert_array_equal(lengths, [1.5, 3.5])
    np.testing.assert_array_equal(means, [0, 1])


def test_bad_input():
    with pytest.raises(ValueError, match="outputs has shape"):
        exact_match([(7, END)], BATCH)
    with pytest.raises(ValueError, match="values has shape"):
        mean_by_length([1.0], BATCH)
