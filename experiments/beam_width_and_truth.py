"""Does a wider beam translate better? One right translation or several, with and without copies among the targets.

What each network is trained on is known exactly, so an output can be judged by the truth. The rate rises over the first
tenth of the steps and then falls to zero; on the way the network is looked at.
"""

from functools import partial
from itertools import product

import numpy as np
import torch

from experiments.result_table import make_table
from helpers.core.edit_distance import edit_distance
from helpers.data.source_target_pairs import encode_pairs, pair_batch, pair_vocabs
from helpers.data.tasks.several_translations import in_first_forms, uncertain_pairs
from helpers.data.tasks.translation import translate, translation_pairs
from helpers.data.vocab import END, START, decode
from helpers.decoding import beam_search
from helpers.models.seq2seq import Seq2SeqRun, decoder_step, start_state

SEEDS = range(3)
LENGTHS, PAIRS, TESTED, COPIED = (3, 9), 10_000, 60, 0.1
CHECKPOINTS = (150, 300, 600, 1200)
TESTS = tuple(product((1, 2, 5, 15, 50), (0, 1)))  # beam widths, and α of the length penalty
COLUMNS = ["arm", "seed", "steps", "width", "alpha", "loss", "edits", "right", "right_copies", "log_prob", "tokens"]
ARMS = {
    "one translation": {"several": False, "copied": 0.0},
    "one and copies": {"several": False, "copied": COPIED},
    "several": {"several": True, "copied": 0.0},
    "several and copies": {"several": True, "copied": COPIED},
}
KEYS = [(arm, seed) for seed in SEEDS for arm in ARMS]


def rows_of(arm, seed, checkpoints=CHECKPOINTS, tests=TESTS):
    """Train one network; at each number of steps search with each width and α, and judge what is found by the truth.

    Loss of the last 20 steps; edits from a right translation, per token; the share of outputs that are right, and of
    those that are copies of the source; mean log P of what is found, and how many tokens it has with `<end>`.
    """
    torch.set_num_threads(1)
    pairs = uncertain_pairs(PAIRS, np.random.default_rng(seed), LENGTHS, **ARMS[arm])
    vocabs = pair_vocabs(uncertain_pairs(PAIRS, np.random.default_rng(seed), LENGTHS, True, COPIED))
    new = translation_pairs(TESTED, np.random.default_rng(100 + seed), (7, 9))
    batch = pair_batch(encode_pairs(new, *vocabs), np.arange(TESTED))
    run = Seq2SeqRun(seed, H=96, options={"context": "last", "use": "first state"}, steps=CHECKPOINTS[-1])
    encoded, rows, model = encode_pairs(pairs, *vocabs), [], None

    def look(k):
        if k in checkpoints:
            rows.extend((k, *row) for row in _judge(model, batch, new, vocabs[1], tests))

    model = run.new(encoded, *map(len, vocabs))
    history = run.train(model, encoded, *map(len, vocabs), each=look)
    look(CHECKPOINTS[-1])
    return [(k, width, alpha, float(history.loss[k - 20 : k].mean()), *rest) for k, width, alpha, *rest in rows]


def _judge(model, batch, pairs, vocab, tests):
    for width, alpha in tests:
        step, state = decoder_step(model), start_state(model, batch)
        found = beam_search(step, state, START, END, width, max_length=20, alpha=alpha)
        best = [outputs[0] for outputs in found]
        texts = [in_first_forms([word for word in decode(vocab, each.tokens) if word != "<end>"]) for each in best]
        truths = [translate(pair.source).target for pair in pairs]
        edits = [edit_distance(text, truth) / len(truth) for text, truth in zip(texts, truths, strict=True)]
        right = np.mean([text == truth for text, truth in zip(texts, truths, strict=True)])
        copies = np.mean([text == tuple(pair.source) for text, pair in zip(texts, pairs, strict=True)])
        log_prob = np.mean([each.log_prob for each in best])
        tokens = np.mean([len(each.tokens) for each in best])
        yield width, alpha, float(np.mean(edits)), float(right), float(copies), float(log_prob), float(tokens)


if __name__ == "__main__":
    make_table("beam_width_and_truth", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
