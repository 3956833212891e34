"""The drawings of chapter 01 are labelled, fit on their figures, and show the numbers they were given."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from helpers.figures import embeddings
from helpers.figures.style import INK, ORANGE

SIZES = [2**n for n in range(7, 17)]
COST = ({"one-hot": np.array(SIZES) * 256.0, "look-up": np.full(10, 512.0)}, {"one-hot": np.array(SIZES) * 1e-6})
GROUPS = {"animal": {"dog": (0.5, 1.0), "cat": (0.7, 0.9)}, "country": {"france": (-1.0, -0.5)}}
LISTS = {"dog": ["cat", "paris"], "paris": ["rome", "oslo"]}
KIND = {"dog": "animal", "cat": "animal", "paris": "capital", "rome": "capital"}

DRAWINGS = {
    "cost": lambda: embeddings.draw_cost(SIZES, *COST, 3),
    "loss": lambda: embeddings.draw_loss(np.linspace(6, 2, 30), {"one word seen": 1.9, "all seen": 1.2}, 4),
    "words": lambda: embeddings.draw_words(GROUPS, 0.34, 2.0, "step 3", ["dog", "france"]),
    "lists": lambda: embeddings.draw_grouped_neighbours(LISTS, KIND),
    "neighbours": lambda: embeddings.draw_neighbours(LISTS, KIND, [1, 2, 4], [0.1, 0.5, 0.8], 1),
    "accuracy": lambda: embeddings.draw_accuracy_by_labels(
        [5, 10, 20], {"from scratch": np.linspace(0.3, 0.6, 12).reshape(3, 4), "frozen": np.full((3, 4), 0.7)}, 0.99
    ),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name]())


def test_cost_draws_the_numbers_and_marks_the_chosen_size():
    memory, seconds = DRAWINGS["cost"]().axes
    curve, mark, *_ = memory.lines
    assert np.allclose(curve.get_ydata(), COST[0]["one-hot"])
    assert (mark.get_xdata(), mark.get_ydata()) == (1024, 1024 * 256)
    assert np.allclose(seconds.lines[0].get_ydata(), COST[1]["one-hot"])
    assert memory.get_xscale() == memory.get_yscale() == seconds.get_xscale() == seconds.get_yscale() == "log"


def test_loss_has_its_floors():
    axes = DRAWINGS["loss"]().axes[0]
    assert [line.get_ydata()[0] for line in axes.lines[1:3]] == [1.9, 1.2]
    assert [text.get_text() for text in axes.texts] == ["one word seen", "all seen"]
    assert (axes.lines[3].get_xdata(), axes.lines[3].get_ydata()) == (4, np.linspace(6, 2, 30)[4])


def test_words_stand_where_they_belong_and_the_share_is_said():
    axes = DRAWINGS["words"]().axes[0]
    lines = {line.get_label(): line for line in axes.lines}
    assert np.allclose(lines["animal"].get_xydata(), [(0.5, 1.0), (0.7, 0.9)])
    assert len({line.get_marker() for line in axes.lines}) == len({line.get_color() for line in axes.lines}) == 2
    assert {text.get_text(): text.xy for text in axes.texts} == {"dog": (0.5, 1.0), "france": (-1.0, -0.5)}
    assert "34% of the variance" in axes.get_xlabel()
    assert axes.get_xlim() == axes.get_ylim() == (-2, 2)


def test_neighbours_of_another_group_are_marked():
    top, bottom = DRAWINGS["neighbours"]().axes
    (alone,) = DRAWINGS["lists"]().axes
    assert [text.get_text() for text in alone.texts] == [text.get_text() for text in top.texts]
    texts = {text.get_text(): (text.get_position(), to_hex(text.get_color())) for text in top.texts}
    assert texts["cat"] == ((0, 0), INK)
    assert texts["✗ paris"] == ((1, 0), ORANGE)
    assert texts["rome"] == ((0, 1), INK)
    assert texts["✗ oslo"] == ((1, 1), ORANGE)  # in no group at all
    assert (bottom.lines[1].get_xdata(), bottom.lines[1].get_ydata()) == (2, 0.5)


def test_accuracy_is_the_mean_of_the_seeds_within_their_spread():
    axes = DRAWINGS["accuracy"]().axes[0]
    lines = {line.get_label(): line.get_ydata() for line in axes.lines}
    values = np.linspace(0.3, 0.6, 12).reshape(3, 4)
    assert np.allclose(lines["from scratch"], values.mean(axis=1))
    band = axes.collections[0].get_paths()[0].vertices[:, 1]
    assert np.isclose([band.min(), band.max()], [0.3, 0.6]).all()
    assert axes.lines[0].get_ydata()[0] == 0.99
