"""A GPT of attention alone: no feed-forward network, so that all it does is look back and add what it finds."""

from torch import nn

from helpers.core.checks import check_integer
from helpers.models.cached_attention import attend_and_keep
from helpers.models.gpt_bert.gpt import GPT


class AttentionLayer(nn.Module):
    """x ← x + attention(norm(x)): the first half of the trunk's `Layer`, with its names."""

    def __init__(self, D, heads):
        """Draw first weights as torch does."""
        super().__init__()
        check_integer("D", D)
        check_integer("heads", heads)
        if D % heads:
            raise ValueError(f"D is {D}, expected a multiple of the {heads} heads")
        self.heads, self.norm_1 = heads, nn.LayerNorm(D)
        self.W_qkv, self.W_o = nn.Linear(D, 3 * D), nn.Linear(D, D)

    def forward(self, x, may_attend=None, causal=False, cache=None):
        """Let x (B, T, D) look around: -> y (B, T, D), KeyValues of all S tokens read so far."""
        B, T, D = x.shape
        qkv = self.W_qkv(self.norm_1(x)).view(B, T, 3, self.heads, D // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)  # each (B, K, T, d)
        read, cache = attend_and_keep(q, k, v, cache, may_attend, causal)
        return x + self.W_o(read.transpose(1, 2).reshape(B, T, D)), cache


def attention_only(sizes):
    """Make a GPT whose layers are `AttentionLayer`s, and whose output has weights of its own.

    All first weights are torch's own. Its embeddings, N(0, 1), are ten times those of our GPT: with these a head finds
    the token before in some hundred steps.

    Parameters
    ----------
    sizes : Sizes
        Of `helpers.models.gpt_bert`.

    Returns
    -------
    GPT

    References
    ----------
    Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits",
    https://transformer-circuits.pub/2021/framework/index.html
    """
    model = GPT(sizes, tied=False)
    model.trunk.layers = nn.ModuleList(AttentionLayer(sizes.D, sizes.heads) for _ in range(sizes.layers))
    for part in (model.trunk.tokens, model.trunk.positions, model.output):
        part.reset_parameters()
    return model


def without_head_of(model, layer, head):
    """Set the columns of W_o that read one head to 0 in a copy of the weights: {name: Tensor} for `load_state_dict`.

    Raises
    ------
    ValueError
        When there is no such layer or head.
    """
    layers = model.trunk.layers
    if check_integer("layer", layer, least=0) >= len(layers):
        raise ValueError(f"layer is {layer}, expected 0 to {len(layers) - 1}")
    heads = layers[layer].heads
    if check_integer("head", head, least=0) >= heads:
        raise ValueError(f"head is {head}, expected 0 to {heads - 1}")
    weights = {name: weight.clone() for name, weight in model.state_dict().items()}
    W_o = weights[f"trunk.layers.{layer}.W_o.weight"]  # (D, D), as torch has it: outputs first
    W_o.view(W_o.shape[0], heads, -1)[:, head] = 0
    return weights
