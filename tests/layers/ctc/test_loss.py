"""The loss and its gradient, in both forms: every path, torch, central differences."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.core.ctc_paths import frames_needed
from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.core.numerics import log_softmax, softmax
from helpers.layers.ctc.fast import fast_ctc_loss, fast_ctc_loss_backward
from helpers.layers.ctc.loss import ctc_loss, ctc_loss_backward

FORMS = {"readable": (ctc_loss, ctc_loss_backward), "fast": (fast_ctc_loss, fast_ctc_loss_backward)}
both_forms = pytest.mark.parametrize("form", FORMS)


def loss_and_gradient(form, *args, **options):
    forward, backward = FORMS[form]
    loss, cache = forward(*args, **options)
    return loss, backward(cache)


def of_torch(logits, targets, frames, letters, blank, zero_infinity=False):
    z = torch.tensor(logits, requires_grad=True)
    loss = torch.nn.functional.ctc_loss(
        z.log_softmax(-1), torch.tensor(targets.T.copy()), torch.tensor(frames), torch.tensor(letters), blank,
        reduction="sum", zero_infinity=zero_infinity,
    ) / logits.shape[1]  # fmt: skip
    loss.backward()
    return loss.item(), z.grad.numpy()


def draw_batch(rng, B, T, U, V, dtype=np.float64, feasible=True):
    """Logits, targets, their lengths and a blank; repeats are frequent, lengths differ."""
    blank = int(rng.integers(V))
    letters = np.delete(np.arange(V), blank)[: rng.integers(1, V)]
    targets, lengths = rng.choice(letters, size=(U, B)), rng.integers(0, U + 1, B)
    needed = np.array([frames_needed(targets[:n, b]) for b, n in enumerate(lengths)])
    frames = rng.integers(np.clip(needed, 1, T) if feasible else np.ones(B, int), T + 1)
    if feasible:
        assert (frames >= needed).all()
    logits = rng.choice([0.5, 2, 6]) * rng.standard_normal((T, B, V))
    return logits.astype(dtype), targets, frames, lengths, blank


@both_forms
def test_a_case_by_hand(form):
    logits = np.log([[[0.6, 0.4]], [[0.6, 0.4]]])
    loss, dlogits = loss_and_gradient(form, logits, np.array([[1]]))
    assert isinstance(loss, float)
    assert loss == pytest.approx(-np.log(0.64))
    # Of aa, a- and -a, with 0.16, 0.24 and 0.24, two say a at either frame: 0.40 / 0.64.
    np.testing.assert_allclose(dlogits[:, 0], [[0.6 - 0.375, 0.4 - 0.625]] * 2)


@both_forms
def test_small_cases_equal_all_paths(form, every_text):
    for seed in range(40):
        rng = np.random.default_rng(seed)
        T, V = 1 + seed % 5, 2 + seed % 2
        blank, logits = seed % V, 2 * rng.standard_normal((T, 1, V))
        for text, (p, said) in every_text(log_softmax(logits[:, 0]), blank).items():
            targets = np.array(text, int)[:, None]
            loss, dlogits = loss_and_gradient(form, logits, targets, blank=blank)
            assert loss == pytest.approx(-np.log(p), rel=1e-10, abs=1e-12)
            np.testing.assert_allclose(dlogits[:, 0], softmax(logits[:, 0]) - said / p, rtol=1e-9, atol=1e-12)


@both_forms
def test_1000_larger_ones_equal_torch(form):
    for seed in range(125):
        rng = np.random.default_rng(seed)
        arguments = draw_batch(rng, 8, T=20, U=10, V=int(rng.integers(2, 9)))
        loss, dlogits = loss_and_gradient(form, *arguments)
        their_loss, their_gradient = of_torch(*arguments)
        assert loss == pytest.approx(their_loss, rel=1e-10)
        np.testing.assert_allclose(dlogits, their_gradient, rtol=1e-8, atol=1e-11)


@both_forms
def test_infeasible_targets_count_as_zero_where_that_is_wanted(form):
    found = 0
    for seed in range(20):
        rng = np.random.default_rng(seed)
        arguments = draw_batch(rng, 4, T=6, U=5, V=4, feasible=False)
        _, targets, frames, lengths, _ = arguments
        needed = np.array([frames_needed(targets[:n, b]) for b, n in enumerate(lengths)])
        found += np.count_nonzero(needed > frames)
        loss, dlogits = loss_and_gradient(form, *arguments, infeasible="zero")
        their_loss, their_gradient = of_torch(*arguments, zero_infinity=True)
        assert loss == pytest.approx(their_loss, rel=1e-10)
        np.testing.assert_allclose(dlogits, their_gradient, rtol=1e-8, atol=1e-11)
        assert not dlogits[:, needed > frames].any()
        if (needed > frames).any():
            with pytest.raises(ValueError, match=f"target {(needed > frames).argmax()} is infeasible: it needs"):
                FORMS[form][0](*arguments)
    assert found > 10


@both_forms
def test_what_an_infeasible_target_says(form):
    logits, targets = np.zeros((4, 2, 3)), np.array([[1, 2], [2, 2], [1, 2]])
    message = r"target 1 is infeasible: it needs 5 frames, 3 letters \+ 2 repeats, and has 4; infeasible=\"zero\""
    with pytest.raises(ValueError, match=message):
        FORMS[form][0](logits, targets)
    with pytest.raises(ValueError, match=r"target 0 is infeasible: it needs 3 .* has 2 \(2 such targets\)"):
        FORMS[form][0](logits, targets, [2, 2])
    logits[:, :, 1] = -np.inf
    with pytest.raises(ValueError, match="target 0 is infeasible: no path that says it has a probability above 0"):
        FORMS[form][0](logits[:, :1], targets[:, :1])
    loss, dlogits = loss_and_gradient(form, logits, targets, infeasible="zero")
    assert str(loss) == "0.0"
    assert not dlogits.any()


@both_forms
def test_empty_targets_want_blanks_alone(form):
    rng = np.random.default_rng(0)
    logits = rng.standard_normal((5, 2, 3))
    loss, dlogits = loss_and_gradient(form, logits, np.zeros((0, 2), int), [5, 3], blank=2)
    log_y = log_softmax(logits)[..., 2]
    assert loss == pytest.approx(-(log_y[:, 0].sum() + log_y[:3, 1].sum()) / 2)
    np.testing.assert_allclose(dlogits[:3], (softmax(logits[:3]) - [0, 0, 1]) / 2)
    assert not dlogits[3:, 1].any()
    loss, dlogits = loss_and_gradient(form, logits, np.array([[-1, 1]]), [0, 5], [0, 1])  # no frame says nothing
    assert loss == pytest.approx(loss_and_gradient(form, logits[:, 1:], np.array([[1]]))[0] / 2)
    assert not dlogits[:, 0].any()


@both_forms
@pytest.mark.parametrize("size", [(1, 1, 1, 2), (6, 2, 3, 4), (9, 3, 4, 3)], ids=str)
def test_backward_equals_central_differences(form, size):
    T, B, U, V = size
    logits, *rest = draw_batch(np.random.default_rng(size), B, T, U, V)
    _, dlogits = loss_and_gradient(form, logits, *rest)
    assert relative_error(dlogits, numerical_gradient(lambda z: FORMS[form][0](z, *rest)[0], logits)) < 1e-6


@both_forms
def test_float32_keeps_its_digits_at_500_frames(form):
    rng = np.random.default_rng(0)
    logits, targets = 3 * rng.standard_normal((500, 2, 20)), rng.integers(1, 20, (60, 2))
    arguments = targets, np.array([500, 431]), np.array([60, 33])
    loss, dlogits = loss_and_gradient(form, logits.astype(np.float32), *arguments)
    right, gradient = loss_and_gradient(form, logits.astype(np.float32).astype(np.float64), *arguments)
    assert dlogits.dtype == np.float32
    assert loss == pytest.approx(right, rel=1e-12)
    np.testing.assert_allclose(dlogits, gradient, rtol=1e-6, atol=1e-9)
    their_loss, their_gradient = of_torch(logits.astype(np.float32).astype(np.float64), *arguments, 0)
    assert loss == pytest.approx(their_loss, rel=1e-10)
    np.testing.assert_allclose(dlogits, their_gradient, rtol=1e-6, atol=1e-9)


@both_forms
def test_the_posterior_of_each_frame_sums_to_one(form):
    arguments = draw_batch(np.random.default_rng(1), 3, T=12, U=5, V=6)
    _, dlogits = loss_and_gradient(form, *arguments)
    np.testing.assert_allclose(dlogits.sum(axis=-1), 0, atol=1e-12)


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 10**6), st.sampled_from([1.0, 30.0, 300.0, 3000.0]), st.sampled_from([np.float32, np.float64]))
def test_both_forms_are_equal_however_sure_the_network_is(seed, sure, dtype):
    """Where a probability is too small for a float, its logarithm decides, in both forms."""
    rng = np.random.default_rng(seed)
    logits, *rest = draw_batch(rng, 3, T=25, U=8, V=5)
    logits = (sure * logits).astype(dtype)
    readable, fast = (loss_and_gradient(form, logits, *rest) for form in FORMS)
    assert fast[0] == pytest.approx(readable[0], rel=1e-9)
    np.testing.assert_allclose(fast[1], readable[1], atol=1e-6 if dtype == np.float32 else 1e-9)
    assert fast[1].dtype == dtype


@pytest.mark.parametrize("gap", [5.0, 20.0, 100.0, 800.0])
def test_a_network_that_says_blanks_alone(gap):
    """All of a long target is improbable at every frame: each letter costs its gap, whatever a float can hold."""
    T, U = 200, 60
    logits, targets = np.zeros((T, 2, 4)), np.array([[1, 2] * (U // 2), [3, 1] * (U // 2)]).T
    logits[..., 0] = gap
    readable, fast = (loss_and_gradient(form, logits, targets, [T, T - 7]) for form in FORMS)
    assert fast[0] == pytest.approx(readable[0], rel=1e-12)
    np.testing.assert_allclose(fast[1], readable[1], atol=1e-9)
    loss, gradient = of_torch(logits, targets, [T, T - 7], [U, U], 0)
    assert fast[0] == pytest.approx(loss, rel=1e-10)
    np.testing.assert_allclose(fast[1], gradient, atol=1e-8)


def test_lengths_that_differ_need_no_log_space(monkeypatch):
    """A short target beside a long one keeps its probability in its own states, and a short sequence in its frames."""
    rng = np.random.default_rng(0)
    logits, targets = rng.standard_normal((1500, 3, 5)), rng.integers(1, 5, (200, 3))
    arguments = logits, targets, [1500, 700, 1500], [200, 150, 3]
    readable = loss_and_gradient("readable", *arguments)
    monkeypatch.setattr("helpers.layers.ctc.fast._in_log_space", None)
    fast = loss_and_gradient("fast", *arguments)
    assert fast[0] == pytest.approx(readable[0], rel=1e-12)
    np.testing.assert_allclose(fast[1], readable[1], atol=1e-10)


@both_forms
def test_padding_has_no_influence(form):
    arguments = logits, targets, frames, lengths, blank = draw_batch(np.random.default_rng(2), 4, T=9, U=4, V=5)
    loss, dlogits = loss_and_gradient(form, *arguments)
    for b in range(4):
        logits[frames[b] :, b] = np.nan
        targets[lengths[b] :, b] = blank
    kept = logits.copy()
    again, gradient = loss_and_gradient(form, *arguments)
    assert again == loss
    np.testing.assert_array_equal(gradient, dlogits)
    np.testing.assert_array_equal(logits, kept)
    each = [
        loss_and_gradient(form, logits[: frames[b], [b]], targets[: lengths[b], [b]], blank=blank) for b in range(4)
    ]
    assert loss == pytest.approx(np.mean([one for one, _ in each]))
    for b, (_, one) in enumerate(each):
        np.testing.assert_allclose(dlogits[: frames[b], b], one[:, 0] / 4, atol=1e-14)
        assert not dlogits[frames[b] :, b].any()


@both_forms
def test_what_is_refused(form):
    forward, _ = FORMS[form]
    logits, targets = np.zeros((5, 2, 3)), np.array([[1, 2], [2, 1]])
    for wrong in (logits[0], logits[None]):
        with pytest.raises(ValueError, match=r"logits has shape .*, expected \(T, B, V\)"):
            forward(wrong, targets)
    with pytest.raises(ValueError, match="expected at least one frame, sequence and symbol"):
        forward(logits[:0], targets)
    with pytest.raises(ValueError, match="logits has dtype int64"):
        forward(logits.astype(int), targets)
    with pytest.raises(ValueError, match=r"targets has shape \(2, 1\), expected \(U, B=2\)"):
        forward(logits, targets[:, :1])
    with pytest.raises(ValueError, match="targets has dtype float64"):
        forward(logits, targets.astype(float))
    with pytest.raises(ValueError, match="targets spans 2 to 3, expected integers from 0 to 2"):
        forward(logits, targets + 1)
    with pytest.raises(ValueError, match="targets has 2, which is the blank"):
        forward(logits, targets, blank=2)
    with pytest.raises(ValueError, match="blank spans 3 to 3"):
        forward(logits, targets, blank=3)
    with pytest.raises(ValueError, match=r"input_lengths has shape \(1,\), expected \(B=2\)"):
        forward(logits, targets, [5])
    with pytest.raises(ValueError, match="input_lengths spans 5 to 6, expected integers from 0 to 5"):
        forward(logits, targets, [5, 6])
    with pytest.raises(ValueError, match="target_lengths spans -1 to 2, expected integers from 0 to 2"):
        forward(logits, targets, None, [2, -1])
    with pytest.raises(ValueError, match="infeasible is 'drop', expected one of 'refuse', 'zero'"):
        forward(logits, targets, infeasible="drop")
    logits[2, 1, 0] = np.nan
    with pytest.raises(ValueError, match="logits has 1 of 30 values that are NaN or infinite"):
        forward(logits, targets)
