"""What leaves its dtype is refused, what fits into it is right: the functions of core with extreme numbers."""

from typing import NamedTuple

import numpy as np
import pytest

from helpers.core.checks import as_floats, check_choice, check_finite, check_integer, check_number, check_positive
from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.core.initial_values import (
    identity,
    largest_singular_value,
    non_normal,
    orthogonal,
    scaled_normal,
    spectral_radius,
    with_spectral_radius,
)
from helpers.core.numerics import activation_named, log_softmax, logsumexp, sigmoid, softmax
from helpers.core.optimisers import adam, clip_by_norm, clip_by_value, momentum, sgd
from helpers.core.overflow import NotFiniteError, lengths, power_of_two, refuse_overflow
from helpers.core.params import add, check_same_shapes, global_norm
from helpers.core.projection import principal_axes, project
from helpers.core.training import train
from helpers.layers.recurrent import gru_step, init_gru, init_lstm, init_rnn, lstm_step, rnn_step

RNG = np.random.default_rng(0)
X = RNG.standard_normal((6, 4))
W = RNG.standard_normal((3, 3))
SCALES = [1e-300, 1e-200, 1e-170, 1.0, 1e160, 1e300]


class Weights(NamedTuple):
    W: np.ndarray
    b: np.ndarray


@refuse_overflow
def square(x, params=(), cache=()):
    return x * x, x.dtype.name, (x,)


def test_a_result_that_is_not_finite_is_an_error_that_names_what_came():
    with pytest.raises(NotFiniteError, match=r"x has numbers up to 1e\+200, expected smaller ones: square overflows f"):
        square(np.array([1.0, 1e200]))
    with pytest.raises(NotFiniteError, match=r"x has 1 of 2 values that are NaN or infinite, expected finite ones"):
        square(np.array([1.0, np.nan]))
    with pytest.raises(ValueError, match="x has 2 of 2"):
        square(np.array([-np.inf, np.inf]))
    with pytest.raises(FloatingPointError):
        square(np.array([np.inf]))
    assert square(np.array([3.0]))[0] == 9


def test_only_arguments_of_a_wrong_result_are_looked_at():
    result, _, cache = square(np.array([2.0]), params=Weights(np.array([np.nan]), np.array([np.inf])))
    assert result == 4
    assert cache[0] == 2


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_an_overflow_that_a_gate_that_saturates_would_hide_is_an_error(cell):
    """x W_xh is 1e400 − 1e400: its tanh is 1, −1 or NaN by the order of the sum, and none of them is right."""
    step, W_hh = {"rnn": rnn_step, "lstm": lstm_step, "gru": gru_step}[cell], np.eye(3)
    rng = np.random.default_rng(0)
    params = {"rnn": lambda: init_rnn(rng, 2, W_hh), "lstm": lambda: init_lstm(rng, 2, 3)}
    params = params.get(cell, lambda: init_gru(rng, 2, 3))()
    params = params._replace(W_xh=np.sign(params.W_xh) * 1e200)
    state = (np.zeros((1, 3)),) * (2 if cell == "lstm" else 1)
    with pytest.raises(NotFiniteError, match=r"numbers up to 1e\+200"):
        step(np.full((1, 2), 1e200), state, params)


def test_half_precision_is_computed_in_single_precision():
    x = np.array([100.0], np.float16)
    result, computed_in, (kept,) = square(x)
    assert (result.dtype, computed_in, kept.dtype) == (np.float16, "float32", np.float32)
    assert result == 10_000
    assert square(x, cache=(np.ones(1, np.float32),))[1] == "float32"  # from a forward pass of float16
    assert (
        square(x, params=Weights(np.ones(1, np.float32), x))[1] == "float16"
    )  # mixed dtypes are for a check to refuse
    with pytest.raises(NotFiniteError, match="square overflows float16"):
        square(np.array([300.0], np.float16))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_lengths_are_right_wherever_they_fit_into_the_dtype(dtype):
    info = np.finfo(dtype)
    for size in (info.tiny * 100, np.sqrt(info.tiny), 1e-3, 1.0, np.sqrt(info.max) * 10, info.max / 4):
        x = np.array([[3.0, 4.0], [0.0, 0.0], [0.0, -1.0]], dtype) / 5 * dtype(size)
        np.testing.assert_allclose(lengths(x)[:, 0] / dtype(size), [1, 0, 0.2], rtol=1e-6)


