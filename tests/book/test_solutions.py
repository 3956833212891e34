"""Every exercise in code has a solution on its page, and the solution passes the exercise's own check."""

import ast
import contextlib
import io
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

CHAPTERS = sorted((Path(__file__).parents[2] / "book").glob("*.ipynb"))
FOLD = re.compile(r"<details>.*?</details>", re.DOTALL)
CODE = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def verdicts(notebook):
    """Return what `check` says of each solution: the name of the function → its lines.

    A cell that calls `check(exercise, function)` asks; a fenced block in a fold that defines `function` answers. Both
    see the imports of the notebook. A function without a solution has no lines.
    """
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    trees = [ast.parse(source) for source in sources if not re.search(r"(?m)^\s*[%!]", source)]
    calls = [call for tree in trees for call in ast.walk(tree) if _is_check(call)]
    namespace = {}
    if calls:
        imports = [n for tree in trees for n in tree.body if isinstance(n, ast.Import | ast.ImportFrom)]
        exec(compile(ast.Module(imports, []), "imports", "exec"), namespace)
    solutions = _solutions(notebook)
    said = {}
    for call in calls:
        name = ast.unparse(call.args[1])
        said[name] = []
        if name in solutions:
            inside = dict(namespace)
            exec(solutions[name], inside)
            with contextlib.redirect_stdout(io.StringIO()) as out:
                exec(ast.unparse(call), inside)
            said[name] = out.getvalue().splitlines()
    return said


def _is_check(node):
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check"


def _solutions(notebook):
    """Return the code blocks in the folds, by the names of the functions that they define."""
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    blocks = [code for text in texts for fold in FOLD.findall(text) for code in CODE.findall(fold)]
    return {n.name: block for block in blocks for n in ast.parse(block).body if isinstance(n, ast.FunctionDef)}


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_solution_passes_its_check(chapter):
    said = verdicts(nbformat.read(chapter, as_version=4))
    assert {name: lines for name, lines in said.items() if not lines or lines[-1] != f"{name} is right."} == {}


RIGHT = "def my_step(x_t, state, params):\n    return lstm_step(x_t, state, params)\n"
WRONG = RIGHT.replace("lstm_step(x_t", "lstm_step(2 * x_t")
ASKED = """
from helpers.core import check
from helpers.layers.recurrent import lstm_step
from helpers.layers.recurrent.exercises import lstm_step_exercise

def my_step(x_t, state, params): ...

check(lstm_step_exercise, my_step)
"""


@pytest.mark.parametrize(
    ("text", "last"),
    [(f"<details>\n<summary>Solution</summary>\n\n```python\n{RIGHT}```\n\n</details>", "my_step is right."),
     (f"<details>\n\n```python\n{WRONG}```\n\n</details>",
      "  Hint: we foresaw no mistake that gives these numbers. Compare your lines with the equations, one at a time."),
     (f"```python\n{RIGHT}```", None), ("Nothing.", None)],
)  # fmt: skip
def test_a_solution_is_found_in_its_fold_and_judged(text, last):
    cells = [new_markdown_cell(text), new_code_cell("%time 1"), new_code_cell(ASKED)]
    said = verdicts(new_notebook(cells=cells))
    assert list(said) == ["my_step"]
    assert said["my_step"][-1:] == ([last] if last else [])
