"""Does a table help where labels are few because of the words that no label has shown?

Classifiers as in `experiments/few_labels.py`, from 20 labels. Each is tested twice: as it is, and with 0 written into
the rows of all words that stand in no labelled sentence. Three rates, ten seeds.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.few_labels import RATES, labelled, right_share, trained
from experiments.result_table import make_table

ARMS = ("from scratch", "learned: frozen", "learned: tuned", "counted: frozen")
LABELS, STEPS = 20, 300
COLUMNS = ["arm", "rate", "seed", "right", "right_unseen_0"]
KEYS = [*product(ARMS, RATES, range(10))]


def rows_of(arm, rate, seed):
    """Train one classifier; return its share of right answers, and that without the rows of unseen words."""
    shown = labelled(seed, LABELS)[0].any(axis=0)

    def measure(params):
        blank = params._replace(E=np.where(shown[:, None], params.E, np.float32(0)))
        return right_share(params), right_share(blank)

    return [trained(arm, LABELS, rate, seed, (STEPS,), measure)[STEPS]]


if __name__ == "__main__":
    make_table("unseen_rows", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
