"""A captioner: a convolutional encoder, and a decoder with attention over places or with one vector."""

from helpers.models.captioner.one_place import losses_of_places
from helpers.models.captioner.saying import (
    WhereItLooks,
    place_weights,
    say_pictures,
    see_pictures,
    trace_caption,
    where_it_looks,
)
from helpers.models.captioner.torch_model import CAPTIONERS, MAP_SIDE, Captioner
from helpers.models.captioner.training import CaptionerRun, caption_loss, train_captioner
from helpers.models.seq2seq.decoding_steps import decoder_step
from helpers.models.torch_modules import as_tensors, count_weights, new_model
from helpers.models.torch_runs import TrainedRun, train_runs

__all__ = [
    "CAPTIONERS",
    "MAP_SIDE",
    "Captioner",
    "CaptionerRun",
    "TrainedRun",
    "WhereItLooks",
    "as_tensors",
    "caption_loss",
    "count_weights",
    "decoder_step",
    "losses_of_places",
    "new_model",
    "place_weights",
    "say_pictures",
    "see_pictures",
    "trace_caption",
    "train_captioner",
    "train_runs",
    "where_it_looks",
]
