"""Drawn scenes and what is said of them: the place that every word is about is known."""

from helpers.data.pictures.batches import CaptionBatch, EncodedCaptions, caption_batch, caption_vocab, encode_captions
from helpers.data.pictures.captions import (
    CAPTION_WORDS,
    SPATIAL_RELATIONS,
    CaptionWord,
    ParsedCaption,
    Phrase,
    annotate_caption,
    caption_of,
    parse_caption,
    relation_between,
)
from helpers.data.pictures.drawing import BACKGROUND, draw_pictures, object_cover
from helpers.data.pictures.rewording import reverse_caption, swap_word
from helpers.data.pictures.scenes import (
    OBJECT_COLOURS,
    OBJECT_RADII,
    OBJECT_SHAPES,
    OBJECT_SIZES,
    PICTURE_SIDE,
    BoundingBox,
    PictureObject,
    compose_scene,
    object_box,
    random_scenes,
)
from helpers.data.pictures.true_captions import true_captioner
from helpers.data.pictures.wording import Wording, caption_distribution, draw_captions, wording_entropy

__all__ = [
    "BACKGROUND",
    "CAPTION_WORDS",
    "OBJECT_COLOURS",
    "OBJECT_RADII",
    "OBJECT_SHAPES",
    "OBJECT_SIZES",
    "PICTURE_SIDE",
    "SPATIAL_RELATIONS",
    "BoundingBox",
    "CaptionBatch",
    "CaptionWord",
    "EncodedCaptions",
    "ParsedCaption",
    "Phrase",
    "PictureObject",
    "Wording",
    "annotate_caption",
    "caption_batch",
    "caption_distribution",
    "caption_of",
    "caption_vocab",
    "compose_scene",
    "draw_captions",
    "draw_pictures",
    "encode_captions",
    "object_box",
    "object_cover",
    "parse_caption",
    "random_scenes",
    "relation_between",
    "reverse_caption",
    "swap_word",
    "true_captioner",
    "wording_entropy",
]
