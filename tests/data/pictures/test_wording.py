from collections import Counter

import numpy as np
import pytest

from helpers.data.pictures import (
    PictureObject,
    Wording,
    caption_distribution,
    caption_of,
    compose_scene,
    draw_captions,
    parse_caption,
    random_scenes,
    wording_entropy,
)

LARGE = PictureObject("large", "blue", "square", 22, 22)
SMALL = PictureObject("small", "red", "circle", 8, 5)


def test_one_large_object_is_called_what_was_worked_out_by_hand():
    found = caption_distribution((LARGE,), Wording(no_size=0.4, big=0.5))
    assert [*found] == [tuple(f"a{size} blue square".split()) for size in ("", " large", " big")]
    assert [*found.values()] == pytest.approx([0.4, 0.3, 0.3])
    assert wording_entropy((LARGE,), Wording(0.4, 0.5)) == pytest.approx(-0.4 * np.log(0.4) - 0.6 * np.log(0.3))


def test_the_choices_for_two_objects_are_made_apart():
    scene, wording = compose_scene([LARGE, SMALL]), Wording(0.4, 0.25)
    found = caption_distribution(scene, wording)
    assert len(found) == 6
    assert sum(found.values()) == pytest.approx(1)
    assert found[("a", "small", "red", "circle", "above", "a", "big", "blue", "square")] == pytest.approx(
        0.6 * 0.6 * 0.25
    )
    both = wording_entropy((LARGE,), wording) + wording_entropy((SMALL,), wording)
    assert wording_entropy(scene, wording) == pytest.approx(both)


def test_without_choices_there_is_one_caption():
    for scene in random_scenes(20, np.random.default_rng(0)):
        assert caption_distribution(scene, Wording()) == {caption_of(scene): 1.0}
        assert str(wording_entropy(scene, Wording())) == "0.0"  # and not -0.0
    assert [*caption_distribution((LARGE,), Wording(no_size=1.0))] == [("a", "blue", "square")]


def test_what_is_drawn_follows_the_distribution():
    scene, wording = compose_scene([LARGE, SMALL]), Wording(0.4, 0.5)
    captions = draw_captions([scene] * 4000, wording, np.random.default_rng(0))
    counts, truth = Counter(captions), caption_distribution(scene, wording)
    assert {*counts} == {*truth}
    for caption, share in truth.items():
        assert counts[caption] / 4000 == pytest.approx(share, abs=0.03)
    assert {parse_caption(caption).relations for caption in captions} == {("above",)}


@pytest.mark.parametrize("wording", [Wording(1.5), Wording(big=-0.1), Wording(np.nan), (0.4, 0.5), Wording("a")])
def test_shares_that_are_none_are_refused(wording):
    with pytest.raises(ValueError, match="expected"):
        caption_distribution((LARGE,), wording)
