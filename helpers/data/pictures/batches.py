"""Pictures and their captions side by side, as an encoder and a teacher-forced decoder read them."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_floats, as_list, check_finite, check_integer, check_shape
from helpers.data.batches import pad
from helpers.data.pictures.captions import CAPTION_WORDS
from helpers.data.pictures.scenes import PICTURE_SIDE
from helpers.data.vocab import Corpus, encode_sentences, make_vocab


class EncodedCaptions(NamedTuple):
    """Pictures, and their captions as ids: sentence n of the corpus is about picture n."""

    pictures: np.ndarray  # (N, 32, 32, 3) float32
    captions: Corpus


class CaptionBatch(NamedTuple):
    """Some pictures and their captions, time first.

    At step t the decoder has read inputs[: t + 1] and is to say targets[t]; target_mask is False in the padding.
    """

    pictures: np.ndarray  # (B, 32, 32, 3) float32
    inputs: np.ndarray  # (T, B) int32, the caption with <start> before it
    targets: np.ndarray  # (T, B) int32, the caption with <end> after it
    target_mask: np.ndarray  # (T, B) bool


def caption_vocab():
    """The vocabulary of all words that a caption can have, whatever the captions at hand.

    Returns
    -------
    Vocab
    """
    return make_vocab(dict.fromkeys(CAPTION_WORDS, 0))


def encode_captions(pictures, captions, vocab):
    """Turn the captions of pictures into ids.

    Parameters
    ----------
    pictures : ndarray (N, 32, 32, 3)
        Such as `draw_pictures` gives.
    captions : list of N sequences of str
    vocab : Vocab

    Returns
    -------
    EncodedCaptions

    Raises
    ------
    ValueError
        When there is not one caption for each picture, or one has no word.
    """
    pictures, captions = check_pictures(pictures), as_list("captions", captions)
    if len(captions) != len(pictures):
        raise ValueError(f"there are {len(captions)} captions, expected one for each of {len(pictures)} pictures")
    if not all(as_list("a caption", caption) for caption in captions):
        raise ValueError("a caption has no word, expected one at least")
    return EncodedCaptions(pictures, encode_sentences(vocab, captions))


def caption_batch(encoded, numbers):
    """Stand some pictures and their captions side by side, the captions filled up with `<pad>`.

    Parameters
    ----------
    encoded : EncodedCaptions
    numbers : ndarray of int (B,)
        Which ones, such as `helpers.data.batches.shuffled_batches` gives.

    Returns
    -------
    CaptionBatch

    Raises
    ------
    ValueError
        When a number is not that of a picture.
    """
    inputs, _ = pad(encoded.captions, numbers, start=True)
    targets, mask = pad(encoded.captions, numbers, end=True)
    return CaptionBatch(encoded.pictures[numbers], inputs, targets, mask)


def check_pictures(pictures):
    """Refuse what are no pictures of 32 × 32 pixels in three colours from 0 to 1; return them as float32.

    Raises
    ------
    ValueError
    """
    pictures = as_floats("pictures", pictures)
    check_shape("pictures", pictures, "N rows columns colours", rows=PICTURE_SIDE, columns=PICTURE_SIDE, colours=3)
    check_integer("the number of pictures", len(pictures))
    check_finite("pictures", pictures)
    if pictures.min() < 0 or pictures.max() > 1:
        raise ValueError(f"pictures spans {pictures.min():.3g} to {pictures.max():.3g}, expected colours from 0 to 1")
    return pictures.astype(np.float32, copy=False)
