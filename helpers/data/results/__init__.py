"""Tables of results that took longer than a chapter has; the scripts in `experiments/` make them."""

from importlib.resources import files

import numpy as np

from helpers.core.checks import check_choice, check_number, check_positive

_FOLDER = files(__name__)


def result_names():
    """List the tables that there are."""
    return sorted(file.name.removesuffix(".csv") for file in _FOLDER.iterdir() if file.name.endswith(".csv"))


def read_results(name):
    """Read a table: a row for each measurement, with every seed, every rate and every number of steps.

    Parameters
    ----------
    name : str
        One of `result_names()`. `experiments/<name>.py` made it, and its first line holds the versions it ran with.

    Returns
    -------
    ndarray
        With a named field for each column: ``table["accuracy"]``. Fields are text, integers or floats.

    Raises
    ------
    ValueError
        When there is no such table.
    """
    if name not in result_names():
        raise ValueError(f"name is {name!r}, expected one of {', '.join(result_names())}")
    lines = (_FOLDER / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    return np.genfromtxt(lines[1:], delimiter=",", names=True, dtype=None, encoding="utf-8", ndmin=1)


def chosen(table, **wanted):
    """Keep the rows whose fields have these values: ``chosen(table, arm="LSTM", rate=1e-2)``.

    Raises
    ------
    ValueError
        When no row is left.
    """
    for field, value in wanted.items():
        _check_field("field", field, table)
        kept = table[table[field] == value]
        if not len(kept):
            there = ", ".join(str(known) for known in dict.fromkeys(table[field].tolist()))
            raise ValueError(f"no row has {field} {value!r}; there is {there}")
        table = kept
    return table


def by_seed(table, value, along="steps"):
    """Lay out one column of a table as a row for each seed.

    Parameters
    ----------
    table : ndarray
        Rows of one arm at one rate, such as `chosen` gives: each seed with each number of steps once.
    value : str
        The field that is laid out.
    along : str
        The field that changes along a row.

    Returns
    -------
    places : ndarray (n,)
        The values of `along`, rising.
    values : ndarray (seeds, n)

    Raises
    ------
    ValueError
        When a seed lacks a place, or has one twice: more than one arm or rate is left.
    """
    for name, field in (("value", value), ("along", along)):
        _check_field(name, field, table)
    seeds, places = np.unique(table["seed"]), np.unique(table[along])
    order = np.lexsort((table[along], table["seed"]))
    full = [(seed, place) for seed in seeds for place in places]
    if list(zip(table["seed"][order], table[along][order], strict=True)) != full:
        raise ValueError(f"expected every seed at every value of {along} once; choose one arm and one rate first")
    return places, table[value][order].reshape(len(seeds), len(places))


def medians(table, value, of, along):
    """Take the median over the seeds: {value of one field: ndarray, along the rising values of another}.

    Parameters
    ----------
    table : ndarray
    value, of, along : str
        Fields: what is laid out, what the arrays are told apart by, and what changes along each.
    """
    for name, field in (("value", value), ("of", of), ("along", along)):
        _check_field(name, field, table)
    found = {}
    for name in np.unique(table[of]).tolist():
        rows = table[table[of] == name]
        found[name] = np.array([np.median(rows[value][rows[along] == place]) for place in np.unique(rows[along])])
    return found


def best_rates(table, value, smallest=False, **wanted):
    """Find each arm's own best rate, by the mean over its seeds.

    Parameters
    ----------
    table : ndarray
        With the fields arm and rate.
    value : str
        The field that should be large.
    smallest : bool
        It should be small instead, as a loss should.
    **wanted
        Where to compare, as in `chosen`: ``steps=1000``.

    Returns
    -------
    dict
        Arm → rate, in the order of the table. Of equal rates the smallest.
    """
    _check_field("value", value, table)
    table, best = chosen(table, **wanted), {}
    for arm in dict.fromkeys(table["arm"].tolist()):
        rows = chosen(table, arm=arm)
        means = {rate: rows[value][rows["rate"] == rate].mean() for rate in np.unique(rows["rate"]).tolist()}
        best[arm] = (min if smallest else max)(means, key=means.get)
    return best


def curves_of_arms(table, value, rate, **wanted):
    """Lay out one column for every arm, as `helpers.figures.learning_curves` draws it.

    Parameters
    ----------
    table : ndarray
        With the fields arm, rate, seed and steps.
    value : str
        The field that is laid out.
    rate : float, or dict
        One rate for all, or each arm's own, such as `best_rates` gives; arms that have no such rate are left out.
    **wanted
        What else the rows must have, as in `chosen`.

    Returns
    -------
    dict
        Arm → (steps, values), as `by_seed` gives them.
    """
    _check_field("value", value, table)
    if not isinstance(rate, dict):
        check_positive("rate", rate)
    table, curves = chosen(table, **wanted), {}
    for arm in dict.fromkeys(table["arm"].tolist()):
        rows = chosen(table, arm=arm)
        rows = rows[rows["rate"] == (rate[arm] if isinstance(rate, dict) else float(rate))]
        if len(rows):
            curves[arm] = by_seed(rows, value)
    return curves


def _check_field(name, field, table):
    """Refuse the name of a column that the table lacks."""
    if not isinstance(field, str):
        raise ValueError(f"{name} is {field!r}, expected one of {', '.join(table.dtype.names)}")
    check_choice(name, field, table.dtype.names)


def steps_until(curves, level):
    """Find the first number of steps after which every seed is above a level.

    Parameters
    ----------
    curves : dict
        Name → (steps, values): numbers of steps (n,), rising, and values (seeds, n), see `curves_of_arms`.
    level : float

    Returns
    -------
    dict
        Name → steps, or None where it was never so.
    """
    check_number("level", level)
    above = {name: (steps, values.min(axis=0) > level) for name, (steps, values) in curves.items()}
    return {name: int(steps[is_so.argmax()]) if is_so.any() else None for name, (steps, is_so) in above.items()}


def at_best_rates(table, value, **wanted):
    """Keep, for each arm, the rows at its own best rate: {arm: rows}; arguments as of `best_rates`."""
    table = chosen(table, **wanted)
    return {arm: chosen(table, arm=arm, rate=rate) for arm, rate in best_rates(table, value).items()}


def best_along(table, value, along, **wanted):
    """Lay out one column by another, each arm at its own best rate at each place.

    Parameters
    ----------
    table : ndarray
        With the fields arm, rate and seed.
    value : str
        The field that is laid out; it should be large.
    along : str
        The field whose values are the places, such as a number of labels.
    **wanted
        What else the rows must have, as in `chosen`.

    Returns
    -------
    places : list
        The values of `along`, rising.
    values : dict
        Arm → ndarray (places, seeds).
    """
    table, values = chosen(table, **wanted), {}
    _check_field("along", along, table)
    places = np.unique(table[along]).tolist()
    best = [at_best_rates(table, value, **{along: place}) for place in places]
    for arm in best[0]:
        values[arm] = np.array([rows[arm][value] for rows in best])
    return places, values


def shares_by_length(table, arm, steps):
    """Lay out the shares of right answers of one arm by length, at its own best rate: the loss on new data decides.

    Parameters
    ----------
    table : ndarray
        With the fields arm, rate, seed, steps and new_loss, and right_3, right_4 … for the lengths 3, 4 …
    arm : str
    steps : int

    Returns
    -------
    lengths : list of int
    shares : ndarray (seeds, lengths)

    Raises
    ------
    ValueError
        When the table has no such field, arm or number of steps.
    """
    if not isinstance(arm, str):
        raise ValueError(f"arm is {arm!r}, expected the name of one")
    rows = chosen(table, arm=arm, steps=steps)
    lengths = [int(name[6:]) for name in table.dtype.names if name.startswith("right_") and name[6:].isdigit()]
    if not lengths:
        raise ValueError(
            f"the fields are {', '.join(table.dtype.names)}, expected right_3 and so on, with a length each"
        )
    rate = best_rates(rows, "new_loss", smallest=True)[arm]
    rows = chosen(rows, rate=rate)
    return lengths, np.stack([rows[f"right_{length}"] for length in lengths], axis=1)
