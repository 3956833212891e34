"""What every search asks of a model: a step to log-probabilities, and a state whose rows can be chosen."""

import numpy as np

from helpers.core.checks import as_floats, check_integer, check_shape


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


ABOVE_ZERO = 1e-3  # what rounding may add to log 1: more of it shows that these are no log-probabilities


def next_log_probs(step, tokens, state):
    """Let the model read one token of each hypothesis.

    Returns
    -------
    log_probs : ndarray (N, V)
        At most 0. −inf stands for a token that is impossible here.
    state : nest

    Raises
    ------
    ValueError
        When the shape is another, or a row holds NaN, a number above 0, or nothing but −inf. Whether the
        probabilities sum to 1 is not checked: it would cost as much as the search.
    """
    log_probs, state = step(tokens, state)
    if hasattr(log_probs, "detach"):  # a tensor
        wide = log_probs.float() if log_probs.dtype.itemsize < 4 else log_probs  # NumPy has no bfloat16
        log_probs = wide.detach().cpu().numpy()
    log_probs = as_floats("log_probs", log_probs)
    _, V = check_shape("log_probs", log_probs, "N V", N=len(tokens))
    check_integer("V", V)
    largest = log_probs.max(axis=1)  # NaN where the row holds one
    if not (largest <= ABOVE_ZERO).all() or np.isneginf(largest).any():
        wrong = largest[~((largest <= ABOVE_ZERO) & np.isfinite(largest))][0]
        raise ValueError(f"the largest of a row of log_probs is {wrong}, expected at most 0, and above −inf")
    return (np.minimum(log_probs, 0) if largest.max() > 0 else log_probs), state


def check_search(start, end, max_length):
    """Refuse a search that cannot begin or that never ends; return the three as ints, which do not overflow.

    Raises
    ------
    ValueError
    """
    start, end = check_integer("start", start, least=0), check_integer("end", end, least=-1)
    return start, end, check_integer("max_length", max_length)
