"""Words of English prose: what dropout and tied weights do to an LSTM, and when it learns the text by heart.

The text is Python's own help, so the numbers depend a little on the version of Python. The vocabulary has the words
that occur three times or more; the others are `<unk>`. An update reads 20 words of each of 16 strips. Every network
has 128 units and 128 numbers for each word, three learning rates, and a rate that falls to zero in a straight line over
the steps of its budget. `CHOSEN` holds the rates that were best on the validation part after 720 steps.
"""

from functools import partial

import torch

from experiments.result_table import make_table
from helpers.data.batches import token_stream
from helpers.data.prose import python_topics
from helpers.data.prose_parts import deal_sentences
from helpers.data.streams import cut_strips, stream_windows
from helpers.data.vocab import build_vocab, encode_sentences
from helpers.models.language_model import (
    RecurrentLanguageModel,
    token_surprisals,
    train_language_model,
    window_losses,
)
from helpers.models.torch_modules import count_weights, new_model

DROPOUT = {"LSTM": 0.0, "dropout": 0.4, "dropout tied": 0.4}
RATES = (4e-3, 8e-3, 16e-3)
CHOSEN = {"LSTM": 8e-3, "dropout": 16e-3, "dropout tied": 16e-3}
COLUMNS = ["arm", "rate", "seed", "steps", "validation", "test", "known", "weights"]
KEYS = [(arm, rate, 0, steps) for steps in (240, 720) for arm in DROPOUT for rate in RATES]  # 120 steps are an epoch
KEYS += [(arm, CHOSEN[arm], seed, steps) for seed, steps in ((0, 1440), (1, 720), (1, 1440)) for arm in DROPOUT]


def read_prose():
    """Return the size of the vocabulary and three texts of ids: to learn from, validation and test."""
    parts = deal_sentences(python_topics())
    vocab = build_vocab([word for sentence in parts[0] for word in sentence], minimum_count=3)
    return len(vocab), *(token_stream(encode_sentences(vocab, part)) for part in parts)


def rows_of(arm, rate, seed, steps):
    """Train a network; return its row: losses in nats a word, and the weights."""
    torch.set_num_threads(1)
    V, text, validation, test = read_prose()
    torch.manual_seed(seed)  # of dropout
    model = new_model(RecurrentLanguageModel, V, 128, 128, cell="lstm", dropout=DROPOUT[arm], seed=seed)
    if arm.endswith("tied"):
        model.output.weight = model.embedding.weight
        torch.nn.init.normal_(model.output.weight, std=128**-0.5)
    losses = window_losses(model, stream_windows(cut_strips(text, 16), T=20, epochs=20))
    train_language_model(model, losses, steps, rate)
    asked = validation, test, text[:5000]
    return [(*(float(token_surprisals(model, ids[:, None]).mean()) for ids in asked), count_weights(model))]


if __name__ == "__main__":
    make_table("prose_models", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
