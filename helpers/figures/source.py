"""Showing a chapter the very function that it runs, so that no copy can go stale."""

import inspect

from IPython.display import Markdown, display


def name_of(function):
    """Return what to call a function, which may be a partial or an object that is called."""
    return getattr(getattr(function, "func", function), "__name__", type(function).__name__)


def show_source(*functions):
    """Show the source of functions (or of parameter types) as they stand in `helpers`.

    Raises
    ------
    ValueError
        If something has no Python source, as a built-in function has none.
    """
    for function in functions:
        try:
            source = inspect.getsource(function)
        except (TypeError, OSError):
            raise ValueError(f"show_source wants functions written in Python, not {function!r}") from None
        path = function.__module__.replace(".", "/") + ".py"
        display(Markdown(f"From `{path}`:\n\n```python\n{source.rstrip()}\n```"))
