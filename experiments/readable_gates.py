"""Can the gates of a trained LSTM be read, what makes them readable, and where does it keep what it remembers?

Two sentences of the known language in a row; at each comma the network is asked: he or she? Each arm takes one
condition of `train_readable_lstm` away, or all of them. Besides what the gates do, three interventions are measured
after the noun, when the network knows all that it will be asked.
"""

from functools import cache, partial
from itertools import product
from typing import NamedTuple

import numpy as np

from experiments.result_table import make_table
from helpers.data.tasks.pronouns import pronoun_questions, sentences_in_a_row
from helpers.data.world.topics import world_grammar
from helpers.data.world.words import PEOPLE
from helpers.layers.embedding import one_hot
from helpers.layers.linear import linear
from helpers.layers.recurrent.lstm import lstm_gates, zero_lstm_state
from helpers.layers.recurrent.lstm_interventions import lstm_with_changes
from helpers.models.readable_lstm import train_readable_lstm

ARMS = {
    "readable": {},
    "without noise": {"noise": 0.0},
    "without price": {"price": 0.0},
    "with feedback": {"feedback": True},
    "plain": {"noise": 0.0, "price": 0.0, "feedback": True},
}
UNITS = (1, 4)
SEEDS = range(8)
KEPT = 200  # sentences that are kept for testing
GATES = ["i_noun", "i_between", "f_between", "f_end", "o_between", "o_comma"]
COLUMNS = ["arm", "units", "seed", "right", *GATES, "right_h_cut", "flip_c", "flip_h"]
KEYS = list(product(ARMS, UNITS, SEEDS))


class Readings(NamedTuple):
    """Where a gate is looked at, each (T, B) of bool."""

    noun: np.ndarray  # the man or woman of the sentence
    between: np.ndarray  # the words after it and before the comma
    comma: np.ndarray
    end: np.ndarray


@cache
def he_or_she(sentences=30_000):
    """Draw the questions."""
    return pronoun_questions(world_grammar("people"), sentences, np.random.default_rng(0), ("he", "she"))


def as_batch(text):
    """One-hot words, targets, and where a question is asked."""
    return one_hot(text.ids, len(text.words), np.float32), text.targets, text.asked


def train_arm(questions, arm, units, seed):
    """Train one network on two sentences in a row."""
    rng = np.random.default_rng(seed)
    old = questions.ids.shape[1] - KEPT

    def draw():
        return as_batch(sentences_in_a_row(questions, rng.integers(old, size=(2, 32))))

    return train_readable_lstm(rng, draw, len(questions.words) + 1, units, 2, **ARMS[arm])[0]


def readings(text):
    """Find the noun, what stands between it and its comma, the comma and the end of each sentence."""
    words = text.words[text.ids]
    noun = np.isin(words, [word for person in PEOPLE for word in (person.male, person.female)])
    # +1 from the noun on, −1 from the comma on
    waiting = np.cumsum(noun, axis=0) - np.cumsum(text.asked, axis=0) > 0
    return Readings(noun, waiting & ~noun, text.asked, words == text.words[-1])


def gates_read(params, text):
    """Mean of the gates over all units, where the table asks for it."""
    x, *_ = as_batch(text)
    held, at = lstm_gates(x, zero_lstm_state(x.shape[1], params.cell), params.cell), readings(text)
    asked = [(held.i, at.noun), (held.i, at.between), (held.f, at.between), (held.f, at.end)]
    return [float(gate[where].mean()) for gate, where in [*asked, (held.o, at.between), (held.o, at.comma)]]


def right_answers(params, text, change=lambda t, h, c: (h, c)):
    """Share of right answers while `change` interferes."""
    x, targets, asked = as_batch(text)
    held = lstm_with_changes(x, zero_lstm_state(x.shape[1], params.cell), params.cell, change)
    logits, _ = linear(held.h, params.output)
    return float((logits.argmax(axis=-1) == targets)[asked].mean())


def cut_after_the_noun(text):
    """Let h count as zero from the word after the noun to the comma: what the gates can be told is gone."""
    at = readings(text)
    cut = (at.between | at.comma)[..., None]
    return lambda t, h, c: (np.where(cut[t], 0, h).astype(h.dtype), c)


def exchange_after_the_noun(params, text, what):
    """Exchange h or c of column b and column B − 1 − b, as they are after the noun, which stands anywhere."""
    x, *_ = as_batch(text)
    held, noun = lstm_gates(x, zero_lstm_state(x.shape[1], params.cell), params.cell), readings(text).noun
    steps, columns = noun.argmax(axis=0), np.arange(noun.shape[1])
    other = getattr(held, what)[steps, columns][::-1]

    def change(t, h, c):
        now = (steps == t - 1)[:, None]
        return (np.where(now, other, h), c) if what == "h" else (h, np.where(now, other, c))

    return change


def new_texts(questions):
    """300 texts of two sentences; and 200 single sentences, first those with he and then as many with she."""
    rng, N = np.random.default_rng(1000), questions.ids.shape[1]
    new = np.arange(N - KEPT, N)
    answers = questions.targets.max(axis=0)[new]  # 1 is she, and 0 is also what stands where nothing is asked
    he, she = (rng.choice(new[answers == n], 100) for n in (0, 1))
    pairs = sentences_in_a_row(questions, rng.choice(new, (2, 300)))
    return pairs, sentences_in_a_row(questions, np.concatenate([he, she])[None])


def rows_of(arm, units, seed):
    """Train one network and measure it."""
    questions = he_or_she()
    params = train_arm(questions, arm, units, seed)
    texts, single = new_texts(questions)
    right, cut = right_answers(params, texts), right_answers(params, texts, cut_after_the_noun(texts))
    flips = [1 - right_answers(params, single, exchange_after_the_noun(params, single, what)) for what in "ch"]
    return [(right, *gates_read(params, texts), cut, *flips)]


if __name__ == "__main__":
    make_table("readable_gates", COLUMNS, {key: partial(rows_of, *key) for key in KEYS})
