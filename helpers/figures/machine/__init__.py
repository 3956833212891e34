"""Machines: boxes, arrows and numbers for all chapters, in one look.

A machine is a list of `Part` on a grid and a list of `Arrow` between them; `draw_machine` makes a figure of them.
"""

from helpers.figures.machine.drawing import draw_machine
from helpers.figures.machine.parts import ROLES, Arrow, Group, Part, Term, Words
from helpers.figures.machine.writing import short_number, subscript

__all__ = ["ROLES", "Arrow", "Group", "Part", "Term", "Words", "draw_machine", "short_number", "subscript"]
