"""The check of exercises, on a small one: what it says of right, wrong, unfinished and failing functions."""

from typing import NamedTuple

import numpy as np
import pytest

from helpers.core.exercises import Exercise, Mistake, check
from helpers.core.gradient_check import numerical_gradient


class Weights(NamedTuple):
    W: np.ndarray
    b: np.ndarray


def draw(rng):
    B, D, H = rng.permutation([2, 3, 4])
    return rng.standard_normal((B, D)), Weights(rng.standard_normal((D, H)), rng.standard_normal(H))


def forward(x, weights):
    y = x @ weights.W + weights.b
    return y, y * 2


FORWARD = Exercise(
    "forward",
    {"y": "B H", "z": "B H"},
    draw,
    values=forward,
    mistakes=(
        Mistake("add the bias.", lambda x, weights: (x @ weights.W, x @ weights.W * 2)),
        Mistake("double it once.", lambda x, weights: (forward(x, weights)[0], forward(x, weights)[1] * 2)),
        Mistake("x comes first.", lambda x, weights: tuple(part.T for part in forward(x, weights))),
    ),
)


def draw_backward(rng):
    x, weights = draw(rng)
    return rng.standard_normal((len(x), len(weights.b))), x, weights


def differences(dy, x, weights):
    dx = numerical_gradient(lambda x: float((forward(x, weights)[0] * dy).sum()), x)
    dW = numerical_gradient(lambda W: float(((x @ W + weights.b) * dy).sum()), weights.W)
    return dx, Weights(dW, numerical_gradient(lambda b: float(((x @ weights.W + b) * dy).sum()), weights.b))


def backward(dy, x, weights):
    return dy @ weights.W.T, Weights(x.T @ dy, dy.sum(axis=0))


BACKWARD = Exercise(
    "backward",
    {"dx": "B D", "grads.W": "D H", "grads.b": "H"},
    draw_backward,
    gradients=differences,
    mistakes=(Mistake("sum over the batch.", lambda dy, x, weights: (dy @ weights.W.T, Weights(x.T @ dy, dy))),),
)


@pytest.fixture
def verdict(capsys):
    def lines(exercise, function):
        assert check(exercise, function) is None
        return capsys.readouterr().out.splitlines()

    return lines


def test_a_right_function_passes_all_stages(verdict):
    assert verdict(FORWARD, forward) == [
        "✓ shapes: y (4, 3), z (4, 3)",
        "✓ values: what the equations give, in 3 random draws",
        "forward is right.",
    ]
    assert verdict(BACKWARD, backward)[1:] == [
        "✓ gradients: what central differences give, in 3 random draws",
        "backward is right.",
    ]
    both = BACKWARD._replace(values=backward)
    assert [line.partition(":")[0] for line in verdict(both, backward)[:3]] == ["✓ shapes", "✓ values", "✓ gradients"]


def test_values_come_before_gradients(verdict):
    wrong = Exercise("backward", BACKWARD.shapes, draw_backward, values=backward, gradients=lambda *_: backward(*_)[:1])
    said = verdict(wrong, lambda dy, x, weights: backward(-dy, x, weights))
    assert said[1].startswith("✗ values: dx and grads.W and grads.b are not what the equations give")
    assert len(said) == 3


def test_gradients_are_judged_where_the_values_are_those_of_a_wrong_reference(verdict):
    def doubled(dy, x, weights):
        return backward(2 * dy, x, weights)

    said = verdict(BACKWARD._replace(values=doubled), doubled)
    assert said[1].startswith("✓ values")
    assert said[2].startswith("✗ gradients: dx and grads.W and grads.b are not what central differences give")


