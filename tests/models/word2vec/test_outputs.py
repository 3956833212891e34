import numpy as np
import pytest

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.core.numerics import softmax
from helpers.models.word2vec.huffman import huffman_paths
from helpers.models.word2vec.outputs import (
    binary_cross_entropy,
    binary_cross_entropy_backward,
    full_softmax,
    hierarchical_probabilities,
    hierarchical_softmax,
    negative_sampling,
    noise_contrastive,
    softplus,
)

COUNTS = np.array([3, 9, 1, 4, 2, 6, 1])
V, D = len(COUNTS), 3


@pytest.mark.parametrize("counts", [[5], [5, 1], COUNTS, np.arange(40) ** 3])
def test_hierarchical_probabilities_sum_to_1_and_are_what_the_loss_is_of(counts, rng):
    paths = huffman_paths(counts)
    h, W = rng.standard_normal((6, D)), 3 * rng.standard_normal((len(counts) - 1, D))
    p = hierarchical_probabilities(h, W, paths)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-12)
    targets = rng.integers(len(counts), size=6)
    loss, _ = hierarchical_softmax(h, targets, W, paths)
    assert loss == pytest.approx(-np.log(p[np.arange(6), targets]).sum())


def test_full_softmax_is_the_loss_of_its_probabilities(rng):
    h, W, targets = rng.standard_normal((6, D)), rng.standard_normal((V, D)), rng.integers(V, size=6)
    loss, _ = full_softmax(h, targets, W)
    assert loss == pytest.approx(-np.log(softmax(h @ W.T)[np.arange(6), targets]).sum())


# Where the losses are smallest: every word has a score of its own (h = 1, D = 1), and p and q are multiples of 1/8, so
# the expectation over targets and noise is a sum over 8 × 8 cases, which a batch can hold.
P, Q = np.array([4, 2, 1, 1]) / 8, np.array([1, 1, 2, 4]) / 8


def expected_gradient(scores, loss):
    targets = np.repeat(np.arange(4), (8 * P).astype(int))
    negatives = np.tile(np.repeat(np.arange(4), (8 * Q).astype(int)), (8, 1))
    _, cache = loss(np.ones((8, 1)), targets, scores[:, None], negatives)
    _, dW = binary_cross_entropy_backward(cache, scores[:, None])
    return dW[:, 0]


def test_negative_sampling_ends_at_the_shifted_log_probability():
    def loss(h, targets, W, negatives):
        return negative_sampling(h, targets, W, negatives, k=3)

    np.testing.assert_allclose(expected_gradient(np.log(P) - np.log(3 * Q), loss), 0, atol=1e-14)
    assert np.abs(expected_gradient(np.log(P), loss)).max() > 0.1


def test_nce_ends_at_the_log_probability():
    def loss(h, targets, W, negatives, bias=0.0):
        return noise_contrastive(h, targets, W, negatives, 3, Q, bias)

    np.testing.assert_allclose(expected_gradient(np.log(P), loss), 0, atol=1e-14)
    assert np.abs(expected_gradient(np.log(P) + 0.5, loss)).max() > 0.1  # not normalised
    biased = expected_gradient(np.log(P) - 2, lambda *args: loss(*args, bias=np.full(4, 2.0)))
    np.testing.assert_allclose(biased, 0, atol=1e-14)


def test_shared_negatives_stand_for_k(rng):
    h, W, targets = rng.standard_normal((5, D)), rng.standard_normal((V, D)), rng.integers(V, size=5)
    negatives = rng.integers(V, size=(5, 2))
    once, _ = negative_sampling(h, targets, W, negatives, 6)
    thrice, _ = negative_sampling(h, targets, W, np.tile(negatives, 3), 6)
    assert once == pytest.approx(thrice)


def test_binary_cross_entropy_by_hand():
    h, W = np.array([[1.0, 2.0]]), np.array([[0.5, 0.25]])  # s = 1
    loss, cache = binary_cross_entropy(h, W, np.array([[0, 0]]), np.array([[True, False]]), np.array([[1.0, 2.0]]))
    assert loss == pytest.approx(np.log1p(np.exp(-1)) + 2 * np.log1p(np.exp(1)))
    ds = (1 / (1 + np.exp(-1)) - 1) + 2 / (1 + np.exp(-1))
    dh, dW = binary_cross_entropy_backward(cache, W)
    np.testing.assert_allclose(dh, [[0.5 * ds, 0.25 * ds]])
    np.testing.assert_allclose(dW, [[ds, 2 * ds]])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_large_scores_do_not_overflow(dtype):
    s = np.array([-1e30, -200, 0, 200, 1e30], dtype)
    np.testing.assert_allclose(softplus(s), [0, 0, np.log(2), 200, 1e30], rtol=1e-6, atol=1e-30)
    np.testing.assert_allclose(
        numerical_gradient(lambda s: softplus(s).sum(), np.array([0.3])), [1 / (1 + np.exp(-0.3))]
    )
    h, W = np.full((1, 1), 1e4, dtype), np.full((2, 1), 1e4, dtype)
    loss, cache = negative_sampling(h, np.array([0]), W, np.array([[1]]), 1)
    assert loss == pytest.approx(1e8)
    dh, dW = binary_cross_entropy_backward(cache, W)
    assert relative_error(dh, np.array([[1e4]])) < 1e-6
    assert dW.dtype == dtype


h, W, t = np.ones((2, D)), np.ones((V, D)), np.array([0, 1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: full_softmax(h, np.array([0, V]), W), "targets spans 0 to 7"),
        (lambda: full_softmax(h[:, :2], t, W), "W has shape"),
        (lambda: hierarchical_softmax(h, t, W, huffman_paths(COUNTS)), "W has shape"),
        (lambda: negative_sampling(h, t, W, np.zeros((3, 2), int), 1), "negatives has shape"),
        (lambda: negative_sampling(h, t, W, np.full((2, 2), V), 1), "negatives spans"),
        (lambda: negative_sampling(h, t, W, np.zeros((2, 2), int), 0), "k is 0"),
        (lambda: negative_sampling(h, t, W, np.zeros((2, 0), int), 1), "the number of negatives is 0"),
        (lambda: negative_sampling(h, t, W, None, 1), r"negatives has shape \(\), expected \(N=2, K\)"),
        (lambda: negative_sampling(h, t[:1], W, np.zeros((2, 2), int), 1), "targets has shape"),
        (lambda: full_softmax(h, t, W.astype(np.float32)), "expected one dtype, got h float64, W float32"),
        (lambda: hierarchical_softmax(h, np.array([0, V]), W[1:], huffman_paths(COUNTS)), "targets spans 0 to 7"),
        (lambda: hierarchical_probabilities(h, W[2:], huffman_paths(COUNTS)), r"W has shape .*\(rows=6, D=3"),
        (lambda: noise_contrastive(h, t, W, np.zeros((2, 2), int), 1, np.ones(3)), "q has shape"),
        (lambda: noise_contrastive(h, t, W, np.zeros((2, 2), int), 1, np.zeros(V)), "q is 0"),
        (
            lambda: noise_contrastive(h, t, W, np.zeros((2, 2), int), 1, np.full(V, np.nan)),
            "q has 7 of 7 values that are NaN",
        ),
        (lambda: noise_contrastive(h, t, W, np.zeros((2, 2), int), 1, np.ones(V), np.ones(3)), "bias has shape"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
