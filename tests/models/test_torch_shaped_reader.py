import numpy as np
import pytest
import torch

from helpers.layers.attention_pooling import attention_pool
from helpers.layers.pooling import POOLS, pool
from helpers.layers.recurrent.torch_weights import from_torch
from helpers.models.shaped_reader import deep_states
from helpers.models.torch_modules import new_model
from helpers.models.torch_shaped_reader import (
    TorchShapedReader,
    new_trained_reader,
    reader_batch,
    torch_reader_accuracy,
    torch_reader_logits,
    torch_running_logits,
)

LENGTHS = np.array([4, 2, 3])
X = np.random.default_rng(0).integers(6, size=(4, 3))


def model(**shape):
    return new_model(TorchShapedReader, 3, 4, 5, seed=0, **{"tokens": 6, **shape}).double()


NETS = [
    (read, shape)
    for shape in ({"layers": 2, "residual": True}, {"bidirectional": True})
    for read in (*POOLS, "attention")
    if not (read == "last" and "bidirectional" in shape)
]


@pytest.mark.parametrize(("read", "shape"), NETS)
def test_it_is_the_network_by_hand(read, shape):
    net = model(read=read, **shape)
    table = net.embedding.weight.numpy(force=True)
    layers = tuple(from_torch(layer)[0] for layer in net.layers)
    mask = np.arange(4)[:, None] < LENGTHS
    h, _ = deep_states(table[X], layers, mask, shape.get("residual", False))
    if read == "attention":
        net.query.data = torch.linspace(-1, 1, len(net.query)).double()
        s, _, _ = attention_pool(h, net.query.numpy(force=True), mask)
    else:
        s, _ = pool(h, mask, read)
    wanted = s @ net.output.weight.numpy(force=True).T + net.output.bias.numpy(force=True)
    np.testing.assert_allclose(torch_reader_logits(net, X, LENGTHS), wanted, rtol=1e-9)


@pytest.mark.parametrize(
    ("read", "both"),
    [
        ("every", True),
        ("last", False),
        ("every", False),
        *[(read, both) for both in (False, True) for read in ("ends", "mean", "maximum", "attention")],
    ],
)
def test_other_sequences_of_the_batch_change_nothing(read, both):
    net = model(read=read, bidirectional=both)
    together = torch_reader_logits(net, X, LENGTHS)
    for b, length in enumerate(LENGTHS):
        alone = torch_reader_logits(net, X[:, b : b + 1], LENGTHS[b : b + 1])
        found = together[:length, b : b + 1] if read == "every" else together[b : b + 1]
        np.testing.assert_allclose(found, alone, rtol=1e-9)


def test_the_last_state_of_two_directions_is_refused():
    with pytest.raises(ValueError, match="expected 'ends'"):
        model(bidirectional=True, read="last")
    with pytest.raises(ValueError, match="expected 'ends'"):
        model(bidirectional=True)


def test_the_padded_column_does_depend_on_the_others():
    net = model(read="padded")
    together, alone = torch_reader_logits(net, X, LENGTHS), torch_reader_logits(net, X[:, 1:2], LENGTHS[1:2])
    assert np.abs(together[1] - alone[0]).max() > 1e-3


def test_what_it_says_after_every_step_is_what_it_says_of_each_beginning():
    net = model()
    running = torch_running_logits(net, X)
    for t in range(4):
        np.testing.assert_allclose(running[t], torch_reader_logits(net, X[: t + 1], [t + 1] * 3), rtol=1e-9)
    with pytest.raises(ValueError, match="reads in two directions"):
        torch_running_logits(model(bidirectional=True, read="ends"), X)


def test_vectors_are_read_as_they_are():
    net = new_model(TorchShapedReader, 3, 4, 5, seed=0)
    x, lengths = reader_batch(net, np.ones((4, 2, 3)), np.array([3, 2]))
    assert x.shape == (3, 2, 3)
    assert x.dtype == torch.float32
    assert lengths.tolist() == [3, 2]


@pytest.mark.parametrize("read", ["last", "every"])
def test_it_learns_and_accuracy_counts_real_steps_only(read):
    rng = np.random.default_rng(0)
    x, lengths = rng.integers(3, size=(6, 200)), rng.integers(2, 7, size=200)
    targets = x.copy() if read == "every" else x[lengths - 1, np.arange(200)]
    wrong_in_padding = np.where(np.arange(6)[:, None] < lengths, targets, -1) if read == "every" else targets
    net = new_trained_reader(x, lengths, targets, 4, 8, 3, steps=120, rate=3e-2, tokens=3, read=read)
    assert torch_reader_accuracy(net, x, lengths, wrong_in_padding) > 0.97


def test_training_depends_on_its_seed_alone():
    targets, nets = np.array([0, 1, 2]), []
    for seed in (0, 0, 1):
        torch.rand(3)  # whatever was drawn before
        net = new_trained_reader(X, LENGTHS, targets, 3, 4, 5, steps=5, seed=seed, tokens=6, dropout=0.5)
        nets.append(torch_reader_logits(net, X, LENGTHS))
    np.testing.assert_array_equal(nets[0], nets[1])
    assert not np.allclose(nets[0], nets[2])


def test_bad_arguments():
    with pytest.raises(ValueError, match="read is 'first'"):
        model(read="first")
    with pytest.raises(ValueError, match="cell is 'elman'"):
        model(cell="elman")
    with pytest.raises(ValueError, match="H is 0"):
        TorchShapedReader(3, 0, 5)
    with pytest.raises(ValueError, match="rate is 0"):
        new_trained_reader(X, LENGTHS, np.zeros(3, int), 3, 4, 5, tokens=6, rate=0)
