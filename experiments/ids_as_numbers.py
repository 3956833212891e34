"""What does a network learn of words when it reads the id as a number?

It learns to name the kind of each of 232 words, one of 13, from the id alone (brought to mean 0 and variance 1), or
from the one-hot vector. Nothing is held out: it has only to remember. The ids are the vocabulary's, or these in another
random order, or numbers that go kind by kind. In one arm the first layer starts steep, with its bends spread over the
ids. Three rates, three seeds.
"""

from functools import partial
from itertools import product

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.world import CATEGORIES, world_grammar

ARMS = (
    "id: linear",
    "id: 64 hidden",
    "shuffled id: 64 hidden",
    "steep id: 64 hidden",
    "id by kind: 64 hidden",
    "one-hot: linear",
)
STEEP = 30  # the standard deviation of the first layer's weights
RATES = (0.01, 0.03, 0.1)
CHECKPOINTS = (150, 600, 2400)
COLUMNS = ["arm", "rate", "seed", "steps", "right", "same_as_next", "truly_same"]
KEYS = [*product(ARMS, RATES, range(3))]


def rows_of(arm, rate, seed, checkpoints=CHECKPOINTS):
    """Train one network; return by steps how much it has right, and how like its answers are for ids that are near.

    The share of the words that are named right; the share of the words that get the same answer as the word with the
    next number; and the share for which that is true.
    """
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    kind = {word: name for name, words in CATEGORIES.items() for word in words}
    names = [*CATEGORIES]
    targets = torch.tensor([names.index(name) for name in kind.values()])
    numbers = np.array([world_grammar().vocab.ids[word] for word in kind])
    if arm.startswith("shuffled"):
        numbers = np.random.default_rng(seed).permutation(numbers)
    if arm.startswith("id by kind"):
        numbers = np.arange(len(kind))
    x = torch.tensor((numbers - numbers.mean()) / numbers.std(), dtype=torch.float32)[:, None]
    if arm.startswith("one-hot"):
        x = torch.eye(len(kind))
    layers = [torch.nn.Linear(x.shape[1], 64), torch.nn.Tanh(), torch.nn.Linear(64, len(names))]
    if arm.startswith("steep"):
        first, bends = layers[0], x.min() + (x.max() - x.min()) * torch.rand(64)
        with torch.no_grad():
            first.weight.normal_(std=STEEP)
            first.bias.copy_(-first.weight[:, 0] * bends)
    net = torch.nn.Sequential(*layers) if arm.endswith("hidden") else torch.nn.Linear(x.shape[1], len(names))
    optimiser = torch.optim.Adam(net.parameters(), rate)
    order, rows = numbers.argsort(), []
    for step in range(1, max(checkpoints) + 1):
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(net(x), targets).backward()
        optimiser.step()
        if step in checkpoints:
            answers = net(x).argmax(dim=1)
            pairs = [each.numpy()[order] for each in (answers, targets)]
            same = [float((each[1:] == each[:-1]).mean()) for each in pairs]
            rows.append((step, float((answers == targets).float().mean()), *same))
    return rows


if __name__ == "__main__":
    make_table("ids_as_numbers", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
