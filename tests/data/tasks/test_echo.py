import numpy as np
import pytest

from helpers.data.tasks.echo import echo


@pytest.mark.parametrize("delay", [0, 1, 5])
def test_the_target_is_the_symbol_of_some_steps_before(delay):
    x, targets, mask = echo(np.random.default_rng(0), batch=7, length=9, delay=delay, symbols=3)
    assert x.shape == (9, 7, 3)
    assert x.dtype == np.float32
    tokens = x.argmax(axis=-1)
    assert (x.sum(axis=-1) == 1).all()
    np.testing.assert_array_equal(targets[delay:], tokens[: 9 - delay])
    assert not targets[:delay].any()
    np.testing.assert_array_equal(mask, np.arange(9)[:, None] >= delay * np.ones(7))


def test_all_symbols_are_equally_likely_and_a_seed_repeats_them():
    first, again = (echo(np.random.default_rng(1), 100, 100, 2, 4, np.float64) for _ in range(2))
    np.testing.assert_allclose(first[0].mean(axis=(0, 1)), 1 / 4, atol=4 * np.sqrt(3 / 16 / 10_000))
    np.testing.assert_array_equal(first[0], again[0])
    assert first[0].dtype == np.float64


def test_bad_input():
    rng = np.random.default_rng(0)
    for change, message in (
        ({"delay": 5}, "delay is 5, expected at most 4"),
        ({"delay": -1}, "delay is -1"),
        ({"batch": 0}, "batch is 0"),
        ({"length": 0}, "length is 0"),
        ({"symbols": 0}, "symbols is 0"),
    ):
        with pytest.raises(ValueError, match=message):
            echo(rng, **{"batch": 2, "length": 5, "delay": 1} | change)
