"""Two spellings: the shares by hand, and nothing is cut."""

import numpy as np
import pytest

from helpers.figures.two_spellings import draw_two_spellings, spelling_frames


@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_bars_and_sentence_have_the_shares(share, check_layout):
    figure, sentence = draw_two_spellings(share)
    check_layout(figure)
    heights = [bar.get_height() for bar in figure.axes[0].patches]
    other = share * (1 - share)
    assert heights == pytest.approx([share, 1 - share, 0, 0, share**2, (1 - share) ** 2, other, other])
    assert f"in {share:.2f} of the cases" in sentence
    assert f"write it in {share**2:.2f}, and in {2 * other:.2f} a text" in sentence


def test_every_frame_sums_to_one():
    np.testing.assert_allclose(np.exp(spelling_frames(0.3)).sum(axis=1), 1)


@pytest.mark.parametrize("share", [0, 1, float("nan"), "x"])
def test_what_is_no_share_is_refused(share):
    with pytest.raises(ValueError, match="share"):
        draw_two_spellings(share)
