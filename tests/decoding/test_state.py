from typing import NamedTuple

import numpy as np
import pytest
import torch

from helpers.decoding.beam import beam_search
from helpers.decoding.greedy import greedy
from helpers.decoding.interface import count_rows, select_rows
from helpers.decoding.sampling import sample_outputs


class Memory(NamedTuple):
    h: object
    c: object


def test_rows_of_every_kind_of_nest():
    array, tensor = np.arange(6).reshape(3, 2), torch.arange(3)
    state = {"a": (array, [tensor, None]), "b": Memory(array + 1, tensor + 1)}
    assert count_rows(state) == 3
    chosen = select_rows(state, np.array([2, 0, 2, 1]))
    assert count_rows(chosen) == 4
    assert type(chosen["a"]) is tuple
    assert type(chosen["a"][1]) is list
    assert type(chosen["b"]) is Memory
    np.testing.assert_array_equal(chosen["a"][0], [[4, 5], [0, 1], [4, 5], [2, 3]])
    assert chosen["a"][1][0].tolist() == [2, 0, 2, 1]
    assert chosen["a"][1][1] is None
    assert chosen["b"].c.tolist() == [3, 1, 3, 2]
    chosen["a"][0][:] = 0
    assert array.sum() == 15


def test_no_state_at_all_is_one_source():
    assert count_rows(None) == count_rows(()) == 1
    log_probs = np.log([[0.1, 0.3, 0.6]])

    def step(tokens, state):
        return log_probs[np.zeros_like(tokens)], state

    ((best, *_),) = beam_search(step, None, 0, 1, 3, 4, alpha=0.0)
    assert best.tokens == (1,)


@pytest.mark.parametrize(
    ("state", "message"),
    [
        ((np.zeros((2, 1)), np.zeros((3, 1))), r"shapes \[\(2, 1\), \(3, 1\)\]"),
        (np.float64(1.0), "one first axis"),
        (np.zeros((0, 3)), "one first axis"),
        ([3], "holds int"),
        ("text", "holds str"),
    ],
)
def test_states_without_common_rows(state, message):
    with pytest.raises(ValueError, match=message):
        count_rows(state)


def recurrent_steps():
    """The same model twice, in NumPy and in torch."""
    rng = np.random.default_rng(3)
    W_xh, W_hh, W_hy = rng.standard_normal((7, 5)), rng.standard_normal((5, 5)), rng.standard_normal((5, 7))

    def in_numpy(tokens, state):
        h = np.tanh(W_xh[tokens] + state["h"][0] @ W_hh)
        y = h @ W_hy
        return y - np.log(np.exp(y).sum(axis=1, keepdims=True)), {"h": (h,)}

    torch_W = [torch.tensor(W, requires_grad=True) for W in (W_xh, W_hh, W_hy)]

    def in_torch(tokens, state):
        h = torch.tanh(torch_W[0][tokens] + state["h"][0] @ torch_W[1])
        return torch.log_softmax(h @ torch_W[2], dim=1), {"h": (h,)}

    h = rng.standard_normal((4, 5))
    return (in_numpy, {"h": (h,)}), (in_torch, {"h": (torch.tensor(h),)})


@pytest.mark.parametrize(
    "search",
    [
        lambda *model: greedy(*model, 0, 1, 9),
        lambda *model: beam_search(*model, 0, 1, 4, 9),
        lambda *model: sample_outputs(*model, 0, 1, 9, np.random.default_rng(0), T=0.8, p=0.9),
    ],
    ids=["greedy", "beam", "sample"],
)
def test_numpy_and_torch_give_the_same(search):
    ours, theirs = ([each for found in search(*model) for each in found] for model in recurrent_steps())
    assert len({len(each.tokens) for each in ours}) > 1  # they end at different times
    for a, b in zip(ours, theirs, strict=True):
        assert a.tokens == b.tokens
        assert a.log_prob == pytest.approx(b.log_prob, rel=1e-12)
