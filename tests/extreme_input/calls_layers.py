"""Valid calls of helpers.layers."""

from importlib import import_module

import numpy as np
import torch

from helpers.core.params import map_params
from helpers.layers import embedding as table
from helpers.layers import linear as map_
from helpers.layers import losses
from helpers.layers import recurrent as r
from helpers.layers.recurrent import fast, stack
from helpers.layers.recurrent import torch_weights as recurrent_torch
from helpers.layers.recurrent.gru import GRUStep
from helpers.layers.recurrent.lstm import LSTMStep
from helpers.layers.transformer import costs, norms, positions, stacks
from helpers.layers.transformer import torch_weights as layer_torch
from tests.extreme_input.calls import Call, normal

# Modules: in their packages some of these names are functions.
additive, kernel_regression, masks, multi_head, multiplicative, torch_weights = (
    import_module(f"helpers.layers.attention.{name}")
    for name in ("additive", "kernel_regression", "masks", "multi_head", "multiplicative", "torch_weights")
)
fast_attention, dot, look = (
    import_module(f"helpers.layers.attention.{name}") for name in ("fast", "scaled_dot_product", "soft_look_up")
)
encoder_layer, decoder_layer, feed_forward, key_value_cache, residual = (
    import_module(f"helpers.layers.transformer.{name}")
    for name in ("encoder_layer", "decoder_layer", "feed_forward", "key_value_cache", "residual")
)

T, S, B, D, H, V, K = 3, 4, 2, 4, 3, 5, 2


def there_and_back(forward, backward, *gradients, others=1):
    """Call the forward pass, and with its cache the backward pass; the gradients are arguments by these names."""

    def both(**arguments):
        given = [arguments.pop(name) for name in gradients]
        *_, cache = forward(**arguments)
        return backward(*given, cache, arguments["params"]) if "params" in arguments else backward(*given, cache)

    return both


def _draw(rng, params):
    """Parameters with ordinary numbers, biases too."""
    return map_params(lambda a: rng.standard_normal(a.shape), params)


def _rnn(rng):
    return {
        "x": normal(rng, T, B, D),
        "state": (normal(rng, B, H),),
        "params": r.RNNParams(normal(rng, D, H), normal(rng, H, H), normal(rng, H)),
    }


def _lstm_params(rng):
    return r.LSTMParams(normal(rng, D, 4 * H), normal(rng, H, 4 * H), normal(rng, 4 * H))


def _lstm(rng):
    return {"x": normal(rng, T, B, D), "state": (normal(rng, B, H), normal(rng, B, H)), "params": _lstm_params(rng)}


def _gru_params(rng):
    return r.GRUParams(normal(rng, D, 3 * H), normal(rng, H, 3 * H), normal(rng, 3 * H), normal(rng, 3 * H))


def _gru(rng):
    return {"x": normal(rng, T, B, D), "state": (normal(rng, B, H),), "params": _gru_params(rng)}


def _back(forward):
    def arguments(rng):
        given = forward(rng)
        return given | {"dh": normal(rng, T, B, H), "dstate": tuple(normal(rng, B, H) for _ in given["state"])}

    return arguments


def _qkv(rng):
    return {"q": normal(rng, B, T, D), "k": normal(rng, B, S, D), "v": normal(rng, B, S, H)}


def _masked(rng):
    return _qkv(rng) | {"mask": rng.random((T, S)) < 0.6}


def _linear(rng):
    return {"x": normal(rng, 2, D), "params": map_.LinearParams(normal(rng, D, V), normal(rng, V))}


def _logits(rng):
    return {"logits": normal(rng, T, B, V), "targets": rng.integers(V, size=(T, B)), "mask": rng.random((T, B)) < 0.8}


def _heads(rng):
    params = _draw(rng, multi_head.init_multi_head(rng, D))
    return {
        "queries": normal(rng, B, T, D),
        "memory": normal(rng, B, S, D),
        "params": params,
        "heads": K,
        "mask": rng.random((T, S)) < 0.7,
    }


def _self(rng):
    params = _draw(rng, multi_head.init_multi_head(rng, D))
    return {"x": normal(rng, B, T, D), "params": params, "heads": K, "mask": masks.causal_mask(T)}


