"""A wave as it is heard: with noise, at half its rate, and as a file that players read.

A wave is an array (N,) of floats between −1 and 1; `helpers.data.sound` makes features of it.
"""

import io
import wave as wave_file

import numpy as np

from helpers.core.checks import check_integer, check_number
from helpers.core.overflow import refuse_overflow
from helpers.data.sound import check_wave, hann_window

_TAPS = 63


@refuse_overflow
def add_noise(wave, decibels, rng):
    """wave + noise, with 10 log₁₀(power of the wave / power of the noise) = decibels.

    Parameters
    ----------
    wave : ndarray (N,)
    decibels : float
        The signal-to-noise ratio: at 20 the noise has a hundredth of the power, at 0 the same.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray (N,)
        White noise is in it: all frequencies equally strong.

    Raises
    ------
    ValueError
        When the wave is silent, or the ratio is not between −100 and 100.
    """
    N = check_wave(wave)
    check_number("decibels", decibels)
    if abs(decibels) > 100:
        raise ValueError(f"decibels is {decibels}, expected a number from -100 to 100")
    power = np.mean(wave**2)
    if not power > 0:
        raise ValueError("wave is silent, expected samples that are not 0")
    noise = rng.standard_normal(N).astype(wave.dtype)
    share = np.sqrt(power / np.mean(noise**2) / 10 ** (float(decibels) / 10))
    return wave + share.astype(wave.dtype) * noise


@refuse_overflow
def halve_rate(wave):
    """Take every second sample, after all that is faster than a quarter of the rate has been filtered out.

    Without the filter it would come back as a low tone that nobody made: aliasing.

    Parameters
    ----------
    wave : ndarray (N,)

    Returns
    -------
    ndarray (⌈N / 2⌉,)
    """
    check_wave(wave)
    n = np.arange(_TAPS) - _TAPS // 2
    low_pass = 0.5 * np.sinc(n / 2) * hann_window(_TAPS + 1)[1:]
    return np.convolve(wave, (low_pass / low_pass.sum()).astype(wave.dtype))[_TAPS // 2 :][: len(wave) : 2]


def wav_bytes(wave, rate):
    """Write a wave as a file of 16-bit samples, which `Play(sound=…)` and IPython's `Audio` play.

    Parameters
    ----------
    wave : ndarray (N,)
        One that goes beyond ±1 is made softer, as a whole.
    rate : int
        Samples a second.

    Returns
    -------
    bytes

    Raises
    ------
    ValueError
        When the wave is no array of finite floats, or the rate is above 1,000,000.
    """
    check_wave(wave)
    rate = check_integer("rate", rate)
    if rate > 1_000_000:
        raise ValueError(f"rate is {rate}, expected at most 1000000")
    wide = wave.astype(np.float64)
    samples = np.round(32767 * (wide / max(1.0, np.abs(wide).max()))).astype("<i2")
    written = io.BytesIO()
    with wave_file.open(written, "wb") as file:
        file.setparams((1, 2, rate, len(samples), "NONE", "not compressed"))
        file.writeframes(samples.tobytes())
    return written.getvalue()
