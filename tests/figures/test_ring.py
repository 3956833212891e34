"""The ring is drawn with what each process has, and the sentence says how far it is."""

import numpy as np
import pytest

from helpers.figures.ring import draw_ring
from helpers.models.data_parallel import ring_all_reduce


@pytest.mark.parametrize("P", [2, 3, 4])
def test_the_ring(P, check_layout):
    values = np.arange(P * P).reshape(P, P) ** 2 % 7 + 1.0
    states = ring_all_reduce(values)
    for step, state in enumerate(states):
        figure, said = draw_ring(states, step)
        check_layout(figure, "")
        (axes,) = figure.axes
        numbers = [text.get_text() for text in axes.texts if text.get_text()]
        assert numbers == [f"{number:g}" for number in state.values.ravel()]
        arrows = [text for text in axes.texts if not text.get_text()]
        assert len(arrows) == (P + 1 if step else 0)  # one leaves at the right and comes in at the left
        assert said.startswith(f"Step {step} of {2 * P - 2}: ")
    assert f": {P * P} of {P * P} pieces are the sum of all" in said
    assert f"has sent {2 * (P - 1)} numbers, and has {P} of its own" in said
    with pytest.raises(ValueError, match=f"expected 0 to {len(states) - 1}"):
        draw_ring(states, len(states))
