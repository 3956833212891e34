"""How much of a picture one place of a map sees, layer by layer."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.core.checks import as_list, check_integer
from helpers.figures.filter_answers import bare, draw_picture
from helpers.figures.style import BLUE, GREY, ORANGE, new_figure, styled
from helpers.layers.convolution import output_size, receptive_field


@styled
def draw_receptive_field(picture, windows, strides, paddings, layer, place):
    """Draw a picture beside the map of one layer; one place of the map is framed, and the pixels that it sees.

    The place is given on the last layer's map. An earlier map that is finer shows the place in the same part of the
    picture.

    Parameters
    ----------
    picture : ndarray (H, H, 3)
    windows, strides, paddings : sequence of int
        Of each convolution, the first layer first.
    layer : int
        From 1.
    place : int
        From 1, in the order in which words stand on a page. In a figure with a control "place" a click goes there.

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
    if check_integer("place", place) > last**2:
        raise ValueError(f"place is {place}, expected at most {last**2}")
    row, column = (part * (cells // last) for part in divmod(place - 1, last))
    size = receptive_field(windows[:layer], strides[:layer])
    step = int(np.prod(strides[:layer]))
    before = sum(padding * int(np.prod(strides[:k])) for k, padding in enumerate(paddings[:layer]))
    top, left = row * step - before, column * step - before

    figure, (shown, grid) = new_figure(1, 2, height=2.75)
    draw_picture(shown, picture)
    shown.set_title("the picture, and what is seen")
    shown.add_patch(Rectangle((left - 0.5, top - 0.5), size, size, fill=False, edgecolor=ORANGE, linewidth=3))
    shown.set(xlim=(-0.5, H - 0.5), ylim=(H - 0.5, -0.5))
    bare(grid)
    grid.set(xlim=(0, cells), ylim=(cells, 0), aspect="equal", title=f"map of layer {layer}: {cells} × {cells}")
    for k in range(1, cells):
        grid.axhline(k, color=GREY, linewidth=0.5, linestyle="-")
        grid.axvline(k, color=GREY, linewidth=0.5, linestyle="-")
    share = cells // last
    for k in range(last**2):
        corner = share * (k % last), share * (k // last)
        grid.add_patch(Rectangle(corner, share, share, alpha=0, facecolor=GREY, linewidth=0, gid=f"place={k + 1}"))
    grid.add_patch(Rectangle((column, row), 1, 1, facecolor=BLUE, alpha=0.5, linewidth=0))
    grid.add_patch(Rectangle((column, row), 1, 1, fill=False, edgecolor=ORANGE, linewidth=3, clip_on=False))
    rows, columns = (min(start + size, H) - max(start, 0) for start in (top, left))
    cut = "" if rows == columns == size else f"; the border leaves {rows} × {columns}"
    text = f"Layer {layer}, place {place} (row {row + 1}, column {column + 1} of its map): it sees"
    return figure, f"{text} {size} × {size} pixels{cut}, {100 * rows * columns / H**2:.0f} % of the picture."