def _encoder_layer(rng, **more):
    params = _draw(rng, encoder_layer.init_encoder_layer(rng, D, H))
    return {"x": normal(rng, B, T, D), "params": params, "heads": K, "mask": masks.causal_mask(T), **more}


def _decoder_layer(rng, **more):
    params = _draw(rng, decoder_layer.init_decoder_layer(rng, D, H))
    return {
        "x": normal(rng, B, T, D),
        "memory": normal(rng, B, S, D),
        "params": params,
        "heads": K,
        "mask": masks.causal_mask(T),
        "memory_mask": rng.random((1, S)) < 0.9,
        **more,
    }


def _encoder(rng, **more):
    params = _draw(rng, stacks.init_encoder(rng, D, H, 2, norm_first=True))
    return {
        "x": normal(rng, B, T, D),
        "params": params,
        "heads": K,
        "mask": masks.causal_mask(T),
        "norm_first": True,
        **more,
    }


def _decoder(rng):
    params = _draw(rng, stacks.init_decoder(rng, D, H, 1, norm_first=True))
    return {
        "x": normal(rng, B, T, D),
        "memory": normal(rng, B, S, D),
        "params": params,
        "heads": K,
        "mask": masks.causal_mask(T),
        "norm_first": True,
    }


def _step(rng):
    params = _draw(rng, decoder_layer.init_decoder_layer(rng, D, H))
    state = key_value_cache.first_decoder_layer_state(normal(rng, B, S, D), params, K)
    return {"x_t": normal(rng, B, D), "state": state, "params": params, "heads": K}


def _norm(rng):
    return norms.NormParams(normal(rng, D), normal(rng, D))


def _through_linear(rng):
    return {
        "x": normal(rng, B, D),
        "params": map_.LinearParams(normal(rng, D, D), normal(rng, D)),
        "norm": _norm(rng),
        "norm_first": True,
    }


def _residual(x, params, norm, norm_first):
    return residual.residual(x, lambda x: map_.linear(x, params), norm, norm_first)


def _residual_backward(dy, x, params, norm, norm_first):
    *_, cache = _residual(x, params, norm, norm_first)
    return residual.residual_backward(dy, cache, map_.linear_backward, params, norm)


def _gru_after_backward(dz, dn, x_t, h, params):
    step = GRUStep(h, *r.gru_reset_after(x_t, h, params))
    return r.gru_reset_after_backward(dz, dn, x_t, step, params)


def _lstm_step_back(dh, dc, x_t, h, c, params):
    i, f, g, o = r.lstm_step_gates(x_t, h, params)
    return r.lstm_step_backward(dh, dc, LSTMStep(h, c, i, f, g, o, f * c + i * g))


def _attends(arguments, result):
    """Weights of attention: rows that sum to 1, or to 0 where nothing may be attended to."""
    sums = np.asarray(result[1], np.float64).sum(axis=-1)
    return None if np.all((np.abs(sums - 1) < 0.02) | (sums == 0)) else f"rows of weights sum to {sums.ravel()[:3]}"


def _positive_cost(arguments, result):
    return None if all(isinstance(n, int) and n > 0 for n in np.atleast_1d(result).tolist()) else f"a cost of {result}"


_fixed = {"fixed": ("f",)}


