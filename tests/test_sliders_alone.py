"""`helpers.sliders` could be taken out and used by another book: it imports nothing else of `helpers`."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOADED = """
import importlib, pathlib, sys
for path in sorted(pathlib.Path("helpers/sliders").rglob("*.py")):
    importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
print(*sorted(name for name in sys.modules if name.partition(".")[0] == "helpers"))
"""


def imports_of_others(package):
    """Return the modules of `helpers` outside `helpers.sliders` that the modules of a `sliders` folder import."""
    found = set()
    for path in package.rglob("*.py"):
        inside = ("helpers", "sliders", *path.relative_to(package).parent.parts)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found.update(alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                above = inside[: len(inside) - node.level + 1] if node.level else ()
                base = ".".join([*above, *([node.module] if node.module else [])])
                found.update(f"{base}.{alias.name}" for alias in node.names)
    return {name for name in found if _is_inside(name, "helpers") and not _is_inside(name, "helpers.sliders")}


def _is_inside(name, package):
    return f"{name}.".startswith(f"{package}.")


def loaded_modules(root):
    """Import every module of `helpers/sliders` in a process of its own; return what is loaded of `helpers`."""
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=root, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_sliders_import_nothing_else_of_helpers():
    assert imports_of_others(ROOT / "helpers" / "sliders") == set()


def test_nothing_else_of_helpers_is_loaded_with_the_sliders():
    loaded = loaded_modules(ROOT)
    assert "helpers.sliders.interactive" in loaded
    assert [name for name in loaded if not _is_inside(name, "helpers.sliders")] == ["helpers"]


@pytest.mark.parametrize(
    "text",
    ["import helpers.core", "from helpers.core import x", "from helpers import core", "from .. import core",
     "from ..core import x", "def f():\n    from helpers.core import x"],
)  # fmt: skip
def test_an_import_of_the_rest_is_found(tmp_path, text):
    for name in ("sliders", "core"):
        (tmp_path / "helpers" / name).mkdir(parents=True)
        (tmp_path / "helpers" / name / "__init__.py").write_text("x = 1\n", encoding="utf-8")
    (tmp_path / "helpers" / "__init__.py").write_text("", encoding="utf-8")
    module = tmp_path / "helpers" / "sliders" / "page.py"
    module.write_text("import json\nfrom helpers.sliders import x\nfrom . import x\n", encoding="utf-8")
    assert imports_of_others(tmp_path / "helpers" / "sliders") == set()
    assert loaded_modules(tmp_path) == ["helpers", "helpers.sliders", "helpers.sliders.page"]
    module.write_text(f"{text}\n", encoding="utf-8")
    assert imports_of_others(tmp_path / "helpers" / "sliders") != set()
    if not text.startswith("def"):
        assert "helpers.core" in loaded_modules(tmp_path)
