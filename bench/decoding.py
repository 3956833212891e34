"""Beam search over a small GPT-2 with a key-value cache: helpers.decoding against transformers' generate.

transformers is no requirement of the book, so this script runs in the environment that `make bench` makes in
.venv-bench. Once it is made,

    PYTHONPATH=. .venv-bench/bin/python bench/decoding.py

runs this script alone. Both sides have the same random weights, float32, one thread, a beam of width 5, the same
prompts, and are asked for the same outputs with nothing that ends them early. That all five hypotheses of every source
are the same, with the same scores, is asserted. They are measured in turn, in time of the processor, so that other work
on the machine counts little.

The model here is NumPy. What a hypothesis remembers is not its keys and values, but where they stand: every step
appends the keys and values of its N tokens to one cache, and the state (N, T) holds for each hypothesis the places of
its T tokens. So when the search selects hypotheses, it copies integers; what hypotheses share is stored once.
"""

import os
from time import process_time
from typing import NamedTuple

if __name__ == "__main__":  # fixed before NumPy is loaded
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")

import numpy as np
from in_turn import in_turn

from helpers.core.numerics import log_softmax, softmax
from helpers.decoding.beam import beam_search

WIDTH, PROMPT = 5, 4
LAYERS, D, HEADS, POSITIONS = 2, 64, 4, 128
VOCABULARIES, BATCHES, LENGTHS = (200, 1000), (1, 8), (32, 64)
START, NEVER = 0, -1  # the last token of every prompt; an end that no output has
SECONDS = 4.0  # for each row
EPSILON = 1e-5  # of layer norm, as transformers has it


class Block(NamedTuple):
    """The weights of one layer of GPT-2, in the order of transformers' names."""

    ln_1_weight: np.ndarray  # (D,)
    ln_1_bias: np.ndarray
    W_qkv: np.ndarray  # (D, 3D)
    b_qkv: np.ndarray
    W_o: np.ndarray  # (D, D)
    b_o: np.ndarray
    ln_2_weight: np.ndarray
    ln_2_bias: np.ndarray
    W_1: np.ndarray  # (D, 4D)
    b_1: np.ndarray
    W_2: np.ndarray  # (4D, D)
    b_2: np.ndarray


class GPT(NamedTuple):
    """The weights of a GPT-2."""

    tokens: np.ndarray  # (V, D)
    output: np.ndarray  # (D, V), the same transposed
    positions: np.ndarray  # (POSITIONS, D)
    blocks: tuple[Block, ...]
    ln_f_weight: np.ndarray
    ln_f_bias: np.ndarray


class Row(NamedTuple):
    V: int
    B: int
    length: int
    ours: float  # tokens/s of the outputs: B · length by the median time
    theirs: float

    @property
    def ratio(self):
        return self.ours / self.theirs


def layer_norm(x, weight, bias):
    """(x − mean) / √(variance + ε) · weight + bias, over the last axis."""
    x = x - x.mean(axis=-1, keepdims=True)
    variance = np.einsum("nd,nd->n", x, x)[:, None] / x.shape[-1]
    return x / np.sqrt(variance + x.dtype.type(EPSILON)) * weight + bias


def gelu(x):
    """½ x (1 + tanh(√(2/π) (x + 0.044715 x³)))."""
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi).astype(x.dtype) * (x + 0.044715 * x * x * x)))


def cached_step(gpt, heads, capacity):
    """A `step` for the searches whose state is for each hypothesis the places of its tokens in one cache.

    Parameters
    ----------
    gpt : GPT
    heads : int
    capacity : int
        Tokens that all hypotheses together will read at most.

    Returns
    -------
    step : function
        ``step(tokens (N,), places (N, T)) -> log_probs (N, V), places (N, T + 1)``. It begins with places (B, 0).
        Hypotheses of different sources share the cache, and no place is ever written twice, so a state stays right
        whatever is read after it.
    """
    shape = (len(gpt.blocks), capacity, len(gpt.ln_f_weight))
    keys, values = np.empty(shape, gpt.tokens.dtype), np.empty(shape, gpt.tokens.dtype)
    used = 0

    def step(tokens, places):
        nonlocal used
        fresh = slice(used, used + len(tokens))
        used += len(tokens)
        places = np.column_stack([places, np.arange(fresh.start, used)])
        x = gpt.tokens[tokens] + gpt.positions[places.shape[1] - 1]
        for block, layer_keys, layer_values in zip(gpt.blocks, keys, values, strict=True):
            normed = layer_norm(x, block.ln_1_weight, block.ln_1_bias)
            q, layer_keys[fresh], layer_values[fresh] = np.split(normed @ block.W_qkv + block.b_qkv, 3, axis=1)
            attended = attend(q, layer_keys.take(places, axis=0), layer_values.take(places, axis=0), heads)
            x = x + attended @ block.W_o + block.b_o
            normed = layer_norm(x, block.ln_2_weight, block.ln_2_bias)
            x = x + gelu(normed @ block.W_1 + block.b_1) @ block.W_2 + block.b_2
        return log_softmax(layer_norm(x, gpt.ln_f_weight, gpt.ln_f_bias) @ gpt.output), places

    return step


