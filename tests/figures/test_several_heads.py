"""The machine of several heads: a head that is taken out does nothing, and what is told is what the layer answers."""

from io import BytesIO

import numpy as np
import pytest

from helpers.data.tasks.digit_among_letters import SYMBOLS, letters_and_digit, three_questions
from helpers.figures.several_heads import ALL_HEADS, draw_several_heads, head_choices
from helpers.models.head_ablation import without_head
from helpers.models.self_attention_tagger import init_self_attention_tagger, self_attention_tagger

QUESTIONS = ["before", "after", "digit"]
PARAMS = init_self_attention_tagger(np.random.default_rng(3), len(SYMBOLS), T=8, D=8, questions=3)
TOKENS = letters_and_digit(np.random.default_rng(4), 1, 8)[0]
ANSWERS = three_questions(TOKENS)


def draw(place=3, taken_out=ALL_HEADS, heads=4, params=PARAMS):
    return draw_several_heads(params, heads, TOKENS[0], place, taken_out, SYMBOLS, QUESTIONS, ANSWERS[0])


@pytest.mark.parametrize("place", range(1, 9))
@pytest.mark.parametrize("taken_out", head_choices(4))
def test_nothing_meets(place, taken_out, check_machine):
    figure, said = draw(place, taken_out)
    check_machine(figure)
    assert figure.get_figheight() == draw()[0].get_figheight()
    assert len(said) < 260
    assert len({draw(place, other)[1] for other in head_choices(4)}) == 5


def test_what_is_told_is_what_the_layer_answers():
    for taken_out, params in (
        (ALL_HEADS, PARAMS),
        *((f"head {k + 1}", without_head(PARAMS, 4, k)) for k in range(4)),
    ):
        answered = self_attention_tagger(TOKENS, params, 4)[0][0].argmax(axis=-1)
        for place in range(1, 9):
            _, said = draw(place, taken_out)
            pairs = zip(QUESTIONS, answered[place - 1], ANSWERS[0, place - 1], strict=True)
            wrong = [f"{q}: {SYMBOLS[a]}" for q, a, right in pairs if right >= 0 and a != right]
            assert said.endswith(f"it is wrong about {', '.join(wrong)}." if wrong else "every answer is right.")


def test_it_says_where_the_heads_look():
    first = PARAMS.attention
    blind = first._replace(W_q=first.W_q * 0, b_q=first.b_q * 0)  # all scores 0: the first of equal weights
    assert "1 at " in draw(1, params=PARAMS._replace(attention=blind))[1]
    assert "(itself)" in draw(1, params=PARAMS._replace(attention=blind))[1]
    assert "(the one before)" in draw(2, params=PARAMS._replace(attention=blind))[1]
    assert "(place 1)" in draw(3, params=PARAMS._replace(attention=blind))[1]


def test_a_click_sets_the_place_or_takes_a_head_out():
    gids = {artist.get_gid() for artist in draw(taken_out="head 2")[0].findobj() if artist.get_gid()}
    heads = {"taken_out=head 1", f"taken_out={ALL_HEADS}", "taken_out=head 3", "taken_out=head 4"}
    assert gids == {f"place={s}" for s in range(1, 9)} | heads


def test_a_head_that_is_taken_out_hands_over_zeros():
    def picture(params, taken_out):
        file = BytesIO()
        draw(taken_out=taken_out, params=params)[0].savefig(file, format="png")
        return file.getvalue()

    attention = PARAMS.attention
    columns = np.arange(8) // 2 == 1  # of the second head
    other = attention._replace(b_v=np.where(columns, -3.0, attention.b_v))
    assert picture(PARAMS, "no head") != picture(PARAMS._replace(attention=other), "no head")
    assert picture(PARAMS, "head 2") == picture(PARAMS._replace(attention=other), "head 2")


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="place is 9, expected 1 to 8"):
        draw(9)
    with pytest.raises(ValueError, match="taken_out is 'head 5'"):
        draw(1, "head 5")
    with pytest.raises(ValueError, match="answers"):
        draw_several_heads(PARAMS, 4, TOKENS[0], 1, ALL_HEADS, SYMBOLS, QUESTIONS, ANSWERS[0, :, :2])
