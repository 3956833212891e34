"""The machine of negative sampling shows the words that were drawn, with their numbers."""

import numpy as np
import pytest
from matplotlib.text import Text

from helpers.core.numerics import sigmoid
from helpers.figures.noise_machine import NoiseDraw, draw_noise_machine, tell_noise_machine

WORDS = ("bark", "barks", "meow", "meows", "neigh", "moo", "kennel", "basket", "stable", "bones", "tuna", "hay")
P = np.arange(12, 0, -1) / 78
Q = P**0.5 / (P**0.5).sum()
S = np.linspace(-4, 2, 12)
DRAWS = [[5, 0, 11, 5, 3], [1, 1, 2, 6, 9], [11, 10, 9, 8, 7]]


def example(drawn, target=1):
    return NoiseDraw("dog", WORDS, P, Q, target, np.array(drawn), S)


@pytest.mark.parametrize("drawn", DRAWS)
def test_no_text_and_no_arrow_meets_another(drawn, check_machine):
    check_machine(draw_noise_machine(example(drawn)))


def test_each_is_asked_with_its_own_score_and_gradient():
    texts = [text.get_text() for text in draw_noise_machine(example(DRAWS[0])).findobj(Text)]
    assert texts.count("barks: yes") == 1
    assert texts.count("moo: no") == 2
    wanted = [sigmoid(S[1]) - 1, *sigmoid(S[DRAWS[0]])]
    assert {f"{value:.2f}".replace("-", "−") for value in wanted} <= {*texts}


def test_the_sentence_has_the_loss_and_names_a_hit():
    s = S[[1, *DRAWS[1]]]
    loss = -np.log(sigmoid(s[0])) - np.log(sigmoid(-s[1:])).sum()
    said = tell_noise_machine(example(DRAWS[1]))
    assert f"the loss is {loss:.2f} nats" in said
    assert "“barks” itself was drawn 2 times" in said
    assert f"“bark” is drawn {12**0.5:.1f} times as often as “hay”" in said
    assert "itself" not in tell_noise_machine(example(DRAWS[0]))
