import numpy as np
import pytest

from helpers.data.pictures import PictureObject, caption_of, compose_scene, random_scenes, reverse_caption, swap_word
from helpers.models.bleu import bleu
from helpers.models.caption_judges import JudgedCaption, judge_caption, judge_captions

SCENE = compose_scene(
    [
        PictureObject("small", "red", "circle", 8, 5),
        PictureObject("large", "blue", "square", 10, 16),
        PictureObject("small", "green", "triangle", 25, 20),
    ]
)


@pytest.mark.parametrize(
    ("words", "exact", "said", "true", "told"),
    [
        ("a small red circle above a large blue square left of a small green triangle", True, 8, 8, 8),
        ("a small green triangle right of a big blue square below a small red circle", False, 8, 8, 8),
        ("a red circle above a blue square left of a green triangle", False, 5, 5, 5),
        ("a small red circle", False, 2, 2, 2),
        ("a large red circle", False, 2, 1, 1),
        ("a small blue circle", False, 2, 0, 0),
        ("a red circle left of a blue square", False, 3, 2, 2),
        ("a small red circle left of a small green triangle", False, 5, 5, 4),  # true, but of no neighbours
        ("a red circle above a red circle", False, 3, 2, 1),  # one object, said twice
        ("a green square above a blue square left of a small green triangle", False, 6, 4, 4),
    ],
)
def test_facts_are_counted_as_by_hand(words, exact, said, true, told):
    assert judge_caption(words.split(), SCENE) == JudgedCaption(exact, True, said, true, told, 8)


@pytest.mark.parametrize("words", ["", "a red", "red circle", "a small red circle above", "a a a"])
def test_what_is_no_sentence_says_nothing(words):
    assert judge_caption(words.split(), SCENE) == JudgedCaption(False, False, 0, 0, 0, 8)


def test_of_two_objects_alike_the_one_of_the_said_size_is_meant():
    scene = compose_scene(
        [PictureObject("small", "red", "circle", 8, 5), PictureObject("large", "red", "circle", 20, 20)]
    )
    assert judge_caption(caption_of(scene), scene) == JudgedCaption(True, True, 5, 5, 5, 5)
    assert judge_caption(["a", "large", "red", "circle", "below", "a", "small", "red", "circle"], scene).true == 5
    assert judge_caption(["a", "red", "circle", "above", "a", "red", "circle"], scene).true == 3


def test_the_true_caption_and_its_reverse_are_wholly_true():
    scenes = random_scenes(60, np.random.default_rng(0))
    captions = [caption_of(scene) for scene in scenes]
    assert judge_captions(captions, scenes) == (1, 1, 1, 1)
    scores = judge_captions([reverse_caption(caption) for caption in captions], scenes)
    assert scores.precision == scores.recall == 1
    assert scores.exact < 0.4


def test_many_captions_are_added_up():
    captions = [["a", "small", "red", "circle"], ["a", "large", "red", "circle"], ["a"]]
    assert judge_captions(captions, [SCENE] * 3) == (0, 2 / 3, 3 / 4, 3 / 24)
    assert judge_captions([["a"]], [SCENE]).precision == 0


def test_bleu_prefers_what_is_wrong_to_what_is_true():
    right = caption_of(SCENE)
    wrong, true = swap_word(right, "colour", 0, "blue"), reverse_caption(right)
    assert bleu([wrong], [[right]]).score > bleu([true], [[right]]).score + 0.2
    assert judge_captions([wrong], [SCENE]).precision < judge_captions([true], [SCENE]).precision == 1


def test_as_many_captions_as_scenes_are_wanted():
    with pytest.raises(ValueError, match="2 captions and 1 scenes"):
        judge_captions([["a"], ["a"]], [SCENE])
