import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.tasks.delayed_recall import delayed_recall, latest_letter, overwritten_recall

few = st.integers(1, 6)


@settings(deadline=None)
@given(few, few, st.integers(0, 5), few, few, st.integers(0, 99))
def test_there_is_one_letter_and_it_is_the_answer(batch, more, delay, symbols, distractors, seed):
    length = delay + more
    rng = np.random.default_rng(seed)
    x, targets = delayed_recall(rng, batch, length, delay, symbols, distractors)
    assert x.shape == (length, batch, symbols + distractors)
    assert targets.shape == (batch,)
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x.sum(axis=-1), 1)
    assert set(np.unique(x)) <= {0, 1}
    is_letter = x[..., :symbols].any(axis=-1)
    assert is_letter[length - 1 - delay].all()
    assert is_letter.sum() == batch
    np.testing.assert_array_equal(x[length - 1 - delay].argmax(axis=-1), targets)


def test_letters_and_distractors_are_equally_likely():
    x, targets = delayed_recall(np.random.default_rng(0), batch=8000, length=3, delay=1)
    counts = np.bincount(targets, minlength=4)
    assert np.abs(counts - 2000).max() < 4 * np.sqrt(8000 * 0.25 * 0.75)
    after = x[2, :, 4:].sum(axis=0)
    assert np.abs(after - 4000).max() < 4 * np.sqrt(8000 * 0.25)
    for letter in range(4):  # what comes after the letter says nothing about it
        share = x[2, targets == letter, 4].mean()
        assert abs(share - 0.5) < 4 * 0.5 / np.sqrt(counts[letter])


def test_the_generator_decides_and_dtype_is_an_argument():
    one, two, other = (delayed_recall(np.random.default_rng(s), 8, 6, 2, dtype=np.float64)[0] for s in (1, 1, 2))
    np.testing.assert_array_equal(one, two)
    assert (one != other).any()
    assert one.dtype == np.float64


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"delay": 6}, "delay is 6, expected at most 5 in a sequence of 6 steps"),
        ({"delay": -1}, "delay is -1"),
        ({"length": 0}, "length is 0"),
        ({"batch": 0}, "batch is 0"),
        ({"symbols": 0}, "symbols is 0"),
        ({"distractors": 0}, "distractors is 0"),
        ({"delay": 1.5}, "delay is 1.5"),
    ],
)
def test_bad_input(change, message):
    with pytest.raises(ValueError, match=message):
        delayed_recall(np.random.default_rng(0), **{"batch": 2, "length": 6, "delay": 2} | change)


@settings(deadline=None)
@given(few, few, st.floats(0, 1), few, few, st.integers(0, 99))
def test_the_answer_is_the_letter_that_was_seen_last(batch, length, share, symbols, distractors, seed):
    x, targets = latest_letter(np.random.default_rng(seed), batch, length, share, symbols, distractors)
    assert x.shape == (length, batch, symbols + distractors)
    assert targets.shape == (length, batch)
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x.sum(axis=-1), 1)
    tokens = x.argmax(axis=-1)
    for b in range(batch):
        letter = None
        for token, target in zip(tokens[:, b], targets[:, b], strict=True):
            letter = token if token < symbols else letter
            assert target == letter  # None where the first step is no letter


def test_letters_come_as_often_as_they_should():
    x, _ = latest_letter(np.random.default_rng(0), 2000, 5, share=0.3)
    assert abs(x[1:, :, :4].sum(axis=-1).mean() - 0.3) < 4 * np.sqrt(0.3 * 0.7 / 8000)
    x, targets = latest_letter(np.random.default_rng(0), 20, 5, share=0)
    assert (targets == targets[0]).all()
    assert not x[1:, :, :4].any()
    for share in (-0.1, 1.5, np.nan):
        with pytest.raises(ValueError, match=f"share is {share}"):
            latest_letter(np.random.default_rng(0), 2, 3, share)
    with pytest.raises(ValueError, match="length is 0"):
        latest_letter(np.random.default_rng(0), 2, 0)


@settings(deadline=None)
@given(few, few, st.integers(0, 5), few, st.integers(0, 5), few, few, st.integers(0, 99))
def test_the_last_of_the_letters_is_the_answer_and_none_comes_late(
    batch, least, more, symbols, delay, distractors, room, seed
):
    most, length = least + more, least + more + room + delay
    rng = np.random.default_rng(seed)
    x, targets = overwritten_recall(rng, batch, length, delay, most, least, symbols, distractors)
    assert x.shape == (length, batch, symbols + distractors)
    assert x.dtype == np.float32
    np.testing.assert_array_equal(x.sum(axis=-1), 1)
    is_letter = x[..., :symbols].any(axis=-1)
    assert not is_letter[length - delay :].any()
    assert set(is_letter.sum(axis=0)) <= set(range(least, most + 1))
    for b in range(batch):
        last = np.flatnonzero(is_letter[:, b])[-1]
        assert x[last, b].argmax() == targets[b]


def test_letters_stand_anywhere_before_the_delay_and_all_numbers_of_them_are_as_likely():
    x, targets = overwritten_recall(np.random.default_rng(0), 6000, 12, 4, most=3)
    is_letter = x[..., :4].any(axis=-1)
    np.testing.assert_allclose(np.bincount(is_letter.sum(axis=0))[1:] / 6000, 1 / 3, atol=0.03)
    np.testing.assert_allclose(is_letter.mean(axis=1)[:8], 2 / 8, atol=0.03)
    np.testing.assert_allclose(np.bincount(targets) / 6000, 1 / 4, atol=0.03)
    np.testing.assert_allclose(x.sum(axis=(0, 1))[4:] / x[..., 4:].sum(), 1 / 2, atol=0.03)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"most": 9}, "most is 9, expected at most 8"),
        ({"most": 1, "least": 2}, "most is 1"),
        ({"least": 0}, "least is 0"),
        ({"delay": -1}, "delay is -1"),
    ],
)
def test_letters_that_do_not_fit_are_an_error(numbers, message):
    with pytest.raises(ValueError, match=message):
        overwritten_recall(np.random.default_rng(0), 2, **{"length": 12, "delay": 4} | numbers)
