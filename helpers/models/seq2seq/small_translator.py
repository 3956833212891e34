"""A translator with sixteen units, small enough to see every number: it learns all sentences of a tiny language."""

from itertools import product

import numpy as np

from helpers.data.source_target_pairs import encode_pairs, pair_vocabs
from helpers.data.tasks.translation import translate
from helpers.models.seq2seq.params import USES
from helpers.models.seq2seq.torch_model import Seq2Seq
from helpers.models.seq2seq.torch_weights import seq2seq_from_torch
from helpers.models.seq2seq.training import train_seq2seq
from helpers.models.torch_modules import new_model

_NOUNS, _INTRANSITIVE, _TRANSITIVE = ("dog", "cat", "woman"), ("sleeps", "walks"), ("sees", "loves")
_RATE = 3e-2


def small_sentences():
    """All sentences of the tiny language with their translations: 60 of them, of three to seven words.

    Returns
    -------
    list of Pair
    """
    phrases = [("the", *size, noun) for size in ((), ("big",)) for noun in _NOUNS]
    alone = [(*who, verb) for who, verb in product(phrases, _INTRANSITIVE)]
    both = [(*who, verb, *whom) for who, verb, whom in product(phrases, _TRANSITIVE, phrases) if who[-1] != whom[-1]]
    return [translate(source) for source in alone + both]


def train_small_translators(steps=500, seed=0):
    """Train a translator for each use of the context, with the last state as context, on all the sentences.

    Parameters
    ----------
    steps : int
    seed : int

    Returns
    -------
    dict
        Use → Seq2SeqParams, float64, for `helpers.models.seq2seq.written_steps.write_step_by_step`.
    """
    pairs = small_sentences()
    vocabs = pair_vocabs(pairs)
    encoded, trained = encode_pairs(pairs, *vocabs), {}
    for use in USES:
        model = new_model(Seq2Seq, *map(len, vocabs), 8, 16, seed=seed, context="last", use=use)
        train_seq2seq(model, encoded, np.random.default_rng(seed), steps, batch=30, rate=_RATE)
        trained[use] = seq2seq_from_torch(model.double())
    return trained