def test_a_power_of_two_is_the_size_of_the_largest():
    found = power_of_two(np.array([[3.0, -9.0], [1e308, 0], [0, 0], [5e-324, 0]]))
    assert found[:, 0].tolist() == [8, 2.0**1023, 1, 5e-324]


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
@pytest.mark.parametrize("function", [softmax, log_softmax, logsumexp])
def test_scores_of_plus_infinity_are_refused(function, wrong):
    with pytest.raises(ValueError, match=r"x has 1 of 2 values that are NaN or \+inf, expected finite ones or −inf"):
        function([wrong, 5])


def test_scores_that_are_far_apart_are_right_or_refused():
    np.testing.assert_array_equal(softmax([1e308, -1e308, 1e308]), [0.5, 0, 0.5])
    assert logsumexp([1e308, -1e308]) == 1e308
    np.testing.assert_array_equal(log_softmax([1.0, -1e308]), [0, -1e308])
    np.testing.assert_array_equal(log_softmax([1.0, -np.inf]), [0, -np.inf])
    with pytest.raises(ValueError, match=r"the scores span -1e\+308 to 1e\+308"):
        log_softmax([1e308, -1e308])


def test_half_precision_sums_over_a_large_vocabulary():
    flat = np.zeros(100_000, np.float16)  # Σ exp(x) is above the largest float16
    np.testing.assert_allclose(log_softmax(flat)[:2], -np.log(1e5), rtol=1e-3)
    assert logsumexp(flat) == np.float16(np.log(1e5))
    assert softmax(flat)[0] == np.float16(1e-5)


@pytest.mark.parametrize("function", [softmax, log_softmax, logsumexp])
@pytest.mark.parametrize(
    ("x", "axis", "message"),
    [
        (np.zeros((2, 0)), -1, r"x has shape \(2, 0\), expected at least one number along axis -1"),
        (1.0, -1, "axis is -1|shape"),
        ([None], -1, "x has dtype object, expected real numbers"),
        (["a"], -1, "x has dtype <U1"),
        ([[1.0], [1.0, 2.0]], -1, "x is a list that makes no array"),
        ([1.0], 0.0, "axis is 0.0, expected an integer"),
    ],
)
def test_what_has_no_softmax_is_named(function, x, axis, message):
    with pytest.raises(ValueError, match=message):
        function(x, axis)


def test_the_sigmoid_of_infinity_is_its_limit_and_of_nan_an_error():
    np.testing.assert_array_equal(sigmoid(np.array([np.inf, -np.inf, 1e300, -1e300])), [1, 0, 1, 0])
    with pytest.raises(ValueError, match="x has 1 of 1 values that are NaN"):
        sigmoid(np.array([np.nan]))


@pytest.mark.parametrize("integers", [np.array([3, 4]), np.array([3, 4], np.int8)])
def test_gradients_of_integers_are_not_cut_off_at_the_point(integers):
    for clip in (clip_by_norm, clip_by_value):
        with pytest.raises(ValueError, match=r"the gradient has dtype int.*, expected an array of floats"):
            clip(integers, 1.0)
        with pytest.raises(ValueError, match="b has dtype int"):
            clip(Weights(np.ones(2), integers), 1.0)
    assert global_norm(integers) == 5
    assert global_norm(np.array([-128], np.int8)) == 128
    assert global_norm(()) == 0


def test_a_gradient_without_direction_is_an_error_of_values_too():
    for wrong in (np.nan, np.inf):
        with pytest.raises(ValueError, match="the gradient norm is"):
            clip_by_norm(np.array([wrong, 1.0]), 1.0)


OPTIMISERS = pytest.mark.parametrize("optimiser", [sgd(0.1), momentum(0.1), adam(0.1)], ids=["sgd", "momentum", "adam"])


@OPTIMISERS
@pytest.mark.parametrize("shape", [(2, 3, 4), (4,), (3, 1), ()])
def test_an_optimiser_broadcasts_no_gradient(optimiser, shape):
    params = Weights(np.ones((3, 4)), np.ones(4))
    grads = Weights(np.ones(shape), np.ones(4))
    with pytest.raises(ValueError, match=r"a gradient has shape \(.*\), expected \(3, 4\) as its parameter"):
        optimiser.step(params, grads, optimiser.start(params))


@OPTIMISERS
@pytest.mark.parametrize("wrong", [np.nan, np.inf, 1e308])
def test_an_optimiser_refuses_a_step_that_is_not_finite(optimiser, wrong):
    params, grads = np.full(3, -1e308), np.full(3, wrong)
    if wrong == 1e308:
        params, grads = params * 1.7, grads * 1.7  # momentum's velocity and Adam's square overflow

    def walk(params):
        state = optimiser.start(params)
        for _ in range(20):
            params, state = optimiser.step(params, grads, state)

    with pytest.raises(ValueError, match=r"finite"):
        walk(params)


