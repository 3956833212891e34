"""Ids that have no embedding: a ValueError that names what came, from every model over torch.nn.Embedding."""

import pytest
import torch
from torch import nn

from helpers.models.captioner import Captioner
from helpers.models.gpt_bert.gpt import GPT, cached_step, read_prompt, start_cache
from helpers.models.gpt_bert.trunk import Sizes, Trunk
from helpers.models.seq2seq.torch_model import Seq2Seq
from helpers.models.torch_modules import embed_ids
from helpers.models.transformer.torch_model import Transformer

V = 5
ONES = torch.ones(3, 2, dtype=torch.bool)
RIGHT = torch.zeros(3, 2, dtype=torch.long)


@pytest.mark.parametrize("wrong", [-1, V, 10**12])
def test_an_unknown_id_is_named(wrong):
    tokens = torch.full((3, 2), wrong)
    message = f"spans {wrong} to {wrong}, expected integers from 0 to {V - 1}"
    gpt = GPT(Sizes(V=V, D=8))
    pairs = Trunk(Sizes(V=V, D=8, segments=2), "both ways")
    calls = [
        lambda: gpt(tokens),
        lambda: read_prompt(gpt, tokens, start_cache(gpt, 3)),
        lambda: cached_step(gpt)(tokens[:, 0], start_cache(gpt, 3)),
        lambda: Transformer(V, V, 8, 8)(tokens, ONES, RIGHT),
        lambda: Transformer(V, V, 8, 8)(RIGHT, ONES, tokens),
        lambda: Seq2Seq(V, V, 8, 8)(tokens, ONES, RIGHT),
        lambda: Seq2Seq(V, V, 8, 8)(RIGHT, ONES, tokens),
        lambda: Captioner(V)(torch.zeros(2, 32, 32, 3), tokens),
    ]
    for call in calls:
        with pytest.raises(ValueError, match=message):
            call()
    with pytest.raises(ValueError, match=f"segments spans {wrong} to {wrong}, expected integers from 0 to 1"):
        pairs(RIGHT, segments=tokens)


def test_ids_are_integers():
    table = nn.Embedding(V, 2)
    torch.testing.assert_close(embed_ids("tokens", RIGHT, table), table.weight[0].expand(3, 2, 2))
    for wrong in (RIGHT.double(), RIGHT.bool()):
        with pytest.raises(ValueError, match=f"tokens has dtype {wrong.dtype}, expected int32 or int64"):
            embed_ids("tokens", wrong, table)
