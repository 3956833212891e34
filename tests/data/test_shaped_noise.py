"""Noise with the features of a sound: it has them again, and no pitch."""

import numpy as np
import pytest

from helpers.data.shaped_noise import shaped_noise
from helpers.data.sound import FRAME, HOP, log_mel

SAMPLE_RATE = 22050


def hum():
    t = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    return np.sign(np.sin(2 * np.pi * 120 * t)) * 0.2 * (0.1 + np.abs(np.sin(2 * np.pi * 1.5 * t)))


def test_it_has_the_features_again():
    features = log_mel(hum(), SAMPLE_RATE)
    made = shaped_noise(features, SAMPLE_RATE, np.random.default_rng(0))
    assert made.shape == ((len(features) - 1) * HOP + FRAME,)
    again = log_mel(made, SAMPLE_RATE)
    assert np.corrcoef(features.ravel(), again.ravel())[0, 1] > 0.9
    assert abs(np.median(features - again)) < 0.4


def test_its_pitch_is_gone():
    """A hum of 120 Hz is like itself 1/120 s later; the noise is not."""
    made = shaped_noise(log_mel(hum(), SAMPLE_RATE), SAMPLE_RATE, np.random.default_rng(0))
    later = SAMPLE_RATE // 120
    likeness = [np.corrcoef(wave[2000:-later], wave[2000 + later :])[0, 1] for wave in (hum(), made)]
    assert likeness[0] > 0.8
    assert abs(likeness[1]) < 0.4


def test_silence_stays_silent():
    quiet = shaped_noise(np.full((5, 40), np.log(0.01)), SAMPLE_RATE, np.random.default_rng(0))
    np.testing.assert_allclose(quiet, 0, atol=1e-8)


@pytest.mark.parametrize("features", [np.zeros((0, 40)), np.full((3, 40), 1e300), np.full((3, 40), np.nan)])
def test_what_are_no_features_is_refused(features):
    with pytest.raises(ValueError, match="features"):
        shaped_noise(features, SAMPLE_RATE, np.random.default_rng(0))
