"""How many new pictures are described without a mistake, by their number of objects: attention, and one vector.

All kinds have the same encoder, see the same 20,000 pictures and make as many steps: the table says what each reaches
with this budget, not what it can reach. Two rates are run with three seeds, two more with one. "pooled" has all
that attention has but the look: one vector, the maximum over places of a linear layer that is the same at each. In
"every step" and "first state" the one vector is made of all 64 places side by side, by a linear layer with weights of
its own for each place. The seed is that of the first weights and of the batches.
"""

from copy import deepcopy
from functools import cache, partial

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.pictures import (
    caption_batch,
    caption_of,
    caption_vocab,
    draw_pictures,
    encode_captions,
    random_scenes,
)
from helpers.models.caption_judges import judge_captions
from helpers.models.captioner import (
    CAPTIONERS,
    CaptionerRun,
    as_tensors,
    caption_loss,
    count_weights,
    say_pictures,
    where_it_looks,
)

OBJECTS = (1, 2, 3)
SEEN, TESTED = 20_000, 150  # scenes for training; new ones of each number of objects
RATES = (4e-3, 8e-3, 2e-3, 1.6e-2)
STEPS, CHECKPOINTS = 600, (50, 200, 400, 600)
LOOKED = ("naming", "article", "relation")
COLUMNS = [
    *("arm", "rate", "seed", "steps", "weights", "loss"),  # the loss on the new pictures, in nats a token
    *(f"right_{n}" for n in OBJECTS),  # the share of captions that are right word for word
    *(f"true_{n}" for n in OBJECTS),  # of the facts that are said, the share that is true
    # The share of words of a role whose heaviest weight is on their own object, and on the next; NaN without attention.
    *(f"own_{role}" for role in LOOKED),
    *(f"next_{role}" for role in LOOKED),
    "chance",  # of "own" for naming words, were all 64 places as likely
]
KEYS = [(arm, rate, seed) for rate in RATES[:2] for seed in range(3) for arm in CAPTIONERS]
KEYS += [(arm, rate, 0) for rate in RATES[2:] for arm in CAPTIONERS]


class _EnoughError(Exception):
    """No later checkpoint is wanted."""


@cache
def scenes_of(N, seed, objects):
    """The scenes, with their pictures: drawn once a process."""
    scenes = random_scenes(N, np.random.default_rng(seed), objects)
    return scenes, draw_pictures(scenes)


def rows_of(arm, rate, seed, checkpoints=CHECKPOINTS):
    """Train one captioner; return a row for each checkpoint, without what tells the run apart."""
    torch.set_num_threads(1)
    vocab = caption_vocab()
    scenes, pictures = scenes_of(SEEN, 0, OBJECTS)
    encoded = encode_captions(pictures, [caption_of(scene) for scene in scenes], vocab)
    run = CaptionerRun(seed, arm, STEPS, rate=rate)
    model, measured = run.new(encoded, len(vocab)), {}

    def look(k):
        if k in checkpoints:
            measured[k] = measures(with_own_statistics(model, pictures) if k < STEPS else model, vocab)
        if k == max(checkpoints) < STEPS:
            raise _EnoughError

    try:
        run.train(model, encoded, len(vocab), each=look)
        look(STEPS)
    except _EnoughError:
        pass
    return [(k, count_weights(model), *row) for k, row in measured.items()]


def with_own_statistics(model, pictures, batches=10, batch=64):
    """A copy whose batch normalisation has the statistics of its weights as they are now.

    The running statistics are those of some steps before: while the rate is high, they lag behind. At the end it is 0.
    """
    model = deepcopy(model).train()
    for layer in model.modules():
        if isinstance(layer, torch.nn.BatchNorm2d):
            layer.reset_running_stats()
            layer.momentum = None  # the plain mean over all batches
    with torch.no_grad():
        for n in range(batches):
            model.feature_maps(torch.from_numpy(pictures[n * batch : (n + 1) * batch]))
    return model.eval()


def measures(model, vocab):
    """All columns that say how good a captioner is, and where it looks."""
    tests = [scenes_of(TESTED, 1 + n, (n,)) for n in OBJECTS]
    scores = [judge_captions(say_pictures(model, drawn, vocab), scenes) for scenes, drawn in tests]
    row = [_loss(model, tests, vocab), *(each.exact for each in scores), *(each.precision for each in scores)]
    if model.attention is None:
        return [*row, *[np.nan] * (2 * len(LOOKED) + 1)]
    looks = where_it_looks(model, [scene for scenes, _ in tests for scene in scenes], vocab)
    found = [float(getattr(looks[role], part)) for part in ("own", "next") for role in LOOKED]
    return [*row, *found, float(looks["naming"].chance)]


def _loss(model, tests, vocab):
    scenes, pictures = [scene for part, _ in tests for scene in part], np.concatenate([part for _, part in tests])
    encoded = encode_captions(pictures, [caption_of(scene) for scene in scenes], vocab)
    with torch.no_grad():
        return caption_loss(model, as_tensors(caption_batch(encoded, np.arange(len(scenes))))).item()


if __name__ == "__main__":
    make_table("captions_by_objects", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
