import numpy as np
import pytest
import torch

from helpers.core.gradient_check import check_gradients, relative_error
from helpers.layers.recurrent.torch_weights import to_torch
from helpers.models.shaped_reader import (
    READS,
    cell_name_of,
    deep_states,
    init_shaped_reader,
    shaped_reader,
    shaped_reader_backward,
    shaped_reader_loss,
    train_shaped_reader,
)

LENGTHS = np.array([4, 2, 3])
MASK = np.arange(4)[:, None] < LENGTHS


def reads(both):
    """The ways to read that a network has: the last state is none of two directions."""
    return [read for read in READS if not (both and read == "last")]


def case(cell="gru", layers=1, bidirectional=False, seed=0):
    rng = np.random.default_rng(seed)
    params = init_shaped_reader(rng, cell, 3, 2, 5, layers, bidirectional)
    return params, rng.standard_normal((4, 3, 3)), rng.integers(5, size=(4, 3))


@pytest.mark.parametrize(
    ("read", "cell", "layers", "both", "residual"),
    [
        (read, *net)
        for net in (
            ("rnn", 1, False, False),
            ("gru", 3, False, True),
            ("lstm", 2, True, True),
            ("gru", 2, True, False),
        )
        for read in reads(net[2])
    ],
)
def test_gradients(read, cell, layers, both, residual):
    params, x, targets = case(cell, layers, both)
    targets = targets if read == "every" else targets[0]
    _, grads = shaped_reader_loss(params, x, targets, MASK, read, residual)
    loss = lambda p: shaped_reader_loss(p, x, targets, MASK, read, residual)[0]  # noqa: E731
    assert max(check_gradients(loss, params, grads).values()) < 1e-6


@pytest.mark.parametrize("read", reads(both=True))
def test_the_gradient_of_the_input(read):
    params, x, _ = case("gru", 2, True)
    logits, cache = shaped_reader(x, params, MASK, read, True)
    weight = np.random.default_rng(1).standard_normal(logits.shape)
    dx, _ = shaped_reader_backward(weight, cache, params)
    numerical = np.empty_like(x)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place], down[place] = x[place] + 1e-5, x[place] - 1e-5
        sides = [(weight * shaped_reader(side, params, MASK, read, True)[0]).sum() for side in (up, down)]
        numerical[place] = (sides[0] - sides[1]) / 2e-5
    assert relative_error(dx, numerical) < 1e-6


@pytest.mark.parametrize(("read", "both"), [(read, both) for both in (False, True) for read in reads(both)])
def test_padding_is_not_read(read, both):
    params, x, _ = case("lstm", 2, both)
    y, _ = shaped_reader(np.where(MASK[..., None], x, np.nan), params, MASK, read)
    for b, length in enumerate(LENGTHS):
        alone, _ = shaped_reader(x[:length, b : b + 1], params, None, read)
        found = y[:length, b : b + 1] if read == "every" else y[b : b + 1]
        np.testing.assert_allclose(found, alone, rtol=1e-10)


def test_the_last_state_of_two_directions_is_refused():
    params, x, targets = case("gru", 1, True)
    for read in ({}, {"read": "last"}):
        with pytest.raises(ValueError, match=r"read is 'last'.* expected 'ends'"):
            shaped_reader(x, params, MASK, **read)
    with pytest.raises(ValueError, match="expected 'ends'"):
        train_shaped_reader(params, lambda: (x, targets[0], MASK), steps=1)
    assert shaped_reader(x, params, MASK, "ends")[0].shape == (3, 5)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("both", [False, True])
def test_the_states_are_those_of_torch(cell, both):
    params, x, _ = case(cell, 3, both)
    h, _ = deep_states(x, params.layers)
    theirs, _ = to_torch(params.layers, cell)(torch.tensor(x))
    np.testing.assert_allclose(h, theirs.detach().numpy(), rtol=1e-10, atol=1e-12)


def test_a_residual_connection_adds_what_the_layer_below_shows():
    params, x, _ = case("gru", 2)
    below, _ = deep_states(x, params.layers[:1])
    above, _ = deep_states(below, params.layers[1:])
    np.testing.assert_allclose(deep_states(x, params.layers, residual=True)[0], above + below)


def test_it_learns_what_stood_first_only_if_it_reads_back_or_remembers():
    rng = np.random.default_rng(0)

    def draw():
        ids = rng.integers(2, size=(5, 32))
        return np.eye(2, dtype=np.float32)[ids], ids[::-1]  # at every step: what stands as far from the end

    blind, both = (init_shaped_reader(rng, "gru", 2, 8, 2, 1, two, np.float32) for two in (False, True))
    losses = [train_shaped_reader(p, draw, 250, read="every")[1].loss[-1] for p in (blind, both)]
    assert losses[1] < 0.1 < 0.2 < losses[0]


def test_bad_arguments():
    params, x, _ = case()
    with pytest.raises(ValueError, match="read is 'first'"):
        shaped_reader(x, params, read="first")
    with pytest.raises(ValueError, match="cell is 'elman'"):
        init_shaped_reader(np.random.default_rng(0), "elman", 2, 2, 2)
    with pytest.raises(ValueError, match="layers begins with NoneType"):
        cell_name_of(())
    with pytest.raises(ValueError, match="padding before a token"):
        shaped_reader(x, params, MASK[::-1])


def test_the_answers_of_the_padding_do_not_count():
    params, x, targets = case()
    params = params._replace(output=params.output._replace(b=np.arange(5.0)))  # or all answers of the padding are alike
    other = np.where(MASK, targets, (targets + 1) % 5)
    losses = [shaped_reader_loss(params, x, t, MASK, "every")[0] for t in (targets, other)]
    assert losses[0] == losses[1] != shaped_reader_loss(params, x, targets, None, "every")[0]