@pytest.mark.parametrize(
    ("function", "said", "hint"),
    [
        (lambda x, w: (x @ w.W, x @ w.W * 2), "✗ values: y and z are not what the equations give", "add the bias."),
        (lambda x, w: (forward(x, w)[0], forward(x, w)[0] * 4), "✗ values: z is not what", "double it once."),
        (lambda x, w: forward(x, w)[::-1], "✗ values: y and z", "the numbers are right, but in another order: return"),
        (lambda x, w: (forward(x, w)[0] + 1, forward(x, w)[1]), "✗ values: y is not what", "we foresaw no mistake"),
        (lambda x, w: (forward(x, w)[0] * np.nan, forward(x, w)[1]), "y (it holds NaN or infinity)", "we foresaw"),
        (lambda x, w: (forward(x, w)[0], forward(x, w)[1] + np.inf), "z (it holds NaN or infinity)", "we foresaw"),
        (lambda x, w: [part.T for part in forward(x, w)],
         "✗ shapes: y has shape (3, 4), expected (4, 3), which is (B, H)", "x comes first."),
        (lambda x, w: forward(x[:1], w), "✗ shapes: y has shape (1, 3), expected (4, 3)", "print the shape"),
        (lambda x, w: forward(x, w)[0], "✗ shapes: it returns 1 array, expected 2: y, z", "end it with `return y"),
        (lambda x, w: (*forward(x, w), x), "✗ shapes: it returns 3 arrays, expected 2: y, z", "end it with `return y"),
        (lambda x, w: ("a", {}), "✗ shapes: y holds <U1, expected float64", "print the shape"),
        (lambda x, w: forward(x.astype(np.float32), Weights(*(a.astype(np.float32) for a in w))),
         "y holds float32, expected float64", "print the shape"),
    ],
)  # fmt: skip
def test_a_wrong_function_gets_its_hint(verdict, function, said, hint):
    lines = verdict(FORWARD, function)
    assert said in lines[-2]
    assert lines[-1].startswith(f"  Hint: {hint}")
    assert not any("is right" in line for line in lines)


def test_a_forgotten_sum_shows_in_the_shape(verdict):
    said = verdict(BACKWARD, BACKWARD.mistakes[0].function)
    assert said == ["✗ shapes: grads.b has shape (4, 3), expected (3,), which is (H,)", "  Hint: sum over the batch."]


def test_two_mistakes_get_two_hints(verdict):
    parts = FORWARD._replace(
        shapes={"y": "B H"}, parts={"y": ("left", "right")}, draw=lambda rng: (rng.random((3, 4)),)
    )
    left, right = np.array([1.0, 1, 0, 0]), np.array([0.0, 0, 1, 1])
    exercise = parts._replace(
        values=lambda x: x,
        mistakes=(Mistake("mind the left.", lambda x: x + left), Mistake("mind the right.", lambda x: x - right)),
    )
    assert verdict(exercise, lambda x: x)[-1] == "<lambda> is right."
    assert verdict(exercise, lambda x: x + left)[1:] == [
        "✗ values: y in the part of left is not what the equations give",
        "  Hint: mind the left.",
    ]
    said = verdict(exercise, lambda x: x + left - right)
    assert said[1:] == [
        "✗ values: y is not what the equations give",
        "  Hint: mind the left.",
        "  Hint: mind the right.",
    ]


def test_what_is_true_of_one_draw_only_is_not_right(verdict):
    seen = []

    def lucky(x, weights):
        seen.append(len(x))
        y, z = forward(x, weights)
        return y + (len(seen) > 2), z

    assert verdict(FORWARD, lucky)[1].startswith("✗ values: y is not")


def stub(x, weights): ...


def unwritten(x, weights):
    raise NotImplementedError


def test_an_empty_stub_is_not_wrong(verdict):
    assert verdict(FORWARD, stub) == ["stub returns nothing yet: end it with `return y, z`."]
    assert verdict(FORWARD, unwritten) == ["unwritten is not yet written: end it with `return y, z`."]
    assert verdict(BACKWARD, lambda dy, x, weights: None)[0].endswith("`return dx, grads`.")


def failing(x, weights):
    y = x @ weights.W
    return y / undefined  # noqa: F821


def test_an_exception_is_told_with_its_line(verdict):
    assert verdict(FORWARD, failing) == [
        "✗ it raised NameError: name 'undefined' is not defined",
        "  in the line: return y / undefined  # noqa: F821",
    ]


def test_a_function_that_changes_what_it_is_given_is_told_so(verdict):
    def greedy(x, weights):
        y, z = forward(x, weights)
        weights.b[:] = 0
        return y, z

    assert verdict(FORWARD, greedy)[0] == "✗ it changes its argument weights"


def test_the_verdict_is_the_same_each_time(verdict):
    for function in (forward, FORWARD.mistakes[0].function, stub):
        assert verdict(FORWARD, function) == verdict(FORWARD, function)


def test_what_cannot_be_checked_is_refused():
    with pytest.raises(ValueError, match="function is 3, expected a function"):
        check(FORWARD, 3)
    with pytest.raises(ValueError, match="forward has neither values nor gradients"):
        check(FORWARD._replace(values=None), forward)
