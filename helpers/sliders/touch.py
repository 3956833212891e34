"""Touch: an artist whose gid is "control=value" sets that control when the reader clicks it in the book.

`svg.normalise` keeps such a gid as the attribute `TOUCH` of the artist's group. For keyboard and screen reader the
control itself stays.
"""

from helpers.sliders.controls import place_of
from helpers.sliders.svg import TOUCH


def resolve_touches(pictures, controls, fixed, name_frame):
    """Write the places of the control and of its value where a group names them.

    Parameters
    ----------
    pictures : list of Picture
        Changed in place.
    controls : list of Control
    fixed : collection of str
        Parameters that no control moves: what would set them is no target.
    name_frame : callable
        The index of a picture → what an error calls it.

    Raises
    ------
    ValueError
        If a gid names no control of the figure, or a value that the control does not have.
    """
    names = [control.name for control in controls]
    known = {}
    for index, picture in enumerate(pictures):
        for element in (each for tree in picture.panels for each in tree.iter() if TOUCH in each.attrib):
            gid = element.attrib.pop(TOUCH)
            name, _, value = gid.partition("=")
            if not controls or name in fixed:
                continue
            if name not in names:
                raise ValueError(
                    f"{name_frame(index)} has an artist with the gid {gid!r}, but its controls are {', '.join(names)}"
                )
            if gid not in known:
                known[gid] = place_of(controls[names.index(name)], value)
            if known[gid] is None:
                texts = ", ".join(controls[names.index(name)].texts)
                raise ValueError(
                    f"{name_frame(index)} has an artist with the gid {gid!r}, but {name} takes only: {texts}"
                )
            element.set(TOUCH, f"{names.index(name)} {known[gid]}")
