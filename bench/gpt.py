"""The mini-GPT against an equally large GPT-2 of transformers, in training; and decoding with and without the cache.

transformers is no requirement of the book, so this script runs in the environment that `make bench` makes in
.venv-bench. Once it is made,

    PYTHONPATH=. .venv-bench/bin/python bench/gpt.py

runs this script alone; without transformers it measures decoding only. Both models have the same weights and no
dropout, and are asserted to have the same loss; both make the same step of the same optimiser. They are measured in
turn, one thread each, and their CPU time is counted, so that it matters little what else the machine does.
"""

import os
from functools import partial
from importlib.util import find_spec
from time import process_time

if __name__ == "__main__":  # fixed before NumPy and torch are loaded
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"

import numpy as np
import torch
from in_turn import in_turn

from helpers.models.gpt_bert.from_transformers import from_transformers
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

V, LAYERS, D, HEADS, T, B = 600, 4, 128, 4, 64, 32
LENGTHS = (64, 128, 256, 512)
SECONDS = 20.0  # for training
TOKENS = 16  # written from each length
TIMES = 20  # of which the median is shown


def make_ours(T_max):
    torch.manual_seed(0)
    return GPT(Sizes(V, D, LAYERS, HEADS, T_max))


def make_theirs():
    """A GPT-2 of transformers, without dropout."""
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    config = GPT2Config(vocab_size=V, n_positions=T, n_embd=D, n_layer=LAYERS, n_head=HEADS, use_cache=False,
                        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=0, eos_token_id=0)  # fmt: skip
    return GPT2LMHeadModel(config).train()


def our_loss(model, tokens):
    return next_token_losses(model, tokens, torch.ones_like(tokens, dtype=torch.bool)).mean()


def their_loss(model, tokens):
    targets = tokens[:, 1:].contiguous()
    return model(input_ids=tokens[:, :-1].contiguous(), labels=targets, shift_labels=targets).loss


def step(model, loss, optimiser, tokens):
    value = loss(model, tokens)
    optimiser.zero_grad()
    value.backward()
    optimiser.step()
    return value.item()


def measure_training(seconds=SECONDS):
    """Tokens for each second of CPU time, (ours, transformers'), after asserting that both lose the same."""
    theirs = make_theirs()
    ours = from_transformers(theirs).train()
    tokens = torch.randint(V, (B, T + 1), generator=torch.Generator().manual_seed(1))
    torch.testing.assert_close(ours(tokens[:, :-1]), theirs(tokens[:, :-1]).logits, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(our_loss(ours, tokens), their_loss(theirs, tokens), rtol=1e-5, atol=0)
    assert count(ours) == count(theirs)
    sides = [
        partial(step, model, loss, torch.optim.AdamW(model.parameters(), lr=1e-3, fused=True), tokens)
        for model, loss in ((ours, our_loss), (theirs, their_loss))
    ]
    return [B * T / s for s in in_turn(sides, seconds, clock=process_time)]


def count(model):
    return sum(weight.numel() for weight in model.parameters())


def write(step, token, state):
    """Log-probabilities after TOKENS steps, each of which reads the same token."""
    for _ in range(TOKENS):
        log_probs, state = step(token, state)
    return log_probs


def measure_decoding(length, times=TIMES):
    """Milliseconds a token for TOKENS more of one sequence of so many, (with the cache, without it)."""
    model = make_ours(max(LENGTHS) + TOKENS)
    read = np.random.default_rng(0).integers(V, size=(1, length))
    caches = read_prompt(model, read[:, :-1], start_cache(model, 1))
    before = torch.cat([start_uncached(model, 1), torch.from_numpy(read[:, :-1])], dim=1)
    sides = [
        partial(write, function, read[:, -1], state)
        for function, state in ((cached_step(model), caches), (uncached_step(model), before))
    ]
    torch.testing.assert_close(*(side() for side in sides), rtol=0, atol=1e-4)
    return [1e3 * s / TOKENS for s in in_turn(sides, least=times, clock=process_time)]


def main():
    torch.set_num_threads(1)
    print(f"{LAYERS} layers, {D} wide, {V} tokens, 1 thread; training in batches of {B} × {T} tokens")
    if find_spec("transformers") is None:
        print("transformers is not installed here: `make bench` runs this script where it is.")
    else:
        ours, theirs = measure_training()
        print("training, tokens/s      ours  transformers  ours/theirs")
        print(f"                   {ours:9,.0f} {theirs:13,.0f} {ours / theirs:12.2f}", flush=True)
    print("decoding, ms/token   cached  uncached  uncached/cached")
    for length in LENGTHS:
        cached, uncached = measure_decoding(length)
        print(f"length {length:5d}        {cached:7.2f} {uncached:9.2f} {uncached / cached:16.1f}", flush=True)


if __name__ == "__main__":
    main()
