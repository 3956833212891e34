"""Valid calls of what makes, describes and judges pictures."""

import numpy as np

from helpers.data import pictures
from helpers.data.vocab import START
from helpers.layers.attention import hard
from helpers.models import caption_judges, captioner
from tests.extreme_input.calls import DRAWN, Call, a_share, normal, not_below_0

SCENE = (
    pictures.PictureObject("small", "red", "circle", 8.0, 6.0),
    pictures.PictureObject("large", "blue", "square", 20.0, 22.0),
)
CAPTION = pictures.caption_of(SCENE)
VOCAB = pictures.caption_vocab()


def _pictures():
    return pictures.draw_pictures([SCENE, SCENE[:1]]).astype(np.float64)


def _captions():
    return [CAPTION, CAPTION[:4]]


def encoded():
    return pictures.encode_captions(_pictures(), _captions(), VOCAB)


def _model(kind="attention"):
    return captioner.new_model(captioner.Captioner, len(VOCAB), kind, seed=0, E=3, H=4, d=3).eval()


def _hard(rng):
    weights = np.array([0.5, 0.2, 0.3])
    return {"weights": weights, "losses": normal(rng, 3)}


CALLS = [
    Call(pictures.object_box, lambda rng: {"one": SCENE[0]}),
    Call(pictures.compose_scene, lambda rng: {"objects": list(SCENE)}),
    Call(pictures.random_scenes, lambda rng: {"N": 3, "rng": rng, "objects": (1, 2)}, **DRAWN),
    Call(pictures.draw_pictures, lambda rng: {"scenes": [SCENE]}),
    Call(pictures.object_cover, lambda rng: {"scene": SCENE, "cells": 8}),
    Call(pictures.relation_between, lambda rng: {"one": SCENE[0], "other": SCENE[1]}),
    Call(pictures.caption_of, lambda rng: {"scene": SCENE}),
    Call(pictures.annotate_caption, lambda rng: {"words": list(CAPTION)}),
    Call(pictures.parse_caption, lambda rng: {"words": list(CAPTION)}),
    Call(pictures.reverse_caption, lambda rng: {"words": list(CAPTION)}),
    Call(
        pictures.swap_word, lambda rng: {"words": list(CAPTION), "role": "colour", "k": 1, "other": "green"}
    ),
    Call(
        pictures.caption_distribution, lambda rng: {"scene": SCENE, "wording": pictures.Wording(0.4, 0.5)}
    ),
    Call(
        pictures.draw_captions,
        lambda rng: {"scenes": [SCENE], "wording": pictures.Wording(0.4, 0.5), "rng": rng},
        **DRAWN,
    ),
    Call(
        pictures.wording_entropy,
        lambda rng: {"scene": SCENE, "wording": pictures.Wording(0.4, 0.5)},
        judge=not_below_0,
    ),
    Call(
        pictures.true_captioner,
        lambda rng: {"scenes": [SCENE], "wording": pictures.Wording(0.4, 0.5), "vocab": VOCAB},
        via=lambda **arguments: _first_step(*pictures.true_captioner(**arguments)),
        infinite=True,
    ),
    Call(pictures.caption_vocab, lambda rng: {}),
    Call(
        pictures.encode_captions, lambda rng: {"pictures": _pictures(), "captions": _captions(), "vocab": VOCAB}
    ),
    Call(pictures.caption_batch, lambda rng: {"encoded": encoded(), "numbers": np.array([1, 0])}),
    Call(caption_judges.judge_caption, lambda rng: {"words": list(CAPTION), "scene": SCENE}),
    Call(
        caption_judges.judge_captions,
        lambda rng: {"captions": _captions(), "scenes": [SCENE, SCENE[:1]]},
        judge=a_share,
    ),
    Call(hard.expected_loss, lambda rng: {"scores": normal(rng, 3), "losses": normal(rng, 3)}),
    Call(hard.expected_loss_backward, _hard, rounds=True),
    Call(hard.reinforce, lambda rng: _hard(rng) | {"drawn": np.array([0, 2]), "baseline": 0.5}, rounds=True),
    Call(hard.reinforce_spread, lambda rng: _hard(rng) | {"baseline": 0.5}, rounds=True),
    *[
        Call(
            captioner.Captioner,
            lambda rng, kind=kind: {"V": 5, "kind": kind, "E": 3, "H": 4, "d": 3},
            via=lambda **options: captioner.count_weights(captioner.Captioner(**options)),
        )
        for kind in captioner.CAPTIONERS
    ],
    *[
        Call(
            captioner.see_pictures,
            lambda rng, kind=kind: {"model": _model(kind), "pictures": _pictures()},
            via=lambda model, pictures: captioner.see_pictures(model, pictures).s,
            **DRAWN,
        )
        for kind in captioner.CAPTIONERS
    ],
    Call(captioner.say_pictures, lambda rng: {"model": _model(), "pictures": _pictures(), "vocab": VOCAB}),
    Call(
        captioner.trace_caption,
        lambda rng: {"model": _model(), "picture": _pictures()[0], "longest": 3},
        **DRAWN,
    ),
    Call(
        captioner.losses_of_places,
        lambda rng: {"model": _model(), "picture": _pictures()[0], "words": list(CAPTION), "t": 2, "vocab": VOCAB},
        **DRAWN,
    ),
    Call(
        captioner.place_weights,
        lambda rng: {"model": _model(), "pictures": _pictures(), "captions": _captions(), "vocab": VOCAB},
        **DRAWN,
    ),
    Call(
        captioner.where_it_looks,
        lambda rng: {"model": _model(), "scenes": [SCENE], "vocab": VOCAB},
        infinite=True,  # NaN, too: of one object there is no next
        **DRAWN,
    ),
    Call(
        captioner.train_captioner,
        lambda rng: {
            "model": _model(), "encoded": encoded(), "rng": rng, "steps": 2, "batch": 2, "rate": 0.01, "clip": 1.0
        },
        **DRAWN,
    ),
    Call(
        captioner.CaptionerRun,
        lambda rng: {"seed": 0, "kind": "first state", "steps": 2, "batch": 2, "rate": 0.01},
        via=lambda **run: _trained(captioner.CaptionerRun(**run)),
        **DRAWN,
    ),
    Call(
        captioner.caption_loss,
        lambda rng: {
            "model": _model(), "batch": captioner.as_tensors(pictures.caption_batch(encoded(), np.arange(2)))
        },
        judge=not_below_0,
    ),
]  # fmt: skip


def _first_step(step, state):
    return step(np.full(len(state), START), state)


def _trained(run):
    model = run.new(encoded(), len(VOCAB))
    return run.train(model, encoded(), len(VOCAB)).loss
