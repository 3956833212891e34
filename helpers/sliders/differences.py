"""The difference encoder: many pictures of nearly the same structure as one picture and what changes in it.

A picture is an element tree. Two trees have the same structure if they have the same tags in the same nesting;
then the second is stored as the attributes and texts in which it differs from the first:
``[[element, {attribute: value or None}], …]``, elements counted in document order, None for an attribute that
is to go. The text inside an element stands under ``""`` and the text after it under ``"~"``, names that no
attribute can have. A picture of a new structure is stored whole, and becomes the base of those that follow.
"""

import copy
from typing import NamedTuple

_TEXT, _TAIL = "", "~"


class Frame(NamedTuple):
    """One picture: which base it changes, and how."""

    base: int
    changes: list


def structure(root):
    """Return the tags of a tree and their depths, in document order: equal for trees that differ in content only."""
    shape = []
    stack = [(root, 0)]
    while stack:
        element, depth = stack.pop()
        shape.append((depth, element.tag))
        stack.extend((child, depth + 1) for child in reversed(element))
    return tuple(shape)


def difference(base, frame):
    """List what must be set in `base` to get `frame`, a tree of the same structure."""
    changes = []
    for index, (old, new) in enumerate(zip(base.iter(), frame.iter(), strict=True)):
        before, after = _content(old), _content(new)
        if before != after:
            gone = {name: None for name in before if name not in after}
            changes.append([index, gone | {name: v for name, v in after.items() if before.get(name) != v}])
    return changes


def apply_changes(base, changes):
    """Return a copy of `base` with `changes` made: the inverse of `difference`, and what replay.js does."""
    frame = copy.deepcopy(base)
    elements = list(frame.iter())
    for index, values in changes:
        element = elements[index]
        for name, value in values.items():
            if name == _TEXT:
                element.text = value
            elif name == _TAIL:
                element.tail = value
            elif value is None:
                element.attrib.pop(name)
            else:
                element.set(name, value)
    return frame


def encode_frames(trees, first=0):
    """Encode pictures as bases and differences.

    Parameters
    ----------
    trees : list of Element
        All pictures, in the order of the grid.
    first : int
        The picture that the page shows to begin with: it becomes base 0.

    Returns
    -------
    bases : list of Element
    frames : list of Frame
        ``apply_changes(bases[frame.base], frame.changes)`` is the picture again, exactly.
    """
    bases = [trees[first]]
    known = {structure(trees[first]): 0}
    frames = []
    for tree in trees:
        base = known.setdefault(structure(tree), len(bases))
        if base == len(bases):
            bases.append(tree)
        frames.append(Frame(base, difference(bases[base], tree)))
    return bases, frames


def _content(element):
    content = dict(element.attrib)
    if element.text is not None:
        content[_TEXT] = element.text
    if element.tail is not None:
        content[_TAIL] = element.tail
    return content
