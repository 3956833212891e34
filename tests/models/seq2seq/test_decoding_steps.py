import numpy as np
import pytest
import torch

from helpers.data.source_target_pairs import PairBatch
from helpers.data.vocab import END, START
from helpers.decoding.beam import beam_search
from helpers.decoding.greedy import greedy
from helpers.decoding.hypotheses import Hypothesis
from helpers.models.seq2seq.decoding_steps import alignments, decoder_step, start_state, teacher_forced
from helpers.models.seq2seq.evaluation import pad_outputs
from helpers.models.seq2seq.torch_model import Seq2Seq
from helpers.models.torch_modules import new_model

V_S, V_T = 5, 6
LENGTHS = [(1, 3), (4, 1), (3, 4)]
OPTIONS = [
    {"context": "last"},
    {"context": "mapped mean", "use": "every step", "bidirectional": True},
    {"attention": "additive", "bidirectional": True},
    {"attention": "multiplicative"},
]
every_model = pytest.mark.parametrize("options", OPTIONS, ids=lambda o: " ".join(map(str, o.values())))
with_attention = pytest.mark.parametrize("options", OPTIONS[2:], ids=lambda o: o["attention"])


def make(options):
    model = new_model(Seq2Seq, V_S, V_T, 4, 6, seed=0, **options).double()
    with torch.no_grad():
        for weight in model.parameters():
            weight *= 3  # so that sources and tokens matter
    return model


def pair(batch, b):
    """One pair alone, without padding."""
    S, T = LENGTHS[b]
    return PairBatch(*(array[: S if i < 2 else T, b : b + 1] for i, array in enumerate(batch)))


@every_model
def test_steps_one_by_one_equal_teacher_forcing(random_batch, options):
    model, batch = make(options), random_batch(LENGTHS)
    with torch.no_grad():
        logits = model(*(torch.as_tensor(array) for array in batch[:3]))
    step, state = decoder_step(model), start_state(model, batch)
    for tokens, logits_t in zip(batch.inputs, logits, strict=True):
        log_probs, state = step(tokens, state)
        np.testing.assert_allclose(log_probs, torch.log_softmax(logits_t, dim=-1), rtol=1e-10)
    np.testing.assert_array_equal(teacher_forced(model, batch), logits.argmax(dim=-1))


@every_model
def test_a_batch_is_searched_as_one_source_at_a_time(random_batch, options):
    model, batch = make(options), random_batch(LENGTHS)
    step = decoder_step(model)
    for search in (greedy, lambda *a: beam_search(*a[:4], 3, a[4])):
        together = search(step, start_state(model, batch), START, END, 7)
        for b, hypotheses in enumerate(together):
            (alone,) = search(step, start_state(model, pair(batch, b)), START, END, 7)
            assert [h.tokens for h in alone] == [h.tokens for h in hypotheses]
            np.testing.assert_allclose([h.log_prob for h in alone], [h.log_prob for h in hypotheses], rtol=1e-10)
    assert isinstance(together[0][0], Hypothesis)


@every_model
def test_greedy_says_what_teacher_forcing_on_its_own_output_says(random_batch, options):
    model, batch = make(options), random_batch(LENGTHS)
    outputs = [best.tokens for (best,) in greedy(decoder_step(model), start_state(model, batch), START, END, 7)]
    tokens, mask = pad_outputs(outputs)
    inputs = np.vstack([np.full(len(outputs), START), tokens[:-1]])
    said = teacher_forced(model, batch._replace(inputs=inputs, targets=tokens, target_mask=mask))
    np.testing.assert_array_equal(said[mask], tokens[mask])


@with_attention
def test_alignments_are_what_each_step_looked_at(random_batch, options):
    model, batch = make(options), random_batch(LENGTHS)
    outputs = [(4, 5, END), (END,), (5, 4)]
    weights = alignments(model, batch.source, batch.source_mask, outputs)
    assert weights.shape == (3, 3, 4)
    step = decoder_step(model)
    for b, output in enumerate(outputs):
        state, S = start_state(model, pair(batch, b)), LENGTHS[b][0]
        for t, token in enumerate((START, *output[:-1])):
            _, state = step(np.array([token]), state)
            np.testing.assert_allclose(weights[b, t, :S], state.weights[0, 0], rtol=1e-10)
            assert weights[b, t].sum() == pytest.approx(1)
        assert not weights[b, len(output) :].any()
        assert not weights[b, :, S:].any()


@every_model
def test_no_gradient_is_kept(random_batch, options):
    model, batch = make(options), random_batch(LENGTHS)
    log_probs, state = decoder_step(model)(batch.inputs[0], start_state(model, batch))
    assert not log_probs.requires_grad
    assert not any(part.requires_grad for part in state if part is not None)


def test_bad_input(random_batch):
    batch = random_batch(LENGTHS)
    with pytest.raises(ValueError, match="no attention"):
        alignments(make({"context": "last"}), batch.source, batch.source_mask, [(1,)] * 3)
    model = make({"attention": "additive"})
    with pytest.raises(ValueError, match="there are 2 outputs, expected one for each of 3"):
        alignments(model, batch.source, batch.source_mask, [(1,), (2,)])
    with pytest.raises(ValueError, match="expected at least one token in each"):
        alignments(model, batch.source, batch.source_mask, [(1,), (), (2,)])
