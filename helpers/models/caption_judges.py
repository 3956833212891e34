"""Judges of captions that know the scene: word for word, and fact by fact."""

from typing import NamedTuple

from helpers.core.checks import as_list
from helpers.data.pictures.captions import caption_of, parse_caption, relation_between
from helpers.data.pictures.scenes import check_scene


class JudgedCaption(NamedTuple):
    """What one caption says of its scene.

    A scene of K objects has 3 K − 1 facts: of each object that it is there (its colour and its shape) and its size, and
    how each lies to the next. A caption that is no sentence of the grammar says nothing.
    """

    exact: bool  # word for word what the grammar says
    grammatical: bool
    said: int  # facts that the caption claims
    true: int  # of these, how many hold
    told: int  # facts of the scene that the caption tells
    facts: int  # 3 K − 1


class CaptionScores(NamedTuple):
    """Many captions together, each a share from 0 to 1."""

    exact: float
    grammatical: float
    precision: float  # of what is said, how much is true; 0 where nothing is said
    recall: float  # of what there is to say, how much is told


def judge_caption(words, scene):
    """Count the facts that a caption claims, those that hold, and those of the scene that it tells.

    Parameters
    ----------
    words : sequence of str
        What a model said, without `<end>`.
    scene : tuple of PictureObject

    Returns
    -------
    JudgedCaption

    Raises
    ------
    ValueError
        When it is no scene.
    """
    scene, words = check_scene(scene), tuple(as_list("words", words))
    facts = 3 * len(scene) - 1
    try:
        parsed = parse_caption(words)
    except ValueError:
        return JudgedCaption(False, False, 0, 0, 0, facts)
    meant = _meant_objects(parsed.phrases, scene)
    true, told = 0, set()
    for phrase, k in zip(parsed.phrases, meant, strict=True):
        if k is not None:
            true += 1
            told.add(("object", k))
            if phrase.size == scene[k].size:
                true += 1
                told.add(("size", k))
    for relation, k, m in zip(parsed.relations, meant, meant[1:], strict=False):
        if None not in (k, m) and k != m and relation == relation_between(scene[k], scene[m]):
            true += 1
            if abs(k - m) == 1:
                told.add(("relation", min(k, m)))
    said = len(parsed.phrases) + sum(phrase.size is not None for phrase in parsed.phrases) + len(parsed.relations)
    return JudgedCaption(words == caption_of(scene), True, said, true, len(told), facts)


def judge_captions(captions, scenes):
    """Judge many captions, and add up.

    Parameters
    ----------
    captions : list of N sequences of str
    scenes : list of N tuples of PictureObject

    Returns
    -------
    CaptionScores

    Raises
    ------
    ValueError
        When there is not one caption for each scene, or none at all.
    """
    captions, scenes = as_list("captions", captions), as_list("scenes", scenes)
    if len(captions) != len(scenes) or not scenes:
        raise ValueError(f"there are {len(captions)} captions and {len(scenes)} scenes, expected one for each")
    judged = [judge_caption(*pair) for pair in zip(captions, scenes, strict=True)]
    exact, grammatical, said, true, told, facts = map(sum, zip(*judged, strict=True))
    return CaptionScores(exact / len(judged), grammatical / len(judged), true / said if said else 0.0, told / facts)


def _meant_objects(phrases, scene):
    """The number of the object that each phrase means, or None; of two alike the one that is free and of its size."""
    meant = []
    for phrase in phrases:
        alike = [k for k, one in enumerate(scene) if (one.colour, one.shape) == (phrase.colour, phrase.shape)]
        alike.sort(key=lambda k: (k in meant, scene[k].size != phrase.size, k))
        meant.append(alike[0] if alike else None)
    return meant
