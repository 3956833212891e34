import numpy as np
import pytest

from helpers.core.gradient_check import check_gradients
from helpers.core.params import named_arrays
from helpers.layers.linear import LinearParams
from helpers.layers.recurrent.rnn import RNNParams
from helpers.models.reader import ReaderParams
from helpers.models.scalar_rnn import scalar_rnn_params, trace_scalar_rnn

X, TARGETS = np.ones(3), np.array([1.0, 1.0, 0.0])


def test_three_letters_by_hand():
    found = trace_scalar_rnn(X, TARGETS, scalar_rnn_params())
    h_1 = np.tanh(1)
    h_2 = np.tanh(1 + h_1)
    h_3 = np.tanh(1 + h_2)
    np.testing.assert_allclose(found.h, [0, h_1, h_2, h_3])
    np.testing.assert_allclose(found.h[1:], [0.7616, 0.9427, 0.9597], atol=5e-5)
    np.testing.assert_allclose(found.a, [1, 1 + h_1, 1 + h_2])
    np.testing.assert_allclose(found.y, found.h[1:])
    np.testing.assert_allclose(found.loss, [(1 - h_1) ** 2 / 2, (1 - h_2) ** 2 / 2, h_3**2 / 2])

    da_3 = h_3 * (1 - h_3**2)
    dh_2 = (h_2 - 1) + da_3
    da_2 = dh_2 * (1 - h_2**2)
    dh_1 = (h_1 - 1) + da_2
    np.testing.assert_allclose(found.dy, [h_1 - 1, h_2 - 1, h_3])
    np.testing.assert_allclose(found.dh, [dh_1, dh_2, h_3])
    np.testing.assert_allclose(found.da, [dh_1 * (1 - h_1**2), da_2, da_3])


@pytest.mark.parametrize("counts", [None, [False, False, True], [True, False, True]])
def test_gradients_equal_central_differences(counts):
    counts = counts and np.array(counts)
    params = ReaderParams(
        RNNParams(np.array([[0.7]]), np.array([[-1.3]]), np.array([0.2])),
        LinearParams(np.array([[1.7]]), np.array([-0.4])),
    )
    x = np.array([0.5, -1.0, 2.0])
    found = trace_scalar_rnn(x, TARGETS, params, counts)
    errors = check_gradients(lambda p: float(trace_scalar_rnn(x, TARGETS, p, counts).loss.sum()), params, found.grads)
    assert max(errors.values()) < 1e-6, errors
    np.testing.assert_allclose(np.tanh(found.a), found.h[1:], rtol=1e-12)
    assert found.grads.cell.W_hh.item() == pytest.approx((found.da * found.h[:-1]).sum())
    assert found.grads.cell.W_xh.item() == pytest.approx((found.da * x).sum())


def test_scalar_rnn_params_have_the_weights_asked_for():
    params = scalar_rnn_params(0.5, 2.0, -1.0)
    assert [a.item() for _, a in named_arrays(params)] == [0.5, 2.0, 0, -1.0, 0]


def test_bad_input():
    for name, arguments in {
        "x has shape": (np.ones((3, 1)), TARGETS, scalar_rnn_params()),
        "targets has shape": (X, TARGETS[:2], scalar_rnn_params()),
        "counts has shape": (X, TARGETS, scalar_rnn_params(), np.ones(2, bool)),
        "cell.W_hh has shape": (
            X,
            TARGETS,
            scalar_rnn_params()._replace(cell=RNNParams(np.ones((1, 2)), np.eye(2), np.zeros(2))),
        ),
        "output.W has shape": (
            X,
            TARGETS,
            scalar_rnn_params()._replace(output=LinearParams(np.ones((1, 2)), np.zeros(2))),
        ),
    }.items():
        with pytest.raises(ValueError, match=name):
            trace_scalar_rnn(*arguments)
