import numpy as np
import pytest
import torch

from helpers.data.pictures import (
    annotate_caption,
    caption_batch,
    caption_of,
    caption_vocab,
    draw_pictures,
    encode_captions,
    object_cover,
    random_scenes,
)
from helpers.data.vocab import END, START, decode, encode
from helpers.decoding import beam_search, greedy
from helpers.models.captioner import (
    CAPTIONERS,
    Captioner,
    CaptionerRun,
    as_tensors,
    caption_loss,
    decoder_step,
    new_model,
    place_weights,
    say_pictures,
    see_pictures,
    trace_caption,
    train_captioner,
    train_runs,
    where_it_looks,
)

VOCAB = caption_vocab()
SCENES = random_scenes(40, np.random.default_rng(0))
CAPTIONS = [caption_of(scene) for scene in SCENES]
PICTURES = draw_pictures(SCENES)
ENCODED = encode_captions(PICTURES, CAPTIONS, VOCAB)


def captioner(kind="attention", seed=0, **sizes):
    return new_model(Captioner, len(VOCAB), kind, seed=seed, **sizes).eval()


@pytest.fixture(scope="module")
def taught():
    """A captioner that knows eight pictures by heart."""
    model = captioner(H=48)
    few = encode_captions(PICTURES[:8], CAPTIONS[:8], VOCAB)
    history = train_captioner(model, few, np.random.default_rng(0), steps=150, batch=8, rate=1e-2)
    return model, history


@pytest.mark.parametrize("kind", CAPTIONERS)
def test_steps_one_by_one_are_those_of_teacher_forcing(kind):
    model, batch = captioner(kind), caption_batch(ENCODED, np.arange(5))
    with torch.no_grad():
        logits = model(*as_tensors((batch.pictures, batch.inputs)))
    assert logits.shape == (*batch.inputs.shape, len(VOCAB))
    step, state = decoder_step(model), see_pictures(model, batch.pictures)
    for tokens, wanted in zip(batch.inputs, logits, strict=True):
        log_probs, state = step(tokens, state)
        torch.testing.assert_close(log_probs, torch.log_softmax(wanted, dim=-1), atol=2e-5, rtol=0)


@pytest.mark.parametrize("kind", CAPTIONERS)
def test_what_is_said_is_what_greedy_search_finds(kind):
    model = captioner(kind, seed=3)
    found = greedy(decoder_step(model), see_pictures(model, PICTURES), START, END, 24)
    said = say_pictures(model, PICTURES, VOCAB)
    for (best,), words in zip(found, said, strict=True):
        tokens = [token for token in best.tokens if token != END]
        assert tuple(decode(VOCAB, tokens) if tokens else ()) == words


def test_a_beam_is_searched_unchanged(taught):
    model, _ = taught
    found = beam_search(decoder_step(model), see_pictures(model, PICTURES[:3]), START, END, width=3, max_length=24)
    assert [tuple(decode(VOCAB, best[0].tokens[:-1])) for best in found] == CAPTIONS[:3]


def test_attention_is_computed_as_its_equation_says():
    model = captioner(seed=1)
    (state,) = (see_pictures(model, PICTURES[:2]),)
    token = torch.tensor([[START, START]])
    with torch.no_grad():
        logits, after = model.decode(token, state)
    W_q, W_k = (getattr(model, name).weight.detach().numpy().T for name in ("W_q", "W_k"))
    values, s = state.values.numpy(), state.s.numpy()
    scores = np.einsum("bd,bpd->bp", s @ W_q, values @ W_k) / np.sqrt(64)
    weights = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(after.weights[:, 0].numpy(), weights, atol=1e-6)
    c = np.einsum("bp,bpc->bc", weights, values)
    read = np.concatenate([after.s.numpy(), c], axis=1)
    wanted = read @ model.output.weight.detach().numpy().T + model.output.bias.detach().numpy()
    np.testing.assert_allclose(logits[0].numpy(), wanted, atol=1e-5)


def test_a_pooled_vector_is_the_largest_over_places_of_one_layer_and_is_read_at_every_step():
    model = captioner("pooled", seed=2)
    pictures = torch.from_numpy(PICTURES[:3])
    with torch.no_grad():
        places = model.feature_maps(pictures)[-1].numpy().transpose(0, 2, 3, 1).reshape(3, 64, 64)
        state = model.encode(pictures)
        logits, after = model.decode(torch.full((2, 3), START), state)
        silent, _ = model.decode(torch.full((2, 3), START), state._replace(context=0 * state.context))
    where = np.stack(np.divmod(np.arange(64), 8), axis=1)
    each = np.concatenate([places, *(np.broadcast_to(np.eye(8)[w], (3, 64, 8)) for w in where.T)], axis=-1)
    W, b = model.pool.weight.detach().numpy().T, model.pool.bias.detach().numpy()
    np.testing.assert_allclose(state.context.numpy(), np.maximum(each @ W + b, 0).max(axis=1), atol=1e-5)
    assert after.context is state.context
    assert (logits - silent).abs().amax(dim=(1, 2)).min() > 1e-3


