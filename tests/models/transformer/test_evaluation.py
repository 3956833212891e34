import numpy as np
import pytest

from helpers.data.source_target_pairs import encode_pairs, pair_batch, pair_vocabs
from helpers.data.tasks.translation import translation_pairs
from helpers.data.vocab import END, START
from helpers.decoding import greedy
from helpers.models.seq2seq import decoder_step, start_state
from helpers.models.transformer import TransformerRun, right_translations, trace_translation, train_runs
from helpers.models.transformer.evaluation import write_greedily


def test_right_are_the_sentences_that_are_written_as_their_targets():
    pairs = translation_pairs(300, np.random.default_rng(0), lengths=(3, 4))
    vocabs = pair_vocabs(pairs)
    encoded = encode_pairs(pairs, *vocabs)
    run = TransformerRun(0, 16, 32, {"layers": 1, "heads": 1}, steps=60, rate=1e-2)
    model = train_runs([run], encoded, *map(len, vocabs), workers=1)[0].model
    right = right_translations(model, pair_batch(encoded, np.arange(40)), max_length=12)
    said = [trace_translation(model, " ".join(pair.source), *vocabs).written[:-1] == pair.target for pair in pairs[:40]]
    assert right.tolist() == said
    assert 0 < right.sum() < 40
    batch = pair_batch(encoded, np.arange(40))
    for max_length in (2, 4):
        found = greedy(decoder_step(model), start_state(model, batch), START, END, max_length=max_length)
        written = write_greedily(model, batch.source, batch.source_mask, max_length)
        assert written == [list(best.tokens) for (best,) in found]
        assert max(map(len, written)) == max_length
    with pytest.raises(ValueError, match="max_length"):
        right_translations(model, pair_batch(encoded, np.arange(2)), max_length=0)
