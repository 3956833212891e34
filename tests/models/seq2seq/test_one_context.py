import numpy as np
import pytest
from numpy.testing import assert_allclose

from helpers.core.gradient_check import check_gradients, compare_gradients
from helpers.core.params import map_params, named_arrays
from helpers.data.source_target_pairs import PairBatch
from helpers.layers.recurrent.gru import gru_step
from helpers.models.seq2seq.encoder import encode_source, make_context
from helpers.models.seq2seq.one_context import seq2seq, seq2seq_loss
from helpers.models.seq2seq.params import CONTEXTS, USES, Seq2SeqParams, init_seq2seq
from helpers.models.seq2seq.torch_model import Seq2Seq
from helpers.models.seq2seq.torch_weights import seq2seq_from_torch
from helpers.models.seq2seq.training import batch_loss
from helpers.models.torch_modules import as_tensors, new_model

V_S, V_T, E, H = 5, 6, 2, 3
OPTIONS = [
    {"context": context, "use": use, "bidirectional": both}
    for both in (False, True)
    for context in CONTEXTS
    for use in USES
    if not (both and context == "last" and use == "first state")
]
every_option = pytest.mark.parametrize("options", OPTIONS, ids=lambda o: " ".join(map(str, o.values())))
BATCHES = [[(1, 1)], [(3, 2), (3, 2)], [(1, 3), (4, 1), (3, 4)]]  # (S, T) of each pair


def make(options, seed=0, dtype=np.float64):
    """Random parameters, the biases too."""
    rng = np.random.default_rng(seed)
    params = init_seq2seq(rng, V_S, V_T, E, H, **options, dtype=dtype)
    return map_params(lambda p: p + (0.3 * rng.standard_normal(p.shape)).astype(dtype), params)


def ways(options):
    return {name: options[name] for name in ("context", "use")}


@every_option
@pytest.mark.parametrize("lengths", BATCHES, ids=str)
def test_gradients_equal_central_differences(random_batch, options, lengths):
    params, batch = make(options), random_batch(lengths)
    _, grads = seq2seq_loss(params, batch, **ways(options))
    assert isinstance(grads, Seq2SeqParams)
    errors = check_gradients(lambda p: seq2seq_loss(p, batch, **ways(options))[0], params, grads)
    assert max(errors.values()) < 1e-6, errors


@every_option
@pytest.mark.parametrize("lengths", BATCHES, ids=str)
def test_it_equals_torch(random_batch, options, lengths):
    model, batch = new_model(Seq2Seq, V_S, V_T, E, H, seed=0, **options).double(), random_batch(lengths)
    params, tensors = seq2seq_from_torch(model), as_tensors(batch)
    logits, _ = seq2seq(batch, params, **ways(options))
    theirs = model(tensors.source, tensors.source_mask, tensors.inputs).detach().numpy()
    assert_allclose(logits, theirs, rtol=1e-10, atol=1e-12)
    their_loss = batch_loss(model, tensors)
    their_loss.backward()
    loss, grads = seq2seq_loss(params, batch, **ways(options))
    assert loss == pytest.approx(their_loss.item(), rel=1e-10)
    errors = compare_gradients(grads, seq2seq_from_torch(model, gradients=True))
    assert max(errors.values()) < 1e-10, errors


@every_option
def test_padding_changes_nothing(random_batch, options):
    """Each pair alone has the logits that it has beside longer ones, and the loss is the mean over all their tokens."""
    params, batch = make(options), random_batch(BATCHES[-1])
    logits, _ = seq2seq(batch, params, **ways(options))
    summed = 0
    for b, (S, T) in enumerate(BATCHES[-1]):
        alone = PairBatch(*(array[: S if i < 2 else T, b : b + 1] for i, array in enumerate(batch)))
        assert_allclose(seq2seq(alone, params, **ways(options))[0][:, 0], logits[:T, b], rtol=1e-12)
        summed += T * seq2seq_loss(params, alone, **ways(options))[0]
    total = batch.target_mask.sum()
    assert seq2seq_loss(params, batch, **ways(options))[0] == pytest.approx(summed / total, rel=1e-12)


def by_hand(params, batch, context, use):
    """One pair, one step after the other, straight from the equations."""
    states, h = [], np.zeros((1, H))
    for token in batch.source[:, 0]:
        (h,) = gru_step(params.source_embedding[[token]], (h,), params.encoder[0])
        states.append(h)
    if context == "last":
        c = h
    else:
        summary = h if context == "mapped last" else sum(states) / len(states)
        c = np.tanh(summary @ params.context.W + params.context.b)
    s = c if use == "first state" else np.zeros((1, H))
    for token in batch.inputs[:, 0]:
        x = params.target_embedding[[token]]
        (s,) = gru_step(x if use == "first state" else np.hstack([x, c]), (s,), params.decoder)
        yield (s @ params.output.W + params.output.b)[0]


