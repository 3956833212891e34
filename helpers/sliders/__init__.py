"""Figures that move: one call gives a live figure in a notebook, and one that needs no kernel in a built book.

A Jupyter Book needs one line in its `_config.yml`::

    sphinx:
      extra_extensions: [helpers.sliders]
"""

from helpers.sliders.ask import ask
from helpers.sliders.interactive import interact, show
from helpers.sliders.play import Play
from helpers.sliders.sphinx_extension import setup

__all__ = ["Play", "ask", "interact", "setup", "show"]
