"""Bahdanau's decoder as a machine: nothing meets, and what is told is in the looks."""

import numpy as np
import pytest
from matplotlib.text import Text

from helpers.data.source_target_pairs import encode_pairs, pair_batch, pair_vocabs
from helpers.data.tasks.translation import GLOSSES, gloss, translate, translation_pairs
from helpers.figures.decoder_looks_back import draw_decoder_looks, draw_looking_back
from helpers.models.seq2seq.looking_back import LookBack, trace_looks
from helpers.models.seq2seq.torch_model import Seq2Seq
from helpers.models.torch_modules import new_model

SENTENCES = ["the big dog sees the cat", "the clever woman follows the small cat", "the girl wins and the boy sleeps"]


def drawn(sentence, step, says=None, heaviest=None):
    pair = translate(sentence.split())
    source, said = [*pair.source, "<end>"], [word.lower() for word in gloss(pair.target)] + ["<end>"]
    rng, S = np.random.default_rng(0), len(source)
    places = [place[0] if place else None for place in pair.alignment] + [None]
    weights = rng.dirichlet(np.ones(S), len(said))
    if heaviest is not None:
        weights[:] = np.eye(S)[heaviest]
    looks = [
        LookBack(rng.standard_normal(6), w, rng.standard_normal(8), rng.standard_normal(6), 3, 0.9) for w in weights
    ]
    told = list(zip(said, places, strict=True))
    return draw_looking_back(source, rng.standard_normal((S, 8)), looks, says or said, step, told)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_nothing_meets_and_nothing_moves(sentence, check_machine):
    figures, sentences = zip(*(drawn(sentence, step) for step in range(1, 9)), strict=True)
    for figure in figures:
        check_machine(figure)
    assert len({figure.get_figheight() for figure in figures}) == 1
    assert max(map(len, sentences)) < 170


def test_it_tells_the_word_the_place_and_the_truth():
    said = drawn(SENTENCES[0], 1, heaviest=2)[1]
    assert said == "Step 1: it looks most at “dog”, 1.00, and says “dog”. That is right, and so is the place."
    assert drawn(SENTENCES[0], 1, heaviest=1)[1].endswith("says “dog”. That is right, and comes from “dog”.")
    assert drawn(SENTENCES[0], 4)[1].endswith("says “object”. That is right, and comes from no word of the source.")
    wrong = ["cat", "big", "cat", "object", "sees", "<end>"]
    assert drawn(SENTENCES[0], 1, wrong)[1].endswith("says “cat”. Right would be “dog”.")
    assert drawn(SENTENCES[0], 8)[1].startswith("It said everything in 6 steps. Step 6: ")


def test_each_bar_is_the_weight_of_its_word():
    figure, _ = drawn(SENTENCES[0], 1, heaviest=2)
    shown = [text.get_text() for text in figure.findobj(Text) if text.get_text() in ("0.00", "1.00")]
    assert shown == ["0.00", "0.00", "1.00", "0.00", "0.00", "0.00", "0.00"]


def test_only_what_was_said_is_there_and_a_click_goes_back_to_it():
    figure, _ = drawn(SENTENCES[0], 3)
    assert {artist.get_gid() for artist in figure.findobj() if artist.get_gid()} == {"step=1", "step=2", "step=3"}
    assert "object" not in [text.get_text() for text in figure.findobj(Text)]


def test_a_sentence_is_translated_by_the_model():
    vocabs = pair_vocabs(translation_pairs(200, np.random.default_rng(0), lengths=(3, 9)))
    model = new_model(Seq2Seq, *map(len, vocabs), 4, 6, seed=0, attention="additive", bidirectional=True)
    pair = translate(SENTENCES[0].split())
    _, looks = trace_looks(model, pair_batch(encode_pairs([pair], *vocabs), np.arange(1)), 10)
    token = vocabs[1].tokens[looks[0].token]
    _, said = draw_decoder_looks(model, *vocabs, SENTENCES[0].upper(), 1)
    assert f"says “{GLOSSES.get(token, token).lower()}”." in said
    assert said.startswith(f"Step 1: it looks most at “{[*pair.source, '<end>'][looks[0].weights.argmax()]}”")
    for sentence, message in (("the unicorn sleeps", "unicorn"), (SENTENCES[0].split(), "sentence is")):
        with pytest.raises(ValueError, match=message):
            draw_decoder_looks(model, *vocabs, sentence, 1)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="step"):
        drawn(SENTENCES[0], 0)
    with pytest.raises(ValueError, match="at most 10"):
        drawn("the clever woman follows the small cat and the boy sleeps", 1)
    with pytest.raises(ValueError, match="2 words for 3 states"):
        draw_looking_back(["a", "b"], np.zeros((3, 2)), [], [], 1)
