"""The Transformer in torch: the layers by hand in one piece, nothing seen that must not be, cached equals uncached."""

import numpy as np
import pytest
import torch

from helpers.data.source_target_pairs import PairBatch
from helpers.data.vocab import END, START
from helpers.decoding.beam import beam_search
from helpers.decoding.greedy import greedy
from helpers.layers.attention.masks import causal_mask, padding_mask
from helpers.layers.transformer.norms import NormParams
from helpers.layers.transformer.positions import sinusoids
from helpers.layers.transformer.stacks import StackParams, decoder, encoder
from helpers.layers.transformer.torch_weights import layer_from_torch
from helpers.models.seq2seq.decoding_steps import decoder_step, start_state
from helpers.models.torch_modules import new_model
from helpers.models.transformer.torch_model import Transformer

torch.set_num_threads(1)
V_S, V_T = 5, 6
LENGTHS = [(1, 3), (4, 1), (3, 4)]
OPTIONS = [
    {"layers": 1, "heads": 1},
    {"layers": 2, "heads": 3},
    {"layers": 2, "heads": 2, "norm_first": False},
]
every_model = pytest.mark.parametrize("options", OPTIONS, ids=str)


def make(options, T_max=8):
    return new_model(Transformer, V_S, V_T, 6, 7, seed=0, T_max=T_max, **options).double()


@pytest.fixture
def batch():
    """Random ids, in the padding too."""
    rng = np.random.default_rng(0)
    S, T = (np.array(column) for column in zip(*LENGTHS, strict=True))
    source_mask, target_mask = (np.arange(n.max())[:, None] < n for n in (S, T))
    source = rng.integers(V_S, size=source_mask.shape, dtype=np.int32)
    inputs, targets = rng.integers(V_T, size=(2, *target_mask.shape), dtype=np.int32)
    return PairBatch(source, source_mask, inputs, targets, target_mask)


def logits_of(model, batch):
    with torch.no_grad():
        return model(*(torch.as_tensor(array) for array in batch[:3]))


def pair(batch, b):
    """One pair alone, without padding."""
    S, T = LENGTHS[b]
    return PairBatch(*(array[: S if i < 2 else T, b : b + 1] for i, array in enumerate(batch)))


def by_hand(model, batch):
    """The same function out of the layers in NumPy."""
    stacks = []
    for stack in (model.encoder, model.decoder):
        norm = () if stack.norm is None else NormParams(*(w.detach().numpy() for w in stack.norm.parameters()))
        stacks.append(StackParams(tuple(map(layer_from_torch, stack.layers)), norm))
    first = model.decoder.layers[0]
    heads, norm_first = first.self_attn.num_heads, first.norm_first
    read, said = (
        table.weight.detach().numpy()[ids.T] + sinusoids(len(ids), 6)
        for table, ids in ((model.source_embedding, batch.source), (model.target_embedding, batch.inputs))
    )
    visible = padding_mask(batch.source_mask)
    memory, _, _ = encoder(read, stacks[0], heads, visible, norm_first)
    y, _, _ = decoder(said, memory, stacks[1], heads, causal_mask(len(batch.inputs)), visible, norm_first)
    return (y @ model.output.weight.detach().numpy().T + model.output.bias.detach().numpy()).swapaxes(0, 1)


@every_model
def test_it_is_the_layers_by_hand(batch, options):
    model = make(options)
    np.testing.assert_allclose(logits_of(model, batch), by_hand(model, batch), rtol=1e-10, atol=1e-12)


@every_model
def test_a_later_token_changes_no_earlier_output_to_the_last_bit(batch, options):
    model = make(options)
    before = logits_of(model, batch)
    for t in range(1, len(batch.inputs)):
        inputs = batch.inputs.copy()
        inputs[t:] = (inputs[t:] + 1) % V_T
        after = logits_of(model, batch._replace(inputs=inputs))
        assert torch.equal(after[:t], before[:t])
        assert not torch.equal(after[t:], before[t:])


@every_model
def test_padding_changes_no_real_output(batch, options):
    model = make(options)
    together = logits_of(model, batch)
    for b, (_, T) in enumerate(LENGTHS):
        alone = logits_of(model, pair(batch, b))
        np.testing.assert_allclose(together[:T, b], alone[:, 0], rtol=1e-10, atol=1e-12)


@every_model
def test_cached_steps_equal_reading_all_at_once(batch, options):
    model = make(options)
    expected = torch.log_softmax(logits_of(model, batch), dim=-1)
    step, state = decoder_step(model), start_state(model, batch)
    for t, tokens in enumerate(batch.inputs):
        log_probs, state = step(tokens, state)
        np.testing.assert_allclose(log_probs, expected[t], rtol=1e-10, atol=1e-12)
        assert state.layers[-1].own.k.shape == (3, options["heads"], t + 1, 6 // options["heads"])


@every_model
def test_several_steps_at_once_equal_one_by_one(batch, options):
    model, inputs = make(options), torch.as_tensor(batch.inputs)
    state, parts = start_state(model, batch), []
    with torch.no_grad():
        for part in (inputs[:1], inputs[1:4]):
            logits, state = model.decode(part, state)
            parts.append(logits)
    np.testing.assert_allclose(torch.cat(parts), logits_of(model, batch), rtol=1e-10, atol=1e-12)


@every_model
def test_a_batch_is_searched_as_one_source_at_a_time(batch, options):
    model = make(options)
    step = decoder_step(model)
    for search in (greedy, lambda *a: beam_search(*a[:4], 3, a[4])):
        together = search(step, start_state(model, batch), START, END, 7)
        for b, hypotheses in enumerate(together):
            (alone,) = search(step, start_state(model, pair(batch, b)), START, END, 7)
            assert [h.tokens for h in alone] == [h.tokens for h in hypotheses]


def test_layers_begin_apart_and_positions_are_no_weights():
    model = make(OPTIONS[1])
    for stack in (model.encoder, model.decoder):
        assert not torch.equal(*(layer.linear1.weight for layer in stack.layers))
    assert "positions" not in model.state_dict()


def test_more_tokens_than_positions_are_refused(batch):
    model = make(OPTIONS[0], T_max=3)
    with pytest.raises(ValueError, match="there are 4 tokens, expected at most 3"):
        logits_of(model, batch)
    short = PairBatch(batch.source[:3], batch.source_mask[:3] | True, *batch[2:])
    step, state = decoder_step(model), start_state(model, short)
    for _ in range(3):
        _, state = step(batch.inputs[0], state)
    with pytest.raises(ValueError, match="there are 4 tokens"):
        step(batch.inputs[0], state)


@pytest.mark.parametrize(
    ("sizes", "options", "message"),
    [
        ((5, 6, 6, 7), {"heads": 4}, "heads is 4, expected a number that divides D = 6"),
        ((5, 6, 3, 7), {"heads": 1}, "D is 3, expected an even number"),
        ((5, 6, 6, 0), {"heads": 1}, "H is 0"),
        ((5, 6, 6, 7), {"heads": 1, "layers": 0}, "layers is 0"),
    ],
)
def test_impossible_sizes_are_refused(sizes, options, message):
    with pytest.raises(ValueError, match=message):
        Transformer(*sizes, **options)
