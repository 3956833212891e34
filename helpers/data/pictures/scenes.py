"""Scenes of one to three objects, each with its shape, colour, size and place: drawn at random, or put together."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_list, check_choice, check_integer, is_number

PICTURE_SIDE = 32  # pixels; x goes to the right and y down, both from 0 to 32
OBJECT_SHAPES = ("circle", "square", "triangle")
OBJECT_COLOURS = {
    "red": (0.84, 0.19, 0.15),
    "green": (0.13, 0.60, 0.29),
    "blue": (0.15, 0.39, 0.80),
    "yellow": (0.96, 0.76, 0.12),
}
OBJECT_RADII = {"small": 3.2, "large": 5.6}  # of a circle, in pixels
OBJECT_SIZES = tuple(OBJECT_RADII)
# Width and height, in radii: all three cover about the same area.
_EXTENTS = {"circle": (2.0, 2.0), "square": (1.77, 1.77), "triangle": (2.25, 1.95)}
_GAP = 1.0  # pixels between two objects, and between an object and the edge, where places are drawn at random
_CLEAR = 1.5  # pixels by which a random scene decides what comes first, and which relation holds


class PictureObject(NamedTuple):
    """One object; its box has its centre at (x, y)."""

    size: str
    colour: str
    shape: str
    x: float
    y: float


class BoundingBox(NamedTuple):
    """The edges of an object, in pixels."""

    left: float
    top: float
    right: float
    bottom: float


def object_box(one):
    """The smallest upright box around an object.

    Parameters
    ----------
    one : PictureObject

    Returns
    -------
    BoundingBox

    Raises
    ------
    ValueError
        When it is no object.
    """
    return box_of_checked(check_object("one", one))


def box_of_checked(one):
    """`object_box` of an object that was checked before."""
    width, height = (extent * OBJECT_RADII[one.size] for extent in _EXTENTS[one.shape])
    return BoundingBox(one.x - width / 2, one.y - height / 2, one.x + width / 2, one.y + height / 2)


def compose_scene(objects):
    """Put objects together in the order in which they are mentioned: from top to bottom, level ones from the left.

    Parameters
    ----------
    objects : list of PictureObject
        One to three.

    Returns
    -------
    tuple of PictureObject

    Raises
    ------
    ValueError
        When an object sticks out of the picture, two overlap, or there are more or fewer.
    """
    scene = check_scene(objects)
    boxes = [box_of_checked(one) for one in scene]
    for one, box in zip(scene, boxes, strict=True):
        if min(box) < 0 or max(box) > PICTURE_SIDE:
            edges = ", ".join(f"{name} {edge:.1f}" for name, edge in zip(box._fields, box, strict=True))
            raise ValueError(f"the {named(one)} has its {edges}, expected edges from 0 to {PICTURE_SIDE}")
    for n, box in enumerate(boxes):
        for m in range(n):
            other = boxes[m]
            apart = (box.left - other.right, other.left - box.right, box.top - other.bottom, other.top - box.bottom)
            if max(apart) < 0:
                raise ValueError(f"the {named(scene[m])} and the {named(scene[n])} overlap, expected boxes apart")
    return scene


def random_scenes(N, rng, objects=(1, 2, 3)):
    """Draw scenes in which all is decided: no two objects share both colour and shape, and no relation is close.

    Parameters
    ----------
    N : int
    rng : numpy.random.Generator
    objects : sequence of int
        How many objects a scene may have; each number comes equally often.

    Returns
    -------
    list of N tuples of PictureObject
        Each from top to bottom.

    Raises
    ------
    ValueError
        When a number of objects is not from 1 to 3.
    """
    N, objects = check_integer("N", N), as_list("objects", objects)
    check_integer("the length of objects", len(objects))
    for count in objects:
        check_choice("a number of objects", check_integer("a number of objects", count), (1, 2, 3))
    K = max(objects)
    counts = rng.choice(objects, size=N)
    kinds = np.argsort(rng.random((N, len(OBJECT_COLOURS) * len(OBJECT_SHAPES))), axis=1)[:, :K]  # without repetition
    sizes = rng.integers(len(OBJECT_SIZES), size=(N, K))
    extents = np.array([_EXTENTS[shape] for shape in OBJECT_SHAPES])[kinds % len(OBJECT_SHAPES)]  # (N, K, 2)
    halves = extents * np.array([*OBJECT_RADII.values()])[sizes][..., None] / 2
    places, todo = np.empty((N, K, 2)), np.arange(N)
    while len(todo):
        low = halves[todo] + _GAP
        places[todo] = np.round(low + rng.random(low.shape) * (PICTURE_SIDE - 2 * low), 1)
        todo = todo[~_are_clear(places[todo], halves[todo], counts[todo])]
    return [
        _from_numbers(sizes[n, :count], kinds[n, :count], places[n, :count].tolist()) for n, count in enumerate(counts)
    ]


def _are_clear(places, halves, counts):
    """Say of each scene whether its boxes are apart, and whether order and relations are decided by enough."""
    K = places.shape[1]
    there = np.arange(K) < counts[:, None]  # (N, K)
    apart = np.abs(places[:, :, None] - places[:, None]) - halves[:, :, None] - halves[:, None]  # (N, K, K, 2)
    pairs = there[:, :, None] & there[:, None] & ~np.eye(K, dtype=bool)
    overlap = pairs & (apart.max(axis=-1) < _GAP)
    order = np.argsort(np.where(there, places[..., 1], np.inf), axis=1, kind="stable")
    steps = np.abs(np.diff(np.take_along_axis(places, order[..., None], axis=1), axis=1))  # (N, K − 1, 2)
    vague = (steps[..., 1] < _CLEAR) | (np.abs(steps[..., 0] - steps[..., 1]) < _CLEAR)
    return ~overlap.any(axis=(1, 2)) & ~(vague & there[:, 1:]).any(axis=1)


def _from_numbers(sizes, kinds, places):
    kinds_of_objects = [(colour, shape) for colour in OBJECT_COLOURS for shape in OBJECT_SHAPES]
    objects = [
        PictureObject(OBJECT_SIZES[size], *kinds_of_objects[kind], x, y)
        for size, kind, (x, y) in zip(sizes, kinds, places, strict=True)
    ]
    return tuple(sorted(objects, key=lambda one: one.y))


def named(one):
    """The words for an object: its size, its colour and its shape."""
    return f"{one.size} {one.colour} {one.shape}"


def check_object(name, one):
    """Refuse what is no object; return it with its place in Python's floats.

    Raises
    ------
    ValueError
    """
    if not isinstance(one, PictureObject):
        raise ValueError(f"{name} is {str(one)[:60]}, expected a PictureObject")
    for part, choices in (("size", OBJECT_SIZES), ("colour", tuple(OBJECT_COLOURS)), ("shape", OBJECT_SHAPES)):
        check_choice(f"{part} of {name}", getattr(one, part), choices)
    for part, place in (("x", one.x), ("y", one.y)):
        if not is_number(place) or not -PICTURE_SIDE <= place <= 2 * PICTURE_SIDE:  # NaN fails this too
            raise ValueError(f"{part} of {name} is {place!r}, expected a place from 0 to {PICTURE_SIDE}")
    return PictureObject(*map(str, one[:3]), float(one.x), float(one.y))


def check_scene(scene):
    """Refuse what are not one to three objects; return them from top to bottom.

    Raises
    ------
    ValueError
    """
    objects = [check_object(f"object {n}", one) for n, one in enumerate(as_list("a scene", scene))]
    if not 1 <= len(objects) <= 3:
        raise ValueError(f"a scene has {len(objects)} objects, expected one to three")
    return tuple(sorted(objects, key=lambda one: (one.y, one.x)))
