"""Drawings of GPT and BERT: their losses, what they answer at a blank, their samples, a small sweep."""

import textwrap

import numpy as np
from matplotlib.ticker import FuncFormatter, NullLocator

from helpers.figures.style import BLUE, COLOURS, LINES, MARKERS, ORANGE, new_figure, styled
from helpers.sliders.theme import INK

_LOOKS = tuple(zip(COLOURS, LINES, MARKERS, strict=True))
_LETTERS = 48  # of a line of text in a figure, at 9 pt


@styled
def draw_mask_rates(rates, loss, floor, alone, chosen):
    """Draw the loss for each hidden word against the mask rate, and what is learned for each token that is read.

    Every hidden word tells a model as much as its loss falls below that of a word of which nothing is known. Of a
    token that is read, the share `rate` is hidden.

    Parameters
    ----------
    rates : list of float
    loss, floor : numpy.ndarray
        Nats for each hidden word, of the trained model and of the best possible one, shape (len(rates),).
    alone : float
        Nats for a word of which nothing is known, the entropy of single words.
    chosen : int
        Which of the rates is marked.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (top, bottom) = new_figure(rows=2, height=5.4, sharex=True)
    top.axhline(alone, color=INK, linewidth=1, linestyle=":")
    top.annotate("nothing known", (rates[-1], alone), (0, 3), textcoords="offset points", ha="right", fontsize=9)
    for name, values, (colour, line, marker) in zip(("trained", "best possible"), (loss, floor), _LOOKS, strict=False):
        for axes, height in ((top, np.asarray(values)), (bottom, np.array(rates) * (alone - np.asarray(values)))):
            axes.plot(rates, height, line, color=colour, marker=marker, markersize=4, label=name)
            axes.plot(rates[chosen], height[chosen], marker, color=colour, markersize=11)
    for axes in (top, bottom):
        axes.axvline(rates[chosen], color=INK, linewidth=1, linestyle="--", zorder=0)
    top.set(ylabel="loss (nats, hidden word)", ylim=(0, 1.15 * alone))
    bottom.set(ylabel="learned (nats, token read)", xlabel="mask rate (share of words)", ylim=(0, None))
    bottom.legend(loc="lower right")
    return figure


@styled
def draw_blank(words, blank, panels, most=5):
    """Draw what several models and the exact answer say about one blank: the most probable words, as bars.

    Parameters
    ----------
    words : list of str
        The sentence.
    blank : int
        Which of its words is hidden; the others are shown.
    panels : dict
        Title → {name: {word: probability}}; the words of a panel are the likeliest of its last distribution, and where
        it allows fewer, those of its first.
    most : int
        Words in a panel at most.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, axes = new_figure(rows=len(panels), height=0.9 + 2.3 * len(panels), sharex=True)
    for panel, (title, rows) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        said, *_, exact = rows.values()
        names = sorted(exact, key=lambda word: (exact[word], said[word]), reverse=True)[:most]
        height = 0.8 / len(rows)
        for number, ((name, p), (colour, *_)) in enumerate(zip(rows.items(), _LOOKS, strict=False)):
            place = np.arange(len(names)) + (number - (len(rows) - 1) / 2) * height
            hatch = {} if number == 0 else {"hatch": "///", "edgecolor": INK, "linewidth": 0.5}
            panel.barh(place, [p[word] for word in names], 0.95 * height, color=colour, label=name, **hatch)
        panel.set_yticks(range(len(names)), names)
        panel.set(ylabel="word", xlim=(0, 1), ylim=(most - 0.4, -0.6))
        panel.set_title(title, loc="left", fontsize=9.5)
        panel.grid(visible=False, axis="y")
        panel.legend(loc="lower right")
    np.atleast_1d(axes)[-1].set_xlabel("probability")
    shown = " ".join("____" if t == blank else word for t, word in enumerate(words))
    figure.suptitle(textwrap.fill(shown, _LETTERS), fontsize=9.5)
    return figure


@styled
def draw_samples(steps, shares, chosen, samples, lines=8, what="training step"):
    """Write some samples of a model in training, and draw the share that the grammar can say.

    Parameters
    ----------
    steps : list of int
        Training steps after which samples were drawn.
    shares : list of float
        Of each, the share of right sentences.
    chosen : int
        Which of the steps the samples are of.
    samples : list of (str, bool)
        Sentences, and whether the grammar can say them; as many as fit are written.
    lines : int
        Lines of text that there is room for.
    what : str
        What the steps are, one of them.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (top, bottom) = new_figure(rows=2, height=5.0, height_ratios=[1.35, 1])
    row = 0
    for text, right in samples:
        wrapped = textwrap.wrap(text or "(nothing)", _LETTERS, max_lines=2, placeholder=" …")
        if row + len(wrapped) > lines:
            break
        top.text(0, row, "✓" if right else "×", color=BLUE if right else ORANGE, va="top", fontsize=11, weight="bold")
        top.text(0.06, row, "\n".join(wrapped), va="top", fontsize=9, linespacing=1.35)
        row += len(wrapped) + 0.25
    top.set(xlim=(0, 1), ylim=(lines + 1, -0.2), xticks=[], yticks=[])
    top.set_title(f"{what} {steps[chosen]}   (✓ a sentence, × none)", loc="left", fontsize=9.5)
    top.spines[:].set_visible(False)
    bottom.plot(steps, shares, "-o", color=BLUE, markersize=4, clip_on=False)
    bottom.plot(steps[chosen], shares[chosen], "o", color=ORANGE, markersize=10, clip_on=False)
    bottom.set(xlabel=what, ylabel="right sentences", ylim=(0, 1), xlim=(0, steps[-1]))
    return figure


@styled
def draw_sweep(tokens, excess, right, first):
    """Draw the loss above the floor of models trained on more and more text, and how often all first words are right.

    Parameters
    ----------
    tokens : dict
        Name of the model's size → tokens read in training, shape (runs,).
    excess : dict
        The same names → nats above the floor.
    right : dict
        The same names → the share of samples whose first words are all right.
    first : str
        How many words have to be right, for the label.

    Returns
    -------
    matplotlib.figure.Figure
    """
    figure, (top, bottom) = new_figure(rows=2, height=5.2, sharex=True)
    for (name, read), (colour, line, marker) in zip(tokens.items(), _LOOKS, strict=False):
        for axes, values in ((top, excess[name]), (bottom, right[name])):
            axes.plot(read, values, line, color=colour, marker=marker, markersize=5, label=name, clip_on=False)
    top.set(xscale="log", yscale="log", ylabel="loss above the floor (nats)")
    for axis, ticks in ((top.yaxis, (0.05, 0.1, 0.2, 0.5, 1, 2)), (top.xaxis, (20, 50, 100, 200, 500))):
        scale = 1000 if axis is top.xaxis else 1
        axis.set_minor_locator(NullLocator())
        axis.set_ticks([scale * tick for tick in ticks])
        axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}" if value > 100 else f"{value:g}"))
    top.legend(loc="lower left")
    bottom.set(xlabel="tokens read in training", ylabel=f"samples with {first} right", ylim=(0, 1.03))
    return figure
