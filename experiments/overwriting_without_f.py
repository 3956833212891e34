"""How does an LSTM without a forget gate let a new letter take the place of the old one?

At every new letter of the task `latest_letter` we ask how much the answer still depends on the letter before: the
spread of the logits over the old letters after that step, as a share of their spread just before it. The same is
asked when h counts as zero in that one step, so that the new letter is written without a look at what the cell shows:
for all gates and the candidate at once, for i and g alone, which write, and for the others alone.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.gates_ablation import ARMS, ablated_network
from experiments.result_table import make_table
from helpers.data.tasks.delayed_recall import latest_letter
from helpers.layers.recurrent.lstm import lstm_gates, lstm_step_gates, zero_lstm_state

COMPARED = ("all", "no f")
STEPS = (600, 2000)
SEEDS = range(5)
COLUMNS = ["arm", "steps", "seed", "right", "left", "left_h_cut", "left_cut_for_i_g", "left_cut_for_f_o"]
KEYS = list(product(COMPARED, STEPS, SEEDS))


def old_letter_left(params, fixed, texts=1000):
    """Return the share of the old letter's influence that a new letter leaves, and the same with h cut in that step.

    It is cut for nothing, for all, for i and g, and for f and o.
    """
    x, letters = latest_letter(np.random.default_rng(1001), texts, 40)
    held = lstm_gates(x, zero_lstm_state(texts, params.cell), params.cell, fixed)
    t, b = np.nonzero(x.argmax(axis=-1)[1:] < 4)  # letters, from the second step on
    x_new, new, old, h, c = x[t + 1, b], letters[t + 1, b], letters[t, b], held.h[t, b], held.c[t, b]
    sees, blind = (lstm_step_gates(x_new, h_seen, params.cell, fixed) for h_seen in (h, 0 * h))

    def left(cut_for):
        i, f, g, o = (blind[n] if gate in cut_for else sees[n] for n, gate in enumerate("ifgo"))
        return _spread(o * np.tanh(f * c + i * g) @ params.output.W, new, old) / before

    before = _spread(h @ params.output.W, new, old)
    return [left(cut_for) for cut_for in ("", "ifgo", "ig", "fo")]


def _spread(logits, new, old):
    """Root mean square distance between the mean logits of each old letter and their mean, for the same new letter."""
    means = np.array([[logits[(new == n) & (old == o)].mean(axis=0) for o in range(4)] for n in range(4)])
    return float(np.sqrt(((means - means.mean(axis=1, keepdims=True)) ** 2).sum(axis=-1).mean()))


def rows_of(arm, steps, seed):
    """Train one network and measure it."""
    params, rows = ablated_network(ARMS[arm], 1e-2, seed, (steps,))
    fixed = tuple(gate for gate in "ifo" if gate in ARMS[arm])
    return [(rows[-1][2], *old_letter_left(params, fixed))]


if __name__ == "__main__":
    make_table("overwriting_without_f", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
