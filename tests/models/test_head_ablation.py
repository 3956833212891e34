import numpy as np
import pytest

from helpers.data.tasks.digit_among_letters import SYMBOLS, letters_and_digit, three_questions
from helpers.models.head_ablation import accuracy_without, mean_looks, without_head
from helpers.models.self_attention_tagger import (
    init_self_attention_tagger,
    self_attention_tagger,
    self_attention_tagger_accuracy,
)

PARAMS = init_self_attention_tagger(np.random.default_rng(3), len(SYMBOLS), T=5, D=8, questions=3)
TOKENS = letters_and_digit(np.random.default_rng(4), 6, 5)[0]
ANSWERS = three_questions(TOKENS)


def test_without_a_head_its_output_reaches_nothing():
    one = without_head(PARAMS, 4, 1)
    assert not one.attention.W_o[2:4].any()
    np.testing.assert_array_equal(np.delete(one.attention.W_o, [2, 3], 0), np.delete(PARAMS.attention.W_o, [2, 3], 0))
    louder = PARAMS.attention._replace(W_v=PARAMS.attention.W_v * np.repeat([1, 9, 1, 1], 2))
    changed = without_head(PARAMS._replace(attention=louder), 4, 1)
    np.testing.assert_allclose(self_attention_tagger(TOKENS, changed, 4)[0], self_attention_tagger(TOKENS, one, 4)[0])
    assert PARAMS.attention.W_o[2:4].all()


def test_accuracy_without_each_head():
    found = accuracy_without(PARAMS, 2, TOKENS, ANSWERS)
    for head in range(2):
        expected = self_attention_tagger_accuracy(without_head(PARAMS, 2, head), TOKENS, ANSWERS, 2)
        np.testing.assert_array_equal(found[head], expected)
    assert found.shape == (2, 3)


def test_mean_looks_one_by_one():
    _, maps, _ = self_attention_tagger(TOKENS, PARAMS, 4)
    found = mean_looks(PARAMS, 4, TOKENS)
    for head in range(4):
        seen = [[], [], []]
        for tokens, table in zip(TOKENS, maps[:, head], strict=True):
            for t in range(5):
                seen[0] += [table[t, t - 1]] if t else []
                seen[1] += [table[t, t + 1]] if t < 4 else []
                seen[2].append(table[t, [SYMBOLS[i].isdigit() for i in tokens]][0])
        np.testing.assert_allclose(found[head], [np.mean(weights) for weights in seen])


def test_what_is_no_head_is_refused():
    with pytest.raises(ValueError, match="head is 4, expected 0 to 3"):
        without_head(PARAMS, 4, 4)
    one_place = PARAMS._replace(places=PARAMS.places[:1])
    with pytest.raises(ValueError, match="at least two"):
        mean_looks(one_place, 4, TOKENS[:, :1])
