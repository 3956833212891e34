"""`Play`: a control that stands for time, perhaps with the sound of that time."""

import contextlib
import io
import os
import wave

import ipywidgets

from helpers.sliders.front_end import no_front_end
from helpers.sliders.in_page import IN_PAGE

_HEAVIEST = 300_000  # bytes of a sound: it travels with the page


class Play(ipywidgets.Play):
    """A control that runs from `low` to `high` by itself: ▶, ⏸, one step back, one step on.

    Parameters
    ----------
    low, high, step : int
    per_second : float
        Steps a second. The book shows from 4 to 8 of them.
    sound : bytes, optional
        A WAV file, at most 300 kB, that lasts from `low` to `high`: at half of its time the control is half way. The
        book then has a second button, which plays it, and the control follows what is heard; ▶ goes through the same
        steps in silence and at its own pace. With a kernel a player stands below the control, with a pace of its own.
    **traits
        Any other of `ipywidgets.Play`, such as `value`, where it starts (`low` if it is left out), and `description`.

    Raises
    ------
    ValueError
        If `per_second` is not above 0, or the sound is no WAV file, is too long, or has no control to go with.

    Examples
    --------
    >>> @interact(step=Play(0, 20))
    ... def look(step=0):
    ...     return draw_machine(...), f"At step {step} ..."
    """

    def __init__(self, low=0, high=10, step=1, per_second=5, sound=None, **traits):
        """Make the control, unseen by any front end while a page is drawn."""
        if not per_second > 0:
            raise ValueError(f"Play: per_second is {per_second!r}, expected a number above 0")
        chosen = {"value": low, "interval": round(1000 / per_second), "show_repeat": False, **traits}
        with no_front_end() if os.environ.get(IN_PAGE) else contextlib.nullcontext():
            super().__init__(min=low, max=high, step=step, **chosen)
        self.sound, self.seconds = sound, None if sound is None else _seconds(sound)  # not synced: no front end asks
        if sound is not None and not high > low:
            raise ValueError(f"Play: low is {low} and high is {high}, expected a control that moves while it sounds")


def _seconds(sound):
    """How long a WAV file lasts."""
    if not isinstance(sound, bytes) or len(sound) > _HEAVIEST:
        came = f"{len(sound)} bytes" if isinstance(sound, bytes) else repr(sound)[:60]
        raise ValueError(f"Play: sound is {came}, expected at most {_HEAVIEST} bytes of a WAV file")
    try:
        with wave.open(io.BytesIO(sound)) as file:
            seconds = file.getnframes() / file.getframerate()
    except (wave.Error, EOFError, ZeroDivisionError) as error:
        raise ValueError(f"Play: sound is {sound[:12]}…, expected the bytes of a WAV file: {error}") from error
    if not seconds > 0:
        raise ValueError("Play: sound has no samples, expected some")
    return seconds
