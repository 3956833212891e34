import numpy as np
import pytest
import torch

from helpers.core.gradient_check import check_gradients
from helpers.models.word2vec.inputs import INPUTS
from helpers.models.word2vec.model import (
    OUTPUTS,
    Word2VecParams,
    init_word2vec,
    make_output,
    mean_word2vec_loss,
    word2vec_loss,
)
from helpers.models.word2vec.torch_loss import torch_gradients, torch_loss

COUNTS = np.array([3, 9, 1, 4, 2, 6, 1])
V, D, K = len(COUNTS), 3, 4


def make(context, output, rng):
    model = make_output(output, COUNTS, k=K)
    params = Word2VecParams(rng.standard_normal((V, D)), rng.standard_normal((model.rows, D)))
    centres = np.array([1, 5, 2, 6])
    contexts = np.array([[0, 0, 5, 2], [0, 1, 2, 6], [1, 5, 5, 0], [5, 2, 0, 0]])
    examples = INPUTS[context](centres, contexts)
    return params, examples, model, model.draw(rng, len(examples.targets))


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("context", INPUTS)
def test_gradients_equal_central_differences_and_autograd(context, output, rng):
    params, examples, model, negatives = make(context, output, rng)
    loss, grads = word2vec_loss(params, examples, model, negatives)
    errors = check_gradients(lambda p: word2vec_loss(p, examples, model, negatives)[0], params, grads)
    assert max(errors.values()) < 1e-6

    E, W = (torch.tensor(p, requires_grad=True) for p in params)
    theirs = torch_loss(E, W, examples, output, COUNTS, negatives)
    theirs.backward()
    assert loss == pytest.approx(theirs.item(), rel=1e-10)
    np.testing.assert_allclose(grads.E, E.grad.numpy(), rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(grads.W, W.grad.numpy(), rtol=1e-10, atol=1e-13)
    as_arrays = torch_gradients(params, examples, output, COUNTS, negatives)
    np.testing.assert_array_equal(as_arrays.E, E.grad.numpy())
    np.testing.assert_array_equal(as_arrays.W, W.grad.numpy())


@pytest.mark.parametrize("output", OUTPUTS)
def test_the_mean_loss_does_not_change_when_each_example_is_there_twice(output, rng):
    params, examples, model, negatives = make("cbow", output, rng)
    twice = type(examples)(*(np.concatenate([part, part]) for part in examples))
    doubled = None if negatives is None else np.concatenate([negatives, negatives])
    loss, grads = mean_word2vec_loss(params, examples, model, negatives)
    again, same_grads = mean_word2vec_loss(params, twice, model, doubled)
    assert again == pytest.approx(loss)
    assert loss == word2vec_loss(params, examples, model, negatives)[0] / 4
    for once, both in zip(grads, same_grads, strict=True):
        np.testing.assert_allclose(both, once)
    errors = check_gradients(lambda p: mean_word2vec_loss(p, examples, model, negatives)[0], params, grads)
    assert max(errors.values()) < 1e-6


def test_a_mean_over_no_example_is_refused(rng):
    params, examples, model, _ = make("cbow", "softmax", rng)
    with pytest.raises(ValueError, match="examples has none"):
        mean_word2vec_loss(params, type(examples)(*(part[:0] for part in examples)), model)


@pytest.mark.parametrize("output", OUTPUTS)
def test_float32_stays_float32(output, rng):
    model = make_output(output, COUNTS, k=K)
    h, W = np.ones((2, D), np.float32), np.ones((model.rows, D), np.float32)
    _, cache = model.forward(h, np.array([1, 5]), W, model.draw(rng, 2))
    dh, dW = model.backward(cache, W)
    assert dh.dtype == dW.dtype == np.float32


def test_first_values():
    params = init_word2vec(np.random.default_rng(0), 1000, 20, 999)
    assert params.E.dtype == params.W.dtype == np.float32
    assert params.W.shape == (999, 20)
    assert not params.W.any()
    assert 0.024 < params.E.max() <= 0.025
    assert -0.024 > params.E.min() >= -0.025
    params = init_word2vec(np.random.default_rng(0), 1000, 5, 999, np.float64)
    assert params.E.dtype == params.W.dtype == np.float64
    assert 0.099 < params.E.max() <= 0.1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: make_output("soft", COUNTS), "output is 'soft', expected one of 'softmax', 'hierarchical'"),
        (lambda: make_output("nce", COUNTS, k=0), "k is 0"),
        (lambda: make_output("nce", COUNTS, power=-1), "power is -1"),
        (lambda: make_output("softmax", [1, -1]), "counts has 2 numbers, the smallest -1"),
        (lambda: init_word2vec(np.random.default_rng(0), 0, 2, 3), "V is 0"),
        (lambda: init_word2vec(np.random.default_rng(0), 3, 0, 3), "D is 0"),
        (lambda: init_word2vec(np.random.default_rng(0), 3, 2, -1), "rows is -1, expected an integer of at least 0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
