"""Which model predicts held-out surnames best: counts of letters, recurrent networks, or a small Transformer?

All learn from the same 44,399 surnames and are asked about the same 44,400 others. A network has about 90,000 weights
(the RNN 26,000), three learning rates and three seeds; AdamW with a rate that falls to zero in a straight line.
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

NETS = ("RNN", "GRU", "LSTM", "Transformer")
RATES = dict.fromkeys(NETS, (4e-3, 8e-3, 16e-3))
CHECKPOINTS = (350, 1400)  # steps of 256 names: 2 and 8 times through all
COLUMNS = ["net", "rate", "seed", "steps", "held_out", "known", "weights"]
KEYS = [(net, rate, seed) for seed in range(3) for net in NETS for rate in RATES[net]]


def read_names():
    """Return the vocabulary, the corpus to learn from and the held-out one."""
    parts = split_names(surnames(), np.random.default_rng(0))
    letters = build_vocab([letter for name in parts[0].names for letter in name])
    return letters, *(encode_sentences(letters, [list(name) for name in part.names]) for part in parts)


def new_net(net, V, seed):
    """Make a network that has learned nothing."""
    if net == "Transformer":
        return new_model(GPT, Sizes(V, D=48, layers=3, heads=4, T_max=20), seed=seed)
    H = {"RNN": 128, "GRU": 128, "LSTM": 128}[net]
    return new_model(RecurrentLanguageModel, V, 32, H, cell=net.lower(), seed=seed)


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


def rows_of(net, rate, seed, checkpoints=CHECKPOINTS):
    """Train a network of each budget; return rows: steps, losses on held-out and on known names, and weights."""
    torch.set_num_threads(1)
    letters, train, test = read_names()
    rows = []
    for steps in checkpoints:
        model = new_net(net, len(letters), seed)
        train_net(model, train, rate, seed, steps)
        rows.append((steps, nats_a_letter(model, test), nats_a_letter(model, train), count_weights(model)))
    return rows


if __name__ == "__main__":
    make_table("names_models", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
