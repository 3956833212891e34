import pytest

from helpers.data.prose import split_sentences
from helpers.data.prose_parts import deal_sentences

TEXT = "\n".join(f"The word{n} is here. It is word{n}." for n in range(50))


def test_blocks_are_dealt_in_turn():
    train, validation, test = deal_sentences(TEXT, block=5)
    sentences = split_sentences(TEXT)
    assert validation == sentences[20:25] + sentences[70:75]
    assert test == sentences[45:50] + sentences[95:]
    assert train == sentences[:20] + sentences[25:45] + sentences[50:70] + sentences[75:95]


def test_a_paragraph_that_stands_twice_is_taken_once():
    assert deal_sentences(TEXT + "\n" + TEXT, block=5) == deal_sentences(TEXT, block=5)


def test_too_short_a_text_and_what_is_no_text_are_refused():
    with pytest.raises(ValueError, match="100 sentences, expected at least 110"):
        deal_sentences(TEXT, block=11)
    with pytest.raises(ValueError, match="of type int"):
        deal_sentences(7)
    with pytest.raises(ValueError, match="block"):
        deal_sentences(TEXT, block=0)
