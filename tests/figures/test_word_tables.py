"""The drawings of what tables of words can do fit, and say the numbers they were given."""

import numpy as np
import pytest

from helpers.figures import word_tables

SECONDS = [{"one-hot product": 1e-4 * n, "look-up": 1e-6} for n in (1, 2, 4)]
STEPS = np.array([75, 1200])
ABOVE = {2: (STEPS, np.array([[0.5, 0.3], [0.7, 0.1]])), 64: (STEPS, np.array([[0.01, 0.0004], [0.02, 0.0004]]))}
KIND = {2: (STEPS, np.array([[0.1, 0.6], [0.2, 0.8]])), 64: (STEPS, np.full((2, 2), 0.9))}
PAIRS = np.array(
    [
        ("cat/ink", 0, 0.2, 0.3, 0.7, 0.1, 0.9),
        ("cat/ink", 1, 0.2, 0.4, 0.8, 0.1, 0.95),
        ("a/b", 0, 0.9, 0.9, 0.5, 0.2, 1),
    ],
    dtype=[
        ("pair", "U9"),
        ("seed", int),
        *((f, float) for f in ("share_first", "to_first", "to_second", "to_others", "right")),
    ],
)
RIGHT = {"from scratch": np.array([[0.2, 0.4], [0.6, 0.8], [0.9, 0.9]]), "learned: frozen": np.full((3, 2), 0.75)}

DRAWINGS = {
    "cost": lambda: word_tables.draw_reading_cost([128, 256, 512], SECONDS, 256, B=64, D=8),
    "size": lambda: word_tables.draw_table_size(ABOVE, KIND, 2),
    "pseudoword": lambda: word_tables.draw_pseudoword(PAIRS, "cat/ink"),
    "labels": lambda: word_tables.draw_labels_needed([5, 20, 160], RIGHT, "learned: frozen"),
}
SAID = {
    "cost": ["65,536 bytes, ids 512", "131,072 multiplications"],
    "size": ["0.6000 nats", "75 steps, 0.2000 after 1,200", "70% of all"],
    "pseudoword": ["20% of the pseudoword cat/ink is cat", "in 92%", "right in 80%"],
    "labels": [
        "Learned: frozen: with 20 labels 0.75 are right, from scratch 0.70",
        "160 labels 0.75 are right, from scratch 0.90",
    ],
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_it_fits_and_says_its_numbers(name, check_layout):
    figure, sentence = DRAWINGS[name]()
    check_layout(figure)
    assert all(part in sentence for part in SAID[name]), sentence


@pytest.mark.parametrize(
    "draw",
    [
        lambda: word_tables.draw_reading_cost([128], SECONDS[:1], 64, B=64, D=8),
        lambda: word_tables.draw_table_size(ABOVE, KIND, 3),
        lambda: word_tables.draw_pseudoword(PAIRS, "cat"),
        lambda: word_tables.draw_labels_needed([5, 20, 160], RIGHT, "frozen"),
    ],
)
def test_what_is_not_there_is_refused(draw):
    with pytest.raises(ValueError, match="expected"):
        draw()
