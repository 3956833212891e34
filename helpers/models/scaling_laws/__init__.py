"""Loss against size and tokens: power laws and how a fit misleads, the best split of a budget, jumps by the measure."""

from helpers.models.scaling_laws.best_split import (
    CHINCHILLA,
    CHINCHILLA_AGAIN,
    SizeLaw,
    Split,
    best_split,
    kaplan_split,
    size_law,
    twenty_tokens_a_weight,
)
from helpers.models.scaling_laws.exercises import fit_law_exercise
from helpers.models.scaling_laws.jump_by_measure import all_tokens_right, first_tokens_right
from helpers.models.scaling_laws.power_law import (
    PowerLaw,
    fit_power_law,
    fit_with_free_floor,
    local_exponents,
    power_law,
    predicted_range,
    prediction_interval,
)

__all__ = [
    "CHINCHILLA",
    "CHINCHILLA_AGAIN",
    "PowerLaw",
    "SizeLaw",
    "Split",
    "all_tokens_right",
    "best_split",
    "first_tokens_right",
    "fit_law_exercise",
    "fit_power_law",
    "fit_with_free_floor",
    "kaplan_split",
    "local_exponents",
    "power_law",
    "predicted_range",
    "prediction_interval",
    "size_law",
    "twenty_tokens_a_weight",
]
