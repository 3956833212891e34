from itertools import pairwise

import numpy as np
import pytest
import torch

from helpers.data.source_target_pairs import Pair, PairBatch, encode_pairs, pair_batch, pair_vocabs
from helpers.data.vocab import END, START
from helpers.decoding.greedy import greedy
from helpers.models.seq2seq.decoding_steps import alignments, decoder_step, start_state, teacher_forced
from helpers.models.seq2seq.looking_back import follow_looks, said_elsewhere, trace_looks
from helpers.models.seq2seq.torch_model import Seq2Seq
from helpers.models.torch_modules import new_model


def make(attention):
    model = new_model(Seq2Seq, 5, 6, 4, 6, seed=2, attention=attention, bidirectional=True).double()
    with torch.no_grad():
        for weight in model.parameters():
            weight *= 3
    return model


@pytest.fixture
def batch(random_batch):
    both = random_batch([(4, 1), (4, 2)])
    return PairBatch(*(array[:, :1] for array in both))


@pytest.mark.parametrize("attention", ["additive", "multiplicative"])
def test_it_says_what_greedy_search_says_and_looks_where_it_looked(attention, batch):
    model = make(attention)
    states, looks = trace_looks(model, batch, 7)
    ((best,),) = greedy(decoder_step(model), start_state(model, batch), START, END, 7)
    said = [look.token for look in looks]
    assert len(said) > 1
    assert said[: len(best.tokens)] == list(best.tokens)
    where = alignments(model, batch.source, batch.source_mask, [said])[0]
    np.testing.assert_allclose([look.weights for look in looks], where)
    np.testing.assert_allclose([look.context for look in looks], where @ states)
    for one, other in pairwise(looks):
        np.testing.assert_array_equal(one.after, other.before)
    for look in looks:
        assert look.p.argmax() == look.token
        assert np.isclose(look.p.sum(), 1)
        assert look.p.max() == look.probability
    assert np.isclose(np.log([look.probability for look in looks]).sum(), best.log_prob)


def test_said_elsewhere_one_by_one():
    draw = np.random.default_rng(0)
    pairs = [
        Pair(tuple("abcd"), tuple(draw.choice([*"xyz"], 3)), ((int(draw.integers(4)),), (), (int(draw.integers(4)),)))
        for _ in range(5)
    ]
    vocabs = pair_vocabs(pairs)
    model = new_model(Seq2Seq, *map(len, vocabs), 4, 6, seed=2, attention="additive", bidirectional=True)
    with torch.no_grad():
        for weight in model.parameters():
            weight *= 4
    off, right = [], []
    for pair in pairs:
        batch = pair_batch(encode_pairs([pair], *vocabs), np.arange(1))
        said = teacher_forced(model, batch)[:, 0]
        weights = alignments(model, batch.source, batch.source_mask, [batch.targets[:, 0]])[0]
        for t in (0, 2):
            off.append(abs(int(weights[t].argmax()) - pair.alignment[t][0]))
            right.append(said[t] == batch.targets[t, 0])
    off, right = np.array(off), np.array(right)
    found = said_elsewhere(model, pairs, *vocabs)
    assert 0 < right.sum() < 10
    assert 0 < (off == 0).sum() < 10
    np.testing.assert_allclose(
        found, [np.mean(off == 0), np.mean(off[off > 0] <= 2), right.mean(), np.mean(off[right] > 0)]
    )


def test_what_cannot_be_traced_is_refused(batch, random_batch):
    with pytest.raises(ValueError, match="no attention"):
        trace_looks(make(None), batch)
    with pytest.raises(ValueError, match="2 sources, expected one"):
        trace_looks(make("additive"), random_batch([(4, 1), (4, 2)]))
    with pytest.raises(ValueError, match="longest"):
        trace_looks(make("additive"), batch, 0)
    two = random_batch([(4, 1), (4, 2)])
    with pytest.raises(ValueError, match="of 2 sources, expected one"):
        follow_looks(make("additive"), start_state(make("additive"), two))
    with pytest.raises(ValueError, match="looked at"):
        follow_looks(make(None), start_state(make(None), batch))
