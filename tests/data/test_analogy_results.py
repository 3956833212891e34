"""The measured analogies are read from the right columns, and told apart from those held out."""

import numpy as np
import pytest

from helpers.data.analogy_results import ANALOGY_TESTS, analogy_shares, told_and_held_out
from helpers.data.results import chosen, read_results

TABLE = read_results("analogies_and_their_baseline")
ROWS = {"arm": "held out", "passes": 12, "rate": 0.05}


def test_shares_are_those_of_the_table_with_the_arrow_first():
    shares, rows = analogy_shares(TABLE, "capital_held_out", **ROWS), chosen(TABLE, **ROWS)
    assert shares.shape == (2, 3)
    np.testing.assert_array_equal(shares[0], rows["right_capital_held_out"])
    np.testing.assert_array_equal(shares[1], rows["right_capital_held_out_c_alone"])
    assert (shares[0] != shares[1]).any()


def test_every_test_stands_under_its_relation_once():
    panels = told_and_held_out(TABLE, **ROWS)
    assert list(panels) == ["told", "held out"]
    assert [*panels["told"]] == [*panels["held out"], "country - language"]
    by_name = {"young": "animal - young", "comparative": "positive - comparative", "capital": "country - capital"}
    by_name |= {"woman": "man - woman", "opposite": "adjective - opposite"}
    for name, relation in by_name.items():
        for asked, test in (("told", f"{name}_told"), ("held out", f"{name}_held_out")):
            np.testing.assert_array_equal(panels[asked][relation], analogy_shares(TABLE, test, **ROWS))
    language = analogy_shares(TABLE, "language_told", **ROWS)
    np.testing.assert_array_equal(panels["told"]["country - language"], language)
    assert len(ANALOGY_TESTS) == sum(map(len, panels.values())) == 11


def test_what_was_not_measured_is_refused():
    with pytest.raises(ValueError, match="test is 'capital', expected one of 'capital_told'"):
        analogy_shares(TABLE, "capital", **ROWS)
    with pytest.raises(ValueError, match="no row has passes 7"):
        told_and_held_out(TABLE, passes=7)
