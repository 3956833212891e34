"""One frame of speech: its samples under a window, their spectrum, and what the mel filters make of it."""

import numpy as np
from matplotlib.ticker import FixedLocator

from helpers.core.checks import check_choice, check_integer
from helpers.data.sound import (
    FRAME,
    HIGHEST,
    HOP,
    MEL_FILTERS,
    POINTS,
    bin_frequencies,
    cut_frames,
    hann_window,
    hertz_to_mel,
    mel_filters,
    mel_to_hertz,
    power_spectrum,
)
from helpers.figures.style import BLUE, GREY, ORANGE, new_figure, styled

WINDOWS = ("Hann", "none")

_HEIGHT = 3.2  # inches
_LOWEST = -50.0  # dB


def draw_speech_frame(utterance, frame, window):
    """Draw a frame of 25 ms: the samples with their window, and the spectrum with the mean of each mel filter.

    Parameters
    ----------
    utterance : helpers.data.speech.Utterance
        With wave (N,), rate in Hz, phonemes and phoneme_times, their onsets in seconds.
    frame : int
        From 0.
    window : str
        One of WINDOWS.

    Returns
    -------
    list of Figure, str

    Raises
    ------
    ValueError
        When there is no such frame or window.
    """
    check_choice("window", window, WINDOWS)
    frames = cut_frames(utterance.wave)
    if check_integer("frame", frame, least=0) >= len(frames):
        raise ValueError(f"frame is {frame}, expected 0 to {len(frames) - 1}")
    shape = hann_window(FRAME) if window == WINDOWS[0] else np.ones(FRAME)
    samples, rate = frames[frame].astype(np.float64), utterance.rate
    power = power_spectrum(samples[None], shape)[0]
    decibels = _decibels(power)
    frequencies = bin_frequencies(POINTS, rate)
    panels = [
        _draw_samples(samples, shape, frame * HOP / rate, rate),
        _draw_spectrum(frequencies, decibels, _decibels(_mean_of_filters(power, rate))),
    ]
    below = frequencies <= HIGHEST
    loudest = frequencies[below][power[below].argmax()]
    return panels, _tell(utterance, frame, window, loudest)


def _decibels(power):
    return np.maximum(10 * np.log10(np.maximum(power, 1e-30)), _LOWEST)


def _mean_of_filters(power, rate):
    """The power in each filter, over the sum of its weights, so that it stands beside the spectrum."""
    filters = mel_filters(MEL_FILTERS, POINTS, rate)
    return filters @ power / filters.sum(axis=1)


@styled
def _draw_samples(samples, shape, start, rate):
    figure, axes = new_figure(height=_HEIGHT)
    times, most = 1000 * np.arange(FRAME) / rate, max(float(np.abs(samples).max()), 1e-3)
    axes.plot(times, samples, "-", color=GREY, linewidth=1, label="samples")
    axes.plot(times, samples * shape, "-", color=BLUE, linewidth=1.4, label="times the window")
    axes.plot(times, most * shape, "--", color=ORANGE, linewidth=1.2, label="window")
    axes.set(xlabel=f"ms after {start:.2f} s", ylabel="sample", xlim=(0, times[-1]), ylim=(-1.1 * most, 1.1 * most))
    axes.set_yticks([-most, 0, most], [f"−{most:.2g}", "0", f"{most:.2g}"])
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=3, handlelength=1.4, columnspacing=1)
    return figure


@styled
def _draw_spectrum(frequencies, decibels, in_filters):
    figure, axes = new_figure(height=_HEIGHT)
    edges = mel_to_hertz(np.linspace(0, hertz_to_mel(HIGHEST), MEL_FILTERS + 2))
    axes.plot(frequencies / 1000, decibels, "-", color=GREY, linewidth=0.9, label="spectrum, 513 numbers")
    look = {"color": BLUE, "markersize": 4, "linewidth": 1.4}
    axes.plot(edges[1:-1] / 1000, in_filters, "-o", label=f"mel filters, {MEL_FILTERS} numbers", **look)
    axes.set(xlabel="frequency (kHz)", ylabel="power (dB)", xlim=(0, HIGHEST / 1000), ylim=(_LOWEST - 5, 45))
    axes.xaxis.set_major_locator(FixedLocator([0, 1, 2, 4, 6, 8]))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, handlelength=1.4, columnspacing=1)
    return figure


def _tell(utterance, frame, window, loudest):
    start = frame * HOP / utterance.rate
    middle = start + FRAME / utterance.rate / 2
    begun = [sound for sound, onset in zip(utterance.phonemes, utterance.phoneme_times, strict=True) if onset <= middle]
    heard = f"in the sound [{begun[-1]}]" if begun else "before the first sound"
    under = "under Hann's window" if window == WINDOWS[0] else "with no window"
    return (
        f"Frame {frame}, at {start:.2f} s, {heard}, {under}: most of its power is near {10 * round(loudest / 10):,} Hz."
    )
