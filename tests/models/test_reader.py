import numpy as np
import pytest
import torch

from helpers.core.gradient_check import check_gradients
from helpers.core.initial_values import scaled_normal
from helpers.core.params import map_params, named_arrays
from helpers.data.tasks.brackets import brackets
from helpers.data.tasks.delayed_recall import delayed_recall, latest_letter
from helpers.layers.recurrent.lstm import lstm_gates, zero_lstm_state
from helpers.layers.recurrent.stack import CELLS
from helpers.models.reader import ReaderParams, init_reader, reader, reader_accuracy, reader_loss, train_reader
from helpers.models.recall import init_recall, recall_accuracy, recall_loss

every_cell = pytest.mark.parametrize("cell", CELLS)


def make(cell, D, H, V):
    """Random parameters, the biases too."""
    rng = np.random.default_rng((D, H, V))
    params = init_reader(rng, cell, D, H, V)
    return map_params(lambda p: p + 0.3 * rng.standard_normal(p.shape), params)


@every_cell
@pytest.mark.parametrize("size", [(1, 1, 1, 1, 1), (2, 3, 2, 3, 4), (6, 2, 3, 5, 2)], ids=str)
@pytest.mark.parametrize("every", [False, True])
def test_gradients_equal_central_differences(cell, size, every):
    T, B, D, H, V = size
    rng = np.random.default_rng(size)
    params, x = make(cell, D, H, V), rng.standard_normal((T, B, D))
    targets = rng.integers(V, size=(T, B) if every else B)
    _, grads = reader_loss(params, x, targets, cell=cell)
    assert isinstance(grads, ReaderParams)
    errors = check_gradients(lambda p: reader_loss(p, x, targets, cell=cell)[0], params, grads)
    assert max(errors.values()) < 1e-6, errors


@every_cell
def test_what_the_mask_leaves_out_does_not_count(cell):
    rng = np.random.default_rng(0)
    params, x = make(cell, 3, 4, 5), rng.standard_normal((6, 2, 3))
    targets, mask = rng.integers(5, size=(6, 2)), np.ones((6, 2), bool)
    mask[4:, 1] = False
    loss, grads = reader_loss(params, x, targets, mask, cell)
    errors = check_gradients(lambda p: reader_loss(p, x, targets, mask, cell)[0], params, grads)
    assert max(errors.values()) < 1e-6, errors
    x[4:, 1], targets[4:, 1] = 7, 99
    assert reader_loss(params, x, targets, mask, cell)[0] == loss


def test_with_an_rnn_it_is_the_model_of_chapter_04():
    rng = np.random.default_rng(0)
    theirs = init_recall(rng, scaled_normal(rng, (5, 5)))
    ours = ReaderParams(*theirs)
    x, targets = delayed_recall(rng, 7, 9, 3, dtype=np.float64)
    loss, grads = reader_loss(ours, x, targets, cell="rnn", activation="relu")
    their_loss, their_grads = recall_loss(theirs, x, targets, "relu")
    assert loss == their_loss
    for (_, a), (_, b) in zip(named_arrays(grads), named_arrays(their_grads), strict=True):
        np.testing.assert_array_equal(a, b)
    assert reader_accuracy(ours, x, targets, "rnn") == recall_accuracy(theirs, x, targets)


def test_loss_equals_torch():
    rng = np.random.default_rng(0)
    params, x = make("lstm", 3, 4, 5), rng.standard_normal((6, 2, 3))
    targets = rng.integers(5, size=(6, 2))
    layer = torch.nn.LSTM(3, 4, dtype=torch.float64)
    W_xh, W_hh, b_h = (torch.tensor(p.T) for p in params.cell)
    named = {"weight_ih_l0": W_xh, "weight_hh_l0": W_hh, "bias_ih_l0": b_h, "bias_hh_l0": torch.zeros_like(b_h)}
    h, _ = torch.func.functional_call(layer, named, torch.tensor(x))
    logits = h @ torch.tensor(params.output.W) + torch.tensor(params.output.b)
    np.testing.assert_allclose(reader(x, params), logits.numpy(), rtol=1e-10)
    their = torch.nn.functional.cross_entropy(logits.reshape(-1, 5), torch.tensor(targets.ravel())).item()
    assert reader_loss(params, x, targets)[0] == pytest.approx(their, rel=1e-10)


