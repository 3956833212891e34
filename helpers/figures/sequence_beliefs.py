"""What a network believes while it reads: the language of a word, the digit in a picture, the verdict of a review."""

import numpy as np
from matplotlib.ticker import FixedLocator

from helpers.core.checks import check_integer, check_shape
from helpers.figures.learning_curves import draw_share_map
from helpers.figures.style import BLUE, GREY, ORANGE, new_figure, styled
from helpers.sliders.theme import INK

LETTERS_SHOWN = 12
_LANGUAGES_SHOWN = 5


def draw_language_belief(word, probabilities, languages, letters):
    """Draw, after every letter, how probable each language would be if the word ended there.

    Parameters
    ----------
    word : str
    probabilities : ndarray (len(word), L)
    languages : list of str
        Their names, L of them.
    letters : int
        How many letters are read, at least 1; more than the word has counts as all.

    Returns
    -------
    matplotlib.figure.Figure, str

    Raises
    ------
    ValueError
        When shapes do not fit or there is no letter.
    """
    T, _ = check_shape("probabilities", probabilities, "T L", T=len(word), L=len(languages))
    read = min(check_integer("letters", letters), T)
    shown, first = probabilities[:LETTERS_SHOWN], min(read, LETTERS_SHOWN) - 1
    order = np.argsort(-shown.max(axis=0), kind="stable")[:_LANGUAGES_SHOWN]
    best = int(probabilities[read - 1].argmax())
    if best not in order:
        order[-1] = best
    known = np.where(np.arange(len(shown)) < read, shown[:, order].T, 0)
    texts = [[f"{100 * p:.0f}" if t < read else "" for t, p in enumerate(row)] for row in shown[:, order].T]
    figure = draw_share_map(
        known,
        [languages[i] for i in order],
        list(word[:LETTERS_SHOWN]),
        across="letters read (in each cell: percent)",
        texts=texts,
        framed=([*order].index(best), first),
    )
    left = "" if read == T else f", with {T - read} to come"
    share = 100 * probabilities[read - 1, best]
    return figure, f"After “{word[:read]}”{left}: {languages[best]}, {share:.0f} %."


@styled
def draw_picture_belief(picture, probabilities, read, truth):
    """Draw a picture as far as its rows are read, and the probability of each class after that.

    Parameters
    ----------
    picture : ndarray (rows, columns)
        From 0, paper, to 1, ink.
    probabilities : ndarray (rows, V)
        After every row.
    read : int
        Rows that are read, from 1.
    truth : int
        What the picture shows.

    Returns
    -------
    matplotlib.figure.Figure, str

    Raises
    ------
    ValueError
        When shapes do not fit or there is no such row.
    """
    rows, columns = check_shape("picture", picture, "T D")
    check_shape("probabilities", probabilities, "T V", T=rows)
    if check_integer("read", read) > rows:
        raise ValueError(f"read is {read}, expected at most {rows} rows")
    p = probabilities[read - 1]
    figure, (left, right) = new_figure(1, 2, height=2.5, width_ratios=[1, 1.25])
    left.pcolormesh(picture[:read], cmap="Greys", vmin=0, vmax=1)
    left.axhspan(read, rows, color=GREY, alpha=0.25, linewidth=0)
    left.axhline(read, color=ORANGE, linewidth=2.5, clip_on=False)
    left.set(xlim=(0, columns), ylim=(rows, 0), aspect="equal", xticks=[], yticks=[], xlabel=f"rows read: {read}")
    left.grid(visible=False)
    colours = [BLUE if k == truth else GREY for k in range(len(p))]
    right.barh(np.arange(len(p)), p, color=colours, height=0.7)
    right.set(xlim=(0, 1), ylim=(len(p) - 0.4, -0.6), xlabel="probability")
    right.set_yticks(np.arange(len(p)))
    right.xaxis.set_major_locator(FixedLocator([0, 0.5, 1]))
    right.grid(axis="y", visible=False)
    best = int(p.argmax())
    verdict = "which is right" if best == truth else f"but it is a {truth}"
    row = "row" if read == 1 else "rows"
    return figure, f"After {read} {row} of {rows} the network says {best} with p = {p[best]:.2f}, {verdict}."


