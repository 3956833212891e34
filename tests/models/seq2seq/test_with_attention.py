import numpy as np
import pytest
from numpy.testing import assert_allclose

from helpers.core.gradient_check import check_gradients, compare_gradients
from helpers.core.numerics import softmax
from helpers.core.params import map_params, named_arrays
from helpers.data.source_target_pairs import PairBatch
from helpers.layers.recurrent.gru import gru_step
from helpers.models.seq2seq.encoder import encode_source
from helpers.models.seq2seq.params import AttentiveParams, init_attentive
from helpers.models.seq2seq.torch_model import Seq2Seq
from helpers.models.seq2seq.torch_weights import seq2seq_from_torch
from helpers.models.seq2seq.training import batch_loss
from helpers.models.seq2seq.with_attention import attentive, attentive_loss
from helpers.models.torch_modules import as_tensors, new_model

V_S, V_T, E, H = 5, 6, 2, 3
every_attention = pytest.mark.parametrize("attention", ["additive", "multiplicative"])
every_encoder = pytest.mark.parametrize("bidirectional", [False, True])
BATCHES = [[(1, 1)], [(3, 2), (3, 2)], [(1, 3), (4, 1), (3, 4)]]  # (S, T) of each pair


def make(attention, bidirectional=True, dtype=np.float64):
    """Random parameters, the biases too; large ones, so that the weights of attention are far from equal."""
    rng = np.random.default_rng(0)
    params = init_attentive(rng, V_S, V_T, E, H, attention, bidirectional, dtype)
    return map_params(lambda p: p + rng.standard_normal(p.shape).astype(dtype), params)


@every_attention
@every_encoder
@pytest.mark.parametrize("lengths", BATCHES, ids=str)
def test_gradients_equal_central_differences(random_batch, attention, bidirectional, lengths):
    params, batch = make(attention, bidirectional), random_batch(lengths)
    _, grads = attentive_loss(params, batch)
    assert isinstance(grads, AttentiveParams)
    errors = check_gradients(lambda p: attentive_loss(p, batch)[0], params, grads)
    if batch.source.shape[0] == 1:  # one key always has weight 1: what scores it gets a gradient of 0, but for rounding
        for name, array in named_arrays(grads.attention, "attention"):
            assert np.abs(array).max() < 1e-12
            del errors[name]
    assert max(errors.values()) < 1e-6, errors


@every_attention
@every_encoder
@pytest.mark.parametrize("lengths", BATCHES[1:], ids=str)
def test_it_equals_torch(random_batch, attention, bidirectional, lengths):
    options = {"attention": attention, "bidirectional": bidirectional}
    model, batch = new_model(Seq2Seq, V_S, V_T, E, H, seed=0, **options).double(), random_batch(lengths)
    params, tensors = seq2seq_from_torch(model), as_tensors(batch)
    logits, weights, _ = attentive(batch, params)
    state = model.encode(tensors.source, tensors.source_mask)
    their_logits, state = model.decode(tensors.inputs, state)
    assert_allclose(logits, their_logits.detach().numpy(), rtol=1e-10, atol=1e-12)
    assert_allclose(weights, state.weights.detach().numpy(), rtol=1e-10, atol=1e-12)
    their_loss = batch_loss(model, tensors)
    their_loss.backward()
    loss, grads = attentive_loss(params, batch)
    assert loss == pytest.approx(their_loss.item(), rel=1e-10)
    errors = compare_gradients(grads, seq2seq_from_torch(model, gradients=True))
    assert max(errors.values()) < 1e-10, errors


def by_hand(params, batch, attention):
    """One pair, straight from the equations: yields the logits and the weights of each step."""
    h, last, _ = encode_source(batch.source, batch.source_mask, params)
    h, s = h[:, 0], np.tanh(last[0] @ params.context.W + params.context.b)
    for token in batch.inputs[:, 0]:
        x = params.target_embedding[token]
        if attention == "additive":
            W_q, W_k, v = params.attention
            weights = softmax(np.array([np.tanh(s @ W_q + h_s @ W_k) @ v for h_s in h]))
            read = np.concatenate([x, weights @ h])
            ((s,),) = gru_step(read[None], (s[None],), params.decoder)
            shown = s
        else:
            ((s,),) = gru_step(x[None], (s[None],), params.decoder)
            weights = softmax(np.array([s @ params.attention.W @ h_s for h_s in h]))
            shown = np.tanh(np.concatenate([s, weights @ h]) @ params.join.W + params.join.b)
        yield shown @ params.output.W + params.output.b, weights


@every_attention
def test_it_equals_the_equations_step_by_step(random_batch, attention):
    params, batch = make(attention), random_batch([(4, 3)])
    logits, weights, _ = attentive(batch, params)
    for t, (logits_t, weights_t) in enumerate(by_hand(params, batch, attention)):
        assert_allclose(logits[t, 0], logits_t, rtol=1e-11)
        assert_allclose(weights[0, t], weights_t, rtol=1e-11)


@every_attention
def test_padding_changes_nothing_and_is_not_looked_at(random_batch, attention):
    params, batch = make(attention), random_batch(BATCHES[-1])
    logits, weights, _ = attentive(batch, params)
    assert not weights.transpose(0, 2, 1)[~batch.source_mask.T].any()
    assert_allclose(weights.sum(axis=-1), 1)
    for b, (S, T) in enumerate(BATCHES[-1]):
        alone = PairBatch(*(array[: S if i < 2 else T, b : b + 1] for i, array in enumerate(batch)))
        alone_logits, alone_weights, _ = attentive(alone, params)
        assert_allclose(alone_logits[:, 0], logits[:T, b], rtol=1e-12)
        assert_allclose(alone_weights[0], weights[b, :T, :S], rtol=1e-12)


@every_attention
def test_float32_stays_float32_and_nothing_given_is_changed(random_batch, attention):
    params, batch = make(attention, dtype=np.float32), random_batch(BATCHES[-1])
    kept = map_params(np.array, (params, tuple(batch)))
    loss, grads = attentive_loss(params, batch)
    assert {array.dtype for _, array in named_arrays(grads)} == {np.dtype(np.float32)}
    assert loss == pytest.approx(attentive_loss(make(attention), batch)[0], rel=1e-3)
    for (_, now), (_, before) in zip(named_arrays((params, tuple(batch))), named_arrays(kept), strict=True):
        np.testing.assert_array_equal(now, before)


def test_bad_input(random_batch, rng):
    with pytest.raises(ValueError, match="attention is 'dot', expected one of 'additive', 'multiplicative'"):
        init_attentive(rng, 2, 2, 2, 2, "dot")
    with pytest.raises(ValueError, match="V_s is 0"):
        init_attentive(rng, 0, 2, 2, 2)
    params, batch = make("additive"), random_batch([(2, 2)])
    with pytest.raises(ValueError, match="spans"):
        attentive_loss(params, batch._replace(source=batch.source + V_S))
