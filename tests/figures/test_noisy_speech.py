"""Noise and errors: the rates are those of the table, the noisier wave looks noisier, and nothing is cut."""

import numpy as np
import pytest

from helpers.figures.noisy_speech import draw_noisy_speech
from tests.figures.spoken import two_words

RATIOS = [-10, 0, 10, 20]
RATES = {"trained clean": np.array([[0.9, 0.6, 0.3, 0.05], [1.2, 0.7, 0.2, 0.04], [0.8, 0.5, 0.3, 0.06]])}


@pytest.mark.parametrize("ratio", RATIOS)
def test_nothing_is_cut_and_the_sentence_says_the_median(ratio, check_layout):
    panels, sentence = draw_noisy_speech(two_words(), RATIOS, RATES, ratio)
    for panel in panels:
        check_layout(panel)
    median = np.median(RATES["trained clean"][:, RATIOS.index(ratio)])
    assert sentence == f"At {ratio} dB, median character error rate: trained clean {100 * median:.0f} %."


def test_noise_fills_what_was_dark():
    images = [draw_noisy_speech(two_words(), RATIOS, RATES, ratio)[0][0].axes[0].get_images()[0] for ratio in RATIOS]
    darkest = [np.percentile(np.asarray(image.get_array()), 5) for image in images]
    assert darkest == sorted(darkest, reverse=True)


def test_without_a_network_the_wave_is_still_drawn(check_layout):
    panels, sentence = draw_noisy_speech(two_words(), RATIOS, {}, 10)
    for panel in panels:
        check_layout(panel)
    assert sentence == "At 10 dB, median character error rate: no network was trained here."


def test_what_is_not_there_is_refused():
    with pytest.raises(ValueError, match="ratio"):
        draw_noisy_speech(two_words(), RATIOS, RATES, 5)
    with pytest.raises(ValueError, match="expected \\(seeds, 4\\)"):
        draw_noisy_speech(two_words(), RATIOS, {"clean": np.zeros((3, 2))}, 0)
