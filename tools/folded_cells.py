"""What of a chapter's code must be folded, and what a fold needs to read well in the book, in JupyterLab and in Colab.

Shown is the code that the chapter teaches. Folded is the rest: set-up, imports, comparisons with PyTorch, assertions,
experiment loops, figures.
"""

import ast
import sys

from chapter_imports import ROOT, trees

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from folded_code import TAG, fold_title

TITLE_LENGTH = 72  # letters: one line of a page, and nearly one of a phone
HIDING = {"hide-cell", "hide-output", "remove-cell", "remove-input", "remove-output"}
SEEDED = {"default_rng", "manual_seed", "seed"}
FIGURES = {"ask", "interact", "show"}  # of helpers.sliders
PYTORCH = ("torch", "torch_weights")


def is_folded(cell):
    """Say whether the book folds a cell's code."""
    return TAG in cell.metadata.get("tags", [])


def is_setup(cell):
    """Say whether a cell is the one that finds `helpers`."""
    return "setup" in cell.metadata.get("tags", [])


def fold_problems(cell):
    """Yield a sentence where a fold and its line do not belong together."""
    title = fold_title(cell.source)
    if is_folded(cell) and title is None:
        yield "it is folded, and its first line does not say what it does: `# @title Compare with PyTorch`"
    elif title and not is_folded(cell):
        yield f"its first line is that of a fold, and it has no tag {TAG}"
    elif title and len(title) > TITLE_LENGTH:
        yield f"its title has {len(title)} letters; the line of a fold has at most {TITLE_LENGTH}"


def hiding_problems(cell):
    """Yield a sentence where a cell hides more than its code."""
    hidden = HIDING & {*cell.metadata.get("tags", [])} - ({"remove-cell"} if is_setup(cell) else set())
    if hidden:
        yield f"its tag {', '.join(sorted(hidden))} hides results; fold the code alone, by {TAG}"


class FoldedByMeaning:
    """Says of each cell of a chapter why its code must be folded.

    Parameters
    ----------
    sources : list of str
        All code cells of the chapter: what a name means is looked up in their imports and definitions.
    """

    def __init__(self, sources):
        """Read what the names of the chapter mean."""
        statements = [statement for tree in trees(sources) for statement in tree.body]
        self._origins = _origins(statements)
        self._training = self._names_that_train(statements)

    def reason(self, source):
        """Return what the cell holds that is to be folded, in words, or None where it may be shown."""
        statements = [statement for tree in trees([source]) for statement in tree.body]
        if not statements:
            return None
        taught = any(isinstance(node, ast.FunctionDef) for node in statements)
        if all(_is_setup(statement) for statement in statements):
            return "imports and set-up only"
        if any(self._draws(node) for statement in statements for node in ast.walk(statement)):
            return "a figure or a question"
        if any(self._is_experiment(node) for statement in statements for node in _outside_functions(statement)):
            return "a loop of experiments"
        if not taught and any(isinstance(node, ast.Assert) for s in statements for node in _outside_functions(s)):
            compares = any(self._is_torch(node) for statement in statements for node in ast.walk(statement))
            return "a comparison with PyTorch" if compares else "an assertion"
        return None

    def _origin(self, node):
        """Return where a name or an attribute comes from: `sliders.interact` → helpers.sliders.interact."""
        if isinstance(node, ast.Attribute):
            base = self._origin(node.value)
            return base and f"{base}.{node.attr}"
        return self._origins.get(node.id) if isinstance(node, ast.Name) else None

    def _draws(self, node):
        origin = self._origin(node) or ""
        return origin.startswith("matplotlib") or (
            origin.startswith("helpers.sliders.") and origin.rpartition(".")[2] in FIGURES
        )

    def _is_torch(self, node):
        origin = self._origin(node) or ""
        return any(part in PYTORCH for part in origin.split("."))

    def _is_experiment(self, node):
        loops = (ast.For, ast.While, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp)
        return isinstance(node, loops) and any(self._trains(inner, self._training) for inner in ast.walk(node))

    def _trains(self, node, own):
        if not isinstance(node, ast.Call):
            return False
        origin = self._origin(node.func) or ""
        trained = origin.startswith("helpers.") and origin.rpartition(".")[2].startswith("train")
        return trained or (isinstance(node.func, ast.Name) and node.func.id in own)

    def _names_that_train(self, statements):
        """Return the chapter's own functions that train something, through one another too."""
        own, before = set(), None
        definitions = [node for node in statements if isinstance(node, ast.FunctionDef)]
        while own != before:
            before = set(own)
            own |= {d.name for d in definitions if any(self._trains(node, before) for node in ast.walk(d))}
        return own


def _origins(statements):
    origins = {}
    for node in (node for statement in statements for node in ast.walk(statement)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                origins[name] = alias.name if alias.asname else name
        elif isinstance(node, ast.ImportFrom) and node.module:
            origins.update({alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names})
    return origins


def _is_setup(statement):
    """Say whether a statement imports, names a constant, or makes or seeds a generator."""
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return True
    value = statement.value if isinstance(statement, ast.Assign | ast.Expr) else None
    if isinstance(value, ast.Call):
        return getattr(value.func, "attr", getattr(value.func, "id", "")) in SEEDED
    try:
        return isinstance(statement, ast.Assign) and ast.literal_eval(value) is not None
    except (ValueError, TypeError, SyntaxError):
        return False


def _outside_functions(statement):
    """Yield a statement and what is in it, but nothing of the functions that it defines."""
    yield statement
    if not isinstance(statement, ast.FunctionDef | ast.Lambda):
        for child in ast.iter_child_nodes(statement):
            yield from _outside_functions(child)
