"""Exercises: the next-token loss with its shift, and what stands in the place of a word that was chosen."""

import numpy as np

from helpers.core.exercises import Exercise, Mistake
from helpers.core.numerics import log_softmax

_V = 9  # tokens; the mask is V


def _draw_texts(rng):
    B, T = rng.permutation([3, 6])
    tokens = rng.integers(4, _V, (B, T))
    lengths = rng.permutation([T, *rng.integers(3, T, B - 1)])
    mask = np.arange(T) < lengths[:, None]
    return rng.standard_normal((B, T, _V)), np.where(mask, tokens, 0), mask


def _surprisals(logits, targets):
    return -np.take_along_axis(log_softmax(logits), targets[..., None], axis=-1)[..., 0]


def _next_token_loss(logits, tokens, mask):
    losses, counts = _surprisals(logits[:, :-1], tokens[:, 1:]), mask[:, 1:]
    return losses[counts].mean()


next_token_loss_exercise = Exercise(
    name="next_token_loss",
    shapes={"loss": ""},
    draw=_draw_texts,
    values=_next_token_loss,
    mistakes=(
        Mistake(
            "nothing is shifted: logits[:, t] speak of the token at t + 1.",
            lambda logits, tokens, mask: _surprisals(logits, tokens)[mask].mean(),
        ),
        Mistake(
            "it is shifted the other way: logits[:, t] speak of the token at t + 1, not of that before.",
            lambda logits, tokens, mask: _surprisals(logits[:, 1:], tokens[:, :-1])[mask[:, 1:]].mean(),
        ),
        Mistake(
            "the padding counts too: keep the places where mask[:, 1:] is True.",
            lambda logits, tokens, mask: _surprisals(logits[:, :-1], tokens[:, 1:]).mean(),
        ),
        Mistake(
            "the mask must be shifted as the targets are: mask[:, 1:].",
            lambda logits, tokens, mask: _surprisals(logits[:, :-1], tokens[:, 1:])[mask[:, :-1]].mean(),
        ),
        Mistake(
            "this is the sum: take the mean over the places that count.",
            lambda logits, tokens, mask: _surprisals(logits[:, :-1], tokens[:, 1:])[mask[:, 1:]].sum(),
        ),
        Mistake("the sign is the other way round: −ln P.", lambda *given: -_next_token_loss(*given)),
    ),
)


def _draw_hiding(rng):
    N = 40
    return rng.integers(4, _V, N), rng.random(N) < 0.6, rng.random(N), rng.integers(4, _V, N)


def _hide(tokens, chosen, fate, others):
    seen = np.where(chosen & (fate < 0.8), _V, tokens)
    return np.where(chosen & (fate >= 0.8) & (fate < 0.9), others, seen)


hide_words_exercise = Exercise(
    name="hide_words",
    shapes={"seen": "T"},
    draw=_draw_hiding,
    values=_hide,
    mistakes=(
        Mistake(
            "words that were not chosen are changed too: only where chosen is True.",
            lambda tokens, chosen, fate, others: np.where(fate < 0.8, _V, np.where(fate < 0.9, others, tokens)),
        ),
        Mistake(
            "every chosen word is hidden by the mask: that is 100/0/0.",
            lambda tokens, chosen, fate, others: np.where(chosen, _V, tokens),
        ),
        Mistake(
            "the last tenth is replaced too: that is 80/20/0. From 0.9 on the word stays.",
            lambda tokens, chosen, fate, others: np.where(chosen, np.where(fate < 0.8, _V, others), tokens),
        ),
        Mistake(
            "the tenth from 0.8 to 0.9 stays too: that is 80/0/20. Put the other word there.",
            lambda tokens, chosen, fate, others: np.where(chosen & (fate < 0.8), _V, tokens),
        ),
        Mistake(
            "random and kept are the other way round: 0.8 to 0.9 is the other word, from 0.9 on it stays.",
            lambda tokens, chosen, fate, others: np.where(
                chosen, np.where(fate < 0.8, _V, np.where(fate < 0.9, tokens, others)), tokens
            ),
        ),
    ),
)
