"""BLEU against cases by hand; bench/text_scores.py holds it to sacrebleu on random ones."""

import math

import pytest

from helpers.models.bleu import bleu, share_exactly_right


def test_the_example_of_the_paper_clips_what_is_said_again():
    found = bleu(["the the the the the the the"], [["the cat is on the mat", "there is a cat on the mat"]], order=1)
    assert found.precisions == pytest.approx((2 / 7,))  # not 7/7: no reference has more than two
    assert found.score == pytest.approx(2 / 7)
    assert (found.output_length, found.reference_length, found.brevity) == (7, 7, 1)


def test_all_parts_by_hand():
    found = bleu(["a red circle is left of a square"], [["a red circle is right of a square"]])
    # 1-grams: 7 of 8; 2-grams: all but "is left" and "left of"; 3-grams: 3 of 6; 4-grams: "a red circle is" of 5.
    assert found.precisions == pytest.approx((7 / 8, 5 / 7, 3 / 6, 1 / 5))
    assert found.score == pytest.approx((7 / 8 * 5 / 7 * 3 / 6 * 1 / 5) ** (1 / 4))


def test_one_wrong_word_costs_the_same_wherever_the_truth_is_lost():
    """BLEU does not see meaning: "left" for "right" changes all that is said, "big" for "large" nothing."""
    wrong = bleu(["a red circle is left of a square"], [["a red circle is right of a square"]])
    harmless = bleu(["a red circle is near to a square"], [["a red circle is close to a square"]])
    assert wrong.score == pytest.approx(harmless.score)


def test_short_outputs_are_punished_and_long_ones_by_their_precision():
    found = bleu(["a red circle is"], [["a red circle is left of a square"]])
    assert found.precisions == (1, 1, 1, 1)
    assert found.score == found.brevity == pytest.approx(math.exp(1 - 8 / 4))
    assert bleu(["a b c d e"], [["a b c d"]]).brevity == 1


def test_the_nearest_reference_gives_the_length_and_of_two_the_shorter():
    assert bleu(["a b c"], [["a b c d e", "a b c d", "a b"]]).reference_length == 2
    assert bleu(["a b c"], [["a b c d e", "a b c d"]]).reference_length == 4


def test_counts_are_of_all_outputs_together():
    found = bleu(["a b", "c d e f"], [["a x"], ["c d e f"]], order=2)
    assert found.precisions == pytest.approx((5 / 6, 3 / 4))


def test_orders_that_have_nothing_right_are_halved_again_and_again():
    found = bleu(["a b c d e"], [["a c b e d"]])
    assert found.precisions == pytest.approx((1, 1 / 2 / 4, 1 / 4 / 3, 1 / 8 / 2))
    assert found.score == pytest.approx((1 * 1 / 8 * 1 / 12 * 1 / 16) ** (1 / 4))
    assert bleu(["x y z w"], [["a b c d"]]).score == 0  # no right word
    assert bleu(["a b c"], [["a b c"]]).score == 0  # no 4-gram at all
    assert bleu([""], [["a b c"]]) == (0, (0, 0, 0, 0), 0, 0, 3)
    assert bleu(["a b c"], [["a b c"]], order=3).score == pytest.approx(1)


def test_words_may_come_as_tokens():
    assert bleu([(1, 2, 3, 4)], [[[1, 2, 3, 4]]]).score == pytest.approx(1)


def test_exactly_right():
    assert share_exactly_right(["a b", "c", "d"], ["a  b", "c", "e"]) == pytest.approx(2 / 3)
    assert share_exactly_right([(1, 2), (3,)], [[1, 2], [4]]) == 1 / 2


def test_what_is_refused():
    with pytest.raises(ValueError, match="there are 2 outputs and 1 lists of references"):
        bleu(["a", "b"], [["a"]])
    with pytest.raises(ValueError, match="there are 0 outputs and 0 lists of references"):
        bleu([], [])
    with pytest.raises(ValueError, match="the output 'a' has no reference"):
        bleu(["a"], [[]])
    with pytest.raises(ValueError, match="the references of an output is 'a b', expected a list"):
        bleu(["a"], ["a b"])
    with pytest.raises(ValueError, match="order is 0, expected an integer of at least 1"):
        bleu(["a"], [["a"]], 0)
    with pytest.raises(ValueError, match="outputs is 'a', expected a list"):
        bleu("a", [["a"]])
    with pytest.raises(ValueError, match="there are 1 outputs and 2 truths"):
        share_exactly_right(["a"], ["a", "b"])