def test_the_size_of_adams_first_step_is_the_rate_or_an_error():
    for size in (1e-3, 1.0, 1e150):
        params, _ = adam(0.1).step(np.ones(1), np.full(1, size), adam(0.1).start(np.ones(1)))
        np.testing.assert_allclose(params, 0.9, rtol=1e-4)
    with pytest.raises(ValueError, match="overflow"):
        adam(0.1).step(np.ones(1), np.full(1, 1e200), adam(0.1).start(np.ones(1)))


def test_structures_of_other_shapes_do_not_add_up():
    with pytest.raises(ValueError, match=r"right of b has shape \(2, 2\), expected \(2,\) as in left"):
        add(Weights(np.ones(1), np.ones(2)), Weights(np.ones(1), np.ones((2, 2))))
    check_same_shapes(a=np.ones(2), b=np.zeros(2))


@pytest.mark.parametrize("make", [sgd, momentum, adam])
def test_a_rate_is_a_number(make):
    for wrong in (None, "1", [0.1], 1j, np.ones(2), True, 10**400):
        with pytest.raises(ValueError, match=r"rate is .*, expected a finite number above 0"):
            make(wrong)


def test_what_explodes_inside_the_loss_names_the_step():
    def loss_and_grads(p):
        return float(softmax(np.array([np.inf, 0.0]) * p).sum()), np.ones(1)

    with pytest.raises(FloatingPointError, match=r"step 0: x has \d of 2 values that are NaN or \+inf.*; it was the f"):
        train(loss_and_grads, np.ones(1), iter([()]), sgd(1.0), steps=1)


@pytest.mark.parametrize("scale", SCALES)
def test_axes_do_not_depend_on_the_unit(scale):
    axes = principal_axes(X)
    np.testing.assert_allclose(principal_axes(X * scale), axes, atol=1e-12)
    points, share = project(X, axes)
    scaled_points, scaled_share = project(X * scale, axes)
    np.testing.assert_allclose(scaled_points / scale, points, atol=1e-12)
    assert scaled_share == pytest.approx(share, abs=1e-12)


def test_axes_of_the_largest_numbers_come_back():
    axes = principal_axes(np.array([[1e308, -1e308], [-1e308, 1e308], [1e308, 1e308]]))
    np.testing.assert_allclose(np.abs(axes), np.sqrt(0.5))


@pytest.mark.parametrize("dtype", [np.float16, np.longdouble])
def test_axes_of_dtypes_that_linear_algebra_lacks(dtype):
    x = X.astype(dtype)
    axes = principal_axes(x)
    assert axes.dtype == dtype
    np.testing.assert_allclose(np.abs(axes.astype(float)), np.abs(principal_axes(x.astype(float))), atol=1e-3)
    assert project(x, axes)[0].dtype == dtype


@pytest.mark.parametrize("scale", [1e-200, 1e160, 1e307])
def test_radius_and_singular_value_do_not_depend_on_the_unit(scale):
    for function in (spectral_radius, largest_singular_value):
        assert function(W * scale) / scale == pytest.approx(function(W))
    np.testing.assert_allclose(with_spectral_radius(W * scale, 0.9), with_spectral_radius(W, 0.9))
    assert spectral_radius(W.astype(np.float16)) == pytest.approx(spectral_radius(W), rel=1e-2)


@pytest.mark.parametrize(
    "call",
    [
        lambda: scaled_normal(RNG, (3, 4), scale=np.nan),
        lambda: scaled_normal(RNG, (3, 4), scale=None),
        lambda: scaled_normal(RNG, (0, 4)),
        lambda: scaled_normal(RNG, 3),
        lambda: scaled_normal(RNG, (3, 4), dtype=int),
        lambda: scaled_normal(RNG, (3, 4), scale=1e30, dtype=np.float16),
        lambda: orthogonal(RNG, 3, gain=np.inf),
        lambda: identity(3, gain=None),
        lambda: non_normal(3, np.nan, 1.0),
        lambda: non_normal(3, 1.0, 1.0, dtype="no such"),
        lambda: spectral_radius(np.full((2, 2), 1e308)),
        lambda: spectral_radius([["a"]]),
        lambda: with_spectral_radius(np.eye(2), None),
    ],
)
def test_first_values_are_finite_floats_or_an_error(call):
    with pytest.raises(ValueError, match=r"expected|overflows"):
        call()