@styled
def draw_review_belief(tokens, after_each, of_the_bag, truth):
    """Draw what a recurrent network believes after every word, beside what the mean of the words says.

    Parameters
    ----------
    tokens : list of str
        The review, T words.
    after_each : ndarray (T,)
        The probability, after each word, that the review is good.
    of_the_bag : float
        The same, from the mean of all its words.
    truth : bool
        Whether it is good.

    Returns
    -------
    matplotlib.figure.Figure, str

    Raises
    ------
    ValueError
        When there is not one probability for each word.
    """
    check_shape("after_each", after_each, "T", T=len(tokens))
    figure, axes = new_figure(height=1.1 + 0.165 * len(tokens))
    places = np.arange(len(tokens))
    axes.barh(places, after_each, color=[ORANGE if word == "not" else BLUE for word in tokens], height=0.62)
    axes.axvline(of_the_bag, color=INK, linewidth=1.5, linestyle="--", label="mean of the words")
    axes.axvline(0.5, color=GREY, linewidth=0.8)
    axes.set_yticks(places, tokens)
    axes.set(ylim=(len(tokens) - 0.4, -0.6), xlim=(0, 1), xlabel="p(good) after each word")
    axes.xaxis.set_major_locator(FixedLocator([0, 0.5, 1]))
    axes.grid(axis="y", visible=False)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1))
    places = [n for n, word in enumerate(tokens) if word == "not"]
    where = f"“not” before “{tokens[places[0] + 1]}”" if places else "No “not”"
    verdict = "good" if truth else "bad"
    return figure, (
        f"{where}: the review is {verdict}. The network that reads gives p(good) = {after_each[-1]:.2f}, "
        f"the mean of the words {of_the_bag:.2f}."
    )


@styled
def draw_arms(shares, chosen, label="right answers", texts=None):
    """Draw every seed of some networks as a dot, one row each; the median of the chosen one is marked.

    Parameters
    ----------
    shares : dict
        Name → values (seeds,).
    chosen : str
        The name that stands out.
    label : str
    texts : dict, optional
        Name → what stands below the name.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When there is no such name.
    """
    if chosen not in shares:
        raise ValueError(f"chosen is {chosen!r}, expected one of {', '.join(shares)}")
    names = list(shares)
    figure, axes = new_figure(height=1.0 + 0.4 * len(names))
    for place, (name, values) in enumerate(shares.items()):
        colour = ORANGE if name == chosen else BLUE
        axes.plot(values, np.full(len(values), place), "o", color=colour, markersize=7, alpha=0.75)
        axes.plot(np.median(values), place, "|", color=colour, markersize=22, markeredgewidth=2.5)
    every = np.concatenate(list(shares.values()))
    edge = 0.12 * max(0.02, np.ptp(every))
    axes.set(xlim=(every.min() - edge, every.max() + edge), ylim=(len(names) - 0.5, -0.5))
    axes.set_yticks(np.arange(len(names)), [f"{n}\n{texts[n]}" if texts else n for n in names])
    axes.set_xlabel(f"{label} (a dot: one run; line: median)")
    axes.xaxis.set_major_locator(_few_ticks(every.min(), every.max()))
    axes.grid(axis="y", visible=False)
    return figure


def _shortened(word, longest=15):
    return word[: longest - 1] + "…" if len(word) > longest else word or "(nothing)"


def _few_ticks(low, high):
    """Choose round numbers, at most six."""
    step = next(step for step in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5) if (high - low) / step <= 5)
    return FixedLocator(step * np.arange(np.ceil(low / step), np.floor(high / step) + 1))


@styled
def draw_written_words(words, probabilities, language):
    """Draw words that a network wrote, and how probable a judge finds the language that was asked for.

    Parameters
    ----------
    words : list of str
    probabilities : ndarray (len(words),)
    language : str

    Returns
    -------
    matplotlib.figure.Figure, str

    Raises
    ------
    ValueError
        When there is not one probability for each word.
    """
    check_shape("probabilities", np.asarray(probabilities), "N", N=len(words))
    figure, axes = new_figure(height=0.75 + 0.27 * len(words))
    axes.barh(np.arange(len(words)), probabilities, color=BLUE, height=0.62)
    axes.set_yticks(np.arange(len(words)), [_shortened(word) for word in words])
    axes.set(ylim=(len(words) - 0.4, -0.6), xlim=(0, 1), xlabel=f"p({language}) by the judge")
    axes.xaxis.set_major_locator(FixedLocator([0, 0.5, 1]))
    axes.grid(axis="y", visible=False)
    mean = np.mean(probabilities)
    return figure, f"{language} was asked for. On average the judge gives these words p({language}) = {mean:.2f}."
