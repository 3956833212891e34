import tomllib
from pathlib import Path

import nbformat
import numpy as np
import pytest

from chapter_fingerprint import dependencies, fingerprint
from helpers.data import results
from helpers.data.results import (
    at_best_rates,
    best_along,
    best_rates,
    by_seed,
    chosen,
    curves_of_arms,
    read_results,
    result_names,
    shares_by_length,
    steps_until,
)

ROOT = Path(__file__).parents[2]
ROWS = [
    ("LSTM", 0.01, seed, steps, right)
    for seed, curve in enumerate([[0.2, 0.9], [0.3, 1.0]])
    for steps, right in zip([100, 200], curve, strict=True)
]
ROWS += [("LSTM", 0.1, seed, steps, 0.5) for steps in (200, 100) for seed in (1, 0)]
ROWS += [("RNN", 0.1, seed, steps, 0.25 + seed / 10) for seed in (0, 1) for steps in (100, 200)]
TABLE = np.array(ROWS, dtype=[("arm", "U9"), ("rate", float), ("seed", int), ("steps", int), ("right", float)])


@pytest.mark.parametrize("name", result_names())
def test_a_table_is_read_with_the_types_of_its_columns_and_says_how_it_was_made(name):
    table = read_results(name)
    assert np.issubdtype(table["seed"].dtype, np.integer)
    assert np.issubdtype(table["steps" if "steps" in table.dtype.names else table.dtype.names[-1]].dtype, np.number)
    path = ROOT / "helpers" / "data" / "results" / f"{name}.csv"
    first, header, *rows = path.read_text(encoding="utf-8").splitlines()
    assert first.startswith(f"# python -m experiments.{name}: Python 3.")
    assert header.split(",") == list(table.dtype.names)
    assert len(rows) == len(table) == len(set(rows))
    assert path.stat().st_size < 60_000


def test_an_unknown_table_is_an_error_that_names_the_tables():
    with pytest.raises(ValueError, match=r"'nothing', expected one of .*gates_ablation"):
        read_results("nothing")


def test_rows_are_chosen_by_their_values():
    rows = chosen(TABLE, arm="LSTM", rate=1e-2, seed=1)
    assert rows["right"].tolist() == [0.3, 1.0]
    with pytest.raises(ValueError, match="no row has arm 'GRU'; there is LSTM, RNN"):
        chosen(TABLE, arm="GRU")


def test_a_column_is_laid_out_by_seed_whatever_the_order_of_the_rows():
    steps, values = by_seed(chosen(TABLE, arm="LSTM", rate=0.01)[::-1], "right")
    assert steps.tolist() == [100, 200]
    assert values.tolist() == [[0.2, 0.9], [0.3, 1.0]]


@pytest.mark.parametrize("rows", [TABLE, chosen(TABLE, arm="LSTM"), chosen(TABLE, arm="RNN")[:-1]])
def test_what_is_no_rectangle_is_refused(rows):
    with pytest.raises(ValueError, match="every seed at every value of steps once"):
        by_seed(rows, "right")


def test_the_best_rate_is_each_arms_own_where_it_is_asked():
    assert best_rates(TABLE, "right") == {"LSTM": 0.01, "RNN": 0.1}
    assert best_rates(TABLE, "right", steps=100) == {"LSTM": 0.1, "RNN": 0.1}
    assert best_rates(TABLE, "right", smallest=True) == {"LSTM": 0.1, "RNN": 0.1}
    assert best_rates(TABLE, "right", smallest=True, steps=100) == {"LSTM": 0.01, "RNN": 0.1}


def test_of_equal_rates_the_smallest_is_best():
    assert best_rates(np.concatenate([TABLE[4:8], chosen(TABLE, arm="LSTM", rate=0.1)]), "right") == {"LSTM": 0.1}
    equal = TABLE[:8].copy()
    equal["right"] = 0.5
    assert best_rates(equal, "right") == {"LSTM": 0.01}


