import numpy as np
import pytest

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.layers.attention.soft_look_up import look_up, look_up_backward

SIZES = [((), 1, 1, 1), ((), 3, 2, 4), ((2,), 1, 5, 1), ((2, 3), 4, 3, 2)]  # leading axes, T, S, d_v


def test_a_case_by_hand():
    scores, v = np.log([[1.0, 3.0], [1.0, 1.0]]), np.array([[4.0, 0.0], [8.0, 2.0]])
    out, weights, cache = look_up(scores, v)
    np.testing.assert_allclose(weights, [[0.25, 0.75], [0.5, 0.5]])
    np.testing.assert_allclose(out, [[7, 1.5], [6, 1]])
    # dout takes the first column of both rows: ∂L/∂weights is (4, 8), and its weighted mean is 7 or 6.
    dscores, dv = look_up_backward(np.array([[1.0, 0.0], [1.0, 0.0]]), cache)
    np.testing.assert_allclose(dscores, [[0.25 * (4 - 7), 0.75 * (8 - 7)], [0.5 * (4 - 6), 0.5 * (8 - 6)]])
    np.testing.assert_allclose(dv, [[0.75, 0], [1.25, 0]])


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("masked", [False, True])
def test_backward_equals_central_differences(rng, size, masked):
    leading, T, S, d_v = size
    scores, v, dout = (rng.standard_normal((*leading, *ends)) for ends in ((T, S), (S, d_v), (T, d_v)))
    mask = rng.random((T, S)) < 0.6 if masked else None
    _, _, cache = look_up(scores, v, mask)
    dscores, dv = look_up_backward(dout, cache)
    for found, loss, array in (
        (dscores, lambda scores: float((look_up(scores, v, mask)[0] * dout).sum()), scores),
        (dv, lambda v: float((look_up(scores, v, mask)[0] * dout).sum()), v),
    ):
        wanted = numerical_gradient(loss, array)
        assert relative_error(found, wanted) < 1e-6 or np.abs(found - wanted).max() < 1e-10  # one key: both are 0


def test_a_shift_of_a_row_of_scores_changes_nothing(rng):
    scores, v = rng.standard_normal((4, 3)), rng.standard_normal((3, 2))
    shifted = look_up(scores + 100 * rng.standard_normal((4, 1)), v)
    np.testing.assert_allclose(shifted[1], look_up(scores, v)[1], rtol=1e-10)
    dscores, _ = look_up_backward(np.ones((4, 2)), look_up(scores, v)[2])
    np.testing.assert_allclose(dscores.sum(axis=-1), 0, atol=1e-14)  # so along that shift there is no slope


def test_scores_of_ten_thousand_pick_the_best(rng):
    v = rng.standard_normal((3, 2))
    out, weights, _ = look_up(np.array([[1e4, -1e4, 0.0]]), v)
    np.testing.assert_array_equal(weights, [[1, 0, 0]])
    np.testing.assert_array_equal(out, v[:1])


SCORES, V = np.zeros((2, 3, 4)), np.zeros((2, 4, 5))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((SCORES[0, 0], V), r"scores has shape \(4,\), expected \(\.\.\., T, S\)"),
        ((SCORES, V[:, :3]), r"v has shape \(2, 3, 5\), expected \(\.\.\., S=4, d_v\)"),
        ((SCORES, V[0]), r"v has shape \(4, 5\), expected the leading axes \(2,\) before \(S d_v\)"),
        ((SCORES[..., :0], V[:, :0]), "expected no size of 0"),
        ((SCORES, V.astype(np.float32)), "expected one dtype"),
        ((SCORES, V, np.ones((3, 4))), "mask has dtype float64, expected an array of bool"),
        ((SCORES, V, [[True] * 4] * 3), "mask has type list, expected an array of bool"),
        ((SCORES, V, np.ones((3, 5), bool)), r"mask has shape \(3, 5\), expected one that broadcasts"),
        ((SCORES, V, np.ones((2, 2, 3, 4), bool)), r"broadcasts to \(\.\.\., T, S\) = \(2, 3, 4\)"),
    ],
)
def test_bad_input_is_an_error(arguments, message):
    with pytest.raises(ValueError, match=message):
        look_up(*arguments)


def test_a_gradient_that_does_not_fit_is_an_error():
    _, _, cache = look_up(SCORES, V)
    with pytest.raises(ValueError, match=r"dout has shape \(2, 3, 4\), expected \(2, 3, 5\)"):
        look_up_backward(SCORES, cache)
    with pytest.raises(ValueError, match="dout has dtype float32, expected float64"):
        look_up_backward(np.zeros((2, 3, 5), np.float32), cache)
