"""Two spellings of one sound, “one” and “won”: what a model with independent frames writes, beside the truth."""

import numpy as np

from helpers.core.checks import check_share
from helpers.decoding.ctc import exhaustive_transcripts
from helpers.figures.style import BLUE, ORANGE, new_figure, styled
from helpers.sliders.theme import INK, PAPER

SPELLINGS = ("one", "won")

_SYMBOLS = "–wone"
_TEXTS = ("one", "won", "on", "wone")


def spelling_frames(share):
    """Four frames, each with its own symbols: w or the blank, o, n, e or the blank.

    Parameters
    ----------
    share : float
        How often the truth is “one”, between 0 and 1; otherwise it is “won”. Each frame is right as often as it can be.

    Returns
    -------
    ndarray (4, 5)
        log y of the blank, w, o, n, e; −inf where a symbol is impossible.

    Raises
    ------
    ValueError
        When the share is not between 0 and 1.
    """
    check_share("share", share)
    y = np.zeros((4, len(_SYMBOLS)))
    y[0, [0, 1]] = share, 1 - share
    y[1, 2] = y[2, 3] = 1
    y[3, [0, 4]] = 1 - share, share
    with np.errstate(divide="ignore"):
        return np.log(y)


def draw_two_spellings(share):
    """Draw how often each text is the truth, and how often independent frames write it.

    Parameters
    ----------
    share : float
        How often the truth is “one”, between 0 and 1.

    Returns
    -------
    Figure, str

    Raises
    ------
    ValueError
        When the share is not between 0 and 1.
    """
    written = {
        "".join(_SYMBOLS[k] for k in found.tokens): float(np.exp(found.log_prob))
        for found in exhaustive_transcripts(spelling_frames(share))
    }
    truth = dict(zip(SPELLINGS, (share, 1 - share), strict=True))
    never = sum(p for text, p in written.items() if text not in SPELLINGS)
    told = f"The truth is “one” in {share:.2f} of the cases. Independent frames write it in {written['one']:.2f}"
    return _draw(truth, written), f"{told}, and in {never:.2f} a text that nobody said."


@styled
def _draw(truth, written):
    figure, axes = new_figure(height=3.0)
    looks = {"truth": {"color": BLUE}, "independent frames": {"color": ORANGE, "hatch": "//", "edgecolor": PAPER}}
    for n, (shares, (name, look)) in enumerate(zip((truth, written), looks.items(), strict=True)):
        for place, text in enumerate(_TEXTS):
            x, share = place + 0.4 * n - 0.2, shares.get(text, 0.0)
            axes.bar(x, share, 0.36, label="" if place else name, **look)
            axes.text(x, share + 0.02, f"{share:.2f}", ha="center", va="bottom", color=INK, fontsize=9)
    axes.set_xticks(range(len(_TEXTS)), _TEXTS)
    axes.set(xlabel="text", ylabel="probability", ylim=(0, 1.12), yticks=[0, 0.5, 1])
    axes.grid(visible=False, axis="x")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    return figure
