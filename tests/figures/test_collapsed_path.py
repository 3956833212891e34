"""A path that collapses: what is left is what the layer says, and nothing meets."""

import pytest
from matplotlib.text import Text

from helpers.core.ctc_paths import collapse
from helpers.figures.collapsed_path import COLLAPSE_ORDERS, COLLAPSE_STAGES, draw_collapse

PATHS = ("aa-ab-bb", "hheel-lloo", "hheelllloo", "--------", "a", "-", "abcdefghij")


def last_row(figure):
    """The symbols of the lowest row, from left to right."""
    texts = [text for text in figure.findobj(Text) if len(text.get_text()) == 1]
    lowest = min(text.get_position()[1] for text in texts)
    row = sorted((text for text in texts if text.get_position()[1] == lowest), key=lambda text: text.get_position()[0])
    return "".join(text.get_text() for text in row)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("order", COLLAPSE_ORDERS)
def test_nothing_meets_and_nothing_moves(path, order, check_machine):
    drawn = [draw_collapse(path, order, stage) for stage in range(COLLAPSE_STAGES + 1)]
    for figure, sentence in drawn:
        check_machine(figure)
        assert f"“{path.replace('-', '–')}”, {order}" in sentence
    assert len({figure.get_figheight() for figure, _ in drawn}) == 1


@pytest.mark.parametrize("path", [path for path in PATHS if path.strip("-")])
def test_the_text_is_that_of_the_layer(path):
    ids = [0 if symbol == "-" else ord(symbol) for symbol in path]
    text = "".join(chr(symbol) for symbol in collapse(ids))
    figure, sentence = draw_collapse(path, COLLAPSE_ORDERS[0], 2)
    assert last_row(figure) == text
    assert sentence.endswith(f"the text is “{text}”.")


def test_the_other_order_loses_double_letters():
    figure, sentence = draw_collapse("aa-ab-bb", COLLAPSE_ORDERS[1], 2)
    assert last_row(figure) == "ab"
    assert sentence.endswith("the text is “ab”. The right order gives “aabb”.")
    assert draw_collapse("aa-ab-bb", COLLAPSE_ORDERS[1], 1)[1].endswith("delete gives “aaabbb”.")


def test_an_empty_row_says_so():
    for order, stages in zip(COLLAPSE_ORDERS, ((2,), (1, 2)), strict=True):
        said = {stage: draw_collapse("---", order, stage) for stage in range(COLLAPSE_STAGES + 1)}
        empty = {n: [t.get_text() for t in figure.findobj(Text)].count("(empty)") for n, (figure, _) in said.items()}
        assert {n: count for n, count in empty.items() if count} == {n: k + 1 for k, n in enumerate(stages)}
        assert said[2][1].endswith("the text is empty.")
    assert said[1][1].endswith("delete gives nothing.")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"path": ""}, "path is ''"),
        ({"path": "abcdefghijk"}, "expected 1 to 10 letters"),
        ({"path": "a b"}, "path is 'a b'"),
        ({"order": "merge"}, "order"),
        ({"stage": 3}, "stage is 3, expected 0 to 2"),
        ({"stage": -1}, "stage"),
    ],
)
def test_what_is_no_path_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        draw_collapse(**{"path": "a-a", "order": COLLAPSE_ORDERS[0], "stage": 0} | change)
