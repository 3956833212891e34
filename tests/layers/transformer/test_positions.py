import numpy as np
import pytest
import torch

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.layers.transformer.positions import angular_frequencies, rotary, rotary_backward, sinusoids

SIZES = [((), 1, 2), ((1,), 1, 2), ((3,), 4, 2), ((2, 3), 5, 6)]  # leading axes, T, D
every_size = pytest.mark.parametrize(("leading", "T", "D"), SIZES)


def test_angular_frequencies_by_hand():
    np.testing.assert_allclose(angular_frequencies(4, base=100.0), [1, 0.1], rtol=1e-15)
    np.testing.assert_allclose(angular_frequencies(8), [1, 0.1, 0.01, 0.001], rtol=1e-15)
    with pytest.raises(ValueError, match="D is 3, expected an even number"):
        angular_frequencies(3)


def test_sinusoids_by_hand():
    P = sinusoids(3, 4, base=100.0)  # the second pair turns by 100^(−½) = 0.1 a step
    wanted = [[np.sin(t), np.cos(t), np.sin(0.1 * t), np.cos(0.1 * t)] for t in range(3)]
    np.testing.assert_allclose(P, wanted, rtol=1e-14)
    np.testing.assert_array_equal(P[0], [0, 1, 0, 1])
    # row 1,000 of D = 512: column 256 has the frequency 10,000^(−½)
    assert sinusoids(1001, 512)[1000, 256:258] == pytest.approx([np.sin(10), np.cos(10)])
    assert sinusoids(2, 4, dtype=np.float32).dtype == np.float32


def test_the_dot_product_of_sinusoids_depends_on_the_distance_alone():
    P = sinusoids(40, 16)
    dots = P @ P.T
    for distance in range(40):
        along = np.diag(dots, distance)
        np.testing.assert_allclose(along, along[0], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(np.diag(dots), 8)  # D / 2
    assert np.unique(dots[0].round(9)).size == 40  # and it does tell the distances apart


@pytest.mark.parametrize("shift", [-3, 1, 7])
def test_a_shift_of_sinusoids_is_one_linear_map(shift):
    P = sinusoids(40, 6)
    before, after = P[3:30], P[3 + shift : 30 + shift]
    turn = rotary(np.eye(6), np.full(6, -shift))  # row i is what becomes of feature i
    np.testing.assert_allclose(before @ turn, after, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(rotary(before, np.full(27, -shift)), after, rtol=1e-12, atol=1e-13)
    np.testing.assert_allclose(turn @ turn.T, np.eye(6), atol=1e-14)


def test_a_rotation_by_hand():
    x = np.array([[1.0, 0, 1, 0], [1, 2, 3, 4]])
    y = rotary(x, [0, np.pi / 2], base=4.0)  # the second pair turns half as fast: 4^(−½)
    half = np.sqrt(0.5)
    np.testing.assert_allclose(y, [[1, 0, 1, 0], [-2, 1, (3 - 4) * half, (3 + 4) * half]], atol=1e-15)


def test_the_score_of_turned_vectors_depends_on_the_distance_alone(rng):
    q, k = rng.standard_normal((2, 1, 8))
    turned_q, turned_k = (rotary(x.repeat(30, axis=0)) for x in (q, k))
    scores = turned_q @ turned_k.T
    for distance in range(-29, 30):
        along = np.diag(scores, distance)
        np.testing.assert_allclose(along, (rotary(k, [distance]) @ q.T).item(), rtol=1e-10, atol=1e-12)
    assert np.abs(scores[0] - scores[0, 0]).max() > 0.5


@every_size
def test_turning_changes_no_length_and_back_is_back(rng, leading, T, D):
    x = rng.standard_normal((*leading, T, D))
    positions = rng.integers(0, 1000, T)
    for where in (None, positions):
        y = rotary(x, where)
        np.testing.assert_allclose(np.linalg.norm(y, axis=-1), np.linalg.norm(x, axis=-1), rtol=1e-12)
        np.testing.assert_allclose(rotary_backward(y, where), x, rtol=1e-12, atol=1e-13)
    np.testing.assert_array_equal(rotary(x), rotary(x, np.arange(T)))
    np.testing.assert_array_equal(rotary(x)[..., 0, :], x[..., 0, :])


@every_size
def test_rotary_backward_equals_central_differences_and_complex_numbers(rng, leading, T, D):
    x, dy = rng.standard_normal((2, *leading, T, D))
    positions = rng.integers(0, 1000, T)
    dx = rotary_backward(dy, positions, 50.0)
    numerical = numerical_gradient(lambda x: float((rotary(x, positions, 50.0) * dy).sum()), x)
    assert relative_error(dx, numerical) < 1e-6

    x_torch = torch.tensor(x, requires_grad=True)
    angles = torch.tensor(np.outer(positions, 50.0 ** (-np.arange(D // 2) / (D / 2))))
    pairs = torch.view_as_complex(x_torch.reshape(*leading, T, D // 2, 2))
    y_torch = torch.view_as_real(pairs * torch.polar(torch.ones_like(angles), angles)).reshape(x.shape)
    y_torch.backward(torch.tensor(dy))
    np.testing.assert_allclose(rotary(x, positions, 50.0), y_torch.detach().numpy(), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(dx, x_torch.grad.numpy(), rtol=1e-10, atol=1e-12)


def test_float32_stays_float32_and_nothing_is_changed(rng):
    x, dy = rng.standard_normal((2, 2, 3, 4)).astype(np.float32)
    kept = x.copy(), dy.copy()
    made = sinusoids(3, 4, dtype=np.float32), rotary(x), rotary_backward(dy)
    assert {array.dtype for array in made} == {np.dtype(np.float32)}
    for array, before in zip((x, dy), kept, strict=True):
        np.testing.assert_array_equal(array, before)


X = np.zeros((2, 3, 4))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sinusoids(0, 4), "T is 0, expected an integer of at least 1"),
        (lambda: sinusoids(3, 5), "D is 5, expected an even number"),
        (lambda: sinusoids(3, 4, base=0.0), "base is 0.0"),
        (lambda: rotary(X[..., :3]), "D is 3, expected an even number"),
        (lambda: rotary(X, [0, 1]), r"positions has shape \(2,\), expected \(T=3\)"),
        (lambda: rotary(X, [0, 1, np.nan]), "positions has 1 of 3 values that are NaN"),
        (lambda: rotary(X, ["a", "b", "c"]), "positions has dtype <U1, expected numbers"),
        (lambda: rotary(X.astype(int)), "x has dtype int64"),
        (lambda: rotary(X[0, 0]), r"x has shape \(4,\), expected \(\.\.\., T, d\)"),
    ],
)
def test_bad_input_is_an_error(call, message):
    with pytest.raises(ValueError, match=message):
        call()
