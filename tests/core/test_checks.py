import numpy as np
import pytest

from helpers.core.checks import (
    check_choice,
    check_counts,
    check_finite,
    check_floats,
    check_indices,
    check_integer,
    check_positive,
    check_shape,
)


def test_shape_is_returned():
    T, B, D = check_shape("x", np.zeros((2, 3, 5)), "T B D", D=5)
    assert (T, B, D) == (2, 3, 5)
    assert check_shape("x", np.zeros((7, 2, 5)), "... D", D=5) == (7, 2, 5)
    assert check_shape("x", np.zeros(5), "... D", D=5) == (5,)
    assert check_shape("loss", 1.5, "") == ()


@pytest.mark.parametrize(
    ("shape", "pattern", "message"),
    [
        ((2, 3), "T B D", r"x has shape \(2, 3\), expected \(T, B, D=5\)"),
        ((2, 3, 4), "T B D", r"x has shape \(2, 3, 4\), expected \(T, B, D=5\)"),
        ((4,), "... D", r"expected \(..., D=5\)"),
        ((), "... D", r"x has shape \(\), expected \(..., D=5\)"),
    ],
)
def test_a_wrong_shape_is_named(shape, pattern, message):
    with pytest.raises(ValueError, match=message):
        check_shape("x", np.zeros(shape), pattern, D=5)


def test_floats_of_one_dtype():
    assert check_floats(a=np.zeros(1, np.float32), b=np.ones(2, np.float32)) == np.float32
    with pytest.raises(ValueError, match="expected one dtype, got a float32, b float64"):
        check_floats(a=np.zeros(1, np.float32), b=np.zeros(1))
    with pytest.raises(ValueError, match="a has dtype int64, expected an array of floats"):
        check_floats(a=np.arange(3))
    with pytest.raises(ValueError, match="a has type list"):
        check_floats(a=[1.0])


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_finite(wrong):
    check_finite("x", np.zeros(3))
    with pytest.raises(ValueError, match="x has 1 of 2 values"):
        check_finite("x", np.array([0, wrong]))


def test_positive():
    check_positive("rate", 1e-9)
    for wrong in (0, -1, np.nan, np.inf):
        with pytest.raises(ValueError, match=f"rate is {wrong}"):
            check_positive("rate", wrong)


def test_integer():
    check_integer("n", 1)
    check_integer("n", np.int32(0), least=0)
    for wrong in (0, -1, 1.0, True, "1"):
        with pytest.raises(ValueError, match="expected an integer of at least 1"):
            check_integer("n", wrong)


def test_choice():
    check_choice("activation", "tanh", ["tanh", "relu"])
    with pytest.raises(ValueError, match="activation is 'sin', expected one of 'tanh', 'relu'"):
        check_choice("activation", "sin", ["tanh", "relu"])


def test_indices():
    check_indices("targets", np.array([0, 4]), 5)
    check_indices("targets", np.array([], int), 5)
    for wrong in ([0, 5], [-1, 2]):
        with pytest.raises(ValueError, match="expected integers from 0 to 4"):
            check_indices("targets", wrong, 5)
    with pytest.raises(ValueError, match="dtype float64"):
        check_indices("targets", [0.0], 5)


def test_counts_are_returned_as_they_are():
    assert check_counts([0, 3]).tolist() == [0, 3]
    assert check_counts(np.array([0.5, 0.0])).dtype == float


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        ([[1, 2]], r"counts has shape \(1, 2\)"),
        ([], "counts has 0 numbers"),
        ([0, 0], "counts has 2 numbers, the smallest 0; expected none below 0 and one above"),
        ([3, -1], "the smallest -1"),
        ([1, np.inf], "counts has 1 of 2 values that are NaN or infinite"),
        ([True, False], "counts has dtype bool, expected numbers"),
    ],
)
def test_what_is_no_count_is_named(counts, message):
    with pytest.raises(ValueError, match=message):
        check_counts(counts)
