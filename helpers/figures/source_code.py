"""Showing a chapter the very function that it runs, so that no copy can go stale."""

import ast
import inspect
import textwrap

from IPython.display import Markdown, display


def show_source(*functions):
    """Show the source of functions (or of parameter types) as they stand in `helpers`.

    Of a long docstring only the first line is shown, and the heading says so: a chapter explains the rest. Nor is the
    line `@refuse_overflow` shown, which checks that results are finite: the equation has no such part.

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
        source = textwrap.dedent(source).removeprefix("@refuse_overflow\n")
        short = shorten_docstring(source)
        note = " (its docstring goes on there)" if short != source else ""
        display(Markdown(f"From `{path}`{note}:\n\n```python\n{short.rstrip()}\n```"))


def shorten_docstring(source):
    """Return the source of one function or class with only the first line of its docstring."""
    first = ast.parse(source).body[0].body[0]
    is_docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    if not is_docstring or first.lineno == first.end_lineno:
        return source
    lines = source.splitlines(keepends=True)
    summary = lines[first.lineno - 1].rstrip() + '"""\n'
    return "".join([*lines[: first.lineno - 1], summary, *lines[first.end_lineno :]])
