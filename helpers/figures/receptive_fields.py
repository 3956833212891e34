"""How much of a picture one place of a map sees, layer by layer."""

import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.patches import Rectangle

from helpers.core.checks import as_list, check_integer
from helpers.figures.filter_answers import bare, draw_picture
from helpers.figures.style import BLUE, GREY, ORANGE, new_figure, styled
from helpers.layers.convolution import output_size, receptive_field


@styled
def draw_receptive_field(picture, windows, strides, paddings, layer, row, column):
    """Draw a picture beside the map of one layer; one place of the map is framed, and the pixels that it sees.

    The place is given on the last layer's map. An earlier map that is finer shows the place in the same part of the
    picture. In a figure with a control "column" a click into the map's row goes there.

    Parameters
    ----------
    picture : ndarray (H, H, 3)
    windows, strides, paddings : sequence of int
        Of each convolution, the first layer first.
    layer : int
        From 1.
    row, column : int
        From 1.

    Returns
    -------
    matplotlib.figure.Figure, str

    Raises
    ------
    ValueError
        When there is no such layer or place.
    """
    layers = list(zip(as_list("windows", windows), strides, paddings, strict=True))
    if check_integer("layer", layer) > len(layers):
        raise ValueError(f"layer is {layer}, expected at most {len(layers)}")
    H, sizes = len(picture), []
    for window, stride, padding in layers:
        sizes.append(output_size(sizes[-1] if sizes else H, window, stride, padding))
    last, cells = sizes[-1], sizes[layer - 1]
    for name, number in (("row", row), ("column", column)):
        if check_integer(name, number) > last:
            raise ValueError(f"{name} is {number}, expected at most {last}")
    share = cells // last  # of a finer map, places in the width of one of the last
    i, j = (row - 1) * share, (column - 1) * share
    size = receptive_field(windows[:layer], strides[:layer])
    step = int(np.prod(strides[:layer]))
    before = sum(padding * int(np.prod(strides[:k])) for k, padding in enumerate(paddings[:layer]))
    top, left = i * step - before, j * step - before

    figure, (shown, grid) = new_figure(1, 2, height=2.75)
    draw_picture(shown, picture)
    shown.set_title("the picture, and what is seen")
    shown.add_patch(Rectangle((left - 0.5, top - 0.5), size, size, fill=False, edgecolor=ORANGE, linewidth=3))
    shown.set(xlim=(-0.5, H - 0.5), ylim=(H - 0.5, -0.5))
    bare(grid)
    grid.set(xlim=(0, cells), ylim=(cells, 0), aspect="equal", title=f"map of layer {layer}: {cells} × {cells}")
    inner = range(1, cells)
    lines = [[(0, k), (cells, k)] for k in inner] + [[(k, 0), (k, cells)] for k in inner]
    grid.add_collection(LineCollection(lines, colors=GREY, linewidths=0.5))
    for k in range(last):
        touched = {"alpha": 0, "facecolor": GREY, "linewidth": 0, "gid": f"column={k + 1}"}
        grid.add_patch(Rectangle((share * k, i), share, share, **touched))
    grid.add_patch(Rectangle((j, i), 1, 1, facecolor=BLUE, alpha=0.5, linewidth=0))
    grid.add_patch(Rectangle((j, i), 1, 1, fill=False, edgecolor=ORANGE, linewidth=3, clip_on=False))
    rows, columns = (min(start + size, H) - max(start, 0) for start in (top, left))
    cut = "" if rows == columns == size else f"; the border leaves {rows} × {columns}"
    text = f"Layer {layer}, at row {row} and column {column} of {last}: one place sees"
    return figure, f"{text} {size} × {size} pixels{cut}, {100 * rows * columns / H**2:.0f} % of the picture."
