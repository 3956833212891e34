"""The network of word2vec on a sentence: its numbers are those of the model, and every picture can be read."""

import numpy as np
import pytest
from matplotlib.text import Text

from helpers.core.gradient_check import numerical_gradient
from helpers.core.numerics import log_softmax
from helpers.figures.machine.parts import ROLES
from helpers.figures.word2vec_machine import RATE, WORD2VEC_STAGES, draw_table_step, tell_table_step, trace_table_step

TEXT = "the dog sees the cat"
CASES = [("the king wears a crown", "cbow", 2), (TEXT, "cbow", 1), (TEXT, "skip-gram", 4), ("the dog", "skip-gram", 0)]


def stage(name):
    return WORD2VEC_STAGES.index(name)


def texts(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("at", range(len(WORD2VEC_STAGES)))
def test_no_text_and_no_arrow_meets_another(case, at, check_machine):
    step = trace_table_step(*case)
    figure = draw_table_step(step, at, "word")
    check_machine(figure)
    assert figure.get_figheight() == draw_table_step(step, 0).get_figheight(), "nothing moves between stages"


@pytest.mark.parametrize("case", CASES)
def test_gradients_are_those_of_central_differences(case):
    step = trace_table_step(*case)

    def loss(E, W):
        return -float(log_softmax((E[step.seen].mean(axis=0) @ W.T)[None])[0, step.target])

    assert np.isclose(step.loss, loss(step.E, step.W))
    assert np.isclose(step.loss, -np.log(step.p[step.target]))
    np.testing.assert_allclose(step.grads.E, numerical_gradient(lambda E: loss(E, step.W), step.E), atol=1e-8)
    np.testing.assert_allclose(step.grads.W, numerical_gradient(lambda W: loss(step.E, W), step.W), atol=1e-8)
    after = loss(step.E - RATE * step.grads.E, step.W - RATE * step.grads.W)
    assert np.isclose(-np.log(step.p_after[step.target]), after)
    assert after < step.loss


def test_the_window_makes_the_example():
    cbow, skip = (trace_table_step(TEXT, context, 1) for context in ("cbow", "skip-gram"))
    assert [cbow.words[i] for i in cbow.seen] == ["the", "sees", "the"]
    assert cbow.words[cbow.target] == "dog"
    assert [skip.words[i] for i in skip.seen] == ["dog"]
    assert skip.words[skip.target] == "sees"
    last = trace_table_step(TEXT, "skip-gram", 4)
    assert last.words[last.target] == "the"  # the last word names the one before
    assert "each gets 1/3 of ∂L/∂h each time it is seen" in tell_table_step(cbow, stage("dE"))


def test_grey_are_the_words_that_take_no_part():
    def grey(*case):
        figure = draw_table_step(trace_table_step(*case), stage("h"))
        words = sorted(figure.findobj(lambda t: isinstance(t, Text)), key=lambda t: -t.get_position()[1])
        words = [text for text in words if text.get_text()][: len(TEXT.split())]
        words.sort(key=lambda text: text.get_position()[0])
        assert [text.get_text() for text in words] == case[0].split()
        return [place for place, text in enumerate(words) if text.get_color() == ROLES["plain"]]

    assert grey("the king wears a crown", "cbow", 2) == []
    assert grey(TEXT, "cbow", 1) == [4]
    assert grey(TEXT, "skip-gram", 1) == [0, 3, 4]
    assert grey(TEXT, "skip-gram", 4) == [0, 1, 2]


def test_every_number_comes_when_it_is_computed():
    step = trace_table_step(*CASES[0])
    p = f"{step.p.max():.2f}"
    assert p not in texts(draw_table_step(step, stage("scores")))
    assert p in texts(draw_table_step(step, stage("p")))
    assert "∂L/∂h" not in texts(draw_table_step(step, stage("dW")))
    assert "∂L/∂h" in texts(draw_table_step(step, stage("dh")))
    said = [tell_table_step(step, at) for at in range(len(WORD2VEC_STAGES))]
    assert len({*said}) == len(said)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        (("dog", "cbow", 0), "1 words, expected 2 or more"),
        (("a b c d e f g", "cbow", 0), "7 words"),
        ((TEXT, "cbow", 5), "centre is 5, expected 0 to 4"),
        ((TEXT, "bag", 0), "bag"),
    ],
)
def test_bad_input_is_named(case, message):
    with pytest.raises(ValueError, match=message):
        trace_table_step(*case)


def test_there_is_no_stage_beyond_the_last():
    step = trace_table_step(*CASES[0])
    for function in (draw_table_step, tell_table_step):
        with pytest.raises(ValueError, match="stage is 11, expected 0 to 10"):
            function(step, len(WORD2VEC_STAGES))
