import numpy as np
import pytest

from helpers.data.spelling import letters_of, padded, spell, written
from helpers.data.vocab import END, PAD, START, UNK, encode_sentences


def test_words_as_columns_of_ids():
    vocab = letters_of(["ab", "a"])
    a, b = vocab.ids["a"], vocab.ids["b"]
    ids, lengths = spell(vocab, ["ab", "ç"], start=True)
    assert ids.T.tolist() == [[START, a, b, END], [START, UNK, END, PAD]]
    assert lengths.tolist() == [4, 3]
    assert spell(vocab, ["b"])[0].ravel().tolist() == [b, END]
    assert written(vocab, [a, b, a]) == "aba"
    assert written(vocab, []) == ""


def test_without_marks():
    vocab = letters_of(["ab"])
    ids, lengths = padded(encode_sentences(vocab, [["a"], ["b", "a"]]))
    assert lengths.tolist() == [1, 2]
    np.testing.assert_array_equal(ids[:, 1], [vocab.ids["b"], vocab.ids["a"]])


def test_no_empty_word():
    with pytest.raises(ValueError, match="sentence 1 is empty"):
        spell(letters_of(["a"]), ["a", ""])
