"""The difference encoder gives every picture back exactly, whatever Matplotlib drew."""

import json
import xml.etree.ElementTree as ElementTree

import matplotlib
import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from helpers.sliders import differences, svg
from helpers.sliders.theme import RC

DRAWN = (Phase.explicit, Phase.reuse, Phase.generate)  # to shrink what Matplotlib must draw takes minutes
LETTERS = "abc xyz αβ∂‖ₜ⁻¹ é <&>\"' −×→"


def content(root):
    """Everything that a tree holds, in document order."""
    return [(e.tag, dict(e.attrib), e.text, e.tail, len(e)) for e in root.iter()]


def through_json(changes):
    return json.loads(json.dumps(changes, ensure_ascii=False))


def assert_round_trip(trees, first=0):
    before = [content(tree) for tree in trees]
    bases, encoded = differences.encode_frames(trees, first)
    assert content(bases[0]) == before[first]
    for frame, wanted in zip(encoded, before, strict=True):
        assert content(differences.apply_changes(bases[frame.base], through_json(frame.changes))) == wanted
    assert [content(tree) for tree in trees] == before, "the encoder must not change what it is given"
    return bases, encoded


def draw(spec):
    """Draw a figure from a list of (kind, numbers, text)."""
    with matplotlib.rc_context(RC):
        figure = Figure(figsize=(3, 2))
        axes = figure.subplots()
        for kind, numbers, text in spec:
            DRAW[kind](axes, np.asarray(numbers), text)
        return svg.normalise(svg.draw_svg(figure), "p")


def draw_log(axes, numbers, text):
    axes.inset_axes([0.5, 0.5, 0.4, 0.4]).semilogy(1 + numbers**2, marker="o")  # the others may want zero


def draw_legend(axes, numbers, text):
    axes.plot(numbers, label=f"a {text}")
    axes.legend()


DRAW = {
    "line": lambda axes, numbers, text: axes.plot(numbers, linestyle="-."),
    "scatter": lambda axes, numbers, text: axes.scatter(numbers, numbers[::-1], s=9),
    "text": lambda axes, numbers, text: axes.text(numbers[0], 0, text),
    "mesh": lambda axes, numbers, text: axes.pcolormesh(np.outer(numbers, numbers), edgecolor="#ffffff"),
    "image": lambda axes, numbers, text: axes.imshow(np.outer(numbers, numbers)),
    "bars": lambda axes, numbers, text: axes.bar(range(len(numbers)), numbers, hatch="/"),
    "title": lambda axes, numbers, text: axes.set_title(text),
    "mathtext": lambda axes, numbers, text: axes.set_xlabel(rf"$\alpha_t^{len(numbers)}$"),
    "legend": draw_legend,
    "log": draw_log,
}

numbers = st.lists(st.floats(-5, 5).map(lambda x: round(x, 2)), min_size=1, max_size=5)
parts = st.tuples(st.sampled_from(sorted(DRAW)), numbers, st.text(LETTERS, max_size=6))
specs = st.lists(parts, max_size=3)


texts = st.none() | st.text(max_size=5)
contents = st.tuples(st.dictionaries(st.sampled_from(["x", "y", "d", "fill"]), st.text(max_size=5)), texts, texts)


def fill(tree, values):
    for element, (attributes, text, tail) in zip(tree.iter(), values, strict=True):
        element.attrib, element.text, element.tail = dict(attributes), text, tail
    return tree


@given(st.lists(st.lists(contents, min_size=4, max_size=4), min_size=1, max_size=4))
def test_any_contents_of_one_structure_round_trip_as_differences(pictures):
    source = "<svg><g><text/></g><text/></svg>"
    trees = [fill(ElementTree.fromstring(source), values) for values in pictures]
    bases, _ = assert_round_trip(trees)
    assert len(bases) == 1


def test_a_difference_holds_only_what_differs():
    old = ElementTree.fromstring('<svg><g x="1" y="2">a</g><g x="3">b</g>t</svg>')
    new = ElementTree.fromstring('<svg><g x="1" fill="red">a</g><g x="3">c</g>u</svg>')
    assert differences.difference(old, new) == [[1, {"y": None, "fill": "red"}], [2, {"": "c", "~": "u"}]]
    assert differences.difference(old, old) == []


def test_a_text_that_goes_and_one_that_comes():
    old = ElementTree.fromstring("<svg><text>a</text><text/></svg>")
    new = ElementTree.fromstring("<svg><text/><text>b</text></svg>")
    assert differences.difference(old, new) == [[1, {"": None}], [2, {"": "b"}]]
    assert_round_trip([old, new])


@pytest.mark.parametrize("other", ["<svg><g/></svg>", "<svg><a/><g/></svg>", "<svg><g><g/></g></svg>"])
def test_another_structure_is_another_base(other):
    base = "<svg><g/><g/></svg>"
    trees = [ElementTree.fromstring(s) for s in (base, other, base, other)]
    bases, encoded = assert_round_trip(trees)
    assert len(bases) == 2
    assert [frame.base for frame in encoded] == [0, 1, 0, 1]
    assert all(frame.changes == [] for frame in encoded)


def test_the_frame_shown_first_is_base_0():
    trees = [ElementTree.fromstring(f'<svg x="{i}"/>') for i in range(3)]
    bases, encoded = assert_round_trip(trees, first=2)
    assert bases[0] is trees[2]
    assert [frame.changes for frame in encoded] == [[[0, {"x": "0"}]], [[0, {"x": "1"}]], []]


@settings(max_examples=25, deadline=None, phases=DRAWN)
@given(st.lists(specs, min_size=2, max_size=3), st.data())
def test_any_matplotlib_figures_round_trip(drawn, data):
    assert_round_trip([draw(spec) for spec in drawn], data.draw(st.integers(0, len(drawn) - 1)))


@settings(max_examples=15, deadline=None, phases=DRAWN)
@given(specs, numbers, numbers, st.text(LETTERS, max_size=6), st.text(LETTERS, max_size=6))
def test_figures_of_one_function_round_trip(shared, first, second, before, after):
    moving = [[*shared, ("line", n, ""), ("text", n, t)] for n, t in ((first, before), (second, after))]
    assert_round_trip([draw(spec) for spec in moving])
