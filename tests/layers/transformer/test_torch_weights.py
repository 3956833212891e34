import numpy as np
import pytest
import torch

from helpers.core.params import map_params, named_arrays
from helpers.layers.transformer.decoder_layer import decoder_layer, decoder_layer_backward
from helpers.layers.transformer.encoder_layer import encoder_layer, encoder_layer_backward, init_encoder_layer
from helpers.layers.transformer.norms import NormParams, init_norm
from helpers.layers.transformer.stacks import (
    StackParams,
    decoder,
    decoder_backward,
    encoder,
    encoder_backward,
    init_decoder,
    init_encoder,
)
from helpers.layers.transformer.torch_weights import layer_from_torch, layer_to_torch

torch.set_num_threads(1)

LAYERS = {"encoder": (encoder_layer, encoder_layer_backward), "decoder": (decoder_layer, decoder_layer_backward)}
SIZES = [  # B, T, S, D, heads, H
    (1, 1, 1, 1, 1, 1),
    (1, 4, 2, 6, 3, 2),
    (3, 1, 5, 4, 1, 7),
    (2, 5, 4, 8, 4, 16),
    (4, 9, 7, 8, 2, 5),
]
every_kind = pytest.mark.parametrize("kind", LAYERS)
every_size = pytest.mark.parametrize("size", SIZES, ids=str)
both_places = pytest.mark.parametrize("norm_first", [False, True], ids=["norm after", "norm first"])


def assert_close(ours, theirs, name=""):
    theirs = theirs.detach().numpy()
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12 * max(1, np.abs(theirs).max()), err_msg=name)


def torch_masks(kind, mask, counts):
    """The masks in torch's own words: its arguments have other names, and True is what may not be attended to."""
    T = len(counts[0])
    hidden = [torch.tensor(~count.T) for count in counts]
    own = "src" if kind == "encoder" else "tgt"
    masks = {}
    if mask in ("causal", "both"):
        masks["src_mask" if kind == "encoder" else "tgt_mask"] = torch.ones(T, T, dtype=torch.bool).triu(1)
    if mask in ("padding", "both"):
        masks[f"{own}_key_padding_mask"] = hidden[0]
        if kind == "decoder":
            masks["memory_key_padding_mask"] = hidden[1]
    return masks


@every_kind
@every_size
@both_places
@pytest.mark.parametrize("activation", ["relu", "gelu"])
@pytest.mark.parametrize("mask", ["none", "causal", "padding", "both"])
def test_a_layer_equals_torchs(draw_transformer, kind, size, norm_first, activation, mask):
    inputs, params, heads, masks, counts, dy = draw_transformer(kind, size, mask)
    forward, backward = LAYERS[kind]
    y, _, cache = forward(*inputs, params, heads, *masks, norm_first=norm_first, activation=activation)
    *dinputs, grads = backward(dy, cache, params)

    layer = layer_to_torch(params, heads, norm_first, activation)
    tensors = [torch.tensor(array, requires_grad=True) for array in inputs]
    theirs = layer(*tensors, **torch_masks(kind, mask, counts))
    theirs.backward(torch.tensor(dy))
    assert_close(y, theirs)
    for ours, tensor in zip(dinputs, tensors, strict=True):
        assert_close(ours, tensor.grad)
    for (name, ours), (_, their) in zip(
        named_arrays(grads), named_arrays(layer_from_torch(layer, gradients=True)), strict=True
    ):
        assert_close(ours, torch.tensor(their), name)

    layer.eval()  # where torch takes a road of its own
    with torch.no_grad():
        evaluated = layer(*tensors, **torch_masks(kind, mask, counts))
    assert_close(y, evaluated)


