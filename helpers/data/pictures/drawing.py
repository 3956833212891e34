"""Scenes as pictures, with smooth edges; and how much of each cell of a map an object covers."""

from math import ceil, floor

import numpy as np

from helpers.core.checks import as_list, check_integer
from helpers.data.pictures.scenes import OBJECT_COLOURS, OBJECT_SHAPES, PICTURE_SIDE, box_of_checked, check_scene

BACKGROUND = (0.95, 0.95, 0.93)
_AT_ONCE = 500  # scenes, so that what is in work stays in the cache


def draw_pictures(scenes):
    """Draw scenes as a red, a green and a blue number for each pixel, from 0 to 1.

    Parameters
    ----------
    scenes : list of N tuples of PictureObject

    Returns
    -------
    ndarray of float32 (N, 32, 32, 3)

    Raises
    ------
    ValueError
        When there is no scene, or one is none.
    """
    scenes = [check_scene(scene) for scene in as_list("scenes", scenes)]
    check_integer("the number of scenes", len(scenes))
    pictures = np.empty((len(scenes), PICTURE_SIDE, PICTURE_SIDE, 3), np.float32)
    pictures[:] = BACKGROUND
    for start in range(0, len(scenes), _AT_ONCE):
        part = pictures[start : start + _AT_ONCE]
        owners, objects = _by_object(scenes[start : start + _AT_ONCE])
        inks = np.array([OBJECT_COLOURS[one.colour] for one in objects], np.float32)
        covers = _covers(objects)[..., None]
        for owner, ink, cover, one in zip(owners, inks, covers, objects, strict=True):
            rows, columns = _around(one)
            pixels = part[owner, rows, columns]  # a view: what is added is drawn
            pixels += cover[rows, columns] * (ink - pixels)
    return pictures


def object_cover(scene, cells=8):
    """The share of each cell that each object covers, the picture cut into cells × cells squares.

    Parameters
    ----------
    scene : tuple of K PictureObject
    cells : int
        A divisor of 32.

    Returns
    -------
    ndarray (K, cells, cells)
        From 0 to 1, the objects in the order in which they are mentioned.

    Raises
    ------
    ValueError
        When it is no scene, or 32 pixels make not so many equal cells.
    """
    scene, cells = check_scene(scene), check_integer("cells", cells)
    if PICTURE_SIDE % cells:
        raise ValueError(f"cells is {cells}, expected a divisor of {PICTURE_SIDE}")
    step = PICTURE_SIDE // cells
    covers = _covers(scene).reshape(len(scene), cells, step, cells, step)
    return covers.mean(axis=(2, 4), dtype=np.float64)


def _around(one):
    """The rows and the columns of pixels that an object may touch."""
    left, top, right, bottom = box_of_checked(one)
    return tuple(slice(max(0, floor(low - 1)), max(0, ceil(high + 1))) for low, high in ((top, bottom), (left, right)))


def _by_object(scenes):
    pairs = [(n, one) for n, scene in enumerate(scenes) for one in scene]
    return [n for n, _ in pairs], [one for _, one in pairs]


def _covers(objects):
    """The share of each pixel that each object covers (M, 32, 32): 1 inside, 0 outside, between them at the edge."""
    boxes = np.array([box_of_checked(one) for one in objects], np.float32)
    left, top, right, bottom = boxes.T[..., None, None]
    centres = np.arange(PICTURE_SIDE, dtype=np.float32) + 0.5
    dx = np.abs(centres - (left + right) / 2)  # (M, 1, 32)
    dy = centres[:, None] - (top + bottom) / 2  # (M, 32, 1)
    width, height = right - left, bottom - top
    outside = np.empty(
        (len(objects), PICTURE_SIDE, PICTURE_SIDE), np.float32
    )  # the distance to the edge, below 0 inside
    shapes = np.array([OBJECT_SHAPES.index(one.shape) for one in objects])
    for number, distance in enumerate((_outside_circle, _outside_square, _outside_triangle)):
        own = shapes == number
        outside[own] = distance(dx[own], dy[own], width[own], height[own])
    return np.clip(0.5 - outside, 0, 1)


def _outside_circle(dx, dy, width, height):
    return np.sqrt(dx**2 + dy**2) - width / 2


def _outside_square(dx, dy, width, height):
    return np.maximum(dx - width / 2, np.abs(dy) - height / 2)


def _outside_triangle(dx, dy, width, height):
    """Two equal sides meet at the top: a point is outside when it is beyond a side, or below the base."""
    slope = np.sqrt(height**2 + (width / 2) ** 2)
    return np.maximum((height * dx - width / 2 * (dy + height / 2)) / slope, dy - height / 2)
