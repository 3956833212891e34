import numpy as np
import pytest
import torch

from helpers.core.gradient_check import check_gradients
from helpers.data.tasks.digit_among_letters import SYMBOLS, letters_and_digit, three_questions
from helpers.layers.attention.torch_weights import multi_head_to_torch
from helpers.models.self_attention_tagger import (
    init_self_attention_tagger,
    self_attention_tagger,
    self_attention_tagger_accuracy,
    self_attention_tagger_loss,
    train_self_attention_tagger,
)


@pytest.mark.parametrize(("B", "T", "D", "heads"), [(1, 1, 1, 1), (2, 3, 4, 2), (3, 5, 6, 3)])
def test_gradients(B, T, D, heads):
    rng = np.random.default_rng(0)
    params = init_self_attention_tagger(rng, 4, T, D, 2)
    tokens, targets = rng.integers(4, size=(B, T)), rng.integers(-1, 4, size=(B, T, 2))
    targets[0, 0, 0] = 2  # at least one counts
    _, grads = self_attention_tagger_loss(params, tokens, targets, heads)
    errors = check_gradients(lambda p: self_attention_tagger_loss(p, tokens, targets, heads)[0], params, grads)
    # b_k moves all scores of a query alike, and a single key gets all the weight whatever its score: exactly 0 then,
    # so neither side has digits to compare.
    nothing = ("b_k",) if T > 1 else ("W_q", "b_q", "W_k", "b_k")
    nothing = {f"attention.{name}": getattr(grads.attention, name) for name in nothing}
    assert max(error for name, error in errors.items() if name not in nothing) < 1e-6
    assert max(np.abs(grad).max() for grad in nothing.values()) < 1e-12


def test_it_is_torch_layers_over_tokens_and_places():
    rng = np.random.default_rng(1)
    params = init_self_attention_tagger(rng, 5, 3, 8, 2)
    tokens = rng.integers(5, size=(4, 3))
    x = torch.from_numpy(params.tokens)[torch.from_numpy(tokens)] + torch.from_numpy(params.places)
    found, weights = multi_head_to_torch(params.attention, 2)(x, x, x, average_attn_weights=False)
    logits = found @ torch.from_numpy(params.output.W) + torch.from_numpy(params.output.b)
    ours, our_weights, _ = self_attention_tagger(tokens, params, 2)
    assert ours.shape == (4, 3, 2, 5)
    np.testing.assert_allclose(ours.reshape(4, 3, 10), logits.detach().numpy(), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(our_weights, weights.detach().numpy(), rtol=1e-10, atol=1e-12)


def test_without_places_it_knows_no_order():
    rng = np.random.default_rng(2)
    params = init_self_attention_tagger(rng, 5, 4, 8, 1)
    params = params._replace(places=np.zeros_like(params.places))
    tokens, order = rng.integers(5, size=(2, 4)), np.array([2, 0, 3, 1])
    logits, _, _ = self_attention_tagger(tokens, params, 2)
    moved, _, _ = self_attention_tagger(tokens[:, order], params, 2)
    np.testing.assert_allclose(moved, logits[:, order], rtol=1e-12, atol=1e-12)


def test_accuracy_counts_only_what_has_an_answer():
    params = init_self_attention_tagger(np.random.default_rng(0), 3, 2, 2, 2)
    for array in params.output:
        array[:] = 0
    params.output.b[[1, 3 + 2]] = 1  # always says 1 to the first question, and 2 to the second
    targets = np.array([[[1, 2], [-1, 0]], [[1, 1], [0, 2]]])
    right = self_attention_tagger_accuracy(params, np.zeros((2, 2), int), targets, 1)
    np.testing.assert_allclose(right, [2 / 3, 1 / 2])


def test_it_learns_three_questions():
    rng = np.random.default_rng(0)

    def draw():
        tokens, _ = letters_and_digit(rng, 32, 4)
        return tokens, three_questions(tokens)

    params = init_self_attention_tagger(rng, len(SYMBOLS), 4, 32, 3, np.float32)
    params, history = train_self_attention_tagger(params, draw, 4, steps=250)
    assert history.loss[-1] < 0.1 * history.loss[0]
    assert params.tokens.dtype == np.float32
    assert self_attention_tagger_accuracy(params, *draw(), 4).min() > 0.95


def test_refuses_another_length():
    params = init_self_attention_tagger(np.random.default_rng(0), 3, 4, 2, 1)
    with pytest.raises(ValueError, match="tokens"):
        self_attention_tagger(np.zeros((2, 5), int), params, 1)
