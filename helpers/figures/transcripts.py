"""What a prefix beam search found: the best texts, and how sound and language model share in their scores."""

from helpers.core.checks import check_integer
from helpers.figures.style import BLUE, GREY, ORANGE, new_figure, styled
from helpers.sliders.theme import INK, PAPER

TRANSCRIPTS_SHOWN = 5


@styled
def draw_transcripts(found, truth, text_of, width, weight, most, trained):
    """Draw the best texts of a search: the bars are costs, less is better.

    Parameters
    ----------
    found : list of helpers.decoding.ctc.Transcript
        Best first, at least one; the first five are drawn.
    truth : str
        What was said.
    text_of : callable
        tokens -> str.
    width : int
        Of the beam; it is said.
    weight : float
        Of the language model.
    most : float
        Where the axis ends, in nats; longer bars end there.
    trained : int
        How many steps the network was trained; it is said.

    Returns
    -------
    Figure, str

    Raises
    ------
    ValueError
        When nothing was found.
    """
    check_integer("width", width)
    if not found:
        raise ValueError("found is empty, expected at least one transcript")
    figure, axes = new_figure(height=0.95 + 0.55 * TRANSCRIPTS_SHOWN)
    for row, each in enumerate(found[:TRANSCRIPTS_SHOWN]):
        text, sound, prior = text_of(each.tokens), -each.log_prob, -weight * each.log_prior
        right = text == truth
        axes.barh(row + 0.2, min(sound, most), 0.34, color=BLUE, label="" if row else "sound")
        left = min(sound, most)
        look = {"color": ORANGE, "hatch": "//", "edgecolor": PAPER}
        axes.barh(row + 0.2, min(prior, most - left), 0.34, left=left, label="" if row else "language model", **look)
        shown = f"“{text}”{' — right' if right else ''}" if text else "(empty)"
        axes.text(0.01 * most, row - 0.2, shown, va="center", color=INK, weight="bold" if right else "normal")
    axes.set(xlim=(0, most), ylim=(TRANSCRIPTS_SHOWN - 0.45, -0.55), yticks=[], xlabel="cost (nats)")
    axes.set_ylabel("best first")
    axes.grid(visible=False, axis="y")
    axes.axvline(0, color=GREY, linewidth=1, linestyle="-")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
    return figure, _tell(found, truth, text_of, width, weight, trained)


def _tell(found, truth, text_of, width, weight, trained):
    texts = [text_of(each.tokens) for each in found]
    told = f"{trained} steps of training, width {width}, weight {weight:g}: the search writes “{texts[0]}”"
    if texts[0] == truth:
        return f"{told}, which is right."
    if truth in texts:
        return f"{told}; what was said, “{truth}”, stands at place {texts.index(truth) + 1} of {len(texts)}."
    return f"{told}; what was said, “{truth}”, is not in the beam."
