"""What a chapter takes from `helpers`: how many packages it names, and whether it shows a function of a fast module.

Names are looked up where they come from, in the package itself, so that neither an alias nor a re-export hides it.
"""

import ast
import contextlib
import importlib
import inspect
import re
import sys
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "helpers"
SHOW = ("helpers.figures.source_code", "show_source")
FAST = re.compile(r"(?:^|[._])fast(?:[._]|$)")  # helpers.layers.recurrent.fast, helpers.models.word2vec.fast.blocks
MISSING = object()  # what an import that fails would have bound


class UnknownNameError(LookupError):
    """What stands there cannot be found without running the chapter."""


def packages_named(sources, root=ROOT):
    """Return the sorted packages and modules of `helpers` that a chapter's cells name.

    What stands between `from` and `import` is what a reader is sent to: `from helpers.core import softmax` and
    `from helpers.figures import gates, gpt_bert` name one package each. `from helpers import core` names `core`.
    """
    named = set()
    for node in (node for tree in trees(sources) for node in ast.walk(tree)):
        if isinstance(node, ast.Import):
            named.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            named.update({node.module} if node.module != PACKAGE else {f"{PACKAGE}.{a.name}" for a in node.names})
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and _is_module(node.value, root):
            named.add(node.value)  # importlib.import_module("helpers.core")
    return sorted(name for name in named if name.startswith(f"{PACKAGE}."))


def shown_and_fast(sources):
    """Return a sentence for each thing that `show_source` shows and a fast module defines, or that cannot be found."""
    namespace, problems = {}, []
    for statement in (statement for tree in trees(sources) for statement in tree.body):
        problems += _bind(statement, namespace)
        inside = {node.arg for node in ast.walk(statement) if isinstance(node, ast.arg)}  # arguments hide names outside
        problems += _shown(statement, {name: thing for name, thing in namespace.items() if name not in inside})
    return list(dict.fromkeys(problems))


def trees(sources):
    """Yield the syntax of each cell that is Python; `%magics` and `!commands` become calls."""
    for source in sources:
        try:
            yield ast.parse(TransformerManager().transform_cell(source))
        except SyntaxError:
            continue  # it fails when it is run, and says so


def _is_module(name, root):
    parts = name.split(".")
    path = Path(root).joinpath(*parts)
    is_ours = parts[0] == PACKAGE and all(part.isidentifier() for part in parts)
    return is_ours and (path.with_suffix(".py").is_file() or (path / "__init__.py").is_file())


def _bind(statement, namespace):
    """Give names what they stand for; yield a sentence for each import of `helpers` that fails."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                try:
                    namespace.update(_imported(node, alias))
                except ImportError as error:
                    namespace[alias.asname or alias.name] = MISSING
                    yield f"an import fails: {error}"
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            namespace[node.name] = None  # the chapter's own
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            namespace.pop(node.id, None)  # whatever it is now, unless the next lines know
    for node in (node for node in ast.walk(statement) if isinstance(node, ast.Assign)):
        with contextlib.suppress(UnknownNameError):
            namespace.update({t.id: _look_up(node.value, namespace) for t in node.targets if isinstance(t, ast.Name)})


def _imported(node, alias):
    """Return the name that an import of `helpers` binds, with what it stands for; nothing of other packages."""
    module = node.module if isinstance(node, ast.ImportFrom) else alias.name
    if (module or "").split(".")[0] != PACKAGE:
        return {}
    package = importlib.import_module(module)
    if isinstance(node, ast.Import):
        return {alias.asname: package} if alias.asname else {PACKAGE: sys.modules[PACKAGE]}
    if not hasattr(package, alias.name):
        inner = f"{module}.{alias.name}"
        if not _is_module(inner, ROOT):
            raise ImportError(f"{module} has no {alias.name}")
        importlib.import_module(inner)
    return {alias.asname or alias.name: getattr(package, alias.name)}


def _shown(statement, namespace):
    show = getattr(importlib.import_module(SHOW[0]), SHOW[1])
    uses = {id(node): node for node in ast.walk(statement) if _is(node, show, namespace)}
    for call in (node for node in ast.walk(statement) if isinstance(node, ast.Call) and uses.pop(id(node.func), None)):
        for argument in (part for given in call.args for part in _parts(given)):
            said = f"show_source({ast.unparse(argument)})"
            try:
                shown = _look_up(argument, namespace)
            except UnknownNameError:
                yield f"{said}: write the function's own name, so that it can be looked up"
                continue
            module = getattr(inspect.unwrap(getattr(shown, "func", shown)), "__module__", None) or ""
            if FAST.search(module):
                yield f"{said} shows what {module} defines; a chapter shows the readable form"
    if uses:
        yield f"{ast.unparse(statement)}: show_source is only to be called"


def _parts(node):
    """Return the arguments that one stands for: `*[a, b]` stands for two."""
    if isinstance(node, ast.Starred) and isinstance(node.value, ast.List | ast.Tuple):
        return node.value.elts
    return [node]


def _is(node, thing, namespace):
    try:
        return _look_up(node, namespace) is thing
    except UnknownNameError:
        return False


def _look_up(node, namespace):
    """Return what a name, or an attribute of it, stands for; None stands for a function of the chapter's own."""
    if isinstance(node, ast.Name) and node.id in namespace:
        return namespace[node.id]
    if isinstance(node, ast.Attribute):
        owner = _look_up(node.value, namespace)
        if owner is MISSING:
            return MISSING
        if hasattr(owner, node.attr):
            return getattr(owner, node.attr)
    raise UnknownNameError(ast.unparse(node))