def attend(q, k, v, heads):
    """softmax(q kᵀ / √d) v in each head: one query q (N, D) over k and v (N, T, D)."""
    N, T, D = k.shape
    d = D // heads
    q = q.reshape(N, heads, 1, d)
    k, v = (x.reshape(N, T, heads, d).swapaxes(1, 2) for x in (k, v))
    weights = softmax(q @ k.swapaxes(2, 3) / np.sqrt(d).astype(q.dtype))  # (N, heads, 1, T)
    return (weights @ v).reshape(N, D)


def read_prompts(step, prompts):
    """The state after prompts (B, P), but for their last token, which the search reads as `<start>`."""
    places = np.zeros((len(prompts), 0), np.int64)
    for tokens in prompts[:, :-1].T:
        _, places = step(tokens, places)
    return places


def make_models(V):
    """transformers' GPT-2 with random weights, and the same weights for `cached_step`."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    sizes = {"vocab_size": V, "n_positions": POSITIONS, "n_embd": D, "n_layer": LAYERS, "n_head": HEADS}
    # Initial weights of 0.02 would make all tokens nearly equal, and rounding would choose among them.
    config = GPT2Config(**sizes, initializer_range=0.2, bos_token_id=None, eos_token_id=None, pad_token_id=None)
    theirs = GPT2LMHeadModel(config).eval()
    arrays = {name: tensor.numpy() for name, tensor in theirs.transformer.state_dict().items()}
    blocks = tuple(Block(*(arrays[name] for name in arrays if name.startswith(f"h.{n}."))) for n in range(LAYERS))
    tokens = arrays["wte.weight"]
    ours = GPT(tokens, tokens.T.copy(), arrays["wpe.weight"], blocks, arrays["ln_f.weight"], arrays["ln_f.bias"])
    return ours, theirs


def make_searches(V, B, length):
    """Two functions that do the same work: ours, and transformers' generate."""
    import torch

    gpt, model = make_models(V)
    prompts = np.random.default_rng(B).integers(1, V, (B, PROMPT))
    prompts[:, -1] = START
    inputs = torch.from_numpy(prompts)
    options = {"num_beams": WIDTH, "num_return_sequences": WIDTH, "do_sample": False, "use_cache": True}
    options |= {"max_new_tokens": length, "length_penalty": 1.0, "pad_token_id": 0}

    def ours():
        step = cached_step(gpt, HEADS, B * (PROMPT + WIDTH * length))
        return beam_search(step, read_prompts(step, prompts), START, NEVER, WIDTH, length, alpha=1.0)

    def theirs(**more):
        with torch.inference_mode():
            return model.generate(inputs, attention_mask=torch.ones_like(inputs), **options, **more)

    return ours, theirs


def assert_same(ours, theirs):
    """All hypotheses of all sources are the same, in the same order, with scores that are equal to 1e-5."""
    ours = [each for found in ours() for each in found]
    theirs = theirs(return_dict_in_generate=True, output_scores=True)
    np.testing.assert_array_equal([each.tokens for each in ours], theirs.sequences[:, PROMPT:])
    np.testing.assert_allclose([each.score for each in ours], theirs.sequences_scores, rtol=1e-5)


def measure(V, B, length, seconds=SECONDS):
    """A `Row`, after asserting that both find the same."""
    ours, theirs = make_searches(V, B, length)
    assert_same(ours, theirs)
    return Row(V, B, length, *(B * length / s for s in in_turn([ours, theirs], seconds, clock=process_time)))


def main():
    import torch

    torch.set_num_threads(1)
    print("    V    B  length  ours, tokens/s  generate, tokens/s  ours/generate", flush=True)
    for V in VOCABULARIES:
        for B in BATCHES:
            for length in LENGTHS:
                row = measure(V, B, length)
                print(f"{V:5d} {B:4d} {length:7d} {row.ours:15.0f} {row.theirs:19.0f} {row.ratio:14.1f}", flush=True)


if __name__ == "__main__":
    main()
