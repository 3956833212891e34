"""Speech under one time cursor: what is heard, what the network reads of it, what it believes, and how far it has come.

Pictures do not change between the frames: what is still to come is covered, and the cover moves.
"""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patches import Rectangle

from helpers.core.checks import check_integer, check_shape
from helpers.core.ctc_paths import check_log_y, collapse, frames_needed, with_blanks
from helpers.core.numerics import softmax
from helpers.data.sound import FRAME, HOP, log_mel
from helpers.figures.style import BLUE, COLOURS, GREY, ORANGE, new_figure, styled
from helpers.layers.ctc.lattice import ctc_log_alpha
from helpers.sliders.theme import INK, PAPER

SPACE = "␣"

_HEIGHT = 3.5  # inches, of both panels
_SHADES = LinearSegmentedColormap.from_list("belief", [(*_RGB, a) for _RGB in [(0.0, 0.447, 0.698)] for a in (0, 1)])
_SEEN = 0.15  # a symbol that is never more probable has no line
_NAMED = 0.35  # a peak that is at least as high has its letter
_ENVELOPE = 10  # ms: of each piece of the wave the least and the largest sample are drawn


def draw_hearing(utterance, log_y, times, symbols, step, last, trained):
    """Draw speech up to a moment, in two panels: wave and features; the network's beliefs and the lattice of the text.

    Parameters
    ----------
    utterance : helpers.data.speech.Utterance
        With text, wave (N,), rate in Hz, words, and word_times, their onsets in seconds.
    log_y : ndarray (T, V)
        Log-probabilities of the symbols, of a network that heard it.
    times : ndarray (T,)
        When each output stands, in seconds.
    symbols : sequence of str
        V of them, the blank first.
    step, last : int
        The moment is step / last of the whole sound.
    trained : int
        How many steps the network was trained; it is said in the sentence.

    Returns
    -------
    list of Figure, str

    Raises
    ------
    ValueError
        When shapes do not fit, or there is no such step.
    """
    T, V = check_log_y(log_y, 0)
    check_shape("times", times, "T", T=T)
    if len(symbols) != V:
        raise ValueError(f"there are {len(symbols)} symbols, expected {V}")
    if check_integer("step", step, least=0) > check_integer("last", last):
        raise ValueError(f"step is {step}, expected 0 to {last}")
    seconds = len(utterance.wave) / utterance.rate
    now = seconds * step / last
    heard = int((np.asarray(times) <= now).sum())
    panels = [_draw_sound(utterance, seconds, now), _draw_belief(utterance, log_y, times, symbols, seconds, now)]
    written = "".join(symbols[k] for k in collapse(log_y[:heard].argmax(axis=1)))
    return panels, _tell(utterance, written, seconds, now, trained)


@styled
def _draw_sound(utterance, seconds, now):
    figure, (top, bottom) = new_figure(2, 1, height=_HEIGHT, sharex=True, height_ratios=[1, 1.5])
    piece = utterance.rate * _ENVELOPE // 1000
    pieces = utterance.wave[: len(utterance.wave) // piece * piece].reshape(-1, piece)
    middles = (np.arange(len(pieces)) + 0.5) * piece / utterance.rate
    top.fill_between(middles, pieces.min(axis=1), pieces.max(axis=1), color=BLUE, linewidth=0.5)
    most = 1.1 * np.abs(utterance.wave).max()
    for word, onset in zip(utterance.words, utterance.word_times, strict=True):
        top.axvline(onset, color=ORANGE, linewidth=1.2, linestyle="--")
        top.text(onset, 1.02, word, color=INK, va="bottom", transform=top.get_xaxis_transform())
    top.set(ylim=(-most, most), ylabel="wave", yticks=[])
    features = log_mel(utterance.wave, utterance.rate)
    ends = 0, len(features) * HOP / utterance.rate + (FRAME - HOP) / utterance.rate
    bottom.imshow(features.T, aspect="auto", origin="lower", extent=(*ends, 0, 40), cmap="cividis")
    bottom.set(xlabel="time (s)", ylabel="mel filter", yticks=[0, 20, 40], xlim=(0, seconds))
    for axes in (top, bottom):
        _cover(axes, now, seconds)
    return figure


@styled
def _draw_belief(utterance, log_y, times, symbols, seconds, now):
    figure, (top, bottom) = new_figure(2, 1, height=_HEIGHT, sharex=True, height_ratios=[1, 1.9])
    y = np.exp(log_y)
    top.plot(times, y[:, 0], "-", color=GREY, linewidth=1)
    for n, k in enumerate(k for k in range(1, len(symbols)) if y[:, k].max() > _SEEN):
        top.plot(times, y[:, k], "-", color=COLOURS[n % len(COLOURS)], linewidth=1.6)
    for n, (t, k) in enumerate(_peaks(y)):
        top.text(times[t], 1.03 + 0.2 * (n % 2), _shown(symbols[k]), ha="center", va="bottom", fontsize=9)
    top.set(ylim=(0, 1.45), yticks=[0, 1], ylabel="belief y")
    top.spines["left"].set_bounds(0, 1)
    reached, letters = _reached(log_y, [symbols.index(letter) for letter in utterance.text])
    half = (times[1] - times[0]) / 2
    ends = times[0] - half, times[-1] + half
    bottom.imshow(reached.T, aspect="auto", extent=(*ends, len(reached.T), 0), cmap=_SHADES, vmin=0, vmax=1)
    bottom.set_yticks(2 * np.arange(len(letters)) + 1.5, [_shown(symbols[k]) for k in letters])
    bottom.tick_params(axis="y", length=0, labelsize=9)
    bottom.grid(visible=False)
    bottom.set(xlabel="time (s)", ylabel="reached in the text", xlim=(0, seconds))
    for axes in (top, bottom):
        _cover(axes, now, seconds)
    return figure


def _peaks(y):
    """(frame, symbol) where the most probable letter has a peak, in the order of time."""
    letter = y[:, 1:].argmax(axis=1) + 1
    height = y[np.arange(len(y)), letter]
    around = np.pad(y, ((1, 1), (0, 0)))
    before, after = (around[shift : shift + len(y)][np.arange(len(y)), letter] for shift in (0, 2))
    peak = (height > before) & (height >= after) & (height > _NAMED)
    return [(t, letter[t]) for t in np.flatnonzero(peak)]


def _reached(log_y, letters):
    """α_t(s) / Σ α_t, the state that is reached if the text is the target, (T, S); and the letters."""
    if frames_needed(letters) > len(log_y):
        return np.zeros((len(log_y), len(with_blanks(letters)))), letters
    return softmax(ctc_log_alpha(log_y, letters)), letters


def _shown(symbol):
    return SPACE if symbol == " " else symbol


def _cover(axes, now, seconds):
    """Cover what is still to come, and draw the cursor."""
    low, high = axes.get_ylim()
    look = {"facecolor": PAPER, "alpha": 0.8, "linewidth": 0, "zorder": 3}
    axes.add_patch(Rectangle((now, low), max(seconds - now, 1e-9), high - low, **look))
    axes.axvline(now, color=INK, linewidth=1.5, linestyle="-", zorder=4)


def _tell(utterance, written, seconds, now, trained):
    begun = [word for word, onset in zip(utterance.words, utterance.word_times, strict=True) if onset <= now]
    heard = f"you hear “{begun[-1]}”" if begun and now < seconds else "all is said" if begun else "nothing is said yet"
    wrote = f"has written “{written.strip()}”" if written.strip() else "has written nothing"
    return f"{now:.2f} s of {seconds:.2f} s: {heard}. After {trained:,} steps of training the network {wrote}."
