from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.fast_subwords import fast_learn_subwords
from helpers.data.subwords import (
    count_subword_pairs,
    cut_pieces,
    cut_word,
    decode_subwords,
    encode_subwords,
    learn_subwords,
    merge_pair,
)
from helpers.data.vocab import END, PAD, SPECIALS

WORDS = {"low": 5, "lower": 2, "newest": 6, "widest": 3}  # the example of Sennrich, Haddow and Birch
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]))
BOTH = pytest.mark.parametrize("learn", [learn_subwords, fast_learn_subwords])


@BOTH
def test_merges_by_hand(learn):
    # e-s and s-t occur nine times each; e has the lower id. Then es-t, nine times. l-o and o-w seven times; l first.
    subwords = learn(WORDS, 5)
    assert list(subwords.ranks) == [("e", "s"), ("es", "t"), ("l", "o"), ("lo", "w"), ("e", "w")]
    assert subwords.tokens[4 + 256 :] == (*"deilnorstw", "es", "est", "lo", "low", "ew")
    assert subwords.tokens[:4] == SPECIALS
    assert subwords.tokens[4:6] == ("<0x00>", "<0x01>")
    assert cut_word(subwords, "lowest") == ("low", "est")
    assert cut_word(subwords, "sestet") == ("s", "est", "e", "t")


def test_the_pair_that_was_learnt_first_is_merged_first():
    subwords = learn_subwords({"bc": 9, "ab": 5}, 2)
    assert list(subwords.ranks) == [("b", "c"), ("a", "b")]
    assert cut_word(subwords, "abc") == ("a", "bc")
    assert cut_word(subwords, "ababc") == ("ab", "a", "bc")


def test_pairs_by_hand():
    assert count_subword_pairs({("a", "b", "a", "b"): 2, ("b",): 7}) == Counter({("a", "b"): 4, ("b", "a"): 2})
    assert merge_pair(("a", "b", "a", "b", "a"), ("a", "b")) == ("ab", "ab", "a")
    assert merge_pair(("a", "a", "a"), ("a", "a")) == ("aa", "a")
    assert merge_pair(("a", "ab"), ("a", "b")) == ("a", "ab")


def test_pieces_by_hand():
    text = "We can't  wait…\n\n  3.14 我们来了 !"
    assert cut_pieces(text) == ["We", " can", "'", "t", " ", " wait", "…", "\n\n ", " 3", ".", "14", " 我们来了", " !"]


@given(ANY_TEXT)
def test_pieces_are_the_text(text):
    assert "".join(cut_pieces(text)) == text


@BOTH
def test_merging_ends_when_no_pair_occurs_twice(learn):
    assert list(learn("abab", 9).ranks) == [("a", "b")]
    assert learn("a", 9).ranks == {}
    assert learn("ab ab", 0).ranks == {}


@settings(deadline=None)
@given(st.lists(st.text("abc", min_size=1, max_size=12), min_size=1, max_size=12), st.integers(0, 30))
def test_the_fast_form_learns_the_same(words, merges):
    assert fast_learn_subwords(words, merges) == learn_subwords(words, merges)


def test_the_fast_form_learns_the_same_from_a_text():
    text = " ".join(f"{adverb}{verb}{ending}" for adverb in ("", "un", "re") for verb in ("do", "make", "likes")
                    for ending in ("", "ing", "able", "s")) * 3  # fmt: skip
    assert fast_learn_subwords(text, 60) == learn_subwords(text, 60)


@settings(deadline=None)
@given(ANY_TEXT, ANY_TEXT.filter(bool), st.integers(0, 20))
def test_any_text_goes_there_and_back(text, learnt, merges):
    subwords = learn_subwords(learnt, merges)
    ids = encode_subwords(subwords, text)
    assert ids.dtype == np.int32
    assert decode_subwords(subwords, ids) == text


@pytest.mark.parametrize("text", ["", "low lowest", "Ärger", "我们来了", "नमस्ते", "👩‍👩‍👧 <0x41><unk>", "a\r\n\t\0b"])
def test_texts_of_any_script_go_there_and_back(text):
    subwords = learn_subwords(WORDS, 5)
    assert decode_subwords(subwords, encode_subwords(subwords, text)) == text


def test_what_was_never_seen_becomes_bytes():
    subwords = learn_subwords(WORDS, 5)
    ids = encode_subwords(subwords, "lowÄ")
    assert [subwords.tokens[i] for i in ids] == ["low", "<0xC3>", "<0x84>"]


def test_a_text_that_looks_like_a_token_stays_a_text():
    subwords = learn_subwords(["<0x41>", "<unk>"] * 9, 30)
    for text in ("<0x41>", "<unk>"):
        assert cut_word(subwords, text) == (text,)
        assert subwords.ids[text] >= 4 + 256
        assert decode_subwords(subwords, [subwords.ids[text]]) == text
        assert decode_subwords(subwords, encode_subwords(subwords, text)) == text


def test_what_a_model_may_draw_can_be_read():
    subwords = learn_subwords(WORDS, 5)
    low = subwords.ids["low"]
    assert decode_subwords(subwords, [PAD, low, END]) == "low"
    assert decode_subwords(subwords, [4 + 0xC3, low]) == "�low"
    assert decode_subwords(subwords, []) == ""


@BOTH
def test_bad_texts(learn):
    for text, merges, message in [
        ("", 1, "text is empty"),
        ([], 1, "text is empty"),
        (["a", ""], 1, "a word is empty"),
        (["a", 3], 1, "text is of type int, expected a str"),
        ({"a": 0}, 1, "count of a word is 0"),
        ("a", -1, "merges is -1"),
        ("a", 1.5, "merges is 1.5"),
    ]:
        with pytest.raises(ValueError, match=message):
            learn(text, merges)


def test_bad_arguments():
    subwords = learn_subwords(WORDS, 5)
    with pytest.raises(ValueError, match="text is of type list"):
        encode_subwords(subwords, ["low"])
    with pytest.raises(ValueError, match=r"text holds '\\ud800' at 1, expected whole characters"):
        encode_subwords(subwords, "a\ud800")
    with pytest.raises(ValueError, match="ids spans 275 to 275, expected integers from 0 to 274"):
        decode_subwords(subwords, [275])
