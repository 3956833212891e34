"""What can one head not do, and what does it only learn later? One, two and four heads with the same weights.

One layer of self-attention answers three questions about every place: the symbol before, the symbol after, and the
digit. All arms have 32 numbers a vector, so the same number of weights.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.result_table import make_table
from helpers.data.tasks.digit_among_letters import SYMBOLS, letters_and_digit, three_questions
from helpers.models.learning_curve import learning_curve
from helpers.models.self_attention_tagger import (
    init_self_attention_tagger,
    self_attention_tagger_accuracy,
    self_attention_tagger_loss,
)

ARMS = {"1 head": 1, "2 heads": 2, "4 heads": 4}
RATES = (3e-3, 1e-2, 3e-2)
SEEDS = range(3)
CHECKPOINTS = (150, 300, 600, 1200, 2400, 4800, 9600)
COLUMNS = ["arm", "rate", "seed", "steps", "before", "after", "digit"]
KEYS = list(product(ARMS, RATES, SEEDS))


def draw(rng, count=32):
    """Draw sequences of eight symbols, one of them a digit, and the answers to the three questions."""
    tokens, _ = letters_and_digit(rng, count, 8)
    return tokens, three_questions(tokens)


def rows_of(arm, rate, seed, checkpoints=CHECKPOINTS):
    """Train one layer; return rows: steps, and the share of right answers to each question."""
    heads, rng = ARMS[arm], np.random.default_rng(seed)
    test = draw(np.random.default_rng(1000), 500)
    first = init_self_attention_tagger(rng, len(SYMBOLS), T=8, D=32, questions=3)

    def loss_and_grads(params, tokens, targets):
        return self_attention_tagger_loss(params, tokens, targets, heads)

    def measure(params):
        return self_attention_tagger_accuracy(params, *test, heads).tolist()

    _, measured = learning_curve(loss_and_grads, first, lambda: draw(rng), checkpoints, measure, rate)
    return [(steps, *row) for steps, row in measured.items()]


if __name__ == "__main__":
    make_table("heads_by_steps", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