def test_sizes_of_numpy_draw_the_same():
    draws = [scaled_normal(np.random.default_rng(1), (n(200), n(3))) for n in (int, np.uint8)]
    np.testing.assert_array_equal(*draws)


def test_a_step_that_rounding_swallows_gives_no_gradient():
    def loss(a):
        return float(a.sum())

    with pytest.raises(ValueError, match=r"the step 1e-05 is lost beside 1e\+300"):
        numerical_gradient(loss, np.array([1e300]))
    with pytest.raises(ValueError, match="the loss is nan and nan"):
        numerical_gradient(lambda a: np.nan, np.ones(1))
    with pytest.raises(ValueError, match="step is None"):
        numerical_gradient(loss, np.ones(1), step=None)


def test_relative_errors_of_integers_and_of_the_largest_numbers():
    assert relative_error(np.array([1], np.uint8), np.array([2], np.uint8)) == 0.5
    assert relative_error(np.array([1e308]), np.array([-1e308])) == 2
    with pytest.raises(ValueError, match="found has dtype object"):
        relative_error([None], [1.0])


def test_checks_take_anything():
    for wrong in (None, "1", [1], True, np.ones(2)):
        with pytest.raises(ValueError, match=r"rate is .*, expected a finite number above 0"):
            check_positive("rate", wrong)
        with pytest.raises(ValueError, match="expected a finite number"):
            check_number("rate", wrong)
    for wrong in ("ab", ["a"], [None], [[1], [1, 2]]):
        with pytest.raises(ValueError, match=r"x (has dtype|is a list)"):
            check_finite("x", wrong)
    for wrong in ([], np.ones(2), None):
        with pytest.raises(ValueError, match="expected one of 'a'"):
            check_choice("choice", wrong, {"a": 1})
        with pytest.raises(ValueError, match="activation is"):
            activation_named(wrong)
    check_positive("rate", np.float32(0.5))
    check_positive("rate", np.array(0.5))
    assert as_floats("x", [1, 2]).dtype == np.float64


def test_an_integer_of_numpy_becomes_one_that_does_not_overflow():
    n = check_integer("n", np.uint8(200))
    assert type(n) is int
    assert n * n == 40_000


def test_float16_is_right_to_its_precision():
    x = (X * 3).astype(np.float16)
    for function in (softmax, log_softmax, logsumexp, sigmoid):
        found, wanted = function(x), function(x.astype(np.float64))
        assert found.dtype == np.float16
        np.testing.assert_allclose(found, wanted, rtol=1e-3, atol=1e-7)


@refuse_overflow
def weighted_sum(x, state, params, factor=1.0):
    return x @ params.W * factor + params.b + state[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"x": np.array(["a", "b"])}, "x has dtype <U1"),
        ({"state": 3}, "state has type int"),
        ({"params": None}, "params has type NoneType"),
        ({"params": Weights("W", np.ones(3))}, r"params\.W has type str"),
        ({"params": Weights(np.ones((2, 3)), None)}, r"params\.b has type NoneType"),
        ({"params": Weights(np.ones((2, 3), object), np.ones(3))}, r"params\.W has dtype object"),
        ({"params": Weights(np.full((2, 3), None), np.ones(3))}, r"params\.W has dtype object"),
    ],
)
def test_what_is_no_array_is_named(change, message):
    right = {"x": np.ones((1, 2)), "state": (np.ones(3),), "params": Weights(np.ones((2, 3)), np.ones(3))}
    assert weighted_sum(**right).tolist() == [[4, 4, 4]]
    with pytest.raises(ValueError, match=message):
        weighted_sum(**right | change)


def test_an_error_that_is_not_of_the_arguments_stays_as_it_is():
    @refuse_overflow
    def broken(x):
        return x + None

    with pytest.raises(TypeError, match="NoneType"):
        broken(np.ones(2))
    with pytest.raises(TypeError, match="argument"):
        weighted_sum(np.ones(2))


def test_the_outermost_function_names_its_own_arguments():
    @refuse_overflow
    def outer(scores):
        return sigmoid(np.square(scores) - np.square(scores))

    with pytest.raises(ValueError, match=r"scores has numbers up to 1e\+200, expected smaller ones: outer overflows"):
        outer(np.array([1e200]))
    np.testing.assert_array_equal(sigmoid(np.array([0.0])), 0.5)  # it looks at its own result again
    with pytest.raises(ValueError, match="x has 1 of 1"):
        sigmoid(np.array([np.nan]))
