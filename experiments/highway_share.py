"""How much of the gradient of an LSTM's cell comes back over the highway, and how much by the detour through h?

Two tasks. An LSTM of four units reads a sentence of the known language to its comma, where it is asked: he or she? The
noun stands six steps before. And one of 20 units with a forget bias of 3 reads to the end of `delayed_recall`, where a
letter stands 40 steps before. Each is measured as it starts and after training, on new sequences: the Jacobian of the
last cell with respect to the cell k steps before, and the gradient of the answer with respect to that cell.
"""

from functools import partial
from itertools import product

import numpy as np

from experiments.delayed_recall import draw as draw_recall
from experiments.readable_gates import KEPT, as_batch, he_or_she, train_arm
from experiments.recall_networks import Arm, first_params, trained
from experiments.result_table import make_table
from helpers.core.params import zeros_like
from helpers.data.tasks.pronouns import PronounQuestions, sentences_in_a_row
from helpers.layers.recurrent.lstm import lstm, lstm_cell_gradients, zero_lstm_state
from helpers.layers.recurrent.lstm_jacobians import highway_shares, lstm_cell_jacobians
from helpers.models.reader import first_reader_state, init_reader, reader

UNITS, BIAS = 4, 3.0  # units for sentences, forget bias for recall
ARMS = {
    "start": None,
    "readable": "readable",
    "with feedback": "with feedback",
    "plain": "plain",
    "recall start": 0,
    "recall trained": 1000,  # steps
}
RECALL = ("recall start", "recall trained")
STEPS_BACK = {arm: (1, 2, 5, 10, 20, 40) if arm in RECALL else (1, 2, 3, 4, 5, 6) for arm in ARMS}
SEEDS = range(5)
COLUMNS = ["arm", "seed", "right", "steps_back", "share", "share_of_answer", "along_all", "highway"]
KEYS = list(product(ARMS, SEEDS))


def to_the_comma(questions):
    """New sentences whose noun is the second word and whose comma the eighth, read to the comma; as `as_batch`."""
    N = questions.ids.shape[1]
    text = sentences_in_a_row(questions, np.arange(N - KEPT, N)[None])
    alike = text.asked[7] & ~text.asked[:7].any(axis=0)
    return as_batch(PronounQuestions(text.words, *(array[:8, alike] for array in text[1:])))


def sentence_network(arm, seed):
    """Train one arm of `readable_gates`, or draw its first values; return params and what it is measured on."""
    questions = he_or_she()
    if ARMS[arm] is None:
        D = len(questions.words) + 1
        params = init_reader(np.random.default_rng(seed), "lstm", D, UNITS, 2, np.float32)
    else:
        params = train_arm(questions, ARMS[arm], UNITS, seed)
    return params, to_the_comma(questions)


def recall_network(arm, seed):
    """Train an LSTM on `delayed_recall`, or draw its first values; return params and what it is measured on."""
    network, steps = Arm("lstm", 20, BIAS), ARMS[arm]
    params = first_params(np.random.default_rng(seed), network)
    if steps:
        params, _ = trained(network, draw_recall, 1e-2, seed, (steps,), [])
    return params, draw_recall(np.random.default_rng(1000), 200)


def answer_gradients(x, targets, params):
    """∂a/∂c_{T−k} along all paths and along the highway alone, each (T, B, 1, H).

    The answer a is the last logit of what is right less the mean of all. Unlike the loss it does not fade in training.
    """
    h, last, cache = lstm(x, zero_lstm_state(x.shape[1], params.cell), params.cell)
    W, dh = params.output.W, np.zeros_like(h)
    dh[-1] = (W - W.mean(axis=1, keepdims=True)).T[targets]
    dc = lstm_cell_gradients(dh, zeros_like(last), cache, params.cell)[::-1, :, None]
    _, highway = lstm_cell_jacobians(x, params.cell)
    return dc, dc[0] @ highway


def rows_of(arm, seed):
    """Measure one network; along_all and highway are root mean squares of a column's length, so 1 at no step back."""
    params, (x, targets, *_) = (recall_network if arm in RECALL else sentence_network)(arm, seed)
    targets = targets if targets.ndim == 1 else targets[-1]
    logits, *_ = reader(x, first_reader_state(len(targets), params), params, read="last")
    ways = lstm_cell_jacobians(x, params.cell)
    sizes = [np.sqrt((way**2).sum(axis=2).mean(axis=(1, 2))) for way in ways]
    shares = highway_shares(*ways), highway_shares(*answer_gradients(x, targets, params))
    right, columns = (logits.argmax(axis=-1) == targets).mean(), np.stack([*shares, *sizes], axis=1)
    return [(float(right), k, *map(float, columns[k])) for k in STEPS_BACK[arm]]


if __name__ == "__main__":
    make_table("highway_share", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
