import numpy as np
import pytest

from helpers.core.gradient_check import check_gradients, relative_error
from helpers.models.one_to_many import WIRINGS, init_one_to_many, one_to_many, one_to_many_backward, one_to_many_loss


def case(cell="gru", seed=0):
    rng = np.random.default_rng(seed)
    params = init_one_to_many(rng, cell, 2, 3, 4, 5)
    v, x, targets = rng.standard_normal((2, 2)), rng.standard_normal((4, 2, 3)), rng.integers(5, size=(4, 2))
    return params, v, x, targets


@pytest.mark.parametrize("wiring", WIRINGS)
@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_gradients(wiring, cell):
    params, v, x, targets = case(cell)
    _, grads = one_to_many_loss(params, v, x, targets, wiring=wiring)
    loss = lambda p: one_to_many_loss(p, v, x, targets, wiring=wiring)[0]  # noqa: E731
    assert max(check_gradients(loss, params, grads).values()) < 1e-6


@pytest.mark.parametrize("wiring", WIRINGS)
def test_the_gradient_of_the_vector(wiring):
    params, v, x, _ = case()
    logits, cache = one_to_many(v, x, params, wiring)
    weight = np.random.default_rng(1).standard_normal(logits.shape)
    dv, _ = one_to_many_backward(weight, cache, params)
    numerical = np.empty_like(v)
    for place in np.ndindex(v.shape):
        up, down = v.copy(), v.copy()
        up[place], down[place] = v[place] + 1e-5, v[place] - 1e-5
        sides = [(weight * one_to_many(side, x, params, wiring)[0]).sum() for side in (up, down)]
        numerical[place] = (sides[0] - sides[1]) / 2e-5
    assert np.abs(dv - numerical).max() < 1e-8
    assert (np.abs(dv).max() > 1e-3) == (wiring != "none")
    assert wiring == "none" or relative_error(dv, numerical) < 1e-6


def test_each_wiring_reads_the_vector_where_it_says():
    params, v, x, _ = case()
    other = v + 1
    for wiring, first_changes in (("first state", True), ("first step", True), ("every step", True), ("none", False)):
        changed = one_to_many(other, x, params, wiring)[0] != one_to_many(v, x, params, wiring)[0]
        assert changed.any() == first_changes
    nothing = one_to_many(np.zeros_like(v), x, params, "every step")[0]
    np.testing.assert_array_equal(nothing, one_to_many(v, x, params, "none")[0])


def test_bad_arguments():
    params, v, x, _ = case()
    with pytest.raises(ValueError, match="wiring is 'once'"):
        one_to_many(v, x, params, "once")
    with pytest.raises(ValueError, match="v has shape"):
        one_to_many(v[:1], x, params)
    with pytest.raises(ValueError, match="C is 0"):
        init_one_to_many(np.random.default_rng(0), "gru", 0, 1, 1, 1)