def test_accuracy_by_hand():
    params = make("gru", 3, 4, 4)
    params.output.W[:] = 0
    params.output.b[:] = [0, 0, 1, 0]  # always says 2
    x = np.zeros((2, 4, 3))
    assert reader_accuracy(params, x, np.array([2, 2, 0, 1]), "gru") == 2 / 4
    assert reader_accuracy(params, x, np.array([[2, 2, 0, 1], [2, 2, 2, 2]]), "gru") == 6 / 8
    for targets in (np.array([2]), np.array([[2, 2, 0, 1]])):
        with pytest.raises(ValueError, match="targets has shape"):
            reader_accuracy(params, x, targets, "gru")


@every_cell
def test_a_short_delay_is_learned_and_nothing_is_left_to_chance(cell):
    results = []
    for _ in range(2):
        rng = np.random.default_rng(0)
        start = init_reader(rng, cell, 6, 16, 4, np.float32)
        params, history = train_reader(start, lambda rng=rng: delayed_recall(rng, 32, 6, 2), 200, cell, rate=1e-2)
        results.append(history.loss)
    x, targets = delayed_recall(rng, 500, 6, 2)
    assert reader_accuracy(params, x, targets, cell) > 0.99
    assert {a.dtype for _, a in named_arrays(params)} == {np.dtype(np.float32)}
    np.testing.assert_array_equal(*results)


def test_without_forgetting_the_latest_letter_is_not_learned():
    """What chapter 05 says of its ablations: the forget gate is the one that this task cannot do without."""
    losses = {}
    for fixed in ((), ("f",)):
        rng = np.random.default_rng(0)
        start = init_reader(rng, "lstm", 6, 8, 4, np.float32)
        params, _ = train_reader(start, lambda rng=rng: latest_letter(rng, 32, 20), 150, rate=1e-2, fixed=fixed)
        losses[fixed], _ = reader_loss(params, *latest_letter(rng, 200, 20), fixed=fixed)
    assert losses[()] < 0.1
    assert losses[("f",)] > 3 * losses[()]


def test_a_cell_counts():
    """Chapter 05: told only whether all brackets are closed, one cell of the network comes to count them."""
    rng = np.random.default_rng(0)

    def draw():
        x, depth = brackets(rng, 32, 40)
        return x, (depth == 0).astype(int)

    params, _ = train_reader(init_reader(rng, "lstm", 4, 6, 2, np.float32), draw, 300, rate=1e-2)
    x, depth = brackets(rng, 200, 40)
    c = lstm_gates(x, zero_lstm_state(200, params.cell), params.cell).c
    correlations = [abs(np.corrcoef(c[..., unit].ravel(), depth.ravel())[0, 1]) for unit in range(6)]
    assert max(correlations) > 0.95


def test_bad_input():
    params, x = make("rnn", 3, 4, 2), np.zeros((2, 1, 3))
    with pytest.raises(ValueError, match="cell is 'cnn', expected one of 'rnn', 'lstm', 'gru'"):
        reader(x, params, "cnn")
    with pytest.raises(ValueError, match="cell is 'cnn'"):
        init_reader(np.random.default_rng(0), "cnn", 2, 2, 2)
    with pytest.raises(ValueError, match=r"x has shape \(2, 3\)"):
        reader(x[:, 0], params, "rnn")
    with pytest.raises(ValueError, match="expected targets"):
        reader_loss(params, x, np.zeros((3, 1), int), cell="rnn")