@both_places
@pytest.mark.parametrize("layers", [1, 3])
def test_the_whole_body_equals_torchs(draw_transformer, norm_first, layers):
    size = (2, 5, 4, 8, 2, 6)
    (x, source), _, heads, (mask, memory_mask), counts, dy = draw_transformer("decoder", size, "both")
    rng = np.random.default_rng(layers)
    both = [
        map_params(lambda p: p + rng.standard_normal(p.shape) / 3, init(rng, 8, 6, layers, norm_first))
        for init in (init_encoder, init_decoder)
    ]
    options = {"norm_first": norm_first, "activation": "gelu"}
    memory, _, encoder_cache = encoder(source, both[0], heads, memory_mask, **options)
    y, weights, decoder_cache = decoder(x, memory, both[1], heads, mask, memory_mask, **options)
    assert len(weights) == layers
    dx, dmemory, decoder_grads = decoder_backward(dy, decoder_cache, both[1])
    dsource, encoder_grads = encoder_backward(dmemory, encoder_cache, both[0])

    stacks = [[layer_to_torch(layer, heads, **options) for layer in params.layers] for params in both]
    norms = [torch_norm(params.norm) for params in both]
    tensors = [torch.tensor(array, requires_grad=True) for array in (source, x)]
    a, c = tensors
    for layer in stacks[0]:
        a = layer(a, src_key_padding_mask=torch.tensor(~counts[1].T))
    a = norms[0](a)
    for layer in stacks[1]:
        c = layer(c, a, **torch_masks("decoder", "both", counts))
    c = norms[1](c)
    c.backward(torch.tensor(dy))

    assert_close(memory, a)
    assert_close(y, c)
    assert_close(dsource, tensors[0].grad)
    assert_close(dx, tensors[1].grad)
    for grads, stack, norm in zip((encoder_grads, decoder_grads), stacks, norms, strict=True):
        last = NormParams(norm.weight.grad.numpy(), norm.bias.grad.numpy()) if norm_first else ()
        theirs = StackParams(tuple(layer_from_torch(layer, gradients=True) for layer in stack), last)
        for (name, ours), (_, their) in zip(named_arrays(grads), named_arrays(theirs), strict=True):
            assert_close(ours, torch.tensor(their), name)


def torch_norm(norm):
    if not norm:
        return torch.nn.Identity()
    module = torch.nn.LayerNorm(len(norm.scale), dtype=torch.float64)
    module.load_state_dict({"weight": torch.tensor(norm.scale), "bias": torch.tensor(norm.shift)})
    return module


@every_kind
@both_places
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_there_and_back_is_the_same(draw_transformer, kind, norm_first, dtype):
    _, params, heads, *_ = draw_transformer(kind, (2, 3, 4, 6, 3, 5), dtype=dtype)
    layer = layer_to_torch(params, heads, norm_first, "gelu")
    assert layer.self_attn.num_heads == heads
    assert layer.norm_first == norm_first
    back = layer_from_torch(layer)
    assert type(back) is type(params)
    for (name, a), (name_back, b) in zip(named_arrays(params), named_arrays(back), strict=True):
        assert name == name_back
        assert a.dtype == b.dtype
        np.testing.assert_array_equal(a, b)
        b[:] = 7  # copies
    np.testing.assert_array_equal(layer_from_torch(layer).feed_forward.hidden.W, params.feed_forward.hidden.W)


@both_places
def test_torchs_own_weights_compute_the_same_here(rng, norm_first):
    torch.manual_seed(0)
    layer = torch.nn.TransformerEncoderLayer(
        6, 2, 5, dropout=0.0, batch_first=True, norm_first=norm_first, dtype=torch.float64
    )
    x = rng.standard_normal((2, 4, 6))
    y, _, _ = encoder_layer(x, layer_from_torch(layer), 2, norm_first=norm_first)
    assert_close(y, layer(torch.tensor(x)))


def test_other_modules_and_params_are_errors():
    kinds = torch.nn.TransformerEncoderLayer, torch.nn.TransformerDecoderLayer
    for module in (
        torch.nn.Linear(2, 2),
        *(kind(2, 1, bias=False) for kind in kinds),
        *(kind(2, 1, layer_norm_eps=1e-6) for kind in kinds),
    ):
        with pytest.raises(ValueError, match="expected a TransformerEncoderLayer or TransformerDecoderLayer"):
            layer_from_torch(module)
    params = init_encoder_layer(np.random.default_rng(0), 4, 3)
    with pytest.raises(ValueError, match="params has NormParams, expected EncoderLayerParams or DecoderLayerParams"):
        layer_to_torch(init_norm(3), 1)
    with pytest.raises(ValueError, match="heads is 3, expected a number that divides D = 4"):
        layer_to_torch(params, 3)
    with pytest.raises(ValueError, match="activation is 'tanh'"):
        layer_to_torch(params, 2, activation="tanh")