def test_curves_are_one_for_each_arm_that_has_the_rate():
    assert list(curves_of_arms(TABLE, "right", 0.01)) == ["LSTM"]
    curves = curves_of_arms(TABLE, "right", {"LSTM": 0.01, "RNN": 0.1})
    assert curves["LSTM"][1].tolist() == [[0.2, 0.9], [0.3, 1.0]]
    assert curves["RNN"][1].tolist() == [[0.25, 0.25], [0.35, 0.35]]
    assert curves_of_arms(TABLE, "right", 0.1, steps=200)["RNN"][0].tolist() == [200]


def test_tables_are_part_of_what_is_installed():
    packages = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert "*.csv" in packages["package-data"][results.__name__]


def test_a_chapter_that_reads_tables_runs_again_when_one_changes(tmp_path):
    for path in (ROOT / "helpers").glob("**/results/*.*"):
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    for package in ("helpers", "helpers/data"):
        (tmp_path / package / "__init__.py").touch()
    cell = nbformat.v4.new_code_cell("from helpers.data.results import read_results")
    chapter = nbformat.v4.new_notebook(cells=[cell])
    table = tmp_path / "helpers/data/results/counting_cell.csv"
    assert table in dependencies(chapter, tmp_path)
    before = fingerprint(chapter, tmp_path)
    table.write_text(table.read_text(encoding="utf-8").replace("0.9981", "0.9982"), encoding="utf-8")
    assert fingerprint(chapter, tmp_path) != before


def test_steps_until_every_seed_is_above():
    steps = np.array([10, 20, 40])
    curves = {"a": (steps, np.array([[0, 0.9, 1], [1, 0.8, 1]])), "b": (steps, np.array([[0.5, 0.6, 0.85]]))}
    assert steps_until(curves, 0.7) == {"a": 20, "b": 40}
    assert steps_until(curves, 0.85) == {"a": 40, "b": None}


def test_rows_at_best_rates():
    rows = [("a", 1.0, 0, 0.2), ("a", 2.0, 0, 0.4), ("b", 1.0, 0, 0.9), ("b", 2.0, 0, 0.1)]
    table = np.array(rows, dtype=[("arm", "U1"), ("rate", float), ("seed", int), ("right", float)])
    best = at_best_rates(table, "right")
    assert {arm: kept["right"].tolist() for arm, kept in best.items()} == {"a": [0.4], "b": [0.9]}


def test_each_place_has_its_own_best_rate():
    places, values = best_along(chosen(TABLE, arm="LSTM"), "right", "steps")
    assert places == [100, 200]
    np.testing.assert_allclose(np.sort(values["LSTM"]), [[0.5, 0.5], [0.9, 1.0]])  # at 100 steps the rate 0.1 is best
    with pytest.raises(ValueError, match="along"):
        best_along(TABLE, "right", "labels")


def test_shares_by_length_are_those_of_the_rate_with_the_smallest_loss():
    rows = [("a", rate, seed, 5, rate, rate, 0.1 * seed, 0.7) for rate in (0.2, 0.1) for seed in (0, 1)]
    rows += [("a", 0.2, 0, 9, 0.0, 1.0, 1.0, 1.0), ("b", 0.3, 0, 5, 0.0, 1.0, 1.0, 1.0)]
    numbers = [(name, float) for name in ("new_loss", "right_4", "right_11", "right_moved")]
    table = np.array(rows, dtype=[("arm", "U1"), ("rate", float), ("seed", int), ("steps", int), *numbers])
    lengths, shares = shares_by_length(table, "a", 5)
    assert lengths == [4, 11]
    np.testing.assert_allclose(shares, [[0.1, 0.0], [0.1, 0.1]])
    with pytest.raises(ValueError, match="right_3"):
        shares_by_length(TABLE, "RNN", 100)
    with pytest.raises(ValueError, match="steps"):
        shares_by_length(table, "a", 7)


def test_medians_of_the_seeds():
    rows = [(8, 10, 1.0), (8, 10, 3.0), (8, 10, 2.0), (8, 20, 1.0), (4, 10, 5.0)]
    table = np.array(rows, dtype=[("width", int), ("tokens", int), ("loss", float)])
    found = results.medians(table, "loss", "width", "tokens")
    assert {name: values.tolist() for name, values in found.items()} == {4: [5.0], 8: [2.0, 1.0]}
    with pytest.raises(ValueError, match="along is 'steps'"):
        results.medians(table, "loss", "width", "steps")
