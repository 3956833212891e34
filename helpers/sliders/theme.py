"""The look of every figure before its drawing adds its own: ink that follows the page, letters that a phone shows."""

# svg.py turns this near-black into `currentColor`, and this near-white into the page's own background. No colour map
# has them, so that what is black or white in the data stays so; "black" and "white" themselves stay too.
INK, PAPER = "#000100", "#fffeff"

WIDTH = 4.8  # inches: at 10 pt a letter is 9.5 px high on a 360 px phone and 16 px on a desk

# What Matplotlib draws in black unless it is told otherwise.
_INKED = (
    "axes.edgecolor axes.labelcolor patch.edgecolor text.color xtick.color ytick.color "
    "boxplot.boxprops.color boxplot.capprops.color boxplot.flierprops.color boxplot.flierprops.markeredgecolor "
    "boxplot.whiskerprops.color"
)
# Matplotlib's settings while a figure is made, laid out and written.
RC = dict.fromkeys(_INKED.split(), INK) | {
    "figure.figsize": (WIDTH, 2.9),
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.titlesize": 10,
    "axes.labelsize": 10,
    "axes.formatter.use_mathtext": False,
    "grid.color": "#808080",
    "grid.alpha": 0.3,
    "grid.linewidth": 0.6,
    "font.size": 10,
    "font.family": ["DejaVu Sans"],
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
    "lines.linewidth": 2,
    "figure.constrained_layout.w_pad": 0.06,
    "figure.constrained_layout.h_pad": 0.06,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "svg.fonttype": "none",  # text stays text: it is searched, selected and read aloud
    "svg.hashsalt": "sliders",  # the same figure gives the same file
    "text.usetex": False,
}
