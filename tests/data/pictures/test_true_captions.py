import numpy as np
import pytest

from helpers.data.pictures import (
    PictureObject,
    Wording,
    caption_distribution,
    caption_vocab,
    compose_scene,
    random_scenes,
    true_captioner,
)
from helpers.data.vocab import END, START, build_vocab, decode, encode
from helpers.decoding import beam_search, exhaustive_search, greedy, score_of

LARGE = (PictureObject("large", "blue", "square", 22, 22),)
TWO = compose_scene([*LARGE, PictureObject("small", "red", "circle", 8, 5)])
VOCAB, WORDING = caption_vocab(), Wording(no_size=0.4, big=0.5)


def test_each_caption_has_its_probability():
    scenes = [*random_scenes(6, np.random.default_rng(0)), LARGE, TWO]
    step, state = true_captioner(scenes, WORDING, VOCAB)
    for n, scene in enumerate(scenes):
        truth = caption_distribution(scene, WORDING)
        found = score_of(step, state[[n] * len(truth)], START, [(*encode(VOCAB, words), END) for words in truth], 0)
        assert [np.exp(each.log_prob) for each in found] == pytest.approx([*truth.values()])


def test_one_object_has_three_captions_and_no_other():
    step, state = true_captioner([LARGE], WORDING, VOCAB)
    (found,) = exhaustive_search(step, state, START, END, 5, alpha=0)
    said = {" ".join(decode(VOCAB, each.tokens[:-1])): np.exp(each.log_prob) for each in found if each.log_prob > -30}
    assert said == pytest.approx({"a blue square": 0.4, "a large blue square": 0.3, "a big blue square": 0.3})


def test_searches_leave_out_the_size_that_most_captions_say():
    step, state = true_captioner([LARGE], WORDING, VOCAB)
    for best, *_ in (greedy(step, state, START, END, 9)[0], beam_search(step, state, START, END, 3, 9, alpha=0)[0]):
        assert " ".join(decode(VOCAB, best.tokens[:-1])) == "a blue square"


def test_what_nobody_says_has_no_probability_and_ends():
    step, state = true_captioner([LARGE], WORDING, VOCAB)
    (wrong,) = score_of(step, state, START, [(*encode(VOCAB, ["a", "red"]), END)], 0)
    assert wrong.log_prob == -np.inf
    _, state = step(np.array([START]), state)
    log_probs, _ = step(np.array([VOCAB.ids["red"]]), state)
    assert log_probs[0, END] == 0


@pytest.mark.parametrize("tokens", [[[START]], [START] * 2])
def test_a_step_wants_one_token_for_each_row(tokens):
    step, state = true_captioner([LARGE], WORDING, VOCAB)
    with pytest.raises(ValueError, match="tokens has shape"):
        step(np.array(tokens), state)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], WORDING, VOCAB), "the number of scenes is 0"),
        (([LARGE], Wording(2.0), VOCAB), "no_size is 2"),
        (([LARGE], WORDING, build_vocab(["a", "blue"])), "the vocabulary lacks big, large, square"),
    ],
)
def test_what_cannot_be_said_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        true_captioner(*arguments)
