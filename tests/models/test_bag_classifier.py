import numpy as np
import pytest
import torch

from helpers.core.gradient_check import check_gradients
from helpers.core.params import map_params, named_arrays
from helpers.data.vocab import Corpus
from helpers.models.bag_classifier import (
    BagClassifierParams,
    bag_accuracy,
    bag_classifier_loss,
    bag_logits,
    init_bag_classifier,
    mean_bags,
    train_bag_classifier,
)

CORPUS = Corpus(np.array([0, 2, 2, 1, 3, 0, 3], np.int32), np.array([0, 3, 5, 7]))


def make(*models, N=5, V=6, D=3, K=4):
    rng = np.random.default_rng((*models, N, V, D, K))
    params = init_bag_classifier(rng, rng.standard_normal((*models, V, D)), K, scale=1.0)
    params.b[:] = rng.standard_normal(params.b.shape)
    return params, rng.random((*models, N, V)), rng.integers(K, size=(*models, N))


def test_bags_by_hand():
    x = mean_bags(CORPUS, 4)
    np.testing.assert_allclose(x, [[1 / 3, 0, 2 / 3, 0], [0, 1 / 2, 0, 1 / 2], [1 / 2, 0, 0, 1 / 2]])
    E = np.array([[3.0], [10.0], [6.0], [20.0]])
    params = BagClassifierParams(E, np.array([[1.0, -1.0]]), np.array([0.5, 0.0]))
    logits, mean = bag_logits(params, x)
    np.testing.assert_allclose(mean, [[5], [15], [11.5]])
    np.testing.assert_allclose(logits, [[5.5, -5], [15.5, -15], [12, -11.5]])
    assert bag_accuracy(params, x, np.array([0, 1, 0])) == pytest.approx(2 / 3)


@pytest.mark.parametrize("models", [(), (1,), (3,)], ids=str)
def test_gradients_equal_central_differences(models):
    params, x, targets = make(*models)
    _, grads = bag_classifier_loss(params, x, targets)
    errors = check_gradients(lambda p: bag_classifier_loss(p, x, targets)[0], params, grads)
    assert list(errors) == ["E", "W", "b"]
    assert max(errors.values()) < 1e-6, errors
    assert not bag_classifier_loss(params, x, targets, frozen=True)[1].E.any()


def test_loss_and_gradients_equal_torch():
    params, _, targets = make(N=3, V=4)
    loss, grads = bag_classifier_loss(params, mean_bags(CORPUS, 4), targets)
    E, W, b = (torch.tensor(a, requires_grad=True) for a in params)
    mean = torch.nn.functional.embedding_bag(
        torch.tensor(CORPUS.tokens).long(), E, torch.tensor(CORPUS.starts[:-1]), mode="mean"
    )
    their = torch.nn.functional.cross_entropy(mean @ W + b, torch.tensor(targets))
    their.backward()
    assert loss == pytest.approx(their.item(), rel=1e-10)
    for ours, tensor in zip(grads, (E, W, b), strict=True):
        np.testing.assert_allclose(ours, tensor.grad.numpy(), rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("frozen", [False, True])
def test_models_side_by_side_end_where_each_ends_alone(frozen):
    params, x, targets = make(3)
    together = train_bag_classifier(params, x, targets, frozen, steps=30)
    for m in range(3):
        alone = train_bag_classifier(map_params(lambda a, m=m: a[m], params), x[m], targets[m], frozen, steps=30)
        for (_, one), (_, other) in zip(named_arrays(alone), named_arrays(together), strict=True):
            np.testing.assert_allclose(one, other[m], rtol=1e-8, atol=1e-10)
    assert np.array_equal(together.E, params.E) == frozen
    shared = np.stack([x[0]] * 3)
    np.testing.assert_array_equal(
        bag_accuracy(together, x[0], targets[0]), bag_accuracy(together, shared, np.stack([targets[0]] * 3))
    )


def test_training_learns_and_keeps_the_dtype():
    rng = np.random.default_rng(0)
    x, targets = np.eye(6, dtype=np.float32), np.arange(6) % 3
    params = train_bag_classifier(init_bag_classifier(rng, rng.random((6, 4), np.float32), 3), x, targets, steps=200)
    assert bag_accuracy(params, x, targets) == 1
    assert {a.dtype for a in params} == {np.dtype(np.float32)}


def test_bad_input():
    params, x, targets = make()
    with pytest.raises(ValueError, match="sentence 1 is empty"):
        mean_bags(Corpus(np.array([1]), np.array([0, 1, 1])), 4)
    with pytest.raises(ValueError, match="tokens spans"):
        mean_bags(CORPUS, 3)
    with pytest.raises(ValueError, match="x has shape"):
        bag_logits(params, x[:, :-1])
    with pytest.raises(ValueError, match="expected x and targets for"):
        bag_classifier_loss(params, x, targets[:-1])
    with pytest.raises(ValueError, match="expected x and targets for"):
        bag_classifier_loss(make(2)[0], x, targets)
    with pytest.raises(ValueError, match="targets spans"):
        bag_classifier_loss(params, x, targets + 4)
    with pytest.raises(ValueError, match="one dtype"):
        bag_logits(params, x.astype(np.float32))
