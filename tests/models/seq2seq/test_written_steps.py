import numpy as np
import pytest

from helpers.data.source_target_pairs import encode_pairs, pair_batch, pair_vocabs
from helpers.data.vocab import END, START
from helpers.decoding import greedy
from helpers.models.seq2seq import USES, Seq2Seq, decoder_step, new_model, seq2seq, seq2seq_from_torch, start_state
from helpers.models.seq2seq.small_translator import small_sentences, train_small_translators
from helpers.models.seq2seq.written_steps import write_step_by_step

SOURCE = ("the", "big", "dog", "sees", "the", "cat")


@pytest.mark.parametrize("use", USES)
def test_it_writes_what_greedy_search_of_the_torch_model_writes(use):
    pairs = small_sentences()
    vocabs = pair_vocabs(pairs)
    model = new_model(Seq2Seq, *map(len, vocabs), 5, 6, seed=3, context="last", use=use).double()
    pair = next(pair for pair in pairs if pair.source == SOURCE)
    batch = pair_batch(encode_pairs([pair], *vocabs), np.arange(1))
    ((best,),) = greedy(decoder_step(model), start_state(model, batch), START, END, 6)
    written = write_step_by_step(SOURCE, vocabs, seq2seq_from_torch(model), use, most=6)
    assert tuple(vocabs[1].ids[word] for word in written.output) == best.tokens
    chosen = [np.log(p[vocabs[1].ids[word]]) for p, word in zip(written.p, written.output, strict=True)]
    assert sum(chosen) == pytest.approx(best.log_prob, abs=1e-5)
    assert written.h.shape == (7, 6)
    np.testing.assert_array_equal(written.c, written.h[-1])
    params = seq2seq_from_torch(model)
    np.testing.assert_allclose(np.log(written.p[0]), _log_softmax(written.s[0] @ params.output.W + params.output.b))


def _log_softmax(z):
    return z - np.log(np.exp(z).sum())


def test_the_small_translators_translate_their_language():
    pairs = small_sentences()
    batch = pair_batch(encode_pairs(pairs, *pair_vocabs(pairs)), np.arange(len(pairs)))
    for use, params in train_small_translators().items():
        logits, _ = seq2seq(batch, params, "last", use)
        right = (logits.argmax(axis=-1) == batch.targets)[batch.target_mask]
        assert right.mean() > 0.95
    assert len({pair.source for pair in pairs}) == batch.source.shape[1] == 60


@pytest.mark.parametrize(("source", "match"), [((), "source is"), (("the", "moon"), "moon")])
def test_a_source_that_cannot_be_read_is_refused(source, match):
    vocabs = pair_vocabs(small_sentences())
    model = new_model(Seq2Seq, *map(len, vocabs), 5, 6, seed=3, context="last")
    with pytest.raises(ValueError, match=match):
        write_step_by_step(source, vocabs, seq2seq_from_torch(model))
