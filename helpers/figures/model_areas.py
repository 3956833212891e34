"""The same Transformer three times, each part as large as its share: of the weights, of the operations, of memory."""

from helpers.core.checks import check_number
from helpers.figures.style import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, WHITE, new_figure, styled

# One colour for what is the same part of the machine, whatever is measured.
_COLOURS = {
    "token embedding": GREEN,
    "positions": GREEN,
    "attention": BLUE,
    "attention maps": BLUE,
    "scores and means": BLUE,
    "feed-forward": ORANGE,
    "norms": GREY,
    "output": PINK,
    "weights": GREEN,
    "gradients": ORANGE,
    "Adam": PINK,
    "activations": BLUE,
    "keys and values": BLUE,
}
_HATCHED = ("positions", "scores and means", "keys and values")
_LINE = 0.075  # of the height of a column, that one line of text needs
_WIDTH = 0.94


def draw_model_areas(columns):
    """Draw a column for each measure, and in it every part as an area; what is too small for its name has none.

    Parameters
    ----------
    columns : dict
        Title, such as "weights: 124 M" → {part: number}; the parts stand from below to above, as a token meets them.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When a number is below 0, or a column has nothing.
    """
    for title, parts in columns.items():
        for part, number in parts.items():
            check_number(part, number)
            if number < 0:
                raise ValueError(f"{part} is {number}, expected at least 0")
        if not sum(parts.values()):
            raise ValueError(f"column {title!r} has nothing in it, expected a number above 0")
    return _draw(columns)


@styled
def _draw(columns):
    figure, axes = new_figure(height=4.2)
    for place, parts in enumerate(columns.values()):
        total, below = sum(parts.values()), 0.0
        for part, number in parts.items():
            share = number / total
            look = {"hatch": "//"} if part in _HATCHED else {}
            colour = _COLOURS.get(part, GREY)
            axes.bar(place, share, _WIDTH, below, color=colour, edgecolor=WHITE, linewidth=0.8, label=part, **look)
            if share >= _LINE:
                text = f"{_named(part)}\n{share:.0%}" if share >= _needed(part) else part.split(maxsplit=1)[0]
                letters = WHITE if colour == BLUE else BLACK  # what can be read on it
                style = {"ha": "center", "va": "center", "fontsize": 9, "color": letters, "linespacing": 1.1}
                box = {"facecolor": colour, "edgecolor": "none", "pad": 0.6} if look else None
                axes.text(place, below + share / 2, text, bbox=box, **style)
            below += share
    axes.set_xticks(range(len(columns)), list(columns))
    axes.tick_params(axis="x", length=0)
    axes.set_yticks([])
    axes.set(xlim=(-0.5, len(columns) - 0.5), ylim=(0, 1))
    axes.spines[:].set_visible(False)
    axes.grid(visible=False)
    return figure


def _named(part):
    """The name of a part in lines of one or two words, as a column is narrow."""
    return part.replace(" and ", "\nand ").replace("token ", "token\n")


def _needed(part):
    return _LINE * (2 + _named(part).count("\n"))
