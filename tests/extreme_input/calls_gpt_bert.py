"""Valid calls of what the pages on GPT and BERT reach: read-outs, heads, attention weights, writing with BERT."""

import numpy as np
import torch

from helpers.models import torch_modules
from helpers.models.gpt_bert import fine_tuning, masked_generation, token_heads
from helpers.models.gpt_bert.attention_weights import attention_weights
from tests.extreme_input.calls import DRAWN, Call, normal, not_below_0
from tests.extreme_input.calls_transformers import V, _bert, _gpt, _said

MASK = torch.tensor([[True, True, True, True], [True, True, True, False]])


def _floats(rng, last):
    return torch.tensor(normal(rng, 2, 4, last, dtype=np.float32))


CALLS = [
    Call(
        attention_weights,
        lambda rng: {"trunk": _gpt(V).trunk, "tokens": torch.tensor(rng.integers(V, size=(2, 3)))},
    ),
    Call(torch_modules.as_rows, lambda rng: {"arrays": rng.integers(V, size=(3, 2))}),
    Call(fine_tuning.read_out, lambda rng: {"h": _floats(rng, 3), "mask": MASK, "read": "mean"}, rounds=True),
    Call(
        token_heads.span_losses,
        lambda rng: {
            "logits": _floats(rng, 2),
            "first": torch.tensor([1, 0]),
            "last": torch.tensor([3, 1]),
            "mask": MASK,
        },
        not_below_0,
        rounds=True,
    ),
    Call(masked_generation.pseudo_log_probs, lambda rng: {"model": _bert(), "corpus": _said(rng)}),
    Call(
        masked_generation.gibbs_samples,
        lambda rng: {"model": _bert(), "N": 2, "words": 2, "sweeps": 1, "rng": rng, "T": 1.0},
        **DRAWN,
    ),
]
