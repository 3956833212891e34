"""What a chapter's outputs depend on besides its own cells: the modules of `helpers` that it reaches."""

import ast
import hashlib
import platform
from importlib import metadata
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager

PACKAGE = "helpers"
RUNNER = Path(__file__).with_name("chapter_runner.py")
DISTRIBUTIONS = ("numpy", "matplotlib", "torch", "ipywidgets", "ipykernel")


def fingerprint(notebook, root):
    """Hash all that the outputs of a notebook depend on, its own cells apart.

    Parameters
    ----------
    notebook : nbformat.NotebookNode
    root : path-like
        The folder that holds `helpers`.

    Returns
    -------
    str
        The same as long as nothing that the notebook reaches has changed.
    """
    root = Path(root)
    digest = hashlib.sha256(platform.python_version().encode() + RUNNER.read_bytes())
    for name in DISTRIBUTIONS:
        digest.update(f"{name} {_version(name)}\n".encode())
    for path in dependencies(notebook, root):
        digest.update(f"{path.relative_to(root).as_posix()}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def dependencies(notebook, root):
    """Return the sorted files of `helpers` that a notebook's cells reach, however many imports away.

    A package that is reached counts with the data files beside its `__init__.py`.
    """
    root = Path(root)
    waiting = {name for cell in notebook.cells if cell.cell_type == "code" for name in _imports(_plain(cell.source))}
    seen, files = set(), set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        path = _module_file(name, root)
        if path is None:
            continue  # an attribute of a module, not a module
        files.add(path)
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        if path.name == "__init__.py":
            files.update(file for file in path.parent.iterdir() if file.is_file() and file.suffix != ".py")
        waiting |= _imports(path.read_text(encoding="utf-8"), package)
    return sorted(files)


def _plain(source):
    """Turn a cell into Python: `%magics` and `!commands` become calls."""
    return TransformerManager().transform_cell(source)


def _imports(source, package=""):
    """Yield every name that may be a module of ours, with the packages above it."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()  # it will fail when it is run, and say so
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, package)
            names.update({base, *(f"{base}.{alias.name}" for alias in node.names)})
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            names.add(node.value)  # importlib.import_module("helpers.layers.recurrent.rnn")
    ours = {name for name in names if name == PACKAGE or name.startswith(f"{PACKAGE}.")}
    return {".".join(parts[:end]) for name in ours for parts in [name.split(".")] for end in range(1, len(parts) + 1)}


def _absolute(node, package):
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    parts = parts[: len(parts) - node.level + 1]
    return ".".join([*parts, *([node.module] if node.module else [])])


def _module_file(name, root):
    if not all(part.isidentifier() for part in name.split(".")):
        return None
    path = root.joinpath(*name.split("."))
    for candidate in (path / "__init__.py", path.with_suffix(".py")):
        if candidate.is_file():
            return candidate
    return None


def _version(distribution):
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "absent"
