"""What a recogniser reads, made audible: noise that has the mel features of speech, and nothing else of it."""

import numpy as np

from helpers.core.checks import check_finite, check_floats, check_shape
from helpers.core.overflow import refuse_overflow
from helpers.data.sound import FLOOR, FRAME, HOP, POINTS, bin_frequencies, cut_frames, hann_window, mel_filters

_LEAST, _MOST = -200.0, 200.0  # of a feature: beyond, no wave of ordinary loudness has it


@refuse_overflow
def shaped_noise(features, rate, rng):
    """Give white noise the power that log-mel features say, filter by filter and frame by frame.

    The noise has no pitch and no phase; of the pitch the lowest filters know something, and this is lost too. What can
    still be understood is what a network could read.

    Parameters
    ----------
    features : ndarray (T, M)
        From `log_mel`.
    rate : float
        Hz.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray (N,)
        N = (T − 1) · hop + frame.

    Raises
    ------
    ValueError
        When there is no frame, or a feature is no number between −200 and 200.

    References
    ----------
    Dudley 1939, "Remaking Speech", https://doi.org/10.1121/1.1916020, for the vocoder.
    """
    check_floats(features=features)
    T, M = check_shape("features", features, "T M")
    check_finite("features", features)
    if not features.size or not _LEAST <= features.min() <= features.max() <= _MOST:
        raise ValueError(f"features has shape {features.shape}, expected numbers from {_LEAST:g} to {_MOST:g}")
    window, filters = hann_window(FRAME), mel_filters(M, POINTS, rate)
    noise = cut_frames(rng.standard_normal((T - 1) * HOP + FRAME))
    spectrum = np.fft.rfft(noise * window, POINTS)
    wanted = np.maximum(np.exp(features.astype(np.float64)) - FLOOR, 0)
    gain = np.sqrt(wanted / (np.abs(spectrum) ** 2 @ filters.T))  # (T, M)
    inside = np.clip(bin_frequencies(POINTS, rate), *_tops(filters, rate)[[0, -1]])
    spectrum *= [np.interp(inside, _tops(filters, rate), gain_t) for gain_t in gain]
    pieces = np.fft.irfft(spectrum)[:, :FRAME] * window
    wave, weight = np.zeros((T - 1) * HOP + FRAME), np.full((T - 1) * HOP + FRAME, 1e-3)
    for t, piece in enumerate(pieces):
        wave[t * HOP : t * HOP + FRAME] += piece
        weight[t * HOP : t * HOP + FRAME] += window**2
    return wave / weight


def _tops(filters, rate):
    """The frequency of each filter's top, (M,), in Hz."""
    return bin_frequencies(POINTS, rate)[filters.argmax(axis=1)]
