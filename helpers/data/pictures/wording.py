"""Words that a picture does not decide: several captions for one scene, with the exact probability of each."""

from itertools import product
from math import prod
from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_list, check_number
from helpers.data.pictures.captions import LARGE_TOO, join_phrases
from helpers.data.pictures.scenes import check_scene


class Wording(NamedTuple):
    """How people differ who describe the same scene; each choice is made for each object by itself."""

    no_size: float = 0.0  # the share of objects whose size is not said
    big: float = 0.0  # of the large objects whose size is said, the share that is called big


def caption_distribution(scene, wording):
    """P(caption | scene), exactly.

    Parameters
    ----------
    scene : tuple of PictureObject
    wording : Wording

    Returns
    -------
    dict of tuple of str: float
        Every caption that can be said, the most probable first; the sum is 1.

    Raises
    ------
    ValueError
        When it is no scene, or a share is not from 0 to 1.
    """
    scene = check_scene(scene)
    choices = [_phrases(one, _check_wording(wording)) for one in scene]
    captions = {
        join_phrases(scene, [phrase for phrase, _ in chosen]): prod(share for _, share in chosen)
        for chosen in product(*choices)
    }
    possible = {caption: p for caption, p in captions.items() if p > 0}  # a product may be lost in rounding
    return dict(sorted(possible.items(), key=lambda item: -item[1]))


def draw_captions(scenes, wording, rng):
    """Draw one caption for each scene.

    Parameters
    ----------
    scenes : list of N tuples of PictureObject
    wording : Wording
    rng : numpy.random.Generator

    Returns
    -------
    list of N tuples of str

    Raises
    ------
    ValueError
        As for `caption_distribution`.
    """
    captions = []
    for scene in as_list("scenes", scenes):
        distribution = caption_distribution(scene, wording)
        chosen = rng.choice(len(distribution), p=[*distribution.values()])
        captions.append([*distribution][chosen])
    return captions


def wording_entropy(scene, wording):
    """H(caption | scene) in nats: no model can have a smaller mean loss for a caption, whatever it sees.

    Parameters and Raises are those of `caption_distribution`.
    """
    p = np.array([*caption_distribution(scene, wording).values()])
    return float(-(p * np.log(p)).sum()) + 0.0


def _phrases(one, wording):
    """Each way to name an object, with its probability above 0."""
    said = 1 - wording.no_size
    big = wording.big if one.size == "large" else 0.0
    ways = [
        (("a", one.colour, one.shape), wording.no_size),
        (("a", one.size, one.colour, one.shape), said * (1 - big)),
        (("a", LARGE_TOO, one.colour, one.shape), said * big),
    ]
    return [(words, share) for words, share in ways if share > 0]


def _check_wording(wording):
    if not isinstance(wording, Wording):
        raise ValueError(f"wording is {str(wording)[:60]}, expected a Wording")
    for name, share in zip(wording._fields, wording, strict=True):
        check_number(name, share)
        if not 0 <= share <= 1:
            raise ValueError(f"{name} is {share}, expected a share from 0 to 1")
    return Wording(*map(float, wording))