CALLS = [
    Call(map_.linear, _linear),
    Call(map_.init_linear, lambda rng: {"rng": rng, "D": D, "V": V, "dtype": np.float64}, own_dtype=True),
    Call(
        map_.linear_backward,
        lambda rng: _linear(rng) | {"dy": normal(rng, 2, V)},
        left=("x",),
        via=there_and_back(map_.linear, map_.linear_backward, "dy"),
    ),
    Call(table.one_hot, lambda rng: {"ids": rng.integers(V, size=(2, 3)), "V": V, "dtype": np.float64}),
    Call(table.bag_of_words, lambda rng: {"ids": rng.integers(V, size=3), "V": V, "dtype": np.float64}),
    Call(table.embedding, lambda rng: {"ids": rng.integers(V, size=(2, 3)), "E": normal(rng, V, D)}),
    Call(
        table.embedding_backward,
        lambda rng: {"dx": normal(rng, 2, 3, D), "ids": rng.integers(V, size=(2, 3)), "E": normal(rng, V, D)},
        via=lambda dx, ids, E: table.embedding_backward(dx, table.embedding(ids, E)[1], E),
        left=("ids",),
    ),
    Call(table.unit_rows, lambda rng: {"x": normal(rng, 2, D)}),
    Call(table.cosine_similarities, lambda rng: {"x": normal(rng, 2, D), "E": normal(rng, V, D)}),
    Call(
        table.nearest_neighbours, lambda rng: {"x": normal(rng, D), "E": normal(rng, V, D), "n": 2, "exclude": (0, 1)}
    ),
    Call(losses.cross_entropy, _logits, judge=lambda a, x: None if x[0] >= 0 else f"a loss of {x[0]}"),
    Call(losses.summed_cross_entropy, _logits, judge=lambda a, x: None if x[0] >= 0 else f"a loss of {x[0]}"),
    Call(
        losses.cross_entropy_backward,
        _logits,
        via=lambda **a: losses.cross_entropy_backward(losses.cross_entropy(**a)[1]),
    ),
    # attention
    Call(dot.attention, _masked, _attends),
    Call(dot.attention, lambda rng: _qkv(rng) | {"scale": 0.7}, _attends),
    Call(
        dot.attention_backward,
        rounds=True,
        arguments=lambda rng: _masked(rng) | {"dout": normal(rng, B, T, H)},
        left=("q", "k", "v", "mask"),
        via=there_and_back(dot.attention, dot.attention_backward, "dout"),
    ),
    Call(fast_attention.fast_attention, _masked, _attends),
    Call(
        fast_attention.fast_attention_backward,
        rounds=True,
        arguments=lambda rng: _masked(rng) | {"dout": normal(rng, B, T, H)},
        left=("q", "k", "v", "mask"),
        via=there_and_back(fast_attention.fast_attention, fast_attention.fast_attention_backward, "dout"),
    ),
    Call(
        look.look_up,
        lambda rng: {"scores": normal(rng, B, T, S), "v": normal(rng, B, S, H), "mask": rng.random((T, S)) < 0.6},
        _attends,
    ),
    Call(
        look.look_up_backward,
        lambda rng: {"scores": normal(rng, B, T, S), "v": normal(rng, B, S, H), "dout": normal(rng, B, T, H)},
        left=("scores", "v"),
        via=there_and_back(look.look_up, look.look_up_backward, "dout"),
    ),
    Call(kernel_regression.kernel_regression, lambda rng: _masked(rng) | {"width": 0.7}, _attends, rounds=True),
    Call(masks.causal_mask, lambda rng: {"T": T, "S": S}),
    Call(masks.padding_mask, lambda rng: {"counts": np.arange(S)[:, None] < [2, 4]}),
    Call(masks.causal_padding_mask, lambda rng: {"counts": np.arange(S)[:, None] < [2, 4]}),
    Call(
        additive.additive_scores,
        lambda rng: {
            "q": normal(rng, B, T, D),
            "keys": normal(rng, B, S, H),
            "params": _draw(rng, additive.init_additive(rng, D, D, H)),
        },
        rounds=True,
    ),
    Call(
        additive.additive_scores_backward,
        lambda rng: {
            "q": normal(rng, B, T, D),
            "keys": normal(rng, B, S, H),
            "params": _draw(rng, additive.init_additive(rng, D, D, H)),
            "dscores": normal(rng, B, T, S),
        },
        left=("q", "keys"),
        via=there_and_back(additive.additive_scores, additive.additive_scores_backward, "dscores"),
    ),
    Call(
        multiplicative.multiplicative_attention,
        lambda rng: _masked(rng) | {"params": multiplicative.MultiplicativeParams(normal(rng, D, D))},
        _attends,
    ),
    Call(multi_head.init_multi_head, lambda rng: {"rng": rng, "D": D, "D_m": H, "dtype": np.float64}, own_dtype=True),
    Call(multi_head.multi_head, rounds=True, arguments=_heads, judge=_attends),
    Call(
        multi_head.multi_head_backward,
        rounds=True,
        arguments=lambda rng: _heads(rng) | {"dout": normal(rng, B, T, D)},
        left=("queries", "memory", "mask", "heads"),
        via=there_and_back(multi_head.multi_head, multi_head.multi_head_backward, "dout"),
    ),
    Call(multi_head.self_attention, rounds=True, arguments=_self, judge=_attends),
    Call(
        multi_head.self_attention_backward,
        rounds=True,
        arguments=lambda rng: _self(rng) | {"dout": normal(rng, B, T, D)},
        left=("x", "mask", "heads"),
        via=there_and_back(multi_head.self_attention, multi_head.self_attention_backward, "dout"),
    ),
    Call(
        torch_weights.multi_head_to_torch,
        lambda rng: {"params": _draw(rng, multi_head.init_multi_head(rng, D)), "heads": K},
        own_dtype=True,
    ),
    Call(
        torch_weights.multi_head_from_torch,
        lambda rng: {"module": torch.nn.MultiheadAttention(D, K), "gradients": False},
        own_dtype=True,
    ),
    # recurrent
    Call(r.init_rnn, lambda rng: {"rng": rng, "D": D, "W_hh": normal(rng, H, H)}, own_dtype=True),
    Call(r.rnn, lambda rng: _rnn(rng) | {"activation": "tanh"}),
    Call(r.rnn, lambda rng: _rnn(rng) | {"activation": "relu"}),
    Call(r.rnn_backward, _back(_rnn), left=("x", "state"), via=there_and_back(r.rnn, r.rnn_backward, "dh", "dstate")),
    Call(
        r.rnn_state_gradients,
        _back(_rnn),
        left=("x", "state"),
        via=there_and_back(r.rnn, r.rnn_state_gradients, "dh", "dstate"),
    ),
    Call(
        r.rnn_step_gradients,
        _back(_rnn),
        left=("x", "state"),
        via=there_and_back(r.rnn, r.rnn_step_gradients, "dh", "dstate"),
    ),
    Call(
        r.rnn_jacobian,
        lambda rng: {"h_t": np.tanh(normal(rng, B, H)), "params": _rnn(rng)["params"], "activation": "tanh"},
    ),
    Call(r.zero_state, lambda rng: {"B": B, "params": _rnn(rng)["params"]}),
    Call(fast.fast_rnn, _rnn),
    Call(
        fast.fast_rnn_backward,
        _back(_rnn),
        left=("x", "state"),
        via=there_and_back(fast.fast_rnn, fast.fast_rnn_backward, "dh", "dstate"),
    ),
    Call(
        r.init_lstm, lambda rng: {"rng": rng, "D": D, "H": H, "forget_bias": 1.0, "dtype": np.float64}, own_dtype=True
    ),
    Call(r.lstm, lambda rng: _lstm(rng) | _fixed, rounds=True),
    Call(
        r.lstm_backward,
        lambda rng: _back(_lstm)(rng),
        left=("x", "state"),
        via=there_and_back(r.lstm, r.lstm_backward, "dh", "dstate"),
        rounds=True,
    ),
    Call(r.lstm_gates, lambda rng: _lstm(rng) | _fixed, rounds=True),
    Call(
        r.lstm_gradient_paths,
        lambda rng: {"x": normal(rng, T, B, D), "dc_T": normal(rng, B, H), "params": _lstm_params(rng)},
        rounds=True,
    ),
    Call(
        r.lstm_step,
        lambda rng: (
            {"x_t": normal(rng, B, D), "state": (normal(rng, B, H), normal(rng, B, H)), "params": _lstm_params(rng)}
            | _fixed
        ),
        rounds=True,
    ),
    Call(
        r.lstm_step_gates,
        lambda rng: {"x_t": normal(rng, B, D), "h": normal(rng, B, H), "params": _lstm_params(rng)} | _fixed,
        rounds=True,
    ),
    Call(
        r.lstm_step_backward,
        lambda rng: {
            "dh": normal(rng, B, H),
            "dc": normal(rng, B, H),
            "x_t": normal(rng, B, D),
            "h": normal(rng, B, H),
            "c": normal(rng, B, H),
            "params": _lstm_params(rng),
        },
        via=_lstm_step_back,
        left=("x_t", "h", "c", "params"),
    ),
    Call(r.zero_lstm_state, lambda rng: {"B": B, "params": _lstm_params(rng)}),
    Call(fast.fast_lstm, lambda rng: _lstm(rng) | _fixed, rounds=True),
    Call(
        fast.fast_lstm_backward,
        lambda rng: _back(_lstm)(rng),
        left=("x", "state"),
        via=there_and_back(fast.fast_lstm, fast.fast_lstm_backward, "dh", "dstate"),
        rounds=True,
    ),
    Call(r.init_gru, lambda rng: {"rng": rng, "D": D, "H": H, "dtype": np.float64}, own_dtype=True),
    Call(r.gru, lambda rng: _gru(rng) | {"reset_before": False}, rounds=True),
    Call(r.gru, lambda rng: _gru(rng) | {"reset_before": True}, rounds=True),
    Call(
        r.gru_backward,
        _back(_gru),
        left=("x", "state"),
        via=there_and_back(r.gru, r.gru_backward, "dh", "dstate"),
        rounds=True,
    ),
    Call(r.gru_gates, _gru, rounds=True),
    Call(
        r.gru_step,
        lambda rng: {"x_t": normal(rng, B, D), "state": (normal(rng, B, H),), "params": _gru_params(rng)},
        rounds=True,
    ),
    Call(
        r.gru_reset_after,
        lambda rng: {"x_t": normal(rng, B, D), "h": normal(rng, B, H), "params": _gru_params(rng)},
        rounds=True,
    ),
    Call(
        r.gru_reset_after_backward,
        lambda rng: {
            "dz": normal(rng, B, H),
            "dn": normal(rng, B, H),
            "x_t": normal(rng, B, D),
            "h": normal(rng, B, H),
            "params": _gru_params(rng),
        },
        via=_gru_after_backward,
        left=("h",),
    ),
    Call(fast.fast_gru, _gru, rounds=True),
    Call(
        fast.fast_gru_backward,
        _back(_gru),
        left=("x", "state"),
        via=there_and_back(fast.fast_gru, fast.fast_gru_backward, "dh", "dstate"),
        rounds=True,
    ),
    Call(r.repeat_state, lambda rng: {"state_0": (normal(rng, H),), "B": B}),
    Call(r.repeat_state_backward, lambda rng: {"dstate": (normal(rng, B, H),)}),
    Call(stack.cell_named, lambda rng: {"name": "lstm"}),
    Call(recurrent_torch.to_torch, lambda rng: {"params": _lstm_params(rng), "cell": "lstm"}, own_dtype=True),
    Call(
        recurrent_torch.difference_from_torch,
        lambda rng: {"forward": r.gru, "backward": r.gru_backward, **_gru(rng), "dh": normal(rng, T, B, H)},
        own_dtype=True,
    ),
    # transformer
    Call(norms.init_norm, lambda rng: {"D": D, "dtype": np.float64}, own_dtype=True),
    Call(norms.layer_norm, lambda rng: {"x": normal(rng, B, D), "params": _norm(rng), "eps": 1e-5}),
    Call(
        norms.layer_norm_backward,
        lambda rng: {"x": normal(rng, B, D), "params": _norm(rng), "dy": normal(rng, B, D)},
        left=("x",),
        via=there_and_back(norms.layer_norm, norms.layer_norm_backward, "dy"),
    ),
    Call(norms.rms_norm, lambda rng: {"x": normal(rng, B, D), "scale": normal(rng, D), "eps": 1e-5}),
    Call(
        feed_forward.feed_forward,
        lambda rng: {
            "x": normal(rng, B, D),
            "params": _draw(rng, feed_forward.init_feed_forward(rng, D, H)),
            "activation": "gelu",
        },
    ),
    Call(residual.residual, lambda rng: _through_linear(rng), via=_residual),
    Call(
        residual.residual_backward,
        lambda rng: _through_linear(rng) | {"dy": normal(rng, B, D)},
        via=_residual_backward,
        left=("x", "params"),
    ),
    Call(
        encoder_layer.init_encoder_layer, lambda rng: {"rng": rng, "D": D, "H": H, "dtype": np.float64}, own_dtype=True
    ),
    Call(
        encoder_layer.encoder_layer,
        rounds=True,
        arguments=lambda rng: _encoder_layer(rng, norm_first=False, activation="relu"),
        judge=_attends,
    ),
    Call(
        encoder_layer.encoder_layer,
        rounds=True,
        arguments=lambda rng: _encoder_layer(rng, norm_first=True, activation="gelu"),
        judge=_attends,
    ),
    Call(
        encoder_layer.encoder_layer_backward,
        rounds=True,
        arguments=lambda rng: _encoder_layer(rng, dy=normal(rng, B, T, D)),
        left=("x", "heads", "mask"),
        via=there_and_back(encoder_layer.encoder_layer, encoder_layer.encoder_layer_backward, "dy"),
    ),
    Call(
        decoder_layer.init_decoder_layer, lambda rng: {"rng": rng, "D": D, "H": H, "dtype": np.float64}, own_dtype=True
    ),
    Call(
        decoder_layer.decoder_layer,
        rounds=True,
        arguments=lambda rng: _decoder_layer(rng, norm_first=False, activation="relu"),
    ),
    Call(
        decoder_layer.decoder_layer_backward,
        rounds=True,
        arguments=lambda rng: _decoder_layer(rng, dy=normal(rng, B, T, D)),
        left=("x", "memory", "heads", "mask", "memory_mask"),
        via=there_and_back(decoder_layer.decoder_layer, decoder_layer.decoder_layer_backward, "dy"),
    ),
    Call(
        stacks.init_encoder,
        lambda rng: {"rng": rng, "D": D, "H": H, "layers": 1, "norm_first": True, "dtype": np.float64},
        own_dtype=True,
    ),
    Call(
        stacks.init_decoder,
        lambda rng: {"rng": rng, "D": D, "H": H, "layers": 1, "norm_first": True, "dtype": np.float64},
        own_dtype=True,
    ),
    Call(stacks.encoder, rounds=True, arguments=_encoder),
    Call(
        stacks.encoder_backward,
        rounds=True,
        arguments=lambda rng: _encoder(rng, dy=normal(rng, B, T, D)),
        left=("x", "heads", "mask", "norm_first", "params"),
        via=there_and_back(stacks.encoder, stacks.encoder_backward, "dy"),
    ),
    Call(stacks.decoder, rounds=True, arguments=_decoder),
    Call(
        key_value_cache.first_decoder_layer_state,
        lambda rng: {"memory": normal(rng, B, S, D), "params": _step(rng)["params"], "heads": K},
    ),
    Call(
        key_value_cache.decoder_layer_step,
        rounds=True,
        arguments=lambda rng: _step(rng) | {"norm_first": True, "activation": "relu"},
    ),
    Call(positions.angular_frequencies, lambda rng: {"D": D, "base": 100.0}),
    Call(positions.sinusoids, lambda rng: {"T": T, "D": D, "base": 100.0, "dtype": np.float64}),
    Call(positions.rotary, lambda rng: {"x": normal(rng, T, D), "positions": np.arange(T), "base": 100.0}),
    Call(costs.encoder_layer_cost, lambda rng: {"T": 5000, "D": 64, "H": 256, "heads": 4}, _positive_cost),
    Call(costs.gru_cost, lambda rng: {"T": 5000, "D": 64, "H": 256}, _positive_cost),
    Call(costs.cached_step_cost, lambda rng: {"t": 5000, "D": 64, "H": 256}, _positive_cost),
    Call(costs.encoder_layer_size, lambda rng: {"D": 64, "H": 256}, _positive_cost),
    Call(costs.decoder_layer_size, lambda rng: {"D": 64, "H": 256}, _positive_cost),
    Call(
        layer_torch.layer_to_torch,
        lambda rng: {"params": _encoder_layer(rng)["params"], "heads": K, "norm_first": True, "activation": "relu"},
        own_dtype=True,
    ),
    Call(
        layer_torch.layer_from_torch,
        lambda rng: {"layer": torch.nn.TransformerEncoderLayer(D, K, H), "gradients": False},
        own_dtype=True,
    ),
]
