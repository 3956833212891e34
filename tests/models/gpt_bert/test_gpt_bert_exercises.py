"""The exercises of GPT and BERT ask for what the book computes."""

import numpy as np
import pytest

from helpers.data.masking import MaskRule, mask_tokens
from helpers.layers.losses import cross_entropy
from helpers.models.gpt_bert import hide_words_exercise, next_token_loss_exercise


@pytest.mark.parametrize("seed", range(3))
def test_the_next_token_loss_is_the_cross_entropy_of_the_shifted_targets(seed):
    logits, tokens, mask = next_token_loss_exercise.draw(np.random.default_rng(seed))
    expected, _ = cross_entropy(logits[:, :-1], tokens[:, 1:], mask[:, 1:])
    assert np.isclose(next_token_loss_exercise.values(logits, tokens, mask), expected)


def test_hidden_words_have_the_shares_of_the_rule():
    rng, N, mask = np.random.default_rng(0), 100_000, 9
    tokens, chosen = rng.integers(4, mask, N), rng.random(N) < 0.15
    ours = hide_words_exercise.values(tokens, chosen, rng.random(N), rng.integers(4, mask, N))
    theirs, _, where = mask_tokens(tokens, mask, rng, MaskRule(0.15))
    assert (ours[~chosen] == tokens[~chosen]).all()
    for share in (lambda seen, at: (seen[at] == mask).mean(), lambda seen, at: (seen[at] == tokens[at]).mean()):
        assert abs(share(ours, chosen) - share(theirs, where)) < 0.02
