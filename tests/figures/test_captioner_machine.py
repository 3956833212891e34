"""The captioner as a machine: nothing meets, and what is told is in the weights and in the scene."""

import numpy as np
import pytest

from helpers.data.pictures import PictureObject, caption_of, caption_vocab, compose_scene, draw_pictures, object_cover
from helpers.figures.captioner_machine import draw_captioner, draw_captioner_step, objects_to_come
from helpers.models.captioner import Captioner, new_model, trace_caption
from helpers.models.seq2seq.looking_back import LookBack

VOCAB = caption_vocab()
THREE = compose_scene(
    [
        PictureObject("large", "yellow", "triangle", 24, 8),
        PictureObject("large", "red", "triangle", 8, 11),
        PictureObject("small", "yellow", "square", 24, 26),
    ]
)
ONE = compose_scene([PictureObject("small", "blue", "circle", 20, 20)])


def looks_of(words, heaviest=None):
    rng = np.random.default_rng(0)
    weights = rng.dirichlet(np.full(64, 0.2), len(words) + 1)
    if heaviest is not None:
        weights[:] = np.eye(64)[heaviest]
    looks = []
    for word, w in zip([*words, "<end>"], weights, strict=True):
        p = rng.dirichlet(np.full(len(VOCAB), 0.3))
        vectors = (rng.standard_normal(6) for _ in range(3))
        before, context, after = vectors
        looks.append(LookBack(before, w, context, after, VOCAB.ids.get(word, 2), float(p.max()), p))
    return looks


def draw(scene, step, words=None, heaviest=None):
    said = looks_of(caption_of(scene) if words is None else words, heaviest)
    return draw_captioner_step(scene, VOCAB, np.random.default_rng(1).random((8, 8)), said, step, "picture 2")


@pytest.mark.parametrize("scene", [ONE, THREE])
def test_nothing_meets_nothing_moves_and_every_sentence_is_another(scene, check_machine, check_layout):
    drawn = [draw(scene, step) for step in range(1, len(caption_of(scene)) + 3)]
    for (look, machine), _ in drawn:
        check_layout(look, names="")
        check_machine(machine)
    assert len({machine.get_figheight() for (_, machine), _ in drawn}) == 1
    said = [sentence for _, sentence in drawn]
    assert len(set(said)) == len(said)
    assert max(map(len, said)) < 170


def test_the_object_of_the_word_is_framed_and_its_weight_is_told():
    place = int(object_cover(ONE)[0].argmax())
    (look, _), told = draw(ONE, 3, heaviest=place)
    equal = (object_cover(ONE)[0] > 0).mean()
    assert told == (
        f"Picture 2, step 3: it says “blue”. 100 % of the weight is on what the word is about; equal weights: "
        f"{100 * equal:.0f} %."
    )
    assert [len(axes.patches) for axes in look.axes] == [1, 1]
    (look, _), told = draw(ONE, 3, heaviest=0)
    assert "0 % of the weight is on" in told
    (look, _), _ = draw(THREE, 5)  # a relation is about two
    assert [len(axes.patches) for axes in look.axes] == [2, 2]


def test_a_wrong_word_is_corrected_and_after_it_no_place_is_known():
    assert "it says “red”, and right would be “blue”" in draw(ONE, 3, ("a", "small", "red", "circle"))[1]
    (look, _), told = draw(ONE, 4, ("a", "small", "red", "circle"))
    assert told == "Picture 2, step 4: it says “circle”."
    assert [len(axes.patches) for axes in look.axes] == [0, 0]
    assert draw(ONE, 9)[1] == "Picture 2, step 9: it says “<end>”, the last of 5 words."


def test_what_comes_next_is_about():
    words = caption_of(THREE)
    assert [objects_to_come(THREE, words[:t]) for t in (0, 3)] == [(0,), (0,)]
    assert objects_to_come(THREE, words[:4]) == (0, 1)
    assert objects_to_come(THREE, words) == objects_to_come(THREE, ("a", "b")) == ()


def test_a_click_goes_to_a_word():
    (_, machine), _ = draw(ONE, 2)
    assert {a.get_gid() for a in machine.findobj() if a.get_gid()} == {f"step={n}" for n in range(1, 6)}


def test_a_model_says_a_scene():
    model = new_model(Captioner, len(VOCAB), seed=0).eval()
    said = trace_caption(model, draw_pictures([ONE])[0])
    _, told = draw_captioner(model, VOCAB, ONE, 1)
    assert told.startswith(f"The picture, step 1: it says “{VOCAB.tokens[said[0].token]}”")


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="step"):
        draw(ONE, 0)
    with pytest.raises(ValueError, match="strengths"):
        draw_captioner_step(ONE, VOCAB, np.ones(64), looks_of(caption_of(ONE)), 1)
    with pytest.raises(ValueError, match="weights"):
        draw_captioner_step(ONE, VOCAB, np.ones((4, 4)), looks_of(caption_of(ONE)), 1)
    with pytest.raises(ValueError, match="number of steps"):
        draw_captioner_step(ONE, VOCAB, np.ones((8, 8)), [], 1)
