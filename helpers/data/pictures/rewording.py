"""Captions changed: one that says the same in another order, and one that is wrong in one word."""

from helpers.core.checks import as_list, check_choice, check_integer
from helpers.data.pictures.captions import annotate_caption
from helpers.data.pictures.scenes import OBJECT_COLOURS, OBJECT_SHAPES, OBJECT_SIZES

_OPPOSITE = {"above": "below", "below": "above", "left": "right", "right": "left", "of": "of"}
_CHOICES = {"size": OBJECT_SIZES, "colour": tuple(OBJECT_COLOURS), "shape": OBJECT_SHAPES}


def reverse_caption(words):
    """Name the last object first, each relation turned round: what was true stays true.

    Parameters
    ----------
    words : sequence of str

    Returns
    -------
    tuple of str

    Raises
    ------
    ValueError
        When it is no sentence of the grammar.
    """
    annotated = annotate_caption(words)
    last = annotated[-1].objects[0]
    reversed_words = []
    for k in range(last, -1, -1):
        reversed_words += [each.word for each in annotated if each.objects == (k,)]
        reversed_words += [_OPPOSITE[each.word] for each in annotated if each.objects == (k - 1, k)]
    return tuple(reversed_words)


def swap_word(words, role, k, other):
    """Say another size, colour or shape of one object.

    Parameters
    ----------
    words : sequence of str
    role : "size", "colour" or "shape"
    k : int
        Which object, by the order of mention, from 0.
    other : str
        The word that takes the place of the one that is there.

    Returns
    -------
    tuple of str

    Raises
    ------
    ValueError
        When it is no sentence of the grammar, the other word says no such thing, or nothing of the kind is said of k.
    """
    check_choice("role", role, tuple(_CHOICES))
    check_choice("other", other, _CHOICES[role])
    k, words = check_integer("k", k, least=0), as_list("words", words)
    places = [t for t, each in enumerate(annotate_caption(words)) if (each.role, each.objects) == (role, (k,))]
    if not places:
        raise ValueError(f"k is {k}, expected an object of which the caption says the {role}")
    return (*words[: places[0]], other, *words[places[0] + 1 :])
