import numpy as np
import pytest
import torch

from helpers.data.source_target_pairs import pair_batch
from helpers.data.vocab import END, START
from helpers.decoding.greedy import greedy
from helpers.models.seq2seq.decoding_steps import decoder_step, start_state
from helpers.models.seq2seq.evaluation import exact_match
from helpers.models.seq2seq.torch_model import Seq2Seq
from helpers.models.seq2seq.training import Seq2SeqRun, batch_loss, train_seq2seq
from helpers.models.torch_modules import count_weights, new_model
from helpers.models.torch_runs import train_runs

torch.set_num_threads(1)


def small(reversals):
    return new_model(Seq2Seq, *reversals[1:], 3, 5, seed=0)


@pytest.mark.parametrize("options", [{"context": "last"}, {"attention": "additive"}, {"attention": "multiplicative"}])
def test_it_learns_to_write_backward(reversals, options):
    encoded, V_s, V_t = reversals
    model = new_model(Seq2Seq, V_s, V_t, 8, 32, seed=0, **options)
    history = train_seq2seq(model, encoded, np.random.default_rng(0), 400, batch=16)
    assert history.loss.shape == history.gradient_norm.shape == (400,)
    assert history.loss[-1] < 0.1 * history.loss[0]
    batch = pair_batch(encoded, np.arange(200))
    outputs = [best.tokens for (best,) in greedy(decoder_step(model), start_state(model, batch), START, END, 6)]
    assert exact_match(outputs, batch).mean() > 0.98


def test_nothing_is_left_to_chance(reversals):
    encoded = reversals[0]
    first, again, other = (
        train_seq2seq(small(reversals), encoded, np.random.default_rng(seed), 10, batch=4).loss for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_a_gradient_is_clipped(reversals):
    """Adam's steps depend on the size of a gradient only where it is far below its eps of 1e-8."""
    encoded = reversals[0]
    moved = []
    for clip in (1.0, 1e-12):
        model = small(reversals)
        before = model.output.weight.detach().clone()
        train_seq2seq(model, encoded, np.random.default_rng(0), 5, batch=4, clip=clip)
        moved.append((model.output.weight.detach() - before).abs().max().item())
    assert moved[1] < 1e-3 * moved[0]


def test_runs_in_other_processes_are_the_runs_made_here(reversals):
    runs = [Seq2SeqRun(seed, H=5, E=3, options={"context": "last"}, steps=3, batch=4, rate=3e-3) for seed in (0, 1)]
    runs[1] = runs[1]._replace(looks=(2,))
    runs.append(Seq2SeqRun(0, H=4, E=3, options={"attention": "additive", "bidirectional": True}, steps=3, batch=4))
    apart, here = (train_runs(runs, *reversals, workers=workers) for workers in (2, 1))
    for run, (model, history, _), (same, same_history, _) in zip(runs, apart, here, strict=True):
        np.testing.assert_allclose(history.loss, same_history.loss, rtol=1e-5)
        first = run.new(*reversals)
        by_hand = new_model(Seq2Seq, *reversals[1:], run.E, run.H, seed=run.seed, **run.options)
        assert all(torch.equal(a, b) for a, b in zip(first.parameters(), by_hand.parameters(), strict=True))
        rng = np.random.default_rng(run.seed)
        losses = train_seq2seq(by_hand, reversals[0], rng, run.steps, run.batch, run.rate).loss
        np.testing.assert_allclose(same_history.loss, losses, rtol=1e-6)
        for weight, same_weight, before in zip(*(m.parameters() for m in (model, same, first)), strict=True):
            torch.testing.assert_close(weight, same_weight)
            assert not torch.equal(weight, before)
    assert apart[0].history.loss[0] != apart[1].history.loss[0]
    assert [[*trained.earlier] for trained in apart] == [[], [2], []]


def test_the_loss_and_the_warm_up_are_those_that_are_asked_for(reversals):
    encoded = reversals[0]
    asked = [
        train_seq2seq(small(reversals), encoded, np.random.default_rng(0), 20, batch=4, **options).loss
        for options in ({}, {"warm_up": 0.5}, {"loss": lambda model, batch: 2 * batch_loss(model, batch)})
    ]
    assert asked[1][0] == asked[0][0]  # the first loss comes before the first step
    assert (asked[1] != asked[0])[1:].any()
    assert asked[2][0] == pytest.approx(2 * asked[0][0])


def test_weights_counted_by_hand():
    V_s, V_t, E, H = 5, 6, 2, 3
    tables, output = E * (V_s + V_t), V_t * (H + 1)
    encoder = 3 * H * (E + H + 2)
    assert count_weights(new_model(Seq2Seq, V_s, V_t, E, H, seed=0, context="last")) == tables + output + 2 * encoder
    decoder = 3 * H * (E + 2 * H + H + 2)
    maps = H * (2 * H + 1) + H * H + 2 * H * H + H  # the first state, W_q, W_k and v
    model = new_model(Seq2Seq, V_s, V_t, E, H, seed=0, attention="additive", bidirectional=True)
    assert count_weights(model) == tables + output + 2 * encoder + decoder + maps


def test_a_gradient_that_is_not_finite_stops_the_training(reversals):
    encoded, V_s, V_t = reversals
    model = new_model(Seq2Seq, V_s, V_t, 2, 2, seed=0, context="last")
    with torch.no_grad():
        model.output.bias[0] = torch.nan
    with pytest.raises(FloatingPointError, match="step 0: logits has values that are NaN"):
        train_seq2seq(model, encoded, np.random.default_rng(0), 2, batch=4)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"steps": 0}, "steps is 0"),
        ({"batch": 0}, "batch is 0"),
        ({"batch": 201}, "expected at least one batch of 201"),
        ({"clip": -1}, "clip is -1"),
        ({"rate": 0}, "rate is 0"),
        ({"warm_up": 1}, "warm_up is 1, expected a share"),
    ],
)
def test_bad_input(reversals, wrong, message):
    encoded, V_s, V_t = reversals
    model = new_model(Seq2Seq, V_s, V_t, 2, 2, seed=0, context="last")
    with pytest.raises(ValueError, match=message):
        train_seq2seq(model, encoded, np.random.default_rng(0), **{"steps": 1, "batch": 4} | wrong)
