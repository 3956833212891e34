"""What the searches refuse: at once, and saying what came."""

import numpy as np
import pytest

from helpers.decoding.beam import beam_search
from helpers.decoding.beam_tree import beam_tree
from helpers.decoding.exhaustive import exhaustive_search
from helpers.decoding.greedy import greedy
from helpers.decoding.hypotheses import score_of
from helpers.decoding.sampling import sample_outputs
from helpers.decoding.table_models import first_state, random_table, table_step

STATE = np.zeros((1, 1))
SEARCHES = {
    "greedy": lambda step: greedy(step, STATE, 0, 1, 3),
    "beam": lambda step: beam_search(step, STATE, 0, 1, 2, 3),
    "exhaustive": lambda step: exhaustive_search(step, STATE, 0, 1, 3),
    "sample": lambda step: sample_outputs(step, STATE, 0, 1, 3, np.random.default_rng(0)),
    "score": lambda step: score_of(step, STATE, 0, [(2, 1)]),
    "tree": lambda step: beam_tree(step, STATE, 0, 1, 2, 3),
}


def giving(row):
    return lambda tokens, state: (np.array([row] * len(tokens)), state)


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
@pytest.mark.parametrize(
    ("row", "message"),
    [
        ([-1.0, np.nan, -1.0], "is nan"),
        ([-1.0, 2.0, -1.0], "is 2.0"),
        ([-np.inf, -np.inf, -np.inf], "is -inf"),
        ([[-1.0], [-1.0], [-1.0]], "N=1, V"),
    ],
)
def test_what_is_no_distribution_is_refused(search, row, message):
    with pytest.raises(ValueError, match=message):
        search(giving(row))


@pytest.mark.parametrize("search", SEARCHES.values(), ids=SEARCHES)
def test_a_wrong_number_of_rows_is_refused(search):
    with pytest.raises(ValueError, match="log_probs has shape"):
        search(lambda tokens, state: (np.full((len(tokens) + 1, 3), -2.0), state))


def test_rounding_above_zero_counts_as_certain():
    certain = giving([-np.inf, -np.inf, 1e-7])
    assert SEARCHES["greedy"](certain) == SEARCHES["beam"](certain) == [[((2, 2, 2), 0.0, 0.0)]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"width": 0}, "width is 0"),
        ({"width": 2.0}, "width is 2.0"),
        ({"max_length": 0}, "max_length is 0"),
        ({"start": -1}, "start is -1"),
        ({"end": None}, "end is None"),
        ({"alpha": np.nan}, "alpha is nan"),
        ({"state": [STATE, np.zeros(2)]}, "state has arrays"),
    ],
)
def test_impossible_sizes(change, message):
    right = {"state": STATE, "start": 0, "end": 1, "width": 2, "max_length": 3, "alpha": 1.0}
    step = giving(np.log([0.5, 0.5]))
    beam_search(step, **right)
    arguments = right | change
    with pytest.raises(ValueError, match=message):
        beam_search(step, **arguments)
    with pytest.raises(ValueError, match=message):
        beam_tree(step, **arguments)
    if "width" not in change:
        del arguments["width"]
        for function, extra in (
            (greedy, {}),
            (exhaustive_search, {}),
            (sample_outputs, {"rng": np.random.default_rng(0)}),
        ):
            with pytest.raises(ValueError, match=message):
                function(step, **arguments, **extra)


def test_too_many_outputs_for_exhaustive_search(monkeypatch):
    monkeypatch.setattr("helpers.decoding.exhaustive._MOST", 20)
    table = random_table(np.random.default_rng(0), 1, 4, 3)
    exhaustive_search(table_step(table), first_state(table), 0, 1, 2)
    with pytest.raises(ValueError, match="36 outputs of 3 tokens"):
        exhaustive_search(table_step(table), first_state(table), 0, 1, 3)


@pytest.mark.parametrize(
    ("outputs", "message"),
    [([], "lengths"), ([(1,), (1,)], "lengths"), ([()], "lengths"), ([(3,)], "outputs spans 3"), ([(-1,)], "spans -1")],
)
def test_outputs_that_cannot_be_scored(outputs, message):
    with pytest.raises(ValueError, match=message):
        score_of(giving(np.log([0.2, 0.3, 0.5])), STATE, 0, outputs)


def test_a_tree_is_for_one_source_and_considers_at_least_the_width():
    step = giving(np.log([0.5, 0.5]))
    with pytest.raises(ValueError, match="2 rows"):
        beam_tree(step, np.zeros(2), 0, 1, 2, 3)
    with pytest.raises(ValueError, match="considered is 1"):
        beam_tree(step, STATE, 0, 1, 2, 3, considered=1)
