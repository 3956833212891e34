"""The drawings of beam search show the tree that grew and the numbers they were given, and nothing overlaps."""

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest

from helpers.decoding.beam_tree import Node, beam_tree, path
from helpers.decoding.hypotheses import length_score
from helpers.decoding.table_models import first_state, random_table, table_step
from helpers.figures import beam_search
from helpers.figures.style import ORANGE

NAMES = ["tusan", "kames", "mirot", "end"]
PRODUCTS = {name: np.cumprod(np.full(900, 0.4, name), dtype=name) for name in ("float16", "float32", "float64")}
HYPOTHESES = {"short": (-2.0, 3), "long": (-3.0, 6)}
ALPHAS = np.linspace(0, 2, 9)
BARS = {"once": [0.0, 0.25], "again": [1.0, 0.5]}


DRAWINGS = {
    "products": lambda: beam_search.draw_products(PRODUCTS),
    "products, none 0": lambda: beam_search.draw_products({"float64": np.cumprod(np.full(900, 0.9))}),
    "scores": lambda: beam_search.draw_length_scores(HYPOTHESES, 0.5, ALPHAS, "long"),
    "panels": lambda: beam_search.draw_panels(
        [1, 5, 100], {"log P (nats)": {"found": [-3, -2, -1]}, "right": {"a": [1] * 3}}
    ),
    "bars": lambda: beam_search.draw_bars(["one", "other"], BARS, "right (share)", "how it is made"),
}


def grow(seed, width, considered=None):
    table = random_table(np.random.default_rng(seed), 1, 4, 7, 2.0)
    return beam_tree(table_step(table), first_state(table), 0, 3, width, 7, 1.0, considered)


@pytest.fixture
def tree():
    return grow(1, width=3, considered=6)


def test_axes_are_labelled_and_nothing_is_cut(check_layout):
    for width in (1, 5):
        _, nodes = grow(1, width, width + 3)
        check_layout(beam_search.draw_beam_tree(nodes, NAMES, rows=8, steps=7), "x")
        check_layout(beam_search.draw_beam_tree(nodes, NAMES), "x")
    names = [*"0123456789-", "end"]
    check_layout(
        beam_search.draw_next_token(np.ones(12) / 12, names, list("198"), 3, "the fifth of may\nnineteen oh one")
    )


def test_every_node_has_its_token_and_its_branch(tree):
    _, nodes = tree
    (axes,) = beam_search.draw_beam_tree(nodes, NAMES).axes
    assert len(axes.lines) == len(nodes) - 1
    texts = [text.get_text() for text in axes.texts]
    assert len(texts) == len(nodes)
    for text, node in zip(texts, nodes, strict=True):
        assert NAMES[node.token] in text
        assert text.startswith("×") != node.kept
        assert (f"{node.score:.2f}".replace("-", "−") in text) == node.finished


def test_kept_and_dropped_differ_by_more_than_colour(tree):
    _, nodes = tree
    (axes,) = beam_search.draw_beam_tree(nodes, NAMES).axes
    for line, node in zip(axes.lines, nodes[1:], strict=True):
        assert (line.get_linestyle() == "-") == node.kept


def test_the_way_to_the_best_output_is_thick(tree):
    hypotheses, nodes = tree
    best = beam_search.best_node(nodes)
    assert tuple(nodes[n].token for n in path(nodes, best)[1:]) == hypotheses[0].tokens
    (axes,) = beam_search.draw_beam_tree(nodes, NAMES).axes
    thick = [n for n, line in enumerate(axes.lines, 1) if line.get_linewidth() > 3]
    bold = [n for n, text in enumerate(axes.texts) if text.get_weight() == "bold"]
    assert thick == path(nodes, best)[1:]
    assert bold == path(nodes, best)


def test_no_output_has_finished_no_output_is_best(tree):
    _, nodes = tree
    assert beam_search.best_node([node._replace(finished=False) for node in nodes]) is None


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("rows", [None, 10])
def test_no_two_branches_cross_and_no_two_nodes_overlap(seed, rows):
    _, nodes = grow(seed, width=4, considered=7)
    places = beam_search.node_places(nodes, rows)
    columns = defaultdict(list)
    for number, (step, height) in places.items():
        columns[step].append((height, number))
        assert step == nodes[number].step
        if step:
            assert abs(height) + beam_search._height(nodes[number]) / 2 <= (rows or 7) / 2 + 1e-9
    for column in columns.values():
        for (height, number), (next_height, next_number) in pairwise(sorted(column)):
            room = (beam_search._height(nodes[number]) + beam_search._height(nodes[next_number])) / 2
            assert next_height - height > room - 1e-9
            if nodes[number].step:
                assert places[nodes[number].parent][1] <= places[nodes[next_number].parent][1]


def test_children_stand_around_their_parent():
    _, nodes = grow(1, width=2, considered=4)
    places = beam_search.node_places(nodes, rows=30)
    heights = [places[number][1] for number, node in enumerate(nodes) if node.step == 1]
    assert len(heights) == 4
    assert np.mean(heights) == pytest.approx(places[0][1])


