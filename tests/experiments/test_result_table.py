from importlib import metadata

import pytest

from experiments.result_table import make_table, written

COLUMNS = ["arm", "rate", "steps", "right"]


@pytest.fixture
def folders(tmp_path):
    (tmp_path / "done").mkdir()
    return {"partly": tmp_path / "build" / "partly", "done": tmp_path / "done"}


def runs(made, *keys):
    """Give one run for each key, which notes that it was made."""

    def run(key):
        made.append(key)
        return [(100, 0.123456), (200, 1.0)]

    return {key: lambda key=key: run(key) for key in keys}


def test_the_table_says_how_it_was_made_and_has_a_row_for_each_measurement(folders):
    make_table("some", COLUMNS, runs([], ("LSTM", 0.01), ("RNN", 0.003)), **folders)
    first, *lines = (folders["done"] / "some.csv").read_text(encoding="utf-8").splitlines()
    assert first.startswith("# python -m experiments.some: Python 3.")
    assert first.endswith(f"numpy {metadata.version('numpy')}")
    rows = ["LSTM,0.01,100,0.1235", "LSTM,0.01,200,1", "RNN,0.003,100,0.1235", "RNN,0.003,200,1"]
    assert lines == ["arm,rate,steps,right", *rows]
    assert not list(folders["partly"].iterdir())


def test_an_interrupted_table_goes_on_and_stands_in_the_order_of_the_runs(folders):
    made = []
    broken = runs(made, ("LSTM", 0.01)) | {("RNN", 0.1): lambda: 1 / 0}
    with pytest.raises(ZeroDivisionError):
        make_table("some", COLUMNS, broken, **folders)
    assert not list(folders["done"].iterdir())
    make_table("some", COLUMNS, runs(made, ("RNN", 0.1), ("LSTM", 0.01)), **folders)
    assert made == [("LSTM", 0.01), ("RNN", 0.1)]
    rows = (folders["done"] / "some.csv").read_text(encoding="utf-8").splitlines()[2:]
    assert [row.partition(",")[0] for row in rows] == ["RNN", "RNN", "LSTM", "LSTM"]


@pytest.mark.parametrize("columns", [COLUMNS, [*COLUMNS, "loss"]])
def test_what_was_made_in_another_way_is_made_again(folders, columns, monkeypatch):
    folders["partly"].mkdir(parents=True)
    head = "# python -m experiments.some: Python 2.7, numpy 1.0\narm,rate,steps,right\n"
    (folders["partly"] / "some.csv").write_text(head + "LSTM,0.01,100,0.9\n", encoding="utf-8")
    if columns != COLUMNS:
        monkeypatch.setattr("experiments.result_table.versions", lambda: "Python 2.7, numpy 1.0")
    made = []
    make_table("some", columns, runs(made, ("LSTM", 0.01)), **folders)
    assert made == [("LSTM", 0.01)]
    assert "0.9" not in (folders["done"] / "some.csv").read_text(encoding="utf-8").splitlines()[2]


def test_numbers_are_short_and_words_are_kept():
    assert [written(value) for value in (0.003, 1.0, 12345.6, 7, "no f")] == ["0.003", "1", "1.235e+04", "7", "no f"]
