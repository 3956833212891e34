"""A GPT-2 by its own names, computed here from the paper's equations, against the GPT that is made of it.

`bench/gpt.py`, where transformers is installed, asserts the same of the library's own model.
"""

from types import SimpleNamespace

import pytest
import torch
from torch.nn.functional import gelu, layer_norm

from helpers.models.gpt_bert.from_transformers import from_transformers

V, D, LAYERS, HEADS, T_MAX = 7, 8, 2, 2, 5
CONFIG = {
    "model_type": "gpt2",
    "vocab_size": V,
    "n_embd": D,
    "n_layer": LAYERS,
    "n_head": HEADS,
    "n_positions": T_MAX,
    "n_inner": None,
    "activation_function": "gelu_new",
    "layer_norm_epsilon": 1e-3,
    "scale_attn_weights": True,
    "scale_attn_by_inverse_layer_idx": False,
    "add_cross_attention": False,
}
SHAPES = {"attn.c_attn": (D, 3 * D), "attn.c_proj": (D, D), "mlp.c_fc": (D, 4 * D), "mlp.c_proj": (4 * D, D)}


def theirs(tied=True, **changed):
    draw = torch.Generator().manual_seed(0)
    weights = {"transformer.wte.weight": (V, D), "transformer.wpe.weight": (T_MAX, D)}
    norms = ["transformer.ln_f", *(f"transformer.h.{n}.ln_{i}" for n in range(LAYERS) for i in (1, 2))]
    weights |= {f"{norm}.{part}": (D,) for norm in norms for part in ("weight", "bias")}
    for n in range(LAYERS):
        for name, shape in SHAPES.items():
            weights |= {f"transformer.h.{n}.{name}.weight": shape, f"transformer.h.{n}.{name}.bias": shape[1:]}
    weights["lm_head.weight"] = (V, D)
    weights = {name: torch.randn(shape, generator=draw, dtype=torch.float64) for name, shape in weights.items()}
    if tied:
        weights["lm_head.weight"] = weights["transformer.wte.weight"]
    config = SimpleNamespace(**(CONFIG | changed))
    return SimpleNamespace(config=config, lm_head=None, state_dict=lambda: weights)


def logits(model, tokens):
    w = model.state_dict()
    norm = lambda x, name: layer_norm(x, (D,), w[f"{name}.weight"], w[f"{name}.bias"], CONFIG["layer_norm_epsilon"])  # noqa: E731
    maps = lambda x, name: x @ w[f"{name}.weight"] + w[f"{name}.bias"]  # noqa: E731
    tanh = "tanh" if model.config.activation_function == "gelu_new" else "none"
    x = w["transformer.wte.weight"][tokens] + w["transformer.wpe.weight"][: tokens.shape[1]]
    for n in range(LAYERS):
        h = f"transformer.h.{n}"
        q, k, v = maps(norm(x, f"{h}.ln_1"), f"{h}.attn.c_attn").split(D, dim=-1)
        read = []
        for head in range(HEADS):
            part = slice(head * D // HEADS, (head + 1) * D // HEADS)
            scores = q[..., part] @ k[..., part].mT / (D // HEADS) ** 0.5
            later = torch.ones_like(scores, dtype=torch.bool).triu(1)
            read.append(scores.masked_fill(later, -torch.inf).softmax(dim=-1) @ v[..., part])
        x = x + maps(torch.cat(read, dim=-1), f"{h}.attn.c_proj")
        x = x + maps(gelu(maps(norm(x, f"{h}.ln_2"), f"{h}.mlp.c_fc"), approximate=tanh), f"{h}.mlp.c_proj")
    return norm(x, "transformer.ln_f") @ w["lm_head.weight"].T


@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("activation", ["gelu_new", "gelu"])
def test_its_logits_are_those_of_gpt_2(tied, activation):
    model = theirs(tied, activation_function=activation)
    tokens = torch.tensor([[1, 2, 3, 4, 6], [0, 0, 5, 5, 1]])
    ours = from_transformers(model)
    torch.testing.assert_close(ours(tokens), logits(model, tokens), rtol=1e-10, atol=1e-12)
    assert (ours.output.weight is ours.trunk.tokens.weight) == tied
    assert not ours.training
    said = from_transformers(theirs(tied, activation_function=activation, n_inner=4 * D))  # as None means
    torch.testing.assert_close(said(tokens), ours(tokens))


def test_the_model_keeps_its_weights():
    model = theirs()
    ours = from_transformers(model)
    before = model.state_dict()["transformer.wte.weight"].clone()
    with torch.no_grad():
        ours.trunk.tokens.weight.zero_()
    assert torch.equal(model.state_dict()["transformer.wte.weight"], before)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"model_type": "bert"}, "expected a GPT2LMHeadModel"),
        ({"n_inner": 12}, "n_inner is 12, expected four times n_embd, 32"),
        ({"activation_function": "relu"}, "activation_function is 'relu'"),
        ({"scale_attn_weights": False}, "scale_attn_weights is False, expected True"),
        ({"scale_attn_by_inverse_layer_idx": True}, "scale_attn_by_inverse_layer_idx is True, expected False"),
        ({"add_cross_attention": True}, "add_cross_attention is True, expected False"),
    ],
)
def test_what_it_would_read_wrongly_is_refused(changed, message):
    with pytest.raises(ValueError, match=message):
        from_transformers(theirs(**changed))


def test_what_is_no_model_is_refused():
    with pytest.raises(ValueError, match="model is a str, expected a GPT2LMHeadModel"):
        from_transformers("gpt2")
