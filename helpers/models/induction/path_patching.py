"""Which way one head's note reaches the next layer: it is let through in some places only, and copying is measured."""

from copy import deepcopy

from torch import nn

from helpers.core.checks import check_choice
from helpers.models.cached_attention import attend_and_keep
from helpers.models.induction.attention_only import without_head_of
from helpers.models.induction.scores import copying

PLACES = ("queries", "keys", "values", "output")


def copying_by_path(model, batch, head, places):
    """How well two layers copy when what one head of layer 1 writes is seen in some places only (path patching).

    Layer 2 makes its queries, keys and values from what layer 1 puts out, and adds its own result to it ("output").
    In the given places it gets that with the head, in all others without it.

    Parameters
    ----------
    model : GPT
        Of `attention_only`, with two layers. It is not changed.
    batch : RepeatedBlocks
    head : int
        Of layer 1.
    places : list, tuple or set of str
        Of "queries", "keys", "values" and "output"; all four are the whole model, none is `without_head_of` layer 1.

    Returns
    -------
    Copying

    Raises
    ------
    ValueError
        When the model is no `attention_only` of two layers, there is no such head, or a place is unknown.

    References
    ----------
    Wang et al. 2022, "Interpretability in the Wild", https://arxiv.org/abs/2211.00593
    """
    if not isinstance(places, (list, tuple, set, frozenset)):
        raise ValueError(f"places is {places!r}, expected a list of some of {', '.join(PLACES)}")
    for place in places:
        check_choice("one of places", place, PLACES)
    layers = [type(layer).__name__ for layer in model.trunk.layers]
    if layers != ["AttentionLayer"] * 2:
        raise ValueError(f"the model has the layers {', '.join(layers)}, expected two of AttentionLayer")
    patched, without = deepcopy(model), deepcopy(model)
    without.load_state_dict(without_head_of(model, 0, head))
    first, second = patched.trunk.layers
    patched.trunk.layers = nn.ModuleList([_Both(first, without.trunk.layers[0]), _ReadIn(second, {*places})])
    return copying(patched, batch)


class _Both(nn.Module):
    """x → the outputs of two layers."""

    def __init__(self, *layers):
        super().__init__()
        self.layers = nn.ModuleList(layers)

    def forward(self, x, may_attend, causal, cache):
        return [layer(x, may_attend, causal)[0] for layer in self.layers], cache


class _ReadIn(nn.Module):
    """An `AttentionLayer` that gets the first of two inputs in some places, and the second in the others."""

    def __init__(self, layer, places):
        super().__init__()
        self.layer, self.places = layer, places

    def forward(self, both, may_attend, causal, cache):
        seen_in = {place: both[0] if place in self.places else both[1] for place in PLACES}
        layer = self.layer
        q, k, v = (
            layer.W_qkv(layer.norm_1(seen_in[place]))
            .chunk(3, dim=-1)[n]
            .unflatten(-1, (layer.heads, -1))
            .transpose(1, 2)
            for n, place in enumerate(PLACES[:3])
        )  # each (B, K, T, d)
        read, cache = attend_and_keep(q, k, v, cache, may_attend, causal)
        return seen_in["output"] + layer.W_o(read.transpose(1, 2).flatten(2)), cache
