import os

import numpy as np
import pytest

from helpers.core.checks import check_integer
from helpers.core.numerics import softmax
from helpers.core.processes import side_by_side


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_calls(workers):
    calls = [{"x": np.array([n, 1.0]), "axis": 0} for n in range(5)]
    results = side_by_side(softmax, calls, workers)
    np.testing.assert_array_equal(results, [softmax(**call) for call in calls])


def test_other_processes_with_one_thread_each(monkeypatch):
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    first, second = side_by_side(os.getenv, [{"key": "OMP_NUM_THREADS"}, {"key": "OPENBLAS_NUM_THREADS"}])
    assert first == second == "1"
    here, there = os.getpid(), side_by_side(os.getpid, [{}, {}])
    assert here not in there
    assert side_by_side(os.getpid, [{}, {}], workers=1) == [here, here]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_the_function_raises_is_raised_here(workers):
    with pytest.raises(ValueError, match="size is 0, expected an integer of at least 1"):
        side_by_side(check_integer, [{"name": "size", "value": 1}, {"name": "size", "value": 0}], workers)


def test_nothing_to_do_and_no_one_to_do_it():
    assert side_by_side(os.getpid, []) == []
    with pytest.raises(ValueError, match="workers is 0, expected at least 1"):
        side_by_side(os.getpid, [{}], workers=0)


@pytest.mark.parametrize("workers", [1, 2])
def test_each_call_may_have_a_new_process(workers):
    found = side_by_side(os.getpid, [{}, {}, {}], workers, fresh=True)
    assert len({*found, os.getpid()}) == 4
    assert side_by_side(os.getpid, [], workers, fresh=True) == []
