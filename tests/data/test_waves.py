"""Waves: the power of noise, what half the rate keeps, and a file that is read again."""

import io
import wave as wave_file

import numpy as np
import pytest

from helpers.data.waves import add_noise, halve_rate, wav_bytes
from tests.data.test_sound import SAMPLE_RATE, tone


@pytest.mark.parametrize("decibels", [-100, -10, 0, 20, 100])
def test_noise_has_the_wanted_power(decibels):
    wave = tone(300)
    noise = add_noise(wave, decibels, np.random.default_rng(0)) - wave
    assert 10 * np.log10(np.mean(wave**2) / np.mean(noise**2)) == pytest.approx(decibels)


def test_half_the_rate_keeps_what_is_slow_and_loses_what_is_fast():
    slow, fast = halve_rate(tone(500)), halve_rate(tone(9000))
    np.testing.assert_allclose(slow[50:-50], tone(500)[::2][50:-50], atol=0.01)
    assert np.abs(fast[50:-50]).max() < 0.01
    assert np.abs(tone(9000)[::2]).max() > 0.9  # which without the filter sounds like 2,025 Hz
    near = halve_rate(tone(4500))  # a quarter of the rate is 5,512 Hz
    np.testing.assert_allclose(near[50:-50], tone(4500)[::2][50:-50], atol=0.01)
    assert np.abs(halve_rate(tone(6500))[50:-50]).max() < 0.01
    assert len(halve_rate(np.zeros(7))) == 4


def test_the_file_holds_the_wave():
    wave = 0.5 * tone(440)
    with wave_file.open(io.BytesIO(wav_bytes(wave, SAMPLE_RATE))) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, SAMPLE_RATE)
        samples = np.frombuffer(file.readframes(len(wave) + 1), "<i2")
    np.testing.assert_allclose(samples / 32767, wave, atol=1e-4)
    with wave_file.open(io.BytesIO(wav_bytes(4 * wave, SAMPLE_RATE))) as file:
        assert np.abs(np.frombuffer(file.readframes(len(wave)), "<i2")).max() == 32767


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: add_noise(np.zeros(9), 0, np.random.default_rng(0)), r"wave is silent"),
        (lambda: add_noise(np.ones(9), 200, np.random.default_rng(0)), r"decibels is 200"),
        (lambda: wav_bytes(np.array([np.nan]), SAMPLE_RATE), r"NaN"),
    ],
)
def test_what_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
