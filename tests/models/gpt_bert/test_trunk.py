"""The trunk: the same function as torch's own layers, with the right look and nothing seen that must not be."""

import pytest
import torch
from torch import nn

from helpers.models.gpt_bert.trunk import Sizes, Trunk

SIZES = [Sizes(1, 1, 1, 1, 1), Sizes(7, 6, 2, 3, 5), Sizes(11, 8, 3, 1, 9)]
every_size = pytest.mark.parametrize("sizes", SIZES, ids=str)
LOOKS = ["causal", "both ways"]
every_look = pytest.mark.parametrize("look", LOOKS)


def make(sizes, look="causal"):
    """A trunk in float64 with weights of ordinary size: with its own first ones hardly anything would look around."""
    torch.manual_seed(0)
    trunk = Trunk(sizes, look).double()
    for weight in trunk.parameters():
        nn.init.normal_(weight, std=0.5)
    return trunk


def tokens_of(sizes, B=3, T=None):
    return torch.randint(sizes.V, (B, T or sizes.T_max), generator=torch.Generator().manual_seed(1))


def in_torch(layer, D):
    """torch's own layer with the weights of ours."""
    theirs = nn.TransformerEncoderLayer(
        D, layer.heads, 4 * D, dropout=0.0, activation="gelu", batch_first=True, norm_first=True, dtype=torch.float64
    )
    pairs = {
        "self_attn.in_proj_weight": layer.W_qkv.weight,
        "self_attn.in_proj_bias": layer.W_qkv.bias,
        "self_attn.out_proj.weight": layer.W_o.weight,
        "self_attn.out_proj.bias": layer.W_o.bias,
        "linear1.weight": layer.W_1.weight,
        "linear1.bias": layer.W_1.bias,
        "linear2.weight": layer.W_2.weight,
        "linear2.bias": layer.W_2.bias,
        "norm1.weight": layer.norm_1.weight,
        "norm1.bias": layer.norm_1.bias,
        "norm2.weight": layer.norm_2.weight,
        "norm2.bias": layer.norm_2.bias,
    }
    theirs.load_state_dict({name: weight.detach() for name, weight in pairs.items()})
    return theirs


@every_size
@every_look
def test_it_is_a_stack_of_torchs_own_layers(sizes, look):
    trunk, tokens = make(sizes, look), tokens_of(sizes)
    mask = torch.ones(tokens.shape, dtype=torch.bool)
    mask[0, 1:] = False
    forbidden = torch.ones(sizes.T_max, sizes.T_max, dtype=torch.bool).triu(1) if look == "causal" else None
    hidden = ~mask if look == "both ways" else None
    x = trunk.tokens(tokens) + trunk.positions.weight[None]
    for layer in trunk.layers:
        x = in_torch(layer, sizes.D)(x, src_mask=forbidden, src_key_padding_mask=hidden)
    ours, _ = trunk(tokens, mask)
    torch.testing.assert_close(ours, trunk.norm(x), rtol=1e-10, atol=1e-10)


@every_size
def test_a_later_token_changes_no_earlier_output_to_the_last_bit(sizes):
    trunk, tokens = make(sizes), tokens_of(sizes)
    before, _ = trunk(tokens)
    for t in range(1, sizes.T_max):
        changed = tokens.clone()
        changed[:, t:] = (changed[:, t:] + 1) % sizes.V
        after, _ = trunk(changed)
        assert torch.equal(after[:, :t], before[:, :t])
        assert not torch.equal(after[:, t:], before[:, t:])


@pytest.mark.parametrize("cuts", [(2,), (1, 4), (1, 2, 3, 4)])
def test_tokens_read_in_parts_are_as_read_at_once(cuts):
    trunk, tokens = make(SIZES[1]), tokens_of(SIZES[1])
    wanted, all_kept = trunk(tokens)
    parts, caches = [], None
    for start, stop in zip((0, *cuts), (*cuts, 5), strict=True):
        h, caches = trunk(tokens[:, start:stop], caches=caches)
        parts.append(h)
    torch.testing.assert_close(torch.cat(parts, dim=1), wanted, rtol=1e-10, atol=1e-10)
    for kept, whole in zip(caches, all_kept, strict=True):
        torch.testing.assert_close(kept, whole, rtol=1e-10, atol=1e-10)


def test_looking_both_ways_a_later_token_changes_the_first_output():
    trunk, tokens = make(SIZES[1], "both ways"), tokens_of(SIZES[1])
    changed = tokens.clone()
    changed[:, -1] = (changed[:, -1] + 1) % SIZES[1].V
    assert not torch.allclose(trunk(changed)[0][:, 0], trunk(tokens)[0][:, 0])


@every_look
def test_padding_changes_no_real_output(look):
    sizes = SIZES[1]
    trunk, tokens = make(sizes, look), tokens_of(sizes)
    mask = torch.arange(sizes.T_max)[None] < torch.tensor([1, 3, 5])[:, None]
    padded = trunk(tokens * mask, mask)[0]
    for row, length in enumerate((1, 3, 5)):
        alone = trunk(tokens[row : row + 1, :length])[0]
        torch.testing.assert_close(padded[row : row + 1, :length], alone, rtol=1e-12, atol=1e-12)


def test_a_segment_is_added_to_every_token_of_it():
    sizes = SIZES[1]._replace(segments=2)
    trunk, tokens = make(sizes, "both ways"), tokens_of(sizes)
    trunk.segments.weight.data[0] = 0.0
    zero = torch.zeros_like(tokens)
    assert torch.equal(trunk(tokens, segments=zero)[0], trunk(tokens)[0])
    moved, _ = trunk(tokens, segments=zero + 1)
    trunk.positions.weight.data += trunk.segments.weight.data[1]  # all tokens are of segment 1
    torch.testing.assert_close(moved, trunk(tokens)[0], rtol=1e-12, atol=1e-12)


def test_what_adds_to_x_begins_smaller():
    torch.manual_seed(0)
    trunk = Trunk(Sizes(500, 64, 8), "causal")
    assert trunk.layers[0].W_1.weight.std().item() == pytest.approx(0.02, rel=0.05)
    assert trunk.layers[0].W_2.weight.std().item() == pytest.approx(0.02 / 4, rel=0.05)
    assert trunk.tokens.weight.std().item() == pytest.approx(0.1, rel=0.05)
    assert not trunk.layers[0].W_1.bias.any()


@pytest.mark.parametrize(
    ("sizes", "look", "message"),
    [
        (Sizes(5, 6, 1, 4), "causal", "D is 6, expected a multiple of the 4 heads"),
        (Sizes(5, 0), "causal", "D is 0, expected an integer"),
        (Sizes(5, segments=-1), "causal", "segments is -1"),
        (Sizes(5), "back", "look is 'back', expected one of 'causal', 'both ways'"),
    ],
)
def test_it_refuses_impossible_sizes(sizes, look, message):
    with pytest.raises(ValueError, match=message):
        Trunk(sizes, look)


def test_it_refuses_what_it_cannot_read():
    sizes = SIZES[1]
    trunk, tokens = make(sizes), tokens_of(sizes)
    with pytest.raises(ValueError, match="there are 6 tokens, expected at most 5"):
        trunk(tokens_of(sizes, T=6))
    _, caches = trunk(tokens[:, :2])
    with pytest.raises(ValueError, match="there are 6 tokens, expected at most 5"):
        trunk(tokens[:, 1:], caches=caches)
    with pytest.raises(ValueError, match="looks both ways, expected none"):
        make(sizes, "both ways")(tokens[:, 2:3], caches=caches)
