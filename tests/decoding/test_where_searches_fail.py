import numpy as np
import pytest

from helpers.decoding.beam import beam_search
from helpers.decoding.exhaustive import exhaustive_search
from helpers.decoding.greedy import greedy
from helpers.decoding.hypotheses import score_of
from helpers.decoding.table_models import first_state, given_table, table_step
from tests.decoding import small_models


def found(table, width, alpha):
    arguments = table_step(table), first_state(table), small_models.START, small_models.END
    ((best, *_),) = beam_search(*arguments, width, 10, alpha) if width else exhaustive_search(*arguments, 10, alpha)
    return small_models.words(best.tokens), np.exp(best.log_prob)


def test_greedy_search_errs():
    table = small_models.greedy_errs()
    ((best,),) = greedy(table_step(table), first_state(table), small_models.START, small_models.END, 10)
    assert small_models.words(best.tokens) == "the dog <end>"
    assert np.exp(best.log_prob) == pytest.approx(0.24)
    assert found(table, 2, 1.0) == ("a dog <end>", pytest.approx(0.36))
    ((truth, *_),) = exhaustive_search(table_step(table), first_state(table), small_models.START, small_models.END, 10)
    (truth_by_force,) = score_of(table_step(table), first_state(table), small_models.START, [truth.tokens])
    assert truth_by_force == truth
    assert truth.log_prob > best.log_prob


def test_a_wider_beam_may_find_less():
    table = small_models.wider_is_worse()
    assert found(table, 1, 0.0) == ("the dog <end>", pytest.approx(0.208))
    assert found(table, 2, 0.0) == ("a dog barks <end>", pytest.approx(0.12))
    for width in (3, 4, 100, None):
        assert found(table, width, 0.0) == ("the dog <end>", pytest.approx(0.208))


def test_without_normalisation_the_short_output_wins():
    table = small_models.short_wins()
    assert found(table, 1, 0.0) == ("the dog barks <end>", pytest.approx(0.252))
    for width in (2, 3, 4, 100, None):
        assert found(table, width, 0.0) == ("<end>", pytest.approx(0.3))
        assert found(table, width, 1.0) == ("the dog barks <end>", pytest.approx(0.252))


def test_tables_that_are_no_models():
    for wrong, message in (
        ({(): {1: 0.5}}, "sum to"),
        ({(2,): {1: 1.0}}, "cannot be reached"),
        ({(): {1: 1.0}, (2,): {1: 1.0}}, "cannot be reached"),
        ({(): {1: 2.0, 2: -1.0}}, "expected"),
    ):
        with pytest.raises(ValueError, match=message):
            given_table(wrong, 3, 1)