def test_a_tree_that_leans_to_one_side_stays_in_its_room():
    nodes = [Node(-1, 0, 0, 0.0, 0.0, True, False)]
    for step in range(1, 7):  # the second of two always goes on
        nodes += [Node(len(nodes) - 1, step, token, -1.0, -1.0, True, False) for token in (0, 1)]
    lowest = max(height for _, height in beam_search.node_places(nodes, rows=4).values())
    assert lowest == pytest.approx(4 / 2 - 0.8 / 2)


def test_frames_with_the_same_room_have_the_same_size():
    figures = [beam_search.draw_beam_tree(grow(1, width, width + 2)[1], NAMES, rows=7, steps=7) for width in (1, 5)]
    assert figures[0].get_figheight() == figures[1].get_figheight()
    assert figures[0].axes[0].get_xlim() == figures[1].axes[0].get_xlim()
    assert figures[0].axes[0].get_ylim() == figures[1].axes[0].get_ylim()


def test_one_step_shows_what_was_written_and_what_comes_next():
    probabilities = np.array([0.1, 0.7, 0.15, 0.05])
    (axes,) = beam_search.draw_next_token(probabilities, NAMES, ["mirot", "kames"], 1, "the dog sleeps").axes
    np.testing.assert_array_equal([bar.get_height() for bar in axes.patches], probabilities)
    marked = [n for n, bar in enumerate(axes.patches) if bar.get_hatch()]
    assert marked == [1]
    assert axes.patches[1].get_facecolor()[:3] == pytest.approx([int(ORANGE[n : n + 2], 16) / 255 for n in (1, 3, 5)])
    assert axes.get_title(loc="left") == "the dog sleeps\nmirot kames ▁"
    assert [text.get_text() for text in axes.texts] == ["0.70"]
    (axes,) = beam_search.draw_next_token(probabilities, NAMES, [], 1).axes
    assert axes.get_title(loc="left") == "▁"


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_of_what_a_search_finds_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name]())


def test_products_end_where_they_underflow():
    (axes,) = beam_search.draw_products(PRODUCTS).axes
    lines = [line for line in axes.lines if line.get_linestyle() != "None"]
    for line, values in zip(lines, PRODUCTS.values(), strict=True):
        held = len(line.get_xdata())
        assert values[held - 1] > 0 == values[held]
        np.testing.assert_allclose(line.get_ydata(), np.log10(values[:held].astype(float)))
    assert lines[1].get_label() == f"float32: 0 from {len(lines[1].get_xdata()) + 1} tokens on"
    assert len(axes.lines) == 2 * len(PRODUCTS)  # each has its cross


def test_products_end_where_rounding_holds_them_up():
    values = np.cumprod(np.full(300, 0.9, "float16"), dtype="float16")
    held = beam_search.held_until(values)
    assert values[held - 2] > values[held - 1] == values[held] == values[-1] > 0
    (axes,) = beam_search.draw_products({"float16": values}).axes
    assert axes.lines[-1].get_label() == f"float16: stuck from {held + 1} tokens on"


def test_products_that_are_held_to_the_end():
    (axes,) = DRAWINGS["products, none 0"]().axes
    assert axes.lines[0].get_label() == "float64: not yet lost"
    assert len(axes.lines) == 1
    assert beam_search.held_until(np.array([0.5, 0.25])) == 2


def test_scores_are_those_of_the_search_and_the_winner_is_marked():
    (axes,) = beam_search.draw_length_scores(HYPOTHESES, 0.5, ALPHAS, "long").axes
    lines = {line.get_label(): line for line in axes.lines}
    for name, (log_prob, length) in HYPOTHESES.items():
        np.testing.assert_allclose(lines[name].get_ydata(), [length_score(log_prob, length, a) for a in ALPHAS])
    (mark,) = [line for line in axes.lines if line.get_marker() == "o"]
    assert mark.get_xydata() == pytest.approx(np.array([[0.5, length_score(-3.0, 6, 0.5)]]))
    assert mark.get_color() == lines["long"].get_color() != lines["short"].get_color()


def test_every_panel_has_its_lines_and_the_places_their_names():
    panels = {"log P (nats)": {"found": [-3, -2], "truth": [-1, -1]}, "right (share)": {"right": [0.5, 0.2]}}
    top, bottom = beam_search.draw_panels([1, 100], panels).axes
    assert [list(line.get_ydata()) for line in top.lines] == [[-3, -2], [-1, -1]]
    assert (top.get_ylabel(), bottom.get_ylabel(), bottom.get_xlabel()) == (*panels, "beam width")
    assert [label.get_text() for label in bottom.get_xticklabels()] == ["1", "100"]
    assert (top.get_legend() is None, bottom.get_legend() is None) == (False, True)


def test_bars_have_their_heights_stand_side_by_side_and_begin_at_0():
    (axes,) = DRAWINGS["bars"]().axes
    for bars, (name, shares) in zip(axes.containers, BARS.items(), strict=True):
        assert (bars.get_label(), [bar.get_height() for bar in bars]) == (name, shares)
        assert {bar.get_y() for bar in bars} == {0}
    first, second = ([(bar.get_x(), bar.get_x() + bar.get_width()) for bar in bars] for bars in axes.containers)
    assert first[0][1] <= second[0][0] < second[0][1] < first[1][0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["one", "other"]
    assert [text.get_text() for text in axes.texts] == ["0.00", "0.25", "1.00", "0.50"]
    assert (axes.get_ylim()[0], axes.get_ylabel(), axes.get_xlabel()) == (0, "right (share)", "how it is made")
