"""`Play`: a control that stands for time."""

import contextlib
import os

import ipywidgets

from helpers.sliders.front_end import no_front_end
from helpers.sliders.in_page import IN_PAGE


class Play(ipywidgets.Play):
    """A control that runs from `low` to `high` by itself: ▶, ⏸, one step back, one step on.

    Parameters
    ----------
    low, high, step : int
    per_second : float
        Steps a second. The book shows from 4 to 8 of them.
    **traits
        Any other of `ipywidgets.Play`, such as `value`, where it starts (`low` if it is left out), and `description`.

    Raises
    ------
    ValueError
        If `per_second` is not above 0.

    Examples
    --------
    >>> @interact(step=Play(0, 20))
    ... def look(step=0):
    ...     return draw_machine(...), f"At step {step} ..."
    """

    def __init__(self, low=0, high=10, step=1, per_second=5, **traits):
        """Make the control, unseen by any front end while a page is drawn."""
        if not per_second > 0:
            raise ValueError(f"Play: per_second is {per_second!r}, expected a number above 0")
        chosen = {"value": low, "interval": round(1000 / per_second), "show_repeat": False, **traits}
        with no_front_end() if os.environ.get(IN_PAGE) else contextlib.nullcontext():
            super().__init__(min=low, max=high, step=step, **chosen)
