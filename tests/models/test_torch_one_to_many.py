import numpy as np
import pytest
import torch

from helpers.data.vocab import END, PAD, START
from helpers.layers.linear import LinearParams
from helpers.layers.recurrent.torch_weights import from_torch
from helpers.models.one_to_many import WIRINGS, OneToManyParams, one_to_many
from helpers.models.reader import ReaderParams
from helpers.models.torch_modules import new_model
from helpers.models.torch_one_to_many import TorchOneToMany, new_trained_writer, one_to_many_nats, write_from_labels


def linear_of(layer):
    return LinearParams(layer.weight.numpy(force=True).T.copy(), layer.bias.numpy(force=True))


@pytest.mark.parametrize("wiring", WIRINGS)
def test_it_is_the_network_by_hand(wiring):
    net = new_model(TorchOneToMany, 2, 7, 3, 4, wiring=wiring, seed=0).double()
    ids, labels = np.random.default_rng(0).integers(7, size=(5, 2)), np.array([1, 0])
    params = OneToManyParams(linear_of(net.start), ReaderParams(from_torch(net.recurrent)[0], linear_of(net.output)))
    v, x = net.label.weight.numpy(force=True)[labels], net.embedding.weight.numpy(force=True)[ids]
    found = net(torch.tensor(labels), torch.tensor(ids))[0].numpy(force=True)
    np.testing.assert_allclose(found, one_to_many(v, x, params, wiring)[0], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("wiring", WIRINGS)
def test_step_by_step_it_is_the_same_as_at_once(wiring):
    net = new_model(TorchOneToMany, 2, 7, 3, 4, wiring=wiring, seed=0)
    labels, ids, state, steps = torch.tensor([1, 0]), torch.tensor([[2, 2], [4, 5], [6, 4]]), None, []
    for t in range(3):
        logits, state = net(labels, ids[t : t + 1], state, first=t == 0)
        steps.append(logits)
    torch.testing.assert_close(torch.cat(steps), net(labels, ids)[0])


def test_it_writes_what_the_label_asks_for_and_the_control_cannot():
    ids = np.array([[START, START], [4, 5], [4, 5], [END, 4], [PAD, END]])  # label 0: a a; label 1: b b a
    labels, many = np.tile([0, 1], 16), np.tile(ids, 16)
    wanted, rng = {0: [4, 4], 1: [5, 5, 4]}, np.random.default_rng(0)
    for wiring in ("first state", "first step", "every step"):
        net = new_trained_writer(many, labels, 6, 4, 12, steps=150, rate=3e-2, wiring=wiring)
        rows = write_from_labels(net, np.array([0, 1] * 10), rng)
        assert np.mean([row == wanted[n % 2] for n, row in enumerate(rows)]) > 0.9
        assert one_to_many_nats(net, ids, np.array([0, 1])) < 0.1
    net = new_trained_writer(many, labels, 6, 4, 12, steps=150, rate=3e-2, wiring="none")
    assert one_to_many_nats(net, ids, np.array([0, 1])) > np.log(2) / 4  # ln 2 for the first of 3 or 4 tokens
    assert all(len(row) <= 2 for row in write_from_labels(net, np.array([0, 1]), rng, longest=2))


def test_bad_arguments():
    with pytest.raises(ValueError, match="wiring is 'once'"):
        TorchOneToMany(2, 7, 3, 4, "once")
    with pytest.raises(ValueError, match="longest is 0"):
        write_from_labels(TorchOneToMany(2, 7, 3, 4), np.array([0]), np.random.default_rng(0), longest=0)


def test_padding_is_no_target():
    net = new_model(TorchOneToMany, 2, 7, 3, 4, seed=0)
    ids, labels = np.array([[START], [4], [END]]), np.array([1])
    longer = np.concatenate([ids, [[PAD]] * 5])
    np.testing.assert_allclose(one_to_many_nats(net, longer, labels), one_to_many_nats(net, ids, labels), rtol=1e-6)
