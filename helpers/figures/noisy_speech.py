"""Noise and errors: the features of a noisy wave, and the error rates of networks at each signal-to-noise ratio."""

import numpy as np

from helpers.core.checks import check_choice
from helpers.data.sound import HOP, log_mel
from helpers.data.waves import add_noise
from helpers.figures.style import COLOURS, LINES, MARKERS, new_figure, styled
from helpers.sliders.theme import INK

_HEIGHT = 3.2  # inches
_SEED = 0


def draw_noisy_speech(utterance, ratios, rates, ratio):
    """Draw what the network sees of a wave with noise, beside the error rates of networks that were trained.

    Parameters
    ----------
    utterance : helpers.data.speech.Utterance
        With its wave (N,) and rate in Hz.
    ratios : list of float
        Signal-to-noise ratios in decibels, rising.
    rates : dict
        Name of the network → character error rates, shape (seeds, len(ratios)), from 0 to 1; up to four, or none.
    ratio : float
        The one of `ratios` that is marked.

    Returns
    -------
    list of Figure, str

    Raises
    ------
    ValueError
        When there is no such ratio, or the rates have another shape.
    """
    check_choice("ratio", ratio, list(ratios))
    for name, values in rates.items():
        if np.ndim(values) != 2 or np.shape(values)[1] != len(ratios):
            raise ValueError(f"{name} has rates of shape {np.shape(values)}, expected (seeds, {len(ratios)})")
    noisy = add_noise(utterance.wave, ratio, np.random.default_rng(_SEED))
    at = list(ratios).index(ratio)
    panels = [_draw_features(noisy, utterance.rate), _draw_rates(ratios, rates, at)]
    told = ", ".join(f"{name} {100 * np.median(values[:, at]):.0f} %" for name, values in rates.items())
    return panels, f"At {ratio:g} dB, median character error rate: {told or 'no network was trained here'}."


@styled
def _draw_features(wave, rate):
    figure, axes = new_figure(height=_HEIGHT)
    features = log_mel(wave, rate)
    axes.imshow(
        features.T, aspect="auto", origin="lower", extent=(0, len(features) * HOP / rate, 0, 40), cmap="cividis"
    )
    axes.set(xlabel="time (s)", ylabel="mel filter", yticks=[0, 20, 40])
    return figure


@styled
def _draw_rates(ratios, rates, at):
    figure, axes = new_figure(height=_HEIGHT)
    places = np.arange(len(ratios))
    for (name, values), colour, line, marker in zip(rates.items(), COLOURS, LINES, MARKERS, strict=False):
        for seed in values:
            axes.plot(places, seed, marker, color=colour, markersize=3.5, alpha=0.6, clip_on=False)
        middle = np.median(values, axis=0)
        axes.plot(places, middle, line, color=colour, marker=marker, markersize=5, label=name, clip_on=False)
        axes.plot(at, middle[at], "o", color=INK, markersize=12, fillstyle="none", clip_on=False)
    axes.axvline(at, color=INK, linewidth=1, linestyle="--", zorder=0)
    axes.set_xticks(places, [f"{ratio:g}" for ratio in ratios])
    axes.set(xlabel="signal-to-noise ratio (dB)", ylabel="character error rate", xlim=(-0.3, len(ratios) - 0.7))
    top = max([1.0, *(float(np.max(values)) for values in rates.values())])
    axes.set(ylim=(0, 1.03 * top), yticks=[0, 0.25, 0.5, 0.75, 1])
    if rates:
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, columnspacing=1)
    return figure
