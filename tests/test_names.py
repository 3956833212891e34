"""A public name means one thing in the whole package, and three packages re-export nothing."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

HELPERS = Path(__file__).parents[1] / "helpers"
BARE = ("__init__.py", "layers/__init__.py", "data/__init__.py")


def defined_twice(package):
    """Return the public names that two modules define, each with its modules."""
    places = defaultdict(list)
    for path in sorted(package.rglob("*.py")):
        for name in set(_defined(ast.parse(path.read_text(encoding="utf-8")).body)):
            places[name].append(path.relative_to(package).as_posix())
    return {name: modules for name, modules in places.items() if len(modules) > 1 and not name.startswith("_")}


def _defined(statements):
    """Yield the names that the top level of a module defines, under an `if` or a `try` too; imports define none."""
    for node in statements:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = (part for target in targets for part in ast.walk(target) if isinstance(part, ast.Name))
            yield from (part.id for part in names if isinstance(part.ctx, ast.Store))
        elif isinstance(node, ast.If | ast.Try | ast.With | ast.For):
            inner = [*node.body, *getattr(node, "orelse", ()), *getattr(node, "finalbody", ())]
            yield from _defined([*inner, *(part for handler in getattr(node, "handlers", ()) for part in handler.body)])


def reexports(path):
    """Tell whether a module holds anything besides its docstring."""
    body = ast.parse(path.read_text(encoding="utf-8")).body
    return any(not isinstance(node, ast.Expr) or not isinstance(node.value, ast.Constant) for node in body)


def test_no_public_name_is_defined_twice():
    assert defined_twice(HELPERS) == {}


@pytest.mark.parametrize("name", BARE)
def test_a_package_that_every_chapter_reaches_reexports_nothing(name):
    # A chapter runs again when a module that it reaches has changed: through these it would reach all modules.
    assert not reexports(HELPERS / name)


@pytest.fixture
def package(tmp_path):
    """Make a package in which no name stands twice: re-exports and private names do not count."""
    for path, text in {
        "__init__.py": '"""Nothing."""\n',
        "topic/__init__.py": 'from .one import step\n\n__all__ = ["step"]\n',
        "topic/one.py": "import numpy as np\n\n_SIZE = 1\n\n\ndef step(x):\n    result = x\n    return result\n",
        "topic/two.py": "import numpy as np\nfrom .one import step\n\n_SIZE = 2\nresult = step\n",
    }.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "text",
    ["def step(): ...", "class step: ...", "async def step(): ...", "step = 1", "step: int = 1",
     "other, (step, more) = 1, (2, 3)", "try:\n    x = 1\nexcept ImportError:\n    step = 1",
     "if True:\n    def step(): ..."],
)  # fmt: skip
def test_a_name_that_is_defined_twice_is_found(package, text):
    assert defined_twice(package) == {}
    (package / "other.py").write_text(f"{text}\n", encoding="utf-8")
    assert defined_twice(package) == {"step": ["other.py", "topic/one.py"]}


@pytest.mark.parametrize("text", ["from .topic.one import step", "import re", "step = 1", "def __getattr__(name): ..."])
def test_a_reexport_is_found(package, text):
    assert not reexports(package / "__init__.py")
    (package / "__init__.py").write_text(f'"""Something."""\n\n{text}\n', encoding="utf-8")
    assert reexports(package / "__init__.py")
