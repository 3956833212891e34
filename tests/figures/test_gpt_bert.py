"""The drawings of GPT and BERT are labelled, fit on their figures, and show the numbers they were given."""

import numpy as np
import pytest

from helpers.data.vocab import tokenise
from helpers.figures import gpt_bert

WORDS = tokenise("the old carpenter does not pound the nail , he slices the bread with the knife")
P = {word: 0.5**n for n, word in enumerate(["nail", "carpenters", "bread", "knife", "owl", "king"], start=1)}
PANELS = {"seen: what is before": {"GPT": P, "exact": P}, "seen: both sides": {"BERT": P | {"owl": 0.4}, "exact": P}}
RATES = [0.05, 0.15, 0.4, 0.8]
LOSS, FLOOR = np.array([3, 2.5, 2.4, 3.0]), np.array([0.4, 0.5, 0.8, 2.0])
STEPS, SHARES = [0, 100, 400, 2000], [0, 0.1, 0.6, 0.9]
SAMPLES = [(" ".join(WORDS), True), ("", False), ("owl owl the", False), (" ".join(3 * WORDS), False)]
TOKENS = {"small": [2e4, 8e4], "large": [2e4, 8e4, 5e5]}
EXCESS = {"small": [2.8, 1.4], "large": [2.7, 1.0, 0.05]}
RIGHT = {"small": [0.0, 0.1], "large": [0.0, 0.2, 0.9]}

DRAWINGS = {
    "mask rates": lambda: gpt_bert.draw_mask_rates(RATES, LOSS, FLOOR, 4.8, 1),
    "blank": lambda: gpt_bert.draw_blank(WORDS, 2, PANELS),
    "samples": lambda: gpt_bert.draw_samples(STEPS, SHARES, 2, SAMPLES),
    "sweep": lambda: gpt_bert.draw_sweep(TOKENS, EXCESS, RIGHT, "12 words"),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_axes_are_labelled_and_nothing_is_cut(name, check_layout):
    check_layout(DRAWINGS[name](), "" if name == "samples" else "xy")


def test_what_is_learned_for_each_token_is_the_fall_of_the_loss_times_the_rate():
    top, bottom = DRAWINGS["mask rates"]().axes
    heights = {line.get_label(): line.get_ydata() for line in top.lines}
    learned = {line.get_label(): line.get_ydata() for line in bottom.lines}
    np.testing.assert_allclose(heights["trained"], LOSS)
    np.testing.assert_allclose(heights["best possible"], FLOOR)
    np.testing.assert_allclose(learned["trained"], np.array(RATES) * (4.8 - LOSS))
    np.testing.assert_allclose(learned["best possible"], np.array(RATES) * (4.8 - FLOOR))
    assert [line.get_xdata()[0] for line in top.lines if line.get_markersize() == 11] == [0.15, 0.15]


def test_bars_are_the_likeliest_words_of_the_exact_answer_in_order():
    figure = DRAWINGS["blank"]()
    assert "the old ____ does" in figure.get_suptitle()
    assert "carpenter" not in figure.get_suptitle()
    for axes, wanted in zip(
        figure.axes, ([0.5, 0.25, 0.125, 0.0625, 0.03125], [0.5, 0.25, 0.125, 0.0625, 0.4]), strict=True
    ):
        assert [label.get_text() for label in axes.get_yticklabels()] == list(P)[:5]
        model, exact = axes.containers
        np.testing.assert_allclose([bar.get_width() for bar in model], wanted)
        np.testing.assert_allclose([bar.get_width() for bar in exact], list(P.values())[:5])
        middles = [[bar.get_y() + bar.get_height() / 2 for bar in bars] for bars in (model, exact)]
        np.testing.assert_allclose(np.mean(middles, axis=0), range(5))


def test_samples_are_marked_and_the_chosen_step_is_ringed():
    top, bottom = DRAWINGS["samples"]().axes
    texts = [text.get_text() for text in top.texts]
    assert texts[::2] == ["✓", "×", "×", "×"]
    assert texts[1].replace("\n", " ") == SAMPLES[0][0]
    assert texts[3] == "(nothing)"
    assert texts[7].endswith("…")
    assert texts[7].count("\n") == 1
    assert "training step 400" in top.get_title(loc="left")
    np.testing.assert_allclose(bottom.lines[0].get_xydata(), np.transpose([STEPS, SHARES]))
    assert bottom.lines[1].get_xydata().tolist() == [[400, 0.6]]


def test_samples_that_do_not_fit_are_left_out():
    top, _ = gpt_bert.draw_samples(STEPS, SHARES, 0, 9 * [("the owl", False)], lines=4).axes
    assert len(top.texts) == 2 * 3


def test_the_sweep_draws_one_measure_on_log_scales_and_the_other_on_a_plain_one():
    top, bottom = DRAWINGS["sweep"]().axes
    assert (top.get_xscale(), top.get_yscale(), bottom.get_yscale()) == ("log", "log", "linear")
    for axes, values in ((top, EXCESS), (bottom, RIGHT)):
        assert {line.get_label(): list(line.get_ydata()) for line in axes.lines} == values
        assert {line.get_label(): list(line.get_xdata()) for line in axes.lines} == TOKENS
    assert "12 words" in bottom.get_ylabel()


def test_where_the_exact_answer_allows_few_words_the_likeliest_of_the_model_follow():
    exact = dict.fromkeys(P, 0.0) | {"nail": 1.0}
    (axes,) = gpt_bert.draw_blank(WORDS, 2, {"both sides": {"BERT": P | {"owl": 0.4}, "exact": exact}}).axes
    assert [label.get_text() for label in axes.get_yticklabels()][:3] == ["nail", "owl", "carpenters"]
