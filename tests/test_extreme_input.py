"""Every function that a chapter reaches, with one argument spoiled: a right finite answer, or an error that says why not.

What is spoiled, and into what, is in `tests.extreme_input.spoilings`; what counts as right, in
`tests.extreme_input.judging`; a valid call of each function, in `tests.extreme_input.calls_…`. All spoiled calls, not
only those that hypothesis draws here, are listed by ``python -m tests.extreme_input``.
"""

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.extreme_input import judging
from tests.extreme_input.all_calls import CALLS, NOT_SPOILED, reached

_DRAWS = 40  # spoiled calls of each valid one


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_a_spoiled_argument_gives_a_right_finite_answer_or_an_error_that_says_why(call):
    judging.refuse_unless_valid(call)

    @settings(
        derandomize=True,
        deadline=None,
        database=None,
        max_examples=_DRAWS,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.sampled_from(judging.cases(call)))
    def never_silent(case):
        wrong = judging.judge(call, case)
        assert wrong is None, f"{call.name}({case.where} = {judging.shown(call, case)}): {wrong}"

    never_silent()


def test_every_function_that_a_chapter_reaches_is_called():
    called = {id(call.function) for call in CALLS} | {id(function) for function in NOT_SPOILED}
    missing = sorted(name for name, function in reached().items() if id(function) not in called)
    assert not missing, f"add a valid call of {', '.join(missing)} to tests/extreme_input"


@pytest.mark.parametrize("function", NOT_SPOILED, ids=lambda function: function.__name__)
def test_an_exception_has_its_reason(function):
    assert len(NOT_SPOILED[function]) > 20


def test_the_judge_sees_what_it_is_for():
    """Functions that are wrong on purpose, each in one of the ways that the judge is there to see."""
    from tests.extreme_input.calls import Call

    wrong = {
        "NaN in one place": lambda x: x / np.abs(x).sum(),
        "ints": lambda x: np.exp(x * 1000),
    }
    for function in wrong.values():
        call = Call(function, lambda rng: {"x": rng.standard_normal(3)})
        assert any(judging.judge(call, case) for case in judging.cases(call))
