"""GPT: the loss by hand, and a cache that changes nothing but the time."""

from math import log

import numpy as np
import pytest
import torch
from torch import nn

from helpers.decoding.beam import beam_search
from helpers.decoding.greedy import greedy
from helpers.decoding.sampling import sample_outputs
from helpers.models.gpt_bert.gpt import (
    GPT,
    cached_step,
    next_token_losses,
    read_prompt,
    start_cache,
    start_uncached,
    uncached_step,
)
from helpers.models.gpt_bert.trunk import Sizes

SIZES = [Sizes(4, 1, 1, 1, 1), Sizes(7, 6, 2, 3, 9), Sizes(11, 8, 3, 2, 12)]
SEARCH = SIZES[2]
TOLERANCE = {torch.float32: 1e-5, torch.float64: 1e-10}


def make(sizes, dtype=torch.float64, tied=True):
    torch.manual_seed(0)
    model = GPT(sizes, tied).to(dtype)
    for weight in model.parameters():
        nn.init.normal_(weight, std=0.4)
    return model


def test_the_loss_by_hand():
    """With all weights 0 but a bias of the last norm, every token has the same logits: E b."""
    model = make(Sizes(4, 1, 1, 1, 3))
    for weight in model.parameters():
        nn.init.zeros_(weight)
    model.trunk.norm.bias.data[:] = 1.0
    model.output.weight.data[:, 0] = torch.log(torch.tensor([1.0, 2.0, 3.0, 4.0]))  # P = 1/10, 2/10, 3/10, 4/10
    tokens = torch.tensor([[0, 3, 1], [0, 2, 0]])
    mask = torch.tensor([[True, True, True], [True, True, False]])
    losses = next_token_losses(model, tokens, mask)
    torch.testing.assert_close(losses, -torch.log(torch.tensor([0.4, 0.2, 0.3], dtype=torch.float64)))


@pytest.mark.parametrize("sizes", SIZES[1:], ids=str)
def test_the_loss_is_that_of_the_logits(sizes):
    model = make(sizes)
    tokens = torch.randint(sizes.V, (3, sizes.T_max))
    mask = torch.arange(sizes.T_max)[None] < torch.tensor([2, 5, sizes.T_max])[:, None]
    log_p = model(tokens).log_softmax(dim=-1)
    wanted = [-log_p[b, t - 1, tokens[b, t]] for b in range(3) for t in range(1, sizes.T_max) if mask[b, t]]
    torch.testing.assert_close(next_token_losses(model, tokens, mask), torch.stack(wanted))


def test_a_new_model_knows_nothing():
    torch.manual_seed(0)
    model = GPT(Sizes(200))
    tokens = torch.randint(200, (8, 20))
    assert log(200) < next_token_losses(model, tokens, tokens >= 0).mean().item() < log(200) + 1


def test_tied_weights_are_one_tensor():
    tied, free = make(SIZES[1]), make(SIZES[1], tied=False)
    assert tied.output.weight is tied.trunk.tokens.weight
    assert free.output.weight is not free.trunk.tokens.weight
    count = [sum(weight.numel() for weight in model.parameters()) for model in (tied, free)]
    assert count[1] - count[0] == 7 * 6


@pytest.mark.parametrize("dtype", TOLERANCE, ids=str)
@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_a_cached_step_equals_the_whole_pass(sizes, dtype):
    model, N = make(sizes, dtype), 3
    tokens = torch.randint(sizes.V, (N, sizes.T_max))
    wanted = model(tokens).log_softmax(dim=-1)
    caches, read = start_cache(model, N), start_uncached(model, N)
    step, slow = cached_step(model), uncached_step(model)
    for t in range(sizes.T_max):
        log_p, caches = step(tokens[:, t].numpy(), caches)
        again, read = slow(tokens[:, t].numpy(), read)
        assert log_p.dtype == dtype
        for found in (log_p, again):
            torch.testing.assert_close(found, wanted[:, t], rtol=0, atol=TOLERANCE[dtype])
        assert caches[0].k.shape == (N, sizes.heads, t + 1, sizes.D // sizes.heads)


def test_a_step_leaves_the_caches_it_was_given():
    """A search may go on from one state in several ways."""
    model = make(SEARCH)
    step = cached_step(model)
    _, caches = step(np.array([2, 2]), start_cache(model, 2))
    kept = [part.clone() for cache in caches for part in cache]
    first, _ = step(np.array([3, 4]), caches)
    step(np.array([5, 6]), caches)
    again, _ = step(np.array([3, 4]), caches)
    assert torch.equal(first, again)
    assert all(torch.equal(a, b) for a, b in zip(kept, (part for cache in caches for part in cache), strict=True))


@pytest.mark.parametrize(
    "search",
    [
        lambda step, state: greedy(step, state, 2, 3, 12),
        lambda step, state: beam_search(step, state, 2, 3, 4, 12),
        lambda step, state: sample_outputs(step, state, 2, 3, 12, np.random.default_rng(0)),
    ],
    ids=["greedy", "beam", "sample"],
)
def test_every_search_finds_the_same_with_and_without_the_cache(search):
    model = make(SEARCH)
    fast = search(cached_step(model), start_cache(model, 3))
    slow = search(uncached_step(model), start_uncached(model, 3))
    for ours, theirs in zip(fast, slow, strict=True):
        assert [h.tokens for h in ours] == [h.tokens for h in theirs]
        np.testing.assert_allclose([h.log_prob for h in ours], [h.log_prob for h in theirs], rtol=1e-10)


def test_a_prompt_is_read_at_once():
    model = make(SEARCH)
    tokens = torch.randint(SEARCH.V, (2, 6))
    step, caches = cached_step(model), read_prompt(model, tokens.numpy()[:, :-1], start_cache(model, 2))
    log_p, _ = step(tokens[:, -1].numpy(), caches)
    torch.testing.assert_close(log_p, model(tokens)[:, -1].log_softmax(dim=-1), rtol=0, atol=1e-10)
    in_two = read_prompt(model, tokens[:, 2:-1], read_prompt(model, tokens[:, :2], start_cache(model, 2)))
    torch.testing.assert_close(step(tokens[:, -1].numpy(), in_two)[0], log_p, rtol=0, atol=1e-10)


def test_a_cache_ends_where_the_positions_do():
    model = make(SIZES[0])
    _, caches = cached_step(model)(np.array([0]), start_cache(model, 1))
    with pytest.raises(ValueError, match="there are 2 tokens, expected at most 1"):
        cached_step(model)(np.array([0]), caches)
    with pytest.raises(ValueError, match="N is 0"):
        start_cache(model, 0)
    with pytest.raises(ValueError, match="N is 0"):
        start_uncached(model, 0)


def test_nothing_leaves_the_device():
    """On the meta device tensors have shapes and no numbers: whatever would go to the CPU fails."""
    model = make(SEARCH).to("meta")
    tokens = torch.zeros(2, 5, dtype=torch.long, device="meta")
    assert model(tokens).device.type == "meta"
    log_p, caches = cached_step(model)(np.array([1, 2]), start_cache(model, 2))
    assert log_p.device.type == "meta"
    assert caches[-1].v.device.type == "meta"
    assert uncached_step(model)(np.array([1, 2]), start_uncached(model, 2))[0].device.type == "meta"
