"""What is said of a scene: "a small red circle above a large blue square"; and such a caption taken apart again."""

from typing import NamedTuple

from helpers.core.checks import as_list
from helpers.data.pictures.scenes import OBJECT_COLOURS, OBJECT_SHAPES, OBJECT_SIZES, check_object, check_scene

SPATIAL_RELATIONS = ("above", "below", "left of", "right of")
LARGE_TOO = "big"  # another word for large
_ROLES = {
    "a": "article",
    **dict.fromkeys((*OBJECT_SIZES, LARGE_TOO), "size"),
    **dict.fromkeys(OBJECT_COLOURS, "colour"),
    **dict.fromkeys(OBJECT_SHAPES, "shape"),
    **dict.fromkeys(("above", "below", "left", "right", "of"), "relation"),
}
CAPTION_WORDS = tuple(_ROLES)


class CaptionWord(NamedTuple):
    """One word of a caption, and what it says."""

    word: str
    role: str  # "article", "size", "colour", "shape" or "relation"
    objects: tuple[int, ...]  # what it names, by the order of mention: (k,), or (k, k + 1) for a relation


class Phrase(NamedTuple):
    """What is said of one object."""

    size: str | None  # None where nothing is said
    colour: str
    shape: str


class ParsedCaption(NamedTuple):
    """K phrases, and the K − 1 relations between neighbours."""

    phrases: tuple[Phrase, ...]
    relations: tuple[str, ...]  # of phrase k to phrase k + 1


def relation_between(one, other):
    """Say how one object lies to another: along the axis on which they are further apart.

    Parameters
    ----------
    one, other : PictureObject

    Returns
    -------
    str
        "above", "below", "left of" or "right of"; above or below where both distances are equal.

    Raises
    ------
    ValueError
        When one is no object.
    """
    return _relation(check_object("one", one), check_object("other", other))


def _relation(one, other):
    dx, dy = other.x - one.x, other.y - one.y
    if abs(dy) >= abs(dx):
        return "above" if dy >= 0 else "below"
    return "left of" if dx > 0 else "right of"


def caption_of(scene):
    """Say all of a scene: each object from top to bottom, and how it lies to the next.

    Parameters
    ----------
    scene : tuple of PictureObject

    Returns
    -------
    tuple of str

    Raises
    ------
    ValueError
        When it is no scene.
    """
    scene = check_scene(scene)
    return join_phrases(scene, [("a", one.size, one.colour, one.shape) for one in scene])


def join_phrases(scene, phrases):
    """Put between the words for each object those for its relation to the next."""
    words = [*phrases[0]]
    for one, other, phrase in zip(scene, scene[1:], phrases[1:], strict=False):
        words += [*_relation(one, other).split(), *phrase]
    return tuple(words)


def annotate_caption(words):
    """Say of each word of a caption what it does, and which objects it is about.

    Parameters
    ----------
    words : sequence of str

    Returns
    -------
    tuple of CaptionWord

    Raises
    ------
    ValueError
        When it is no sentence of the grammar. It names the first word that does not go on rightly.
    """
    found, k, wanted = [], 0, ("a",)
    for word in as_list("words", words):
        if not isinstance(word, str) or word not in wanted:
            before = " ".join(each.word for each in found)
            raise ValueError(f"{word!r} comes after {before!r}, expected {' or '.join(wanted)}")
        role = _ROLES[word]
        found.append(CaptionWord(word, role, (k, k + 1) if role == "relation" else (k,)))
        k += word in ("above", "below", "of")
        wanted = _next_words(word, role)
    if not found or found[-1].role != "shape":
        said = " ".join(each.word for each in found)
        raise ValueError(f"the caption {said!r} ends too early, expected it to end with {' or '.join(OBJECT_SHAPES)}")
    return tuple(found)


def parse_caption(words):
    """Take a caption apart: what is said of each object, and of each to the next.

    Parameters
    ----------
    words : sequence of str

    Returns
    -------
    ParsedCaption
        Its sizes are "small" or "large", whatever word said it.

    Raises
    ------
    ValueError
        When it is no sentence of the grammar.
    """
    annotated = annotate_caption(words)
    phrases = []
    for k in range(annotated[-1].objects[0] + 1):
        said = {each.role: each.word for each in annotated if each.objects == (k,)}
        size = said.get("size")
        phrases.append(Phrase("large" if size == LARGE_TOO else size, said["colour"], said["shape"]))
    relations = [
        " ".join(each.word for each in annotated if each.objects == (k, k + 1)) for k in range(len(phrases) - 1)
    ]
    return ParsedCaption(tuple(phrases), tuple(relations))


def _next_words(word, role):
    if role == "relation":
        return ("of",) if word in ("left", "right") else ("a",)
    return {
        "article": (*OBJECT_SIZES, LARGE_TOO, *OBJECT_COLOURS),
        "size": tuple(OBJECT_COLOURS),
        "colour": OBJECT_SHAPES,
        "shape": ("above", "below", "left", "right"),
    }[role]
