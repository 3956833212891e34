"""The newer parts of the Transformer in torch compute what those in NumPy do, and see nothing that they must not."""

import numpy as np
import pytest
import torch

from experiments.parts_since_2017 import ARMS
from helpers.layers.attention import causal_mask
from helpers.layers.transformer import SwiGLUParams, grouped_attention, rms_norm, rotary, swiglu
from helpers.models.torch_modules import count_weights, new_model
from helpers.models.transformer.newer_parts import (
    FeedForward,
    GroupedAttention,
    Parts,
    PreNormLayer,
    TransformerOfParts,
    turned,
)

NEWEST = Parts(H=12, heads=2, key_heads=1, rms_norm=True, swiglu=True, rotary=True)


def made(parts, seed=0):
    return new_model(TransformerOfParts, 9, 8, 8, parts, layers=2, seed=seed).double()


def maps(module, *names):
    return [getattr(module, name).weight.detach().numpy().T for name in names]


def split(rows, d):
    return rows.reshape(*rows.shape[:-1], -1, d).swapaxes(-2, -3)  # (B, heads, T, d)


def test_grouped_attention_with_rotary_positions_is_that_of_numpy(rng):
    parts = Parts(heads=4, key_heads=2, rotary=True)
    module = new_model(GroupedAttention, 16, parts, seed=0).double()
    W_q, W_k, W_v, W_o = maps(module, "W_q", "W_k", "W_v", "W_o")
    b_q, b_k, b_v, b_o = (getattr(module, name).bias.detach().numpy() for name in ("W_q", "W_k", "W_v", "W_o"))
    x = rng.standard_normal((2, 5, 16))
    q, k, v = split(x @ W_q + b_q, 4), split(x @ W_k + b_k, 4), split(x @ W_v + b_v, 4)
    read, _, _ = grouped_attention(rotary(q), rotary(k), v, causal_mask(5))
    wanted = read.swapaxes(-2, -3).reshape(2, 5, 16) @ W_o + b_o
    t = torch.tensor(x)
    found = module(t, t, torch.tensor(causal_mask(5))).detach().numpy()
    np.testing.assert_allclose(found, wanted, atol=1e-12)
    np.testing.assert_allclose(turned(torch.tensor(q)).numpy(), rotary(q), atol=1e-12)


def test_the_feed_forward_network_with_a_gate_is_that_of_numpy(rng):
    module = new_model(FeedForward, 6, Parts(H=5, swiglu=True), seed=0).double()
    x = rng.standard_normal((2, 3, 6))
    wanted, _ = swiglu(x, SwiGLUParams(*maps(module, "W_1", "W_up", "W_2")))
    np.testing.assert_allclose(module(torch.tensor(x)).detach().numpy(), wanted, atol=1e-12)


def test_a_layer_with_rms_norm_adds_what_its_sublayers_make_of_the_normed(rng):
    layer = made(NEWEST).encoder[0]
    x = torch.tensor(rng.standard_normal((1, 4, 8)))
    normed = torch.tensor(rms_norm(x.numpy(), layer.own_norm.weight.detach().numpy())[0])
    after = x + layer.own(normed, normed, None)
    normed = torch.tensor(rms_norm(after.detach().numpy(), layer.feed_norm.weight.detach().numpy())[0])
    np.testing.assert_allclose(layer(x, None).detach(), (after + layer.feed(normed)).detach(), atol=1e-12)


def test_a_layer_of_the_parts_of_2017_is_that_of_torch(rng):
    layer = new_model(PreNormLayer, 8, Parts(H=12, heads=2, key_heads=2), False, seed=0).double()
    ours = layer.state_dict()
    theirs = {f"self_attn.out_proj.{kind}": ours[f"own.W_o.{kind}"] for kind in ("weight", "bias")}
    for kind in ("weight", "bias"):
        theirs[f"self_attn.in_proj_{kind}"] = torch.cat([ours[f"own.W_{name}.{kind}"] for name in "qkv"])
        for name, our in (
            ("linear1", "feed.W_1"),
            ("linear2", "feed.W_2"),
            ("norm1", "own_norm"),
            ("norm2", "feed_norm"),
        ):
            theirs[f"{name}.{kind}"] = ours[f"{our}.{kind}"]
    module = torch.nn.TransformerEncoderLayer(8, 2, 12, dropout=0, batch_first=True, norm_first=True).double()
    module.load_state_dict(theirs)
    x = torch.tensor(rng.standard_normal((2, 5, 8)))
    torch.testing.assert_close(layer(x, None), module(x), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("parts", [Parts(H=12, heads=2, key_heads=2), NEWEST])
def test_no_earlier_output_sees_a_later_token_and_none_sees_padding(parts):
    model = made(parts)
    source, inputs = torch.tensor([[4, 5], [6, 7], [8, 0], [5, 0]]), torch.tensor([[1, 1], [4, 5], [6, 7]])
    mask = torch.tensor([[True, True], [True, True], [True, False], [True, False]])
    logits = model(source, mask, inputs)
    other = inputs.clone()
    other[2] = 3
    np.testing.assert_array_equal(logits[:2].detach(), model(source, mask, other)[:2].detach())
    assert not torch.equal(logits[2], model(source, mask, other)[2])
    changed = torch.where(mask, source, 8)
    np.testing.assert_array_equal(logits.detach(), model(changed, mask, inputs).detach())
    alone = model(source[:2, 1:], mask[:2, 1:], inputs[:, 1:])
    np.testing.assert_allclose(logits[:, 1:].detach(), alone.detach(), atol=1e-12)


def test_only_sinusoids_say_where_the_first_token_stands(rng):
    x = torch.tensor(rng.standard_normal((1, 2, 3, 4)))
    longer = torch.cat([torch.zeros(1, 2, 5, 4, dtype=x.dtype), x], dim=2)
    here, there = turned(x), turned(longer)[:, :, 5:]
    np.testing.assert_allclose(here @ here.mT, there @ there.mT, atol=1e-12)
    assert not torch.allclose(here, there)


def test_the_arms_of_the_experiment_have_about_as_many_weights():
    sizes = [count_weights(new_model(TransformerOfParts, 30, 30, 40, parts, seed=0)) for parts in ARMS.values()]
    assert max(sizes) < 1.02 * min(sizes)


@pytest.mark.parametrize(
    ("parts", "said"),
    [(Parts(heads=3), "heads is 3"), (Parts(heads=4), "heads is 4"), (Parts(heads=2, key_heads=3), "key_heads is 3")],
)
def test_heads_that_do_not_divide(parts, said):
    with pytest.raises(ValueError, match=said):
        TransformerOfParts(9, 8, 4, parts)
