"""From a wave to what a recogniser reads: frames, a window, the spectrum, mel filters, the logarithm.

A wave is an array (N,) of floats between −1 and 1, `rate` of them for each second.
"""

import numpy as np

from helpers.core.checks import check_finite, check_floats, check_integer, check_number, check_positive, check_shape
from helpers.core.overflow import refuse_overflow

FRAME, HOP = 551, 220  # samples: 25 ms and 10 ms at 22,050 Hz
POINTS = 1024  # of the Fourier transform
MEL_FILTERS = 40
HIGHEST = 8000.0  # Hz, where the last filter ends
FLOOR = 0.01  # added before the logarithm: what is fainter, some 60 dB below loud speech, counts as silence
_MOST_SAMPLES = 1 << 26


def cut_frames(wave, length=FRAME, hop=HOP):
    """frame_t = wave[t · hop : t · hop + length]: pieces that overlap where the hop is shorter.

    Parameters
    ----------
    wave : ndarray (N,)
    length, hop : int
        In samples.

    Returns
    -------
    ndarray (T, length)
        T = 1 + ⌊(N − length) / hop⌋. What is left at the end makes no frame.

    Raises
    ------
    ValueError
        When the wave is shorter than a frame.
    """
    N = check_wave(wave)
    length, hop = check_integer("length", length), check_integer("hop", hop)
    if length > N:
        raise ValueError(f"wave has {N} samples, expected at least the {length} of one frame")
    return np.lib.stride_tricks.sliding_window_view(wave, length)[::hop].copy()


def frame_times(T, rate, length=FRAME, hop=HOP):
    """(t · hop + length / 2) / rate: the middle of each frame (T,), in seconds."""
    T, length, hop = check_integer("T", T), check_integer("length", length), check_integer("hop", hop)
    check_positive("rate", rate)
    if max(T * hop, length) > _MOST_SAMPLES:
        raise ValueError(f"T is {T}, hop {hop} and length {length}, expected at most {_MOST_SAMPLES} samples")
    return _finite("rate", rate, (np.arange(T) * float(hop) + length / 2) / float(rate))


def hann_window(length):
    """w_n = ½ − ½ cos(2πn / length): 0 at the edges of a frame, 1 in its middle, (length,).

    References
    ----------
    Harris 1978, "On the Use of Windows for Harmonic Analysis with the Discrete Fourier Transform",
    https://doi.org/10.1109/PROC.1978.10837
    """
    length = _size("length", length)
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(length) / length)


@refuse_overflow
def power_spectrum(frames, window, points=POINTS):
    """|FFT(window · frame)|²: how strong each frequency is in each frame.

    Parameters
    ----------
    frames : ndarray (T, length)
    window : ndarray (length,)
    points : int
        Of the transform, at least `length`. Zeros fill up each frame.

    Returns
    -------
    ndarray (T, points // 2 + 1)
        Column k is for the frequency k · rate / points.

    Raises
    ------
    ValueError
        When the window has another length than the frames, or the transform fewer points.
    """
    check_floats(frames=frames)
    _, length = check_shape("frames", frames, "T length")
    check_shape("window", window, "length", length=length)
    points = _size("points", points)
    if points < length:
        raise ValueError(f"points is {points}, expected at least the {length} samples of a frame")
    spectrum = np.fft.rfft(frames * np.asarray(window).astype(frames.dtype), points)
    return spectrum.real**2 + spectrum.imag**2


