"""Drawings, a module for each subject, all in one style.

Only what most chapters use is offered here. A chapter imports the module of its drawings by name, so that it runs
again when those have changed, and not when others have.
"""

from helpers.figures.source_code import show_source
from helpers.figures.style import scientific

__all__ = ["scientific", "show_source"]
