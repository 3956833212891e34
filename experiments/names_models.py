"""Which model predicts held-out surnames best: recurrent networks or a small Transformer, with equally many weights?

All learn from the same 44,399 surnames. Of the 44,400 others every fourth is for choosing (validation), and the rest is
asked once (test). Each network has about 88,000 weights; AdamW with a rate that falls to zero in a straight line over
the steps of its budget. Three rates learn for 350 steps, and those that are not the worst for 1,050; `CHOSEN` holds
the rates that are then best on the validation names. With these a second seed learns, and the GRU and the LSTM twice as
long.
"""

from functools import partial

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.batches import pad
from helpers.data.names import split_names, surnames
from helpers.data.vocab import build_vocab, encode_sentences
from helpers.models.gpt_bert import GPT, Sizes, next_token_losses, train_gpt
from helpers.models.language_model import (
    RecurrentLanguageModel,
    sentence_batches,
    sentence_nats,
    sequence_losses,
    train_language_model,
)
from helpers.models.torch_modules import as_rows, count_weights, new_model

UNITS = {"RNN": 264, "GRU": 150, "LSTM": 128, "Transformer": 48}  # of a Transformer the numbers for each token
RATES = {"RNN": (4e-3, 8e-3, 16e-3)} | dict.fromkeys(("GRU", "LSTM", "Transformer"), (8e-3, 16e-3, 32e-3))
CHOSEN = {"RNN": 8e-3, "GRU": 16e-3, "LSTM": 16e-3, "Transformer": 16e-3}
SLOW = {("RNN", 4e-3), ("Transformer", 32e-3)}  # the worst after 350 steps, and not trained on
COLUMNS = ["net", "rate", "seed", "steps", "validation", "test", "known", "weights"]
KEYS = [(net, rate, 0, 350) for net in UNITS for rate in RATES[net]]  # 256 names a step: 350 steps are two epochs
KEYS += [(net, rate, 0, 1050) for net in UNITS for rate in RATES[net] if (net, rate) not in SLOW]
KEYS += [(net, CHOSEN[net], 1, 1050) for net in UNITS]
KEYS += [(net, CHOSEN[net], 0, 2100) for net in ("GRU", "LSTM")]


def read_names():
    """Return the vocabulary and four corpora: to learn from, validation, test, and a quarter of the known names."""
    known, held_out = (part.names for part in split_names(surnames(), np.random.default_rng(0)))
    letters = build_vocab([letter for name in known for letter in name])
    parts = known, held_out[::4], [name for i, name in enumerate(held_out) if i % 4], known[::4]
    return letters, *(encode_sentences(letters, [list(name) for name in part]) for part in parts)


def new_net(net, V, seed):
    """Make a network that has learned nothing."""
    if net == "Transformer":
        return new_model(GPT, Sizes(V, D=UNITS[net], layers=3, heads=4, T_max=20), seed=seed)
    return new_model(RecurrentLanguageModel, V, 32, UNITS[net], cell=net.lower(), seed=seed)


def train_net(model, corpus, rate, seed, steps):
    """Train a new network in place."""
    rng = np.random.default_rng(seed)
    if isinstance(model, GPT):
        train_gpt(model, corpus, rng, steps, batch=256, rate=rate)
    else:
        losses = sequence_losses(model, sentence_batches(corpus, rng, steps, 256))
        train_language_model(model, losses, steps, rate)


@torch.no_grad()
def nats_a_letter(model, corpus):
    """−ln P of all names over all their letters, the end of each counted as one."""
    letters = len(corpus.tokens) + len(corpus.starts) - 1
    if not isinstance(model, GPT):
        return float(sentence_nats(model, corpus).sum() / letters)
    model.eval()
    parts = np.array_split(np.argsort(np.diff(corpus.starts), kind="stable"), 100)
    batches = (as_rows(pad(corpus, part, start=True, end=True)) for part in parts)
    return sum(next_token_losses(model, *batch).double().sum().item() for batch in batches) / letters


def rows_of(net, rate, seed, steps):
    """Train a network; return its row: losses in nats a letter on three parts of the names, and the weights."""
    torch.set_num_threads(1)
    letters, train, *parts = read_names()
    model = new_net(net, len(letters), seed)
    train_net(model, train, rate, seed, steps)
    return [(*(nats_a_letter(model, part) for part in parts), count_weights(model))]


if __name__ == "__main__":
    make_table("names_models", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
