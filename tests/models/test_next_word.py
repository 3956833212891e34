import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from helpers.core.gradient_check import check_gradients
from helpers.core.params import named_arrays
from helpers.layers.linear import LinearParams
from helpers.models.next_word import (
    NextWordParams,
    bigram_floor,
    count_pairs,
    counted_loss,
    init_next_word,
    next_word_loss,
    train_next_word,
)


def make(V, D, N):
    rng = np.random.default_rng((V, D, N))
    params = init_next_word(rng, V, D, scale=0.7)
    params.output.b[:] = rng.standard_normal(V)
    return params, rng.integers(V, size=N + 1)


def test_loss_by_hand():
    """p = softmax([ln 3, 0]) = (3/4, 1/4) after word 0, and (1/2, 1/2) after word 1."""
    params = NextWordParams(np.array([[1.0], [0.0]]), LinearParams(np.array([[np.log(3), 0.0]]), np.zeros(2)))
    words, targets = np.array([0, 0, 1, 0]), np.array([0, 1, 1, 0])
    loss, grads = next_word_loss(params, words, targets)
    assert loss == pytest.approx((2 * np.log(4 / 3) + np.log(4) + np.log(2)) / 4)
    # after word 0 the errors p − one-hot are (−1/4, 1/4) twice and (3/4, −3/4); after word 1 (1/2, −1/2)
    np.testing.assert_allclose(grads.output.b, [(-0.5 + 0.75 + 0.5) / 4, (0.5 - 0.75 - 0.5) / 4])
    np.testing.assert_allclose(grads.E[:, 0], np.log(3) * np.array([0.25, 0.5]) / 4)
    np.testing.assert_allclose(grads.output.W, [[0.25 / 4, -0.25 / 4]])


@pytest.mark.parametrize("size", [(1, 1, 1), (3, 2, 5), (6, 4, 20)], ids=str)
def test_gradients_equal_central_differences(size):
    params, stream = make(*size)
    counts = count_pairs(stream, size[0])
    for loss in (lambda p: next_word_loss(p, stream[:-1], stream[1:]), lambda p: counted_loss(p, counts)):
        errors = check_gradients(lambda p, loss=loss: loss(p)[0], params, loss(params)[1])
        assert list(errors) == ["E", "output.W", "output.b"]
        assert max(errors.values()) < 1e-6, errors


def test_loss_and_gradients_equal_torch():
    params, stream = make(6, 4, 20)
    loss, grads = next_word_loss(params, stream[:-1], stream[1:])
    E, W, b = (torch.tensor(a, requires_grad=True) for _, a in named_arrays(params))
    words, targets = torch.tensor(stream[:-1]), torch.tensor(stream[1:])
    their = torch.nn.functional.cross_entropy(torch.nn.functional.embedding(words, E) @ W + b, targets)
    their.backward()
    assert loss == pytest.approx(their.item(), rel=1e-10)
    for (_, ours), tensor in zip(named_arrays(grads), (E, W, b), strict=True):
        np.testing.assert_allclose(ours, tensor.grad.numpy(), rtol=1e-10, atol=1e-14)


@given(st.integers(1, 8), st.integers(1, 4), st.integers(1, 40))
def test_counting_the_pairs_changes_neither_the_loss_nor_its_gradients(V, D, N):
    params, stream = make(V, D, N)
    loss, grads = next_word_loss(params, stream[:-1], stream[1:])
    counted, counted_grads = counted_loss(params, count_pairs(stream, V))
    assert counted == pytest.approx(loss, rel=1e-12, abs=1e-14)
    for (_, one), (_, other) in zip(named_arrays(grads), named_arrays(counted_grads), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-14)
    assert loss >= bigram_floor(count_pairs(stream, V)) - 1e-12


def test_pairs_and_floor_by_hand():
    counts = count_pairs(np.array([0, 1, 0, 1, 0, 2]), 3)
    np.testing.assert_array_equal(counts, [[0, 2, 1], [2, 0, 0], [0, 0, 0]])
    wanted = (2 * np.log(3 / 2) + np.log(3)) / 5  # after word 1 nothing is open
    assert bigram_floor(counts) == pytest.approx(wanted)


def test_the_floor_is_reached_by_the_shares_of_the_pairs():
    stream = np.random.default_rng(0).integers(5, size=400)
    counts = count_pairs(stream, 5)
    shares = counts / counts.sum(axis=1, keepdims=True)
    best = NextWordParams(np.eye(5), LinearParams(np.log(shares), np.zeros(5)))  # D = V: nothing is in the way
    loss, grads = counted_loss(best, counts)
    assert loss == pytest.approx(bigram_floor(counts))
    assert max(np.abs(a).max() for _, a in named_arrays(grads)) < 1e-12


def test_training_goes_down_to_the_floor_and_is_the_same_each_time():
    counts = count_pairs(np.random.default_rng(1).integers(6, size=300), 6, np.float32)
    runs = [train_next_word(np.random.default_rng(2), counts, 6, steps=200) for _ in range(2)]
    params, history, tables = runs[0]
    assert history.loss[0] == pytest.approx(np.log(6), abs=0.05)
    assert bigram_floor(counts) - 1e-6 < history.loss[-1] < bigram_floor(counts) + 0.01
    assert len(tables) == 201
    assert tables[-1] is params.E
    assert not np.array_equal(tables[0], tables[1])
    assert {a.dtype for _, a in named_arrays(params)} == {np.dtype(np.float32)}
    np.testing.assert_array_equal(history.loss, runs[1][1].loss)


def test_bad_input():
    params, _ = make(3, 2, 4)
    with pytest.raises(ValueError, match="ids spans"):
        next_word_loss(params, np.array([3]), np.array([0]))
    with pytest.raises(ValueError, match="stream spans 0 to 3"):
        count_pairs(np.array([0, 3]), 3)
    with pytest.raises(ValueError, match="at least 2"):
        count_pairs(np.array([0]), 3)
    with pytest.raises(ValueError, match="counts has shape"):
        counted_loss(params, np.ones((3, 4)))
    with pytest.raises(ValueError, match="one dtype"):
        counted_loss(params, np.ones((3, 3), np.float32))
    for wrong in (np.zeros((3, 3)), np.full((3, 3), np.nan), np.eye(3) - 0.1):
        with pytest.raises(ValueError, match="not finite"):
            counted_loss(params, wrong)
        with pytest.raises(ValueError, match="not finite"):
            bigram_floor(wrong)
