"""What `experiments/analogies_and_their_baseline.py` measured: right answers with the arrow, and without it."""

import numpy as np

from helpers.core.checks import check_choice
from helpers.data.results import chosen

_RELATIONS = {
    "capital": "country - capital",
    "woman": "man - woman",
    "young": "animal - young",
    "opposite": "adjective - opposite",
    "comparative": "positive - comparative",
}
ANALOGY_TESTS = (*(f"{name}_{asked}" for name in _RELATIONS for asked in ("told", "held_out")), "language_told")


def analogy_shares(table, test, **wanted):
    """The shares of right answers with the arrow, and by the nearest word to c alone: of each seed.

    Parameters
    ----------
    table : ndarray
        ``read_results("analogies_and_their_baseline")``.
    test : str
        One of `ANALOGY_TESTS`, such as "capital_held_out".
    **wanted
        Which rows, as in `chosen`: ``arm="held out", passes=12, rate=0.05``.

    Returns
    -------
    ndarray (2, seeds)
        With the arrow; by c alone.

    Raises
    ------
    ValueError
        When the test is unknown, or no row is left.
    """
    check_choice("test", test, ANALOGY_TESTS)
    rows = chosen(table, **wanted)
    return np.array([rows[f"right_{test}"], rows[f"right_{test}_c_alone"]])


def told_and_held_out(table, **wanted):
    """All tests by the names of their relations: those of pairs that were told, and those of pairs held out.

    It takes what `analogy_shares` takes, without a test.

    Returns
    -------
    dict
        "told" and "held out" → a dict, relation → ndarray (2, seeds). Of languages none was held out.
    """
    told = {relation: f"{name}_told" for name, relation in _RELATIONS.items()}
    told["country - language"] = "language_told"
    held_out = {relation: f"{name}_held_out" for name, relation in _RELATIONS.items()}
    return {
        asked: {relation: analogy_shares(table, test, **wanted) for relation, test in tests.items()}
        for asked, tests in (("told", told), ("held out", held_out))
    }
