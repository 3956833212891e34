from itertools import pairwise

import numpy as np
import pytest
import torch

from helpers.data.source_target_pairs import PairBatch
from helpers.data.vocab import END, START
from helpers.decoding.greedy import greedy
from helpers.models.seq2seq.decoding_steps import alignments, decoder_step, start_state
from helpers.models.seq2seq.looking_back import trace_looks
from helpers.models.seq2seq.torch_model import Seq2Seq
from helpers.models.torch_modules import new_model


def make(attention):
    model = new_model(Seq2Seq, 5, 6, 4, 6, seed=0, attention=attention, bidirectional=True).double()
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
    assert said[: len(best.tokens)] == list(best.tokens)
    where = alignments(model, batch.source, batch.source_mask, [said])[0]
    np.testing.assert_allclose([look.weights for look in looks], where)
    np.testing.assert_allclose([look.context for look in looks], where @ states)
    for one, other in pairwise(looks):
        np.testing.assert_array_equal(one.after, other.before)
    assert np.isclose(np.log([look.probability for look in looks]).sum(), best.log_prob)


def test_what_cannot_be_traced_is_refused(batch, random_batch):
    with pytest.raises(ValueError, match="no attention"):
        trace_looks(make(None), batch)
    with pytest.raises(ValueError, match="2 sources, expected one"):
        trace_looks(make("additive"), random_batch([(4, 1), (4, 2)]))
    with pytest.raises(ValueError, match="longest"):
        trace_looks(make("additive"), batch, 0)
