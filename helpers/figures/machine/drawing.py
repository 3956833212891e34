"""Drawing a machine: its sentence, the equation of what is computed now, its parts and its arrows."""

from matplotlib.figure import Figure
from matplotlib.transforms import Affine2D

from helpers.figures.machine.connections import draw_arrow, draw_group
from helpers.figures.machine.drawn_parts import draw_part
from helpers.figures.machine.heading import break_sentence, draw_equation, draw_sentence
from helpers.figures.machine.layout import MARGIN, lay_out_machine
from helpers.figures.machine.parts import check_machine
from helpers.figures.machine.pen import Pen
from helpers.figures.machine.writing import LINE
from helpers.figures.style import styled
from helpers.sliders.theme import WIDTH


@styled
def draw_machine(parts, arrows, groups=(), now=(), equation=None, words=None, scale=1.0, row=0.75):
    """Draw a machine as a figure of the book's width.

    What is computed now stands out: its frame is heavy, its digits are bold, and the arrows into it keep their colours
    while the others turn grey. What flows back keeps its colour: it shows how far the gradient has come.

    Parameters
    ----------
    parts : sequence of Part
    arrows : sequence of Arrow
    groups : sequence of Group
    now : collection of str
        The names of the parts that are computed now. Empty: nothing stands out.
    equation : str or sequence of Term and str, optional
        Written above. Each term stands over its number; what is no term stands on both lines. Two lines are kept free
        for it unless it is None, so that nothing moves between frames: give "" where there is none.
    words : Words, optional
        A sentence above the equation.
    scale : float
        The size of a value whose cell is filled most.
    row : float
        Inches from one row of the grid to the next.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        When a name, a kind or a role is unknown, or something is too wide for the page.
    """
    check_machine(parts, arrows, groups, now)
    word_lines = break_sentence(words) if words is not None else []
    words_height = len(word_lines) * 1.5 * LINE + 0.06 * bool(word_lines)
    room = (2 * LINE + 0.14) * (equation is not None)
    layout = lay_out_machine(parts, arrows, groups, row, words_height + room)
    figure = Figure(figsize=(WIDTH, layout.height), layout="constrained")
    figure.set_layout_engine("none")  # all places are known: no layout may move them
    # By way of the figure's own transform, as a PNG that is cut to its content moves that one alone.
    pen = Pen(figure, Affine2D().scale(1 / WIDTH, 1 / layout.height) + figure.transFigure)
    if words is not None:
        draw_sentence(pen, words, word_lines, layout.height - MARGIN)
    if equation is not None:
        draw_equation(pen, equation, layout.height - MARGIN - words_height)
    for group in groups:
        draw_group(pen, group, layout)
    roles = {part.name: part.role for part in parts}
    for arrow in arrows:
        draw_arrow(pen, arrow, layout, roles, now)
    for part in parts:
        draw_part(pen._replace(touch=part.touch), part, layout, part.name in now, scale)
    return figure
