"""Every function that a chapter reaches, with one argument spoiled: a right finite answer, or an error saying why not.

What is spoiled, and into what, is in `tests.extreme_input.spoilings`; what counts as right, in
`tests.extreme_input.judging`; a valid call of each function, in `tests.extreme_input.calls_…`. All spoiled calls are
made, some 70,000; ``python -m tests.extreme_input [name]`` lists the findings of some functions alone.
"""

import numpy as np
import pytest

from helpers.core.numerics import softmax
from tests.extreme_input import judging
from tests.extreme_input.all_calls import CALLS, NOT_SPOILED, is_drawing, reached
from tests.extreme_input.calls import Call


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.name)
def test_a_spoiled_argument_gives_a_right_finite_answer_or_an_error_that_says_why(call):
    judging.refuse_unless_valid(call)
    wrong = {case: judging.judge(call, case) for case in judging.cases(call)}
    assert not [f"{call.name}({case.where} = {judging.shown(call, case)}): {w}" for case, w in wrong.items() if w]


def test_every_function_that_a_chapter_reaches_is_called():
    called = {id(call.function) for call in CALLS} | {id(function) for function in NOT_SPOILED}
    missing = sorted(n for n, function in reached().items() if id(function) not in called and not is_drawing(function))
    assert not missing, f"add a valid call of {', '.join(missing)} to tests/extreme_input"


@pytest.mark.parametrize("function", NOT_SPOILED, ids=lambda function: function.__name__)
def test_an_exception_has_its_reason(function):
    assert len(NOT_SPOILED[function]) > 20


@pytest.mark.parametrize(
    ("function", "what"),
    [
        (lambda x: x / x.sum(), "nan in one place"),
        (lambda x: np.exp(x), "times 1e+20"),
        (lambda x: np.sqrt((x**2).mean(keepdims=True)) * 0 + (x**2 > 0).sum(), "times 1e-170"),  # a square that is lost
        (lambda x: x.mean(dtype=x.dtype) if x.dtype.kind == "f" else 0.0, "objects of the same value"),
        (lambda x: {}["no such"], "float32"),
        (lambda x: np.reshape(x, (7, 7)), "float32"),  # a ValueError, but none of ours
    ],
)
def test_the_judge_sees_what_it_is_for(function, what):
    """Functions that are wrong on purpose, each in one of the ways that the judge is there to see."""
    call = Call(function, lambda rng: {"x": rng.standard_normal(3)})
    (case,) = (case for case in judging.cases(call) if case.spoiling.what == what)
    assert judging.judge(call, case)


def test_the_judge_passes_a_right_function():
    call = Call(softmax, lambda rng: {"x": rng.standard_normal(3)})
    assert not [case for case in judging.cases(call) if judging.judge(call, case)]
