"""What the model remembers between two steps: any nest of arrays or tensors, one row for each hypothesis.

A nest is an array, a tensor, None, or a tuple, list, dictionary or NamedTuple of nests. The search only ever selects
rows of it, so it needs to know nothing else about the model.
"""


def select_rows(state, rows):
    """x[rows] for every array x of the nest.

    Parameters
    ----------
    state : nest
        Every array or tensor has one row for each hypothesis.
    rows : ndarray of int (M,)
        A row may be taken several times, when one hypothesis goes on in several ways, or not at all.

    Returns
    -------
    nest
        Of the same types; its arrays have M rows and share no memory with the old ones.
    """
    if state is None:
        return None
    if isinstance(state, dict):
        return {name: select_rows(part, rows) for name, part in state.items()}
    if isinstance(state, tuple | list):
        parts = [select_rows(part, rows) for part in state]
        return type(state)(*parts) if hasattr(state, "_fields") else type(state)(parts)
    return state[rows]


def count_rows(state):
    """N, the number of rows that all arrays of the nest have; 1 where it has no array.

    Raises
    ------
    ValueError
        When an array has no axis, when two arrays have different numbers of rows, or when there is no row.
    """
    shapes = [tuple(array.shape) for array in _arrays(state)]
    counts = {shape[:1] for shape in shapes}
    if len(counts) > 1 or counts & {(), (0,)}:
        raise ValueError(f"state has arrays of shapes {shapes}, expected one first axis: a row for each source")
    return counts.pop()[0] if counts else 1


def _arrays(state):
    if state is None:
        return
    if isinstance(state, tuple | list | dict):
        for part in state.values() if isinstance(state, dict) else state:
            yield from _arrays(part)
    elif hasattr(state, "shape"):
        yield state
    else:
        raise ValueError(f"state holds {type(state).__name__}, expected arrays or tensors")
