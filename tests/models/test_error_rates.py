import pytest

from helpers.models.error_rates import character_error_rate, word_error_rate


@pytest.mark.parametrize(
    ("output", "truth", "words", "characters"),
    [
        ("one two three", "one two three", 0, 0),
        ("one too three", "one two three", 1 / 3, 1 / 13),  # a word replaced
        ("one three", "one two three", 1 / 3, 4 / 13),  # "two " is missing
        ("one two two three", "one two three", 1 / 3, 4 / 13),  # one too many
        ("", "one two", 1, 1),
        ("a b c d", "a", 3, 6),  # above 1
    ],
)
def test_rates_counted_by_hand(output, truth, words, characters):
    assert word_error_rate([output], [truth]) == pytest.approx(words)
    assert character_error_rate([output], [truth]) == pytest.approx(characters)


def test_a_rate_is_of_the_whole_and_no_mean_of_sentences():
    assert word_error_rate(["a", "b c d e"], ["x", "b c d e"]) == pytest.approx(1 / 5)
    assert word_error_rate(["a", ""], ["a", ""]) == 0


def test_tokens_in_place_of_words():
    assert word_error_rate([(1, 2, 3)], [[1, 3]]) == 1 / 2
    assert character_error_rate([(1, 2, 3)], [[1, 3]]) == 1 / 2


@pytest.mark.parametrize("rate", [word_error_rate, character_error_rate])
def test_what_is_refused(rate):
    with pytest.raises(ValueError, match="there are 1 outputs and 2 truths, expected one for each"):
        rate(["a"], ["a", "b"])
    with pytest.raises(ValueError, match="the 2 truths have nothing in them"):
        rate(["a", "b"], ["", ""])
    with pytest.raises(ValueError, match="outputs is 'one two', expected a list"):
        rate("one two", ["one two"])
    with pytest.raises(ValueError, match="a text is 3, expected a list"):
        rate([3], [[3]])
