"""Best path and best text of two frames: the numbers by hand, and where they differ."""

import pytest

from helpers.figures.best_text import draw_paths_and_texts


@pytest.mark.parametrize("blank", [0.01, 0.45, 0.6, 0.7, 0.75, 0.99])
def test_bars_and_sentence_say_which_is_best(blank, check_layout):
    panels, sentence = draw_paths_and_texts(blank)
    for panel in panels:
        check_layout(panel)
    a, empty = 1 - blank**2, blank**2
    heights = [bar.get_height() for bar in panels[1].axes[0].patches]
    assert heights == pytest.approx([empty, a])
    differ = (blank > 0.5) != (empty > a)
    assert ("They differ" in sentence) == differ
    assert sentence.startswith(f"P(blank) = {blank:.2f}:")
    assert f"P(empty) = {empty:.2f}, P(a) = {a:.2f}" in sentence


def test_the_example_of_the_chapter():
    panels, sentence = draw_paths_and_texts(0.6)
    assert [bar.get_height() for bar in panels[0].axes[0].patches] == pytest.approx([0.36, 0.24, 0.24, 0.16])
    assert "the best path says empty, the best text is “a”. They differ" in sentence


@pytest.mark.parametrize("blank", [0.0, 1.0, -1, float("nan"), "a"])
def test_what_is_no_share_is_refused(blank):
    with pytest.raises(ValueError, match="blank"):
        draw_paths_and_texts(blank)
