"""What a figure that moves reads and a later cell sets to something else: its slider would then draw another thing."""

import ast
import symtable

_OWN_SCOPE = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def names_set_again(sources):
    """Yield (figure, its cell, name, the later cell) for names that the function of a figure reads.

    In the built page each figure was drawn when its cell ran. In JupyterLab it is drawn whenever a slider moves, after
    all cells have run, and then reads the later value.

    Parameters
    ----------
    sources : list of str
        Of the code cells, in order, without magics. Cells are counted from 0.
    """
    trees = [ast.parse(source) for source in sources]
    reads = {}  # function -> (cell, the names that it reads from outside)
    for cell, source in enumerate(sources):
        for scope in symtable.symtable(source, "cell", "exec").get_children():
            reads[scope.get_name()] = cell, _read_from_outside(scope)
    for cell, tree in enumerate(trees):
        for figure in filter(_is_figure, tree.body):
            names = _all_names(figure.name, reads, cell)
            for later in range(cell + 1, len(trees)):
                yield from ((figure.name, cell, name, later) for name in sorted(names & _set_by(trees[later])))


def _is_figure(node):
    return isinstance(node, ast.FunctionDef) and any("interact" in ast.unparse(each) for each in node.decorator_list)


def _read_from_outside(scope):
    inner = (_read_from_outside(child) for child in scope.get_children())
    return {symbol.get_name() for symbol in scope.get_symbols() if symbol.is_global()}.union(*inner)


def _all_names(figure, reads, cell):
    """The names that the function reads, and what the functions read that it calls."""
    names, todo = set(), {figure}
    while todo:
        function = todo.pop()
        new = reads[function][1] - names if function in reads and reads[function][0] <= cell else set()
        names |= new
        todo |= new
    return names


def _set_by(node):
    """Names that a cell sets at its top level; imports set the same thing everywhere."""
    if isinstance(node, _OWN_SCOPE):
        return set()
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Store) else set()
    return set().union(*map(_set_by, ast.iter_child_nodes(node)))
