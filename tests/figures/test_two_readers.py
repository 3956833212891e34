"""Two readers: what is hidden gets no line, and the sentence has the numbers of the models."""

import numpy as np
import pytest
from matplotlib.text import Text

from helpers.data.world import world_grammar
from helpers.figures.two_readers import draw_two_readers
from helpers.models.gpt_bert import BERT, GPT, Sizes, bert_blank, new_model

TEXT = "every day the girl travels from japan to germany"
VOCAB = world_grammar().vocab
MODELS = [new_model(kind, Sizes(len(VOCAB), 8, 1, 2, 12), seed=0) for kind in (GPT, BERT)]


@pytest.mark.parametrize("position", [1, 4, 9])
def test_nothing_meets_and_what_follows_is_hidden_from_gpt(position, check_machine):
    (gpt, bert), said = draw_two_readers(*MODELS, VOCAB, TEXT, position)
    for figure, hidden in ((gpt, 10 - position), (bert, 0)):
        check_machine(figure)
        assert sum(text.get_text() == "hidden" for text in figure.findobj(Text)) == hidden
    assert f"word {position}" in said
    assert TEXT in said


def test_the_answer_is_the_models():
    p = np.exp(bert_blank(MODELS[1], VOCAB, TEXT, 3))
    _, said = draw_two_readers(*MODELS, VOCAB, TEXT, 4)
    assert f"BERT says “{VOCAB.tokens[p.argmax()]}” {p.max():.2f}" in said


def test_a_word_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="position is 10, expected at most 9"):
        draw_two_readers(*MODELS, VOCAB, TEXT, 10)
