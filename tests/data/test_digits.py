import numpy as np
import pytest
from sklearn.datasets import load_digits

from helpers.data.digits import Digits, handwritten_digits, split_digits


@pytest.fixture(scope="module")
def digits():
    return handwritten_digits()


def test_digits_are_those_of_scikit_learn(digits):
    known = load_digits()
    assert digits.rows.shape == (8, 1797, 8)
    assert digits.rows.dtype == np.float32
    assert (digits.rows.min(), digits.rows.max()) == (0, 1)
    np.testing.assert_allclose(digits.rows.transpose(1, 0, 2), known.images / 16)
    np.testing.assert_array_equal(digits.labels, known.target)
    assert handwritten_digits(np.float64).rows.dtype == np.float64


def test_the_same_share_of_every_digit_is_held_out(digits):
    train, held_out = split_digits(digits, np.random.default_rng(0))
    assert len(train.labels) + len(held_out.labels) == 1797
    all_counts, counts = np.bincount(digits.labels), np.bincount(held_out.labels)
    assert (np.abs(counts - 0.25 * all_counts) <= 0.5).all()
    for part in (train, held_out):
        assert part.rows.shape == (8, len(part.labels), 8)
    together = np.concatenate([part.rows.transpose(1, 0, 2).reshape(-1, 64) for part in (train, held_out)])
    labels = np.concatenate([train.labels, held_out.labels])
    wanted = np.column_stack([load_digits().data / 16, digits.labels])
    found = np.column_stack([together, labels])
    np.testing.assert_array_equal(*(each[np.lexsort(each.T)] for each in (found, wanted)))


def test_the_same_at_every_run(digits):
    (once, _), (again, _), (other, _) = (split_digits(digits, np.random.default_rng(seed), 0.5) for seed in (1, 1, 2))
    np.testing.assert_array_equal(once.rows, again.rows)
    assert not np.array_equal(once.rows, other.rows)


def test_bad_arguments():
    few = Digits(np.zeros((8, 4, 8)), np.array([3, 3, 7, 7]))
    for held_out in (0.1, 0.9):
        with pytest.raises(ValueError, match=f"held_out is {held_out}, expected a share .* 2 pictures of 3"):
            split_digits(few, np.random.default_rng(0), held_out)
    for held_out in (0, 1, float("nan"), "half"):
        with pytest.raises(ValueError, match=r"held_out is .*, expected a number"):
            split_digits(few, np.random.default_rng(0), held_out)
    with pytest.raises(ValueError, match=r"digits.labels has shape \(3,\), expected \(B=4\)"):
        split_digits(few._replace(labels=few.labels[:3]), np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"digits.labels spans 3 to 17"):
        split_digits(few._replace(labels=few.labels + np.array([0, 0, 0, 10])), np.random.default_rng(0))
    with pytest.raises(ValueError, match="dtype is <class 'int'>"):
        handwritten_digits(int)
