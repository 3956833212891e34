"""A trained captioner at work: the state that a search begins with, what it says, and where it looks for each word."""

from typing import NamedTuple

import numpy as np
import torch

from helpers.core.checks import as_list
from helpers.data.pictures.batches import check_pictures
from helpers.data.pictures.captions import annotate_caption, caption_of
from helpers.data.pictures.drawing import draw_pictures, object_cover
from helpers.data.vocab import END, START, encode
from helpers.models.captioner.torch_model import MAP_SIDE
from helpers.models.seq2seq.evaluation import pad_outputs
from helpers.models.seq2seq.looking_back import follow_looks
from helpers.models.torch_modules import as_tensors, device_of

_LONGEST = 24  # a caption of three objects has 16 words at most
_AT_ONCE = 200  # pictures


class WhereItLooks(NamedTuple):
    """The share of words of one role whose heaviest weight falls on an object."""

    own: float  # on the object that the word is about; of a relation's words, on the one before them
    next: float  # on the object that is named next; NaN where there is none
    chance: float  # on its own object, if each place were as likely
    words: int


def see_pictures(model, pictures):
    """Let the encoder see: -> the decoder's state, a row for each picture, with which a search begins.

    Parameters
    ----------
    model : Captioner
    pictures : ndarray (B, 32, 32, 3)

    Returns
    -------
    RecurrentDecoderState

    Raises
    ------
    ValueError
        When they are no pictures, or the model is in training mode, where each picture changes what is made of others.
    """
    if model.training:
        raise ValueError("the model is in training mode, expected one after model.eval()")
    with torch.no_grad():
        return model.encode(as_tensors(check_pictures(pictures), device_of(model)))


def say_pictures(model, pictures, vocab):
    """Say the most probable word again and again until `<end>`, for each picture: greedy search, many side by side.

    Parameters
    ----------
    model : Captioner
    pictures : ndarray (B, 32, 32, 3)
    vocab : Vocab

    Returns
    -------
    list of B tuples of str
        Without `<end>`; cut after 24 words where it does not come.

    Raises
    ------
    ValueError
        As for `see_pictures`.
    """
    captions, pictures = [], check_pictures(pictures)
    for start in range(0, len(pictures), _AT_ONCE):
        captions += _say(model, pictures[start : start + _AT_ONCE], vocab)
    return captions


def _say(model, pictures, vocab):
    state = see_pictures(model, pictures)
    tokens = torch.full((1, len(pictures)), START, device=device_of(model))
    said, ended = [], np.zeros(len(pictures), bool)
    while len(said) < _LONGEST and not ended.all():
        with torch.no_grad():
            logits, state = model.decode(tokens, state)
        tokens = logits.argmax(dim=-1)
        said.append(tokens[0].cpu().numpy())
        ended |= said[-1] == END
    captions = []
    for column in np.transpose(said).tolist():
        length = column.index(END) if END in column else len(column)
        captions.append(tuple(vocab.tokens[column[:length]].tolist()))
    return captions


def trace_caption(model, picture, longest=_LONGEST):
    """Say one picture greedily, and keep for each word where the model looked, and all else that the step computed.

    Parameters
    ----------
    model : Captioner
        With attention.
    picture : ndarray (32, 32, 3)
    longest : int
        The most words, if `<end>` does not come before.

    Returns
    -------
    list of LookBack
        The last one says `<end>`, unless there was no room for it. The weights are those of 64 places, row by row.

    Raises
    ------
    ValueError
        When it is no picture, or the model has no attention.
    """
    _check_attention(model)
    return follow_looks(model, see_pictures(model, np.asarray(picture)[None]), longest)


def place_weights(model, pictures, captions, vocab):
    """Where the model looks for each word of some captions, by reading them.

    Parameters
    ----------
    model : Captioner
        With attention.
    pictures : ndarray (B, 32, 32, 3)
    captions : list of B sequences of str
    vocab : Vocab

    Returns
    -------
    list of B ndarrays (words, 8, 8)
        Row t is where it looks before it says word t; each sums to 1.

    Raises
    ------
    ValueError
        When the model has no attention, there is not one caption for each picture, or one has no word.
    """
    _check_attention(model)
    pictures, captions = check_pictures(pictures), [encode(vocab, words) for words in as_list("captions", captions)]
    if len(captions) != len(pictures):
        raise ValueError(f"there are {len(captions)} captions, expected one for each of {len(pictures)} pictures")
    found = []
    for start in range(0, len(pictures), _AT_ONCE):
        part = captions[start : start + _AT_ONCE]
        tokens, _ = pad_outputs(part)
        inputs = np.vstack([np.full_like(tokens[:1], START), tokens[:-1]])
        with torch.no_grad():
            state = see_pictures(model, pictures[start : start + _AT_ONCE])
            _, state = model.decode(as_tensors(inputs, device_of(model)), state)
        weights = state.weights.cpu().numpy().reshape(len(part), -1, MAP_SIDE, MAP_SIDE)
        found += [rows[: len(words)] for rows, words in zip(weights, part, strict=True)]
    return found


def where_it_looks(model, scenes, vocab):
    """Compare the heaviest of the 64 weights with the place of the object, for each word of the true captions.

    Parameters
    ----------
    model : Captioner
        With attention.
    scenes : list of tuples of PictureObject
    vocab : Vocab

    Returns
    -------
    dict of str: WhereItLooks
        For "naming" (sizes, colours and shapes), "article" and "relation"; without a role that does not occur.

    Raises
    ------
    ValueError
        When the model has no attention, or there is no scene.
    """
    captions = [caption_of(scene) for scene in as_list("scenes", scenes)]
    rows = {"naming": [], "article": [], "relation": []}
    for scene, words, weights in zip(
        scenes, captions, place_weights(model, draw_pictures(scenes), captions, vocab), strict=True
    ):
        covered = object_cover(scene, MAP_SIDE).reshape(len(scene), -1) > 0
        for each, heaviest in zip(annotate_caption(words), weights.reshape(len(words), -1).argmax(axis=1), strict=True):
            k = each.objects[0]
            after = covered[k + 1, heaviest] if k + 1 < len(scene) else np.nan
            role = each.role if each.role in rows else "naming"
            rows[role].append((covered[k, heaviest], after, covered[k].mean()))
    return {role: _summary(np.array(found, float)) for role, found in rows.items() if found}


def _summary(found):
    own, after, chance = found.T
    there = after[~np.isnan(after)]
    return WhereItLooks(own.mean(), there.mean() if len(there) else np.nan, chance.mean(), len(found))


def _check_attention(model):
    if model.attention is None:
        raise ValueError(f"the model is of kind {model.kind!r}, expected one with attention")
