"""Which stored tables of results the cells of a notebook draw on, read from their code."""

import ast

from IPython.core.inputtransformer2 import TransformerManager

READS = "read_results"
LOOPS = (ast.For, ast.comprehension)


def tables_of_cells(sources):
    """Return, for each cell of a notebook, the stored tables of results that it draws on.

    A cell draws on a table that it reads, and on those that a name which it uses was made from, however many
    statements ago.

    Parameters
    ----------
    sources : list of str

    Returns
    -------
    list of tuple of str

    >>> tables_of_cells(['t, n = read_results("clipping"), 3', "right = t[0]", "print(right)", "print(n)"])
    [('clipping',), ('clipping',), ('clipping',), ()]
    """
    made = {}  # name → the tables that it was made from, as the keys of a dict, which keep their order
    trees = [ast.parse(TransformerManager().transform_cell(source)) for source in sources]
    return [tuple(_of_statements(tree.body, made)) for tree in trees]


def _of_statements(statements, made):
    """Return the tables that statements draw on, and note in `made` what they make of them."""
    tables = {}
    for statement in statements:
        tables |= _of_statement(statement, made)
    return tables


def _of_statement(statement, made):
    if isinstance(statement, ast.FunctionDef):
        inside = made | {argument.arg: {} for argument in ast.walk(statement) if isinstance(argument, ast.arg)}
        made[statement.name] = _of_statements(statement.body, inside)
        return made[statement.name]
    if isinstance(statement, ast.Assign):
        return _assign(statement.targets, statement.value, made)
    blocks = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
    own = [part for part in ast.iter_child_nodes(statement) if not any(part in block for block in blocks)]
    tables = _of_expressions(own, made)
    if isinstance(statement, ast.For):
        _note(statement.target, tables, made)
    elif isinstance(statement, ast.AugAssign):
        _note(statement.target, tables, made, anew=False)
    elif isinstance(statement, ast.Expr) and isinstance(getattr(statement.value, "func", None), ast.Attribute):
        _note(statement.value.func.value, tables, made, anew=False)  # all.append(one)
    for block in blocks:
        tables |= _of_statements(block, made)
    return tables


def _assign(targets, value, made):
    """Note what a value is made of; of `a, b = x, y` each name gets its own."""
    for target in targets:
        pairs = [(target, value)]
        if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) and len(target.elts) == len(value.elts):
            pairs = list(zip(target.elts, value.elts, strict=True))
        for (one, _), tables in zip(pairs, [_of_expressions([part], made) for _, part in pairs], strict=True):
            _note(one, tables, made)
    return _of_expressions([value], made)


def _note(target, tables, made, anew=True):
    """Note that a name was made from these tables; `best[rate] = …` leaves what the rest was made from."""
    if isinstance(target, (ast.Tuple, ast.List)):
        for part in target.elts:
            _note(part, tables, made, anew)
    elif isinstance(target, ast.Starred):
        _note(target.value, tables, made, anew)
    elif isinstance(target, (ast.Subscript, ast.Attribute)):
        _note(target.value, tables, made, anew=False)
    elif isinstance(target, ast.Name):
        made[target.id] = tables if anew else made.get(target.id, {}) | tables


def _of_expressions(nodes, made):
    """Return the tables that expressions read, and those of the names in them; names of their own do not count."""
    parts = [part for node in nodes for part in ast.walk(node)]
    own = {name.id for part in parts if isinstance(part, LOOPS) for name in _names(part.target)}
    own |= {part.arg for part in parts if isinstance(part, ast.arg)}
    tables = {}
    for part in parts:
        if isinstance(part, ast.Call) and READS in (getattr(part.func, "id", ""), getattr(part.func, "attr", "")):
            tables |= {name.value: {} for name in part.args[:1] if isinstance(name, ast.Constant)}
        elif isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load) and part.id not in own:
            tables |= made.get(part.id, {})
        elif isinstance(part, ast.NamedExpr):
            _note(part.target, _of_expressions([part.value], made), made)
    return tables


def _names(node):
    return [part for part in ast.walk(node) if isinstance(part, ast.Name)]