def bin_frequencies(points, rate):
    """k · rate / points for k = 0 … points / 2: the frequency of each column of the spectrum, in Hz."""
    points = _size("points", points)
    check_positive("rate", rate)
    return _finite("rate", rate, np.arange(points // 2 + 1) * (float(rate) / points))


@refuse_overflow
def hertz_to_mel(f):
    """m = 2595 log₁₀(1 + f / 700): equal steps of m sound about equally far apart.

    Raises
    ------
    ValueError
        When a frequency is below 0.

    References
    ----------
    O'Shaughnessy 1987, "Speech Communication: Human and Machine", for the formula; Stevens, Volkmann, Newman 1937,
    "A Scale for the Measurement of the Psychological Magnitude Pitch", https://doi.org/10.1121/1.1915893, for the scale
    """
    return 2595 * np.log10(1 + _not_negative("f", f) / 700)


@refuse_overflow
def mel_to_hertz(m):
    """f = 700 (10^(m / 2595) − 1), in Hz: the other way round."""
    return 700 * (10 ** (_not_negative("m", m) / 2595) - 1)


@refuse_overflow
def mel_filters(M, points, rate, low=0.0, high=HIGHEST):
    """M triangles over the frequencies, their tops equally far apart in mel; each ends at the tops of its neighbours.

    Parameters
    ----------
    M, points : int
        Filters, and points of the Fourier transform.
    rate, low, high : float
        Hz. Where the first triangle begins and the last one ends; at most rate / 2.

    Returns
    -------
    ndarray (M, points // 2 + 1)
        Row m weighs the columns of `power_spectrum`. Its largest possible weight is 1.

    Raises
    ------
    ValueError
        When the frequencies are not in order, or a filter is so narrow that it meets no column.

    References
    ----------
    Davis, Mermelstein 1980, "Comparison of Parametric Representations for Monosyllabic Word Recognition in Continuously
    Spoken Sentences", https://doi.org/10.1109/TASSP.1980.1163420
    """
    M = check_integer("M", M)
    frequencies = bin_frequencies(points, rate)
    check_number("low", low)
    check_number("high", high)
    if not 0 <= low < high <= rate / 2:
        raise ValueError(f"low is {low} and high is {high}, expected 0 ≤ low < high ≤ {rate / 2}, half the rate")
    if len(frequencies) < M:
        raise ValueError(f"M is {M}, expected at most {len(frequencies)}, the columns of the spectrum")
    edges = mel_to_hertz(np.linspace(hertz_to_mel(float(low)), hertz_to_mel(float(high)), M + 2))
    rising = (frequencies - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - frequencies) / np.diff(edges)[1:, None]
    filters = np.maximum(0, np.minimum(rising, falling))
    if not filters.any(axis=1).all():
        raise ValueError(f"filter {filters.any(axis=1).argmin()} of M = {M} meets no column, expected fewer filters")
    return filters


@refuse_overflow
def log_mel(wave, rate, M=MEL_FILTERS):
    """log(power_spectrum · filtersᵀ + floor): what a recogniser reads of a wave, in frames of 25 ms at 22,050 Hz.

    Parameters
    ----------
    wave : ndarray (N,)
    rate : float
        Hz, at least twice the 8,000 where the filters end.
    M : int

    Returns
    -------
    ndarray (T, M)
        Of the wave's dtype.

    Raises
    ------
    ValueError
        As the functions above.
    """
    power = power_spectrum(cut_frames(wave), hann_window(FRAME))
    return np.log(power @ mel_filters(M, POINTS, rate).T.astype(power.dtype) + FLOOR)


@refuse_overflow
def normalised(features):
    """(x − mean) / spread of each column over the frames: how loud it was, and what a microphone adds evenly, is out.

    Parameters
    ----------
    features : ndarray (T, M)

    Returns
    -------
    ndarray (T, M)
        Each column has mean 0 and standard deviation 1; one that never changes is 0.
    """
    check_floats(features=features)
    T, _ = check_shape("features", features, "T M")
    if not T:
        raise ValueError("features has no frame, expected at least one")
    centred = features - features.mean(axis=0)
    spread = centred.std(axis=0)
    return centred / np.where(spread > 1e-5, spread, np.inf)  # what is smaller is rounding


def check_wave(wave):
    """Raise ValueError unless wave is a floating array (N,) of finite samples; return N."""
    check_floats(wave=wave)
    (N,) = check_shape("wave", wave, "N")
    if not N:
        raise ValueError("wave has no sample, expected at least one")
    check_finite("wave", wave)
    return N


def _size(name, value):
    value = check_integer(name, value)
    if value > _MOST_SAMPLES:
        raise ValueError(f"{name} is {value}, expected at most {_MOST_SAMPLES}")
    return value


def _not_negative(name, values):
    values = np.asarray(values)
    if values.dtype.kind not in "iuf" or not (values >= 0).all():
        raise ValueError(f"{name} is {np.array2string(values, threshold=3)}, expected numbers of at least 0")
    check_finite(name, values)
    return values if values.dtype.kind == "f" else values.astype(np.float64)


def _finite(name, value, result):
    if not np.isfinite(result).all():
        raise ValueError(f"{name} is {value}, expected a number that leaves the result finite")
    return result
