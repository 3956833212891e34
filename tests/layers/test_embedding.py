import numpy as np
import pytest
import torch

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.layers.embedding import (
    bag_of_words,
    cosine_similarities,
    embedding,
    embedding_backward,
    nearest_neighbours,
    one_hot,
    unit_rows,
)

CAT, DOG, FISH = np.array([[0.2, -1.3, 0.5], [0.3, -1.2, 0.4], [-0.5, 0.8, -0.1]])
SIZES = [((1,), 1, 1), ((5,), 3, 2), ((2, 7), 4, 5), ((), 6, 3), ((200,), 3, 2)]


def make(leading, V, D):
    rng = np.random.default_rng((*leading, V, D))
    return rng.integers(V, size=leading), rng.standard_normal((V, D)), rng.standard_normal((*leading, D))


@pytest.mark.parametrize(("leading", "V", "D"), SIZES)
def test_look_up_is_the_one_hot_product_forward_and_backward(leading, V, D):
    ids, E, dx = make(leading, V, D)
    x, cache = embedding(ids, E)
    np.testing.assert_array_equal(x, one_hot(ids, V) @ E)
    rows, drows = one_hot(ids, V).reshape(-1, V), dx.reshape(-1, D)
    np.testing.assert_allclose(embedding_backward(dx, cache, E), rows.T @ drows, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("leading", "V", "D"), SIZES[:4])
def test_backward_equals_central_differences_and_torch(leading, V, D):
    ids, E, dx = make(leading, V, D)
    x, cache = embedding(ids, E)
    dE = embedding_backward(dx, cache, E)
    assert relative_error(dE, numerical_gradient(lambda E: float((embedding(ids, E)[0] * dx).sum()), E)) < 1e-6
    table = torch.tensor(E, requires_grad=True)
    theirs = torch.nn.functional.embedding(torch.tensor(ids), table)
    np.testing.assert_array_equal(x, theirs.detach().numpy())
    theirs.backward(torch.tensor(dx))
    np.testing.assert_allclose(dE, table.grad.numpy(), rtol=1e-10, atol=1e-14)


def test_rows_that_are_not_read_have_no_gradient():
    ids = np.array([[3, 1], [1, 1]])
    _, cache = embedding(ids, np.zeros((5, 2)))
    dE = embedding_backward(np.ones((2, 2, 2)), cache, np.zeros((5, 2)))
    np.testing.assert_array_equal(dE, [[0, 0], [3, 3], [0, 0], [1, 1], [0, 0]])


def test_nothing_read_gives_no_gradient():
    E = np.ones((3, 2))
    x, cache = embedding(np.zeros((0,), int), E)
    assert not embedding_backward(x, cache, E).any()


def test_one_hot_vectors_have_nothing_in_common():
    x = one_hot(np.arange(6), 6)
    np.testing.assert_array_equal(x, np.eye(6))
    np.testing.assert_array_equal(cosine_similarities(x, x), np.eye(6))
    assert one_hot(np.array(2), 3, np.float32).dtype == np.float32


def test_a_bag_loses_the_order():
    dog, bites, man = range(3)
    bag = bag_of_words([dog, bites, man], 4)
    np.testing.assert_array_equal(bag, bag_of_words([man, bites, dog], 4))
    np.testing.assert_array_equal(bag, [1, 1, 1, 0])
    np.testing.assert_array_equal(bag_of_words([1, 1], 3), one_hot(np.array([1, 1]), 3).sum(axis=0))
    np.testing.assert_array_equal(bag_of_words([], 2), [0, 0])


def test_cosines_by_hand():
    table = np.array([CAT, DOG, FISH])
    cosines = cosine_similarities(table, table)
    np.testing.assert_allclose(np.diag(cosines), 1)
    assert cosines[0, 1] == pytest.approx(1.82 / np.sqrt(1.98 * 1.69))
    assert cosines[0, 2] == pytest.approx(-1.19 / np.sqrt(1.98 * 0.90))
    assert cosines[1, 2] == pytest.approx(-1.15 / np.sqrt(1.69 * 0.90))


def test_a_zero_vector_has_no_direction():
    np.testing.assert_array_equal(cosine_similarities(np.zeros(3), np.array([CAT, np.zeros(3)])), [0, 0])
    np.testing.assert_array_equal(unit_rows(np.zeros((1, 2))), [[0, 0]])


def test_neighbours_come_nearest_first_and_leave_out_what_is_excluded():
    E = np.array([[1.0, 0], [1, 1], [0, 1], [2, 0], [-1, 0]])
    ids, cosines = nearest_neighbours(E[0], E, 3, exclude=[0])
    np.testing.assert_array_equal(ids, [3, 1, 2])
    np.testing.assert_allclose(cosines, [1, np.sqrt(0.5), 0], atol=1e-15)
    ids, _ = nearest_neighbours(E[0], E, 99)
    np.testing.assert_array_equal(ids, [0, 3, 1, 2, 4])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: one_hot(np.array([3]), 3), "ids spans 3 to 3, expected integers from 0 to 2"),
        (lambda: one_hot(np.array([0.0]), 3), "ids has dtype float64"),
        (lambda: bag_of_words([[1]], 3), "ids has shape"),
        (lambda: bag_of_words([-1], 3), "ids spans -1"),
        (lambda: embedding(np.array([-1]), np.ones((2, 2))), "ids spans -1"),
        (lambda: embedding(np.array([0]), np.ones(2)), "E has shape"),
        (lambda: embedding_backward(np.ones((2, 2)), (np.array([0]),), np.ones((3, 2))), "dx has shape"),
        (lambda: cosine_similarities(np.ones(3), np.ones((2, 2))), "x has shape"),
        (lambda: nearest_neighbours(np.ones(2), np.ones((2, 2)), 0), "n is 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        call()