@pytest.mark.parametrize("context", CONTEXTS)
@pytest.mark.parametrize("use", USES)
def test_it_equals_the_equations_step_by_step(random_batch, context, use):
    params, batch = make({"context": context, "use": use}), random_batch([(4, 3)])
    logits, _ = seq2seq(batch, params, context, use)
    assert_allclose(logits[:, 0], list(by_hand(params, batch, context, use)), rtol=1e-12)


def test_the_three_contexts_by_hand():
    params = make({"context": "mapped mean"})
    h = np.array([[[1.0, 0, 2], [3.0, 4, 0]], [[0.0, 0, 0], [1.0, 2, 0]]])  # the first has one real step
    mask, last = np.array([[True, True], [False, True]]), np.array([[1.0, 0, 2], [1, 2, 0]])
    params.context.W[:], params.context.b[:] = np.eye(H), 0
    for context, c in (("last", last), ("mapped last", np.tanh(last))):
        assert_allclose(make_context(h, last, mask, params, context)[0], c)
    mean = [[1, 0, 2], [2, 3, 0]]
    assert_allclose(make_context(h, last, mask, params, "mapped mean")[0], np.tanh(mean))


def test_an_encoder_of_both_directions_ends_at_both_ends(random_batch):
    params, batch = make({"bidirectional": True}), random_batch(BATCHES[-1])
    h, last, _ = encode_source(batch.source, batch.source_mask, params)
    for b, (S, _) in enumerate(BATCHES[-1]):
        assert_allclose(last[b], np.concatenate([h[S - 1, b, :H], h[0, b, H:]]))


@every_option
def test_float32_stays_float32_and_nothing_given_is_changed(random_batch, options):
    params, batch = make(options, dtype=np.float32), random_batch(BATCHES[-1])
    kept = map_params(np.array, (params, tuple(batch)))
    loss, grads = seq2seq_loss(params, batch, **ways(options))
    assert {array.dtype for _, array in named_arrays(grads)} == {np.dtype(np.float32)}
    assert loss == pytest.approx(seq2seq_loss(make(options), batch, **ways(options))[0], rel=1e-4)
    for (_, now), (_, before) in zip(named_arrays((params, tuple(batch))), named_arrays(kept), strict=True):
        np.testing.assert_array_equal(now, before)


def test_first_parameters(rng):
    params = init_seq2seq(rng, 500, 400, 20, 30, "last", "every step", bidirectional=True, dtype=np.float32)
    assert params.context == ()
    assert params.decoder.W_xh.shape == (20 + 60, 90)
    assert params.output.W.shape == (30, 400)
    assert params.source_embedding.std() == pytest.approx(1, abs=0.03)
    assert {array.dtype for _, array in named_arrays(params)} == {np.dtype(np.float32)}
    mapped = init_seq2seq(rng, 5, 4, 2, 3, "mapped mean", "every step", bidirectional=True)
    assert mapped.context.W.shape == (6, 3)
    assert mapped.decoder.W_xh.shape == (2 + 3, 9)


def test_bad_input(random_batch, rng):
    params, batch = make({}), random_batch([(2, 2)])
    with pytest.raises(ValueError, match="context is 'first', expected one of 'last', 'mapped last', 'mapped mean'"):
        seq2seq_loss(params, batch, context="first")
    with pytest.raises(ValueError, match="use is 'never', expected one of 'first state', 'every step'"):
        seq2seq_loss(params, batch, use="never")
    with pytest.raises(ValueError, match="twice as wide"):
        init_seq2seq(rng, 2, 2, 2, 2, "last", bidirectional=True)
    with pytest.raises(ValueError, match="V_t is 0"):
        init_seq2seq(rng, 2, 0, 2, 2)
    with pytest.raises(ValueError, match=r"x has shape \(2, 1, 5\), expected"):
        seq2seq_loss(params, batch, use="every step")  # the weights are those of the other way
    with pytest.raises(ValueError, match="padding before a token"):
        seq2seq_loss(params, batch._replace(source_mask=~np.eye(2, 1, dtype=bool)))
    with pytest.raises(ValueError, match="spans"):
        seq2seq_loss(params, batch._replace(inputs=batch.inputs + V_T))
    with pytest.raises(ValueError, match="c has shape"):
        seq2seq_loss(params, batch._replace(inputs=np.zeros((2, 2), int)))


def test_what_torch_refuses():
    for options in ({"context": "last", "bidirectional": True}, {"attention": "additive", "use": "every step"}):
        with pytest.raises(ValueError, match="expected"):
            new_model(Seq2Seq, 2, 2, 2, 2, seed=0, **options)
    with pytest.raises(ValueError, match="attention is 'dot', expected one of None, 'additive', 'multiplicative'"):
        new_model(Seq2Seq, 2, 2, 2, 2, seed=0, attention="dot")
