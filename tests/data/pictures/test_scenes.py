from collections import Counter
from itertools import combinations, pairwise

import numpy as np
import pytest

from helpers.data.pictures import (
    OBJECT_COLOURS,
    OBJECT_SHAPES,
    OBJECT_SIZES,
    PICTURE_SIDE,
    PictureObject,
    compose_scene,
    draw_pictures,
    object_box,
    object_cover,
    random_scenes,
)
from helpers.data.pictures.drawing import BACKGROUND

RED = PictureObject("small", "red", "circle", 8.0, 8.0)
BLUE = PictureObject("large", "blue", "square", 22.0, 20.0)


def overlap(one, other):
    a, b = object_box(one), object_box(other)
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


def test_random_scenes_hold_to_what_is_promised():
    scenes = random_scenes(600, np.random.default_rng(0))
    for scene in scenes:
        assert all(0 <= edge <= PICTURE_SIDE for one in scene for edge in object_box(one))
        assert not any(overlap(*pair) for pair in combinations(scene, 2))
        assert len({(one.colour, one.shape) for one in scene}) == len(scene)
        for one, other in pairwise(scene):
            dx, dy = abs(other.x - one.x), other.y - one.y
            assert dy > 1.4
            assert abs(dx - dy) > 1.4
        assert compose_scene(scene[::-1]) == scene


def test_every_choice_comes_about_equally_often():
    scenes = random_scenes(3000, np.random.default_rng(1))
    objects = [one for scene in scenes for one in scene]
    for found, choices in (
        (Counter(len(scene) for scene in scenes), (1, 2, 3)),
        (Counter(one.size for one in objects), OBJECT_SIZES),
        (Counter(one.colour for one in objects), OBJECT_COLOURS),
        (Counter(one.shape for one in objects), OBJECT_SHAPES),
    ):
        assert {*found} == {*choices}
        assert np.allclose(np.array([*found.values()]) / found.total(), 1 / len(choices), atol=0.03)


def test_the_same_seed_gives_the_same_scenes_of_the_wanted_numbers_of_objects():
    first, second = (random_scenes(50, np.random.default_rng(3), (2,)) for _ in range(2))
    assert first == second
    assert {len(scene) for scene in first} == {2}


def test_a_composed_scene_goes_from_top_to_bottom_and_level_ones_from_the_left():
    assert compose_scene([BLUE, RED]) == (RED, BLUE)
    level = RED._replace(x=20.0)
    assert compose_scene([level, RED]) == (RED, level)


@pytest.mark.parametrize(
    ("objects", "message"),
    [
        ([RED._replace(x=2.0)], "small red circle has its left -1.2"),
        ([BLUE._replace(y=30.0)], "bottom 35.0"),
        ([RED, BLUE._replace(x=12.0, y=12.0)], "small red circle and the large blue square overlap"),
        ([], "0 objects, expected one to three"),
        ([RED] * 4, "4 objects"),
        ([RED._replace(colour="pink")], "colour of object 0 is 'pink'"),
        ([RED._replace(x=np.nan)], "x of object 0 is nan"),
        (["red"], "object 0 is red, expected a PictureObject"),
    ],
)
def test_what_is_no_scene_is_refused(objects, message):
    with pytest.raises(ValueError, match=message):
        compose_scene(objects)


def test_numbers_of_objects_that_there_are_not_are_refused():
    with pytest.raises(ValueError, match="a number of objects is 4"):
        random_scenes(5, np.random.default_rng(0), (1, 4))


@pytest.mark.parametrize("shape", OBJECT_SHAPES)
@pytest.mark.parametrize("size", OBJECT_SIZES)
def test_an_object_fills_its_box_and_nothing_else(shape, size):
    one = PictureObject(size, "blue", shape, 15.3, 16.8)
    (picture,) = draw_pictures([(one,)])
    rows, columns = np.nonzero(np.abs(picture - np.float32(BACKGROUND)).max(axis=-1) > 0.02)
    box = object_box(one)
    assert abs(columns.min() - box.left) < 1.5
    assert abs(columns.max() + 1 - box.right) < 1.5
    assert abs(rows.min() - box.top) < (3 if shape == "triangle" else 1.5)  # its top is thinner than a pixel
    assert abs(rows.max() + 1 - box.bottom) < 1.5
    np.testing.assert_allclose(picture[17, 15], OBJECT_COLOURS["blue"], atol=1e-6)
    np.testing.assert_array_equal(picture[0, 0], np.float32(BACKGROUND))


@pytest.mark.parametrize("size", OBJECT_SIZES)
@pytest.mark.parametrize(("shape", "share"), [("circle", np.pi / 4), ("square", 1), ("triangle", 1 / 2)])
def test_the_ink_of_a_shape_is_its_area(size, shape, share):
    one = PictureObject(size, "red", shape, 16.0, 16.0)
    cover, box = object_cover((one,), cells=32), object_box(one)
    assert cover.shape == (1, 32, 32)
    assert cover.sum() == pytest.approx(share * (box.right - box.left) * (box.bottom - box.top), rel=0.02)


@pytest.mark.parametrize("shape", OBJECT_SHAPES)
def test_every_pixel_has_as_much_ink_as_is_covered(shape):
    one = PictureObject("large", "blue", shape, 15.3, 16.8)
    (picture,), (cover,) = draw_pictures([(one,)]), object_cover((one,), cells=32)
    wanted = BACKGROUND + cover[..., None] * (np.array(OBJECT_COLOURS["blue"]) - BACKGROUND)
    np.testing.assert_allclose(picture, wanted, atol=1e-6)


def test_a_cover_is_cut_into_cells_row_by_row():
    scene = compose_scene([RED._replace(x=6.0, y=26.0), BLUE])
    cover = object_cover(scene)
    fine = object_cover(scene, cells=32)
    assert cover.shape == (2, 8, 8)
    np.testing.assert_allclose(cover[0, 4, 5], fine[0, 16:20, 20:24].mean())
    assert np.unravel_index(cover[1].argmax(), (8, 8)) in [(6, 1), (5, 1), (6, 0), (5, 0), (6, 2)]
    with pytest.raises(ValueError, match="cells is 5"):
        object_cover(scene, 5)


def test_pictures_drawn_together_are_those_drawn_alone():
    scenes = random_scenes(12, np.random.default_rng(5))
    together = draw_pictures(scenes)
    assert together.dtype == np.float32
    assert together.min() >= 0
    assert together.max() <= 1
    for picture, scene in zip(together, scenes, strict=True):
        np.testing.assert_array_equal(draw_pictures([scene])[0], picture)
