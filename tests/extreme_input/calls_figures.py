"""Valid calls of helpers.figures: of what computes a number. What draws is looked at in tests/figures."""

from helpers.figures import gates, pipeline, style, two_spellings
from tests.extreme_input.calls import Call

CALLS = [
    Call(gates.half_life, lambda rng: {"bias": 1.5}),
    Call(two_spellings.spelling_frames, lambda rng: {"share": 0.3}, infinite=True),
    Call(style.scientific, lambda rng: {"value": 0.0123}),
    Call(style.with_prefix, lambda rng: {"number": 124_439_808}),
    Call(pipeline.pipeline_times, lambda rng: {"stages": 2, "pieces": 3}),
]
