import itertools
import os
import subprocess
import sys
import time

import numpy as np
import pytest

from helpers.core.optimisers import sgd
from helpers.core.training import progress_bar, train


def bowl(params, centre):
    return float(((params - centre) ** 2).sum()), 2 * (params - centre)


def test_it_descends_and_keeps_a_history():
    start = np.array([3.0, 4.0])
    params, history = train(bowl, start, itertools.repeat((np.zeros(2),)), sgd(0.25), steps=3)
    np.testing.assert_allclose(params, [3 / 8, 4 / 8])  # each step halves the distance
    np.testing.assert_allclose(history.loss, [25, 25 / 4, 25 / 16])
    np.testing.assert_allclose(history.gradient_norm, [10, 5, 2.5])
    np.testing.assert_array_equal(start, [3, 4])


def test_the_norm_in_the_history_is_the_one_before_clipping():
    params, history = train(bowl, np.array([3.0, 4.0]), itertools.repeat((0.0,)), sgd(1), steps=1, clip=1)
    assert history.gradient_norm[0] == 10
    np.testing.assert_allclose(params, [3 - 0.6, 4 - 0.8])


def test_each_batch_is_used_once():
    seen = []

    def loss_and_grads(params, batch):
        seen.append(batch)
        return 0.0, np.zeros(1)

    train(loss_and_grads, np.zeros(1), ((k,) for k in itertools.count()), sgd(1), steps=4)
    assert seen == [0, 1, 2, 3]


@pytest.mark.parametrize(
    ("losses", "gradients", "message"),
    [
        ([1, np.nan], [[5.0], [5.0]], "step 1: the loss is nan, .* just before was 5$"),
        ([1, 1], [[7.0], [np.inf]], "step 1: the loss is 1, the gradient norm inf; .* just before was 7$"),
        ([np.inf, 1], [[1.0], [1.0]], "step 0: .* it was the first step"),
    ],
)
def test_what_is_not_finite_stops_it(losses, gradients, message):
    batches = zip(losses, gradients, strict=True)
    with pytest.raises(FloatingPointError, match=message):
        train(lambda p, loss, g: (loss, np.array(g)), np.zeros(1), batches, sgd(1), steps=2)


def test_an_explosion_is_reported_once_and_not_as_a_warning():
    with pytest.raises(FloatingPointError, match=r"step \d+: the loss is (inf|nan)"):
        train(bowl, np.array([1.0]), itertools.repeat((0.0,)), sgd(1e100), steps=50)


def test_too_few_batches_are_an_error():
    with pytest.raises(ValueError, match="ended after 2 of 3 steps"):
        train(bowl, np.zeros(1), [(0.0,), (0.0,)], sgd(1), steps=3)
    with pytest.raises(ValueError, match="steps is 0"):
        train(bowl, np.zeros(1), [], sgd(1), steps=0)


def test_a_quick_run_shows_no_bar(capfd):
    for caption in (None, "training"):
        train(bowl, np.zeros(1), itertools.repeat((0.0,)), sgd(1), steps=20, progress=caption)
    assert capfd.readouterr() == ("", "")


def test_a_slow_run_shows_its_caption(capfd, monkeypatch):
    now = time.time()
    ticks = itertools.count()
    monkeypatch.setattr("tqdm.std.time", lambda: now + 2 * next(ticks))  # each look at the clock is 2 s later
    train(bowl, np.zeros(1), itertools.repeat((0.0,)), sgd(1), steps=10, progress="training")
    assert "training" in capfd.readouterr().err


def test_a_bar_can_also_be_moved_by_hand(capfd, monkeypatch):
    assert list(progress_bar(3)) == [0, 1, 2]
    now = time.time()
    ticks = itertools.count()
    monkeypatch.setattr("tqdm.std.time", lambda: now + 2 * next(ticks))
    with progress_bar(100, "reading") as bar:
        for _ in range(4):
            bar.update(25)
        assert bar.n == bar.total == 100
    assert "reading" in capfd.readouterr().err
    with progress_bar(100) as bar:
        for _ in range(4):
            bar.update(25)
    assert capfd.readouterr() == ("", "")


def test_the_environment_hides_every_bar():
    # tqdm reads its environment once, when it is imported.
    script = "from helpers.core.training import progress_bar; print(progress_bar(3, 'training').disable)"
    for hidden in ("1", ""):
        environment = os.environ | {"TQDM_DISABLE": hidden}
        ran = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        assert ran.stdout.strip() == str(bool(hidden))
