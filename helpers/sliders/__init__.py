"""Figures that move: one call gives a live figure in a notebook, and one that needs no kernel in a built book."""

from helpers.sliders.interactive import interact, show

__all__ = [
    "interact",
    "show",
]
