import itertools

import numpy as np
import pytest

from helpers.data.source_target_pairs import pair_vocabs
from helpers.data.tasks.translation import translation_pairs
from helpers.figures.transformer_machine import (
    count_translation_steps,
    draw_looks,
    draw_transformer,
    most_looked_at,
    stage_of,
    tell_translation,
    with_gloss,
)
from helpers.models.torch_modules import new_model
from helpers.models.transformer import Transformer
from helpers.models.transformer.trace import trace_translation

VOCABS = pair_vocabs(translation_pairs(3000, np.random.default_rng(0), lengths=(3, 9)))
MODEL = new_model(Transformer, *map(len, VOCABS), 32, 64, layers=1, heads=2, seed=0)


@pytest.fixture(scope="module")
def trace():
    # What an untrained model writes has no end: cut it.
    full = trace_translation(MODEL, "the girl loves the slow dog", *VOCABS)
    masked, cross, feed = full.decoder
    masked, cross = masked._replace(weights=masked.weights[:, :4, :4]), cross._replace(weights=cross.weights[:, :4])
    return full._replace(written=full.written[:4], inputs=full.inputs[:4], decoder=(masked, cross, feed))


def texts(figure):
    return [artist.get_text().strip() for artist in figure.get_children() if hasattr(artist, "get_text")]


def test_stages_by_hand(trace):
    assert count_translation_steps(trace) == 4 + 5 * 4
    assert [stage_of(trace, step)[0] for step in (0, 1, 4, 5, 9, 10)] == [
        "",
        "tokens",
        "memory",
        "token",
        "word",
        "token",
    ]
    assert [stage_of(trace, step)[1] for step in (0, 4, 9, 10, 24)] == [0, 0, 0, 1, 3]
    with pytest.raises(ValueError, match="at most 24"):
        stage_of(trace, 25)


@pytest.mark.parametrize("step", [0, 1, 2, 4, 5, 7, 9, 24])
def test_no_text_meets_another(trace, step, check_machine):
    check_machine(draw_transformer(trace, step, glosses=dict.fromkeys(trace.words, "grandmother")))


def test_what_is_not_computed_is_not_shown(trace):
    before, after = (texts(draw_transformer(trace, step)) for step in (8, 9))
    assert before.count("?") == 3
    assert "?" not in after
    assert trace.words[trace.p[0].argmax()] in after
    assert f"{trace.inputs[0]} + position" not in texts(draw_transformer(trace, 4))


def test_the_encoder_shows_the_token_that_is_looked_at(trace):
    t = 2
    s = most_looked_at(trace, t)
    assert trace.decoder[1].weights[:, t, s].mean() == trace.decoder[1].weights[:, t].mean(axis=0).max()
    assert f"{trace.source[s]} + position" in texts(draw_transformer(trace, 5 + 5 * t))
    assert f"{trace.source[4]} + position" in texts(draw_transformer(trace, 5, word=4))


def test_later_tokens_have_crosses_and_what_is_to_come_no_bars(trace, check_layout):
    figure = draw_looks(trace, 6 + 5, glosses={trace.inputs[1]: "grandmother"})
    check_layout(figure, names="")
    first, own, cross = figure.axes
    assert [label.get_text() for label in own.get_xticklabels()][1].endswith("\n(grandmother)")
    assert len(own.lines[0].get_xdata()) == 2  # of four
    assert max(bar.get_height() for bar in own.patches) > 0
    assert max(bar.get_height() for bar in cross.patches) == 0
    heights = [bar.get_height() for bar in first.patches]
    assert np.isclose(sum(heights), 2)  # two heads


def test_no_two_neighbouring_steps_tell_the_same(trace):
    told = [tell_translation(trace, step) for step in range(count_translation_steps(trace) + 1)]
    assert all(one != other for one, other in itertools.pairwise(told))
    for t, weights in enumerate(trace.decoder[1].weights.transpose(1, 0, 2)):
        said = tell_translation(trace, 7 + 5 * t)
        assert said.endswith(f"“{trace.source[weights[1].argmax()]}” ({weights[1].max():.2f}) in head 2.")
    assert with_gloss("ka", {"ka": "OBJECT"}) == "ka (OBJECT)"
    assert with_gloss("ka", None) == "ka"


def test_bad_arguments(trace):
    with pytest.raises(ValueError, match="word is 9"):
        draw_transformer(trace, 1, word=9)
    with pytest.raises(ValueError, match="expected 2 and 3"):
        draw_transformer(trace._replace(encoder=trace.encoder * 2), 1)
