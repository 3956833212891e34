import numpy as np
import pytest

from helpers.data.pictures import caption_of, random_scenes, reverse_caption, swap_word

CAPTION = [
    "a",
    "small",
    "red",
    "circle",
    "above",
    "a",
    "blue",
    "square",
    "left",
    "of",
    "a",
    "small",
    "green",
    "triangle",
]


def test_the_last_object_comes_first_and_relations_are_turned_round():
    assert " ".join(reverse_caption(CAPTION)) == (
        "a small green triangle right of a blue square below a small red circle"
    )
    assert reverse_caption(("a", "red", "circle")) == ("a", "red", "circle")


def test_reversed_twice_is_what_was_there():
    for scene in random_scenes(20, np.random.default_rng(0)):
        assert reverse_caption(reverse_caption(caption_of(scene))) == caption_of(scene)


def test_one_word_is_swapped():
    assert " ".join(swap_word(CAPTION, "colour", 1, "yellow")) == " ".join(CAPTION).replace("blue", "yellow")
    assert swap_word(CAPTION, "size", 2, "large")[-3:] == ("large", "green", "triangle")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((CAPTION, "size", 1, "large"), "k is 1, expected an object of which the caption says the size"),
        ((CAPTION, "colour", 3, "red"), "k is 3"),
        ((CAPTION, "relation", 0, "below"), "role is 'relation'"),
        ((CAPTION, "colour", 0, "circle"), "other is 'circle'"),
        ((["red"], "colour", 0, "blue"), "'red' comes after ''"),
    ],
)
def test_what_cannot_be_swapped_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        swap_word(*arguments)