def test_each_place_knows_its_row_and_its_column():
    values = see_pictures(captioner(), PICTURES[:1]).values[0].numpy().reshape(8, 8, -1)
    np.testing.assert_array_equal(values[:, 3, 64:72], np.eye(8))
    np.testing.assert_array_equal(values[5, :, 72:], np.eye(8))


def test_the_maps_have_their_sizes():
    maps = captioner().feature_maps(torch.from_numpy(PICTURES[:2]))
    assert [tuple(each.shape) for each in maps] == [(2, 32, 16, 16), (2, 64, 8, 8), (2, 64, 8, 8)]


def test_the_loss_is_the_mean_over_the_tokens_that_count():
    model, batch = captioner("first state"), caption_batch(ENCODED, np.arange(4))
    total, words = 0.0, 0
    for n in range(4):
        step, state = decoder_step(model), see_pictures(model, PICTURES[n : n + 1])
        token = START
        for wanted in [*encode(VOCAB, CAPTIONS[n]), END]:
            log_probs, state = step(np.array([token]), state)
            total, words, token = total - float(log_probs[0, wanted]), words + 1, wanted
    assert caption_loss(model, as_tensors(batch)).item() == pytest.approx(total / words, rel=1e-4)


def test_it_learns_pictures_by_heart(taught):
    model, history = taught
    assert history.loss[-1] < 0.05 < 1 < history.loss[0]
    assert not model.training
    assert say_pictures(model, PICTURES[:8], VOCAB) == CAPTIONS[:8]


def test_a_trace_holds_each_step_of_what_is_said(taught):
    model, _ = taught
    trace = trace_caption(model, PICTURES[2])
    assert tuple(VOCAB.tokens[each.token] for each in trace) == (*CAPTIONS[2], "<end>")
    (weights,) = place_weights(model, PICTURES[2:3], CAPTIONS[2:3], VOCAB)
    for each, read in zip(trace, weights, strict=False):
        np.testing.assert_allclose(each.weights, read.ravel(), atol=1e-6)
        assert each.weights.sum() == pytest.approx(1, abs=1e-5)
        assert each.probability == each.p.max()
    assert len(trace_caption(model, PICTURES[2], longest=2)) == 2


def test_where_it_looks_is_counted_as_by_hand(taught):
    model, _ = taught
    found = where_it_looks(model, SCENES[:8], VOCAB)
    own, after, chance = [], [], []
    weights = place_weights(model, PICTURES[:8], CAPTIONS[:8], VOCAB)
    for scene, words, rows in zip(SCENES, CAPTIONS, weights, strict=False):
        for each, row in zip(annotate_caption(words), rows, strict=True):
            if each.role in ("size", "colour", "shape"):
                on = object_cover(scene)[each.objects[0]] > 0
                own.append(on.ravel()[row.argmax()])
                for cover in object_cover(scene)[each.objects[0] + 1 :][:1]:
                    after.append(cover.ravel()[row.argmax()] > 0)
                chance.append(on.mean())
    assert found["naming"].words == len(own)
    assert found["naming"].own == pytest.approx(np.mean(own))
    assert found["naming"].next == pytest.approx(np.mean(after))
    assert found["naming"].chance == pytest.approx(np.mean(chance))
    alone = next(scene for scene in SCENES if len(scene) == 1)
    assert np.isnan(where_it_looks(model, [alone], VOCAB)["naming"].next)
    assert {*found} == {"naming", "article", "relation"}
    assert found["naming"].chance < found["naming"].own


def test_the_same_seed_gives_the_same_weights_and_training_leaves_torch_as_it_was():
    before = torch.random.get_rng_state()
    run = CaptionerRun(seed=1, kind="every step", steps=3, batch=8, looks=(0, 2))
    (first,) = train_runs([run], ENCODED, len(VOCAB), workers=1)
    second = run.new(ENCODED, len(VOCAB))
    history = run.train(second, ENCODED, len(VOCAB))
    np.testing.assert_allclose(history.loss, first.history.loss, rtol=1e-5)
    assert {*first.earlier} == {0, 2}
    assert torch.equal(before, torch.random.get_rng_state())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Captioner(len(VOCAB), "no such"), "kind is 'no such'"),
        (lambda: Captioner(0), "V is 0"),
        (lambda: see_pictures(captioner(), PICTURES[0]), "pictures has shape"),
        (lambda: see_pictures(captioner().train(), PICTURES), "training mode"),
        (lambda: place_weights(captioner("every step"), PICTURES, CAPTIONS, VOCAB), "expected one with attention"),
        (lambda: place_weights(captioner(), PICTURES, CAPTIONS[:2], VOCAB), "2 captions"),
        (lambda: trace_caption(captioner("first state"), PICTURES[0]), "expected one with attention"),
        (lambda: captioner().decode(torch.tensor([[99]]), see_pictures(captioner(), PICTURES[:1])), "inputs spans"),
    ],
)
def test_what_cannot_be_said_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
