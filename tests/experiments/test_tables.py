"""Each table has all the rows that its script makes, and one of its points comes out again."""

import importlib
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from helpers.data.results import read_results, result_names

SHARED = {"recall_networks", "result_table"}
FILES = Path(__file__).parents[2].joinpath("experiments").glob("*.py")
SCRIPTS = sorted({path.stem for path in FILES} - SHARED)  # in one order, as tests are shared out
# A run that takes a second or two, and the options that make a part of it.
POINTS = {
    "chrono_start": (("chrono", 40, 0.01, 1), {"checkpoints": (125,)}),
    "counting_cell": ((3,), {"checkpoints": (300,)}),
    "delayed_recall": (("GRU bias 3", 0.01, 2), {"checkpoints": (125, 250)}),
    "gates_ablation": (("no f", 0.01, 4), {"checkpoints": (20, 75, 150)}),
    "overwriting_without_f": (("no f", 600, 2), {}),
    "overwritten_recall": (("GRU bias 3", 0.01, 0), {"checkpoints": (250,)}),
    "readable_gates": (("readable", 1, 5), {}),
}
CLOSE = 0.05  # rounding differs between processors, and grows while a network trains


def script(name):
    return importlib.import_module(f"experiments.{name}")


def test_every_script_has_its_table_and_every_table_its_script():
    assert {*SCRIPTS} == {*result_names()} == {*POINTS}


@pytest.mark.parametrize("name", SCRIPTS)
def test_all_rows_are_there(name):
    module, table = script(name), read_results(name)
    fields = module.COLUMNS[: len(module.KEYS[0])]
    assert list(table.dtype.names) == module.COLUMNS
    each = len(getattr(module, "CHECKPOINTS", [0])) * len(getattr(module, "TESTS", [0]))
    assert Counter(table[fields].tolist()) == dict.fromkeys(module.KEYS, each)
    if "CHECKPOINTS" in vars(module):
        assert {*table["steps"].tolist()} == {*module.CHECKPOINTS}
    shares = [field for field in table.dtype.names if field.startswith(("right", "flip", "i_", "f_", "o_"))]
    assert all(((table[field] >= 0) & (table[field] <= 1)).all() for field in shares)


@pytest.mark.parametrize("name", SCRIPTS)
def test_one_point_of_the_table_comes_out_again(name):
    key, options = POINTS[name]
    module, table = script(name), read_results(name)
    for field, value in zip(module.COLUMNS, key, strict=False):
        table = table[table[field] == value]
    rest = module.COLUMNS[len(key) :]
    rows = module.rows_of(*key, **options)
    for row in rows:
        (found,) = [stored for stored in table[rest].tolist() if _same_place(rest, row, stored)]
        np.testing.assert_allclose(row, found, rtol=CLOSE, atol=CLOSE)


def _same_place(fields, row, stored):
    """Tell whether two rows were measured after as many steps and on the same test."""
    places = [n for n, field in enumerate(fields) if field in ("steps", "length", "deepest")]
    return all(row[n] == stored[n] for n in places)
