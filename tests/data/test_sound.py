"""Sound: each step against scipy, against a formula that is written down again, and by hand."""

import numpy as np
import pytest
from scipy import signal

from helpers.data.sound import (
    FLOOR,
    FRAME,
    HOP,
    bin_frequencies,
    cut_frames,
    frame_times,
    hann_window,
    hertz_to_mel,
    log_mel,
    mel_filters,
    mel_to_hertz,
    normalised,
    power_spectrum,
)

SAMPLE_RATE = 22_050


def tone(frequency, seconds=0.5, rate=SAMPLE_RATE):
    return np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)


def test_frames_by_hand():
    np.testing.assert_array_equal(cut_frames(np.arange(7.0), 3, 2), [[0, 1, 2], [2, 3, 4], [4, 5, 6]])
    np.testing.assert_array_equal(cut_frames(np.arange(8.0), 3, 2), [[0, 1, 2], [2, 3, 4], [4, 5, 6]])
    np.testing.assert_allclose(frame_times(3, 10, 4, 2), [0.2, 0.4, 0.6])


@pytest.mark.parametrize("length", [2, 63, 551])
def test_the_window_is_scipys(length):
    np.testing.assert_allclose(hann_window(length), signal.get_window("hann", length), atol=1e-15)


def test_the_spectrum_is_scipys():
    wave = np.random.default_rng(0).standard_normal(4000)
    found = power_spectrum(cut_frames(wave, 551, 220), hann_window(551), 1024)
    options = {"noverlap": 551 - 220, "nfft": 1024, "detrend": False, "scaling": "spectrum", "mode": "magnitude"}
    frequencies, _, wanted = signal.spectrogram(wave, SAMPLE_RATE, hann_window(551), **options)
    np.testing.assert_allclose(np.sqrt(found.T) / hann_window(551).sum(), wanted, rtol=1e-12)
    np.testing.assert_allclose(bin_frequencies(1024, SAMPLE_RATE), frequencies)


def test_a_tone_is_strongest_at_its_frequency():
    power = power_spectrum(cut_frames(tone(1000)), hann_window(FRAME))
    assert np.abs(bin_frequencies(1024, SAMPLE_RATE)[power.argmax(axis=1)] - 1000).max() < SAMPLE_RATE / 1024


def test_the_mel_scale_by_hand():
    assert hertz_to_mel(0.0) == 0
    assert hertz_to_mel(700.0) == pytest.approx(2595 * np.log10(2))
    assert hertz_to_mel(1000.0) == pytest.approx(1000, abs=0.05)
    f = np.linspace(0, 8000, 50)
    np.testing.assert_allclose(mel_to_hertz(hertz_to_mel(f)), f, atol=1e-9)


@pytest.mark.parametrize(("M", "points", "low", "high"), [(40, 1024, 0.0, 8000.0), (13, 512, 100.0, SAMPLE_RATE / 2)])
def test_the_filters_are_those_of_the_formula(M, points, low, high):
    """Written down once more, triangle by triangle and column by column."""
    top = [hertz_to_mel(low) + k * (hertz_to_mel(high) - hertz_to_mel(low)) / (M + 1) for k in range(M + 2)]
    edges = [700 * (10 ** (m / 2595) - 1) for m in top]
    wanted = np.zeros((M, points // 2 + 1))
    for m in range(M):
        left, middle, right = edges[m : m + 3]
        for k in range(points // 2 + 1):
            f = k * SAMPLE_RATE / points
            if left < f <= middle:
                wanted[m, k] = (f - left) / (middle - left)
            elif middle < f < right:
                wanted[m, k] = (right - f) / (right - middle)
    np.testing.assert_allclose(mel_filters(M, points, SAMPLE_RATE, low, high), wanted, atol=1e-9)


def test_between_the_first_and_the_last_top_the_filters_sum_to_one():
    filters, frequencies = mel_filters(40, 1024, SAMPLE_RATE), bin_frequencies(1024, SAMPLE_RATE)
    edges = mel_to_hertz(np.linspace(0, hertz_to_mel(8000.0), 42))
    inside = (frequencies > edges[1]) & (frequencies < edges[-2])
    np.testing.assert_allclose(filters.sum(axis=0)[inside], 1)


def test_log_mel_puts_it_together():
    wave = tone(440).astype(np.float32)
    found = log_mel(wave, SAMPLE_RATE)
    power = power_spectrum(cut_frames(wave.astype(float)), hann_window(FRAME))
    np.testing.assert_allclose(
        found, np.log(power @ mel_filters(40, 1024, SAMPLE_RATE).T + FLOOR), rtol=1e-3, atol=1e-3
    )
    assert found.dtype == np.float32
    assert found.shape == (1 + (len(wave) - FRAME) // HOP, 40)
    np.testing.assert_allclose(log_mel(np.zeros(FRAME), SAMPLE_RATE), np.log(FLOOR))


def test_what_is_normalised_has_mean_0_and_spread_1():
    x = np.random.default_rng(0).normal(3, 5, (50, 4))
    x[:, 2] = 7
    found = normalised(x)
    np.testing.assert_allclose(found.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(found.std(axis=0), [1, 1, 0, 1])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cut_frames(np.zeros(5)), r"wave has 5 samples, expected at least the 551"),
        (lambda: cut_frames([1, 2]), r"wave has type list"),
        (lambda: power_spectrum(np.zeros((2, 8)), np.ones(7)), r"window has shape \(7,\)"),
        (lambda: power_spectrum(np.zeros((2, 8)), np.ones(8), 4), r"points is 4, expected at least the 8"),
        (lambda: frame_times(3, 0), r"rate is 0"),
        (lambda: bin_frequencies(8, -1), r"rate is -1"),
        (lambda: hertz_to_mel(-1.0), r"f is -1"),
        (lambda: mel_filters(40, 1024, 11_025), r"high is 8000.0, expected .* 5512.5"),
        (lambda: mel_filters(200, 512, SAMPLE_RATE), r"of M = 200 meets no column"),
        (lambda: normalised(np.zeros((0, 3))), r"features has no frame"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
