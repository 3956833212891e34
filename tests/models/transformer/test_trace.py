import numpy as np
import pytest
import torch

from helpers.data.source_target_pairs import pair_vocabs
from helpers.data.tasks.translation import translation_pairs
from helpers.data.vocab import encode
from helpers.models.torch_modules import new_model
from helpers.models.transformer import Transformer
from helpers.models.transformer.trace import self_attention_under, trace_translation

VOCABS = pair_vocabs(translation_pairs(3000, np.random.default_rng(0), lengths=(3, 9)))
SENTENCE = "the girl loves the slow dog"


@pytest.fixture(scope="module", params=[1, 2])
def model(request):
    return new_model(Transformer, *map(len, VOCABS), 16, 24, layers=request.param, heads=2, seed=1)


def test_its_last_numbers_are_those_of_the_model(model):
    trace = trace_translation(model, SENTENCE, *VOCABS)
    source = torch.as_tensor(encode(VOCABS[0], trace.source))[:, None]
    inputs = torch.as_tensor(encode(VOCABS[1], trace.inputs))[:, None]
    with torch.no_grad():
        p = model(source, torch.ones_like(source, dtype=torch.bool), inputs).softmax(dim=-1)[:, 0]
    np.testing.assert_allclose(trace.p, p.numpy(), atol=1e-5)
    assert trace.source == (*SENTENCE.split(), "<end>")
    assert trace.inputs == ("<start>", *trace.written[:-1])
    assert trace.written == tuple(trace.words[n] for n in trace.p.argmax(axis=-1))


def test_each_stream_is_the_one_before_and_what_is_added(model):
    trace = trace_translation(model, SENTENCE, *VOCABS)
    for x, sublayers in ((trace.source_embedded, trace.encoder), (trace.target_embedded, trace.decoder)):
        for sublayer in sublayers:
            np.testing.assert_allclose(sublayer.stream, x + sublayer.added, atol=1e-5)
            np.testing.assert_allclose(sublayer.normed.mean(axis=-1), 0, atol=1e-5)
            x = sublayer.stream
    names = [sublayer.name for sublayer in trace.decoder]
    assert names == ["masked", "cross", "feed-forward"] * len(model.decoder.layers)
    masked, cross = (sublayer.weights for sublayer in trace.decoder[:2])
    assert not np.triu(masked, 1).any()
    np.testing.assert_allclose(cross.sum(axis=-1), 1, atol=1e-5)


def test_bad_arguments(model):
    for sentence in ("", 3):
        with pytest.raises(ValueError, match="expected words"):
            trace_translation(model, sentence, *VOCABS)
    with pytest.raises(ValueError, match="word is 'zebra'"):
        trace_translation(model, "the zebra sleeps", *VOCABS)
    post = new_model(Transformer, *map(len, VOCABS), 16, 24, layers=1, heads=2, seed=1, norm_first=False)
    with pytest.raises(ValueError, match="post-norm"):
        trace_translation(post, SENTENCE, *VOCABS)


def test_weights_under_the_causal_mask_are_those_of_the_trace(model):
    trace = trace_translation(model, SENTENCE, *VOCABS)
    T = len(trace.inputs)
    causal = np.tri(T, dtype=bool)
    found = self_attention_under(model, trace.inputs, VOCABS[1], causal)
    np.testing.assert_allclose(found, trace.decoder[0].weights, atol=1e-5)
    free = self_attention_under(model, trace.inputs, VOCABS[1], np.ones((T, T), bool))
    np.testing.assert_allclose(free[:, -1], found[:, -1], atol=1e-5)
    assert free[:, 0, 1:].max() > 0.01
    causal[0, 0] = False
    assert not self_attention_under(model, trace.inputs, VOCABS[1], causal)[:, 0].any()


def test_bad_masks(model):
    with pytest.raises(ValueError, match="mask is"):
        self_attention_under(model, ("<start>",), VOCABS[1], np.ones((1, 2), bool))
    with pytest.raises(ValueError, match="token is 'zebra'"):
        self_attention_under(model, ("zebra",), VOCABS[1], np.ones((1, 1), bool))
