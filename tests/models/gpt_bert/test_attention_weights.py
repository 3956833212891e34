"""The attention weights are those that the trunk itself attends with."""

import pytest
import torch

from helpers.models.gpt_bert import BERT, GPT, Sizes, attention_weights, new_model, weights_and_reading

SIZES = Sizes(9, 8, 2, 2, 10)
TOKENS = torch.tensor([[2, 5, 6, 8, 3], [2, 7, 4, 3, 0]])
MASK = torch.tensor([[True] * 5, [True] * 4 + [False]])


@pytest.mark.parametrize("kind", [GPT, BERT])
def test_weights_times_values_are_what_each_layer_reads(kind):
    model = new_model(kind, SIZES, seed=0).double()
    with torch.no_grad():
        for weight in model.parameters():
            weight += 0.3 * torch.randn(weight.shape, generator=torch.Generator().manual_seed(weight.numel()))
    weights = attention_weights(model.trunk, TOKENS, MASK)
    assert weights.shape == (2, 2, 2, 5, 5)
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 2, 2, 5).double())
    x = model.trunk.tokens(TOKENS) + model.trunk.positions.weight[:5]
    with torch.no_grad():
        for layer, own in zip(model.trunk.layers, weights, strict=True):
            _, _, v = layer.W_qkv(layer.norm_1(x)).view(2, 5, 3, 2, 4).permute(2, 0, 3, 1, 4)
            x = x + layer.W_o((own @ v).transpose(1, 2).reshape(2, 5, 8))
            x = x + layer.W_2(layer.act(layer.W_1(layer.norm_2(x))))
        h, _ = model.trunk(TOKENS, MASK)
    torch.testing.assert_close(model.trunk.norm(x)[MASK], h[MASK])


def test_what_is_hidden_gets_nothing():
    causal = attention_weights(new_model(GPT, SIZES, seed=0).trunk, TOKENS)
    assert not causal.triu(1).any()
    both = attention_weights(new_model(BERT, SIZES, seed=0).trunk, TOKENS, MASK)
    assert not both[:, 1, :, :, 4].any()
    assert both[:, 0].triu(1).any()


def test_too_many_tokens_are_refused():
    with pytest.raises(ValueError, match="11 tokens, expected 1 to 10"):
        attention_weights(new_model(GPT, SIZES, seed=0).trunk, torch.full((1, 11), 4))


def test_of_one_token_the_mean_over_the_heads_of_the_last_layer():
    trunk = new_model(BERT, SIZES, seed=0).trunk
    weights, h = weights_and_reading(trunk, TOKENS[:1].numpy(), 3)
    wanted = attention_weights(trunk, TOKENS[:1])[1, 0]
    torch.testing.assert_close(torch.as_tensor(weights), (wanted[0, 3] + wanted[1, 3]) / 2)
    torch.testing.assert_close(torch.as_tensor(h), trunk(TOKENS[:1])[0][0, 3].detach())
