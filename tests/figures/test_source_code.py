"""A chapter shows the source of a function as it stands in `helpers`."""

import inspect

import pytest
from IPython.display import Markdown

from helpers.figures.source_code import shorten_docstring, show_source
from helpers.figures.style import new_figure, scientific
from helpers.layers.recurrent import lstm_step


def test_show_source_shows_what_stands_in_helpers(monkeypatch):
    displayed = []
    monkeypatch.setattr("helpers.figures.source_code.display", displayed.append)
    show_source(scientific, new_figure)
    assert all(isinstance(each, Markdown) for each in displayed)
    assert displayed[0].data == f"From `helpers/figures/style.py`:\n\n```python\n{inspect.getsource(scientific)}```"
    assert displayed[1].data.startswith("From `helpers/figures/style.py` (its docstring goes on there):")
    assert "def new_figure" in displayed[1].data


def test_the_check_of_finite_results_is_not_shown(monkeypatch):
    displayed = []
    monkeypatch.setattr("helpers.figures.source_code.display", displayed.append)
    show_source(lstm_step)
    assert "```python\ndef lstm_step(" in displayed[0].data
    assert "@" not in displayed[0].data.partition("def")[0]


def test_a_long_docstring_is_shortened_to_its_first_line_and_nothing_else():
    body = "    a = 1\n    return a\n"
    long = 'def f(x):\n    """Say what.\n\n    Parameters\n    ----------\n    """\n' + body
    assert shorten_docstring(long) == 'def f(x):\n    """Say what."""\n' + body
    for whole in ('def f():\n    """Say what."""\n' + body, "def f():\n" + body, "class C:\n    x: int = 3\n"):
        assert shorten_docstring(whole) == whole


@pytest.mark.parametrize("nonsense", [len, 3, "text"])
def test_show_source_of_what_has_none(nonsense):
    with pytest.raises(ValueError, match="show_source wants functions written in Python"):
        show_source(nonsense)
