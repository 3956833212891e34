"""Valid calls of helpers.figures: of what computes a number. What draws is looked at in tests/figures."""

from helpers.figures import gates, style
from tests.extreme_input.calls import Call

CALLS = [
    Call(gates.half_life, lambda rng: {"bias": 1.5}),
    Call(style.scientific, lambda rng: {"value": 0.0123}),
]
