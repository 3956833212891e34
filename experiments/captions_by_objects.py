"""How many new pictures are described without a mistake, by their number of objects: attention, and one vector.

The rival explanation of "one vector is the bottleneck" is the budget: each kind is measured at its own best of three
rates, and after three times the steps. The vectors are made of all 64 places side by side, so they have more weights
than attention, not fewer.
"""

from functools import cache, partial

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.data.pictures import caption_of, caption_vocab, draw_pictures, encode_captions, random_scenes
from helpers.models.caption_judges import judge_captions
from helpers.models.captioner import CAPTIONERS, CaptionerRun, count_weights, say_pictures, where_it_looks

OBJECTS = (1, 2, 3)
SEEN, TESTED = 20_000, 300  # scenes for training; new ones of each number of objects
RATES = (2e-3, 4e-3, 8e-3)
STEPS = 600
LOOKED = ("naming", "article", "relation")
COLUMNS = [
    *("arm", "rate", "seed", "steps", "weights", "loss"),
    *(f"right_{n}" for n in OBJECTS),  # the share of captions that are right word for word
    *(f"true_{n}" for n in OBJECTS),  # of the facts that are said, the share that is true
    # The share of words of a role whose heaviest weight is on their own object, and on the next; NaN without attention.
    *(f"own_{role}" for role in LOOKED),
    *(f"next_{role}" for role in LOOKED),
    "chance",  # of "own", were all 64 places as likely
]
KEYS = [(arm, rate, 0, STEPS) for rate in (4e-3, 8e-3, 2e-3) for arm in CAPTIONERS]


@cache
def scenes_of(N, seed, objects):
    """The scenes, with their pictures: drawn once a process."""
    scenes = random_scenes(N, np.random.default_rng(seed), objects)
    return scenes, draw_pictures(scenes)


def rows_of(arm, rate, seed, steps, seen=SEEN, tested=TESTED):
    """Train one captioner; return one row, without what tells it apart."""
    torch.set_num_threads(1)
    vocab = caption_vocab()
    scenes, pictures = scenes_of(seen, 0, OBJECTS)
    encoded = encode_captions(pictures, [caption_of(scene) for scene in scenes], vocab)
    run = CaptionerRun(seed, arm, steps, rate=rate)
    model = run.new(encoded, len(vocab))
    loss = float(np.mean(run.train(model, encoded, len(vocab)).loss[-50:]))
    tests = [scenes_of(tested, 1 + n, (n,)) for n in OBJECTS]
    scores = [judge_captions(say_pictures(model, drawn, vocab), there) for there, drawn in tests]
    row = [count_weights(model), loss, *(each.exact for each in scores), *(each.precision for each in scores)]
    if model.attention is None:
        return [(*row, *[np.nan] * (2 * len(LOOKED) + 1))]
    looks = where_it_looks(model, [scene for there, _ in tests for scene in there], vocab)
    found = [float(getattr(looks[role], part)) for part in ("own", "next") for role in LOOKED]
    return [(*row, *found, float(looks["naming"].chance))]


if __name__ == "__main__":
    make_table("captions_by_objects", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
