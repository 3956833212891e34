import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.vocab import (
    END,
    PAD,
    SPECIALS,
    START,
    UNK,
    Corpus,
    build_vocab,
    decode,
    decode_sentences,
    encode,
    encode_rows,
    encode_sentences,
    make_vocab,
    sentence_numbers,
    tokenise,
)


def test_tokenise_by_hand():
    text = "The dog's mother-in-law said: “It costs 3.14!” (don’t ask array_like x2)"
    wanted = "the dog's mother-in-law said : “ it costs 3.14 ! ” ( don’t ask array_like x2 )"
    assert tokenise(text) == wanted.split(" ")
    assert tokenise("Dog BITES man", lower=False) == ["Dog", "BITES", "man"]
    assert tokenise("Ärger über 我们") == ["ärger", "über", "我们"]


@settings(deadline=None)
@given(st.text())
def test_tokenise_keeps_every_mark_but_spaces(text):
    kept = "".join(text.split())
    try:
        tokens = tokenise(text, lower=False)
    except ValueError:
        # Only an underscore or a joining mark at the start of a word is nobody's token.
        assert not any(character.isalnum() for character in kept)
    else:
        assert all(token and not token.isspace() for token in tokens)
        assert sum(c.isalnum() for c in "".join(tokens)) == sum(c.isalnum() for c in kept)


@pytest.mark.parametrize("text", ["", " \n\t ", None, 3, ["dog"]])
def test_tokenise_refuses_what_is_no_text(text):
    with pytest.raises(ValueError, match="text"):
        tokenise(text)


def test_vocab_by_hand():
    vocab = build_vocab(tokenise("the cat and the dog and the fish"), minimum_count=2)
    assert vocab.tokens.tolist() == [*SPECIALS, "the", "and"]
    assert vocab.counts.tolist() == [0, 3, 0, 0, 3, 2]  # cat, dog and fish are unknown
    assert len(vocab) == 6
    assert (PAD, UNK, START, END) == (0, 1, 2, 3)
    assert "the" in vocab
    assert "cat" not in vocab
    assert repr(vocab) == "Vocab of 6 tokens: <pad> <unk> <start> <end> the and …"


def test_equal_counts_are_ordered_by_spelling():
    assert build_vocab(["b", "c", "a", "c"]).tokens[4:].tolist() == ["c", "a", "b"]
    assert build_vocab(["a", "c", "c", "b"]).tokens[4:].tolist() == ["c", "a", "b"]


def test_the_size_can_be_limited():
    vocab = build_vocab(list("aaabbc"), maximum_size=2)
    assert vocab.tokens[4:].tolist() == ["a", "b"]
    assert vocab.counts[UNK] == 1
    assert vocab.counts.sum() == 6


def test_special_tokens_in_a_text_keep_their_ids():
    vocab = build_vocab(["<unk>", "a", "<end>", "a", "b"], minimum_count=2)
    assert vocab.tokens.tolist() == [*SPECIALS, "a"]
    assert vocab.counts.tolist() == [0, 2, 0, 1, 2]


@pytest.mark.parametrize(
    ("tokens", "options", "message"),
    [
        ([], {}, "tokens is empty"),
        ("the dog", {}, "tokens is one str"),
        (["a", "b", "a"], {"minimum_count": 3}, "no token occurs 3 times, the most frequent 2 times"),
        (["a"], {"minimum_count": 0}, "minimum_count is 0"),
        (["a"], {"maximum_size": 0}, "maximum_size is 0"),
    ],
)
def test_vocab_refuses(tokens, options, message):
    with pytest.raises(ValueError, match=message):
        build_vocab(tokens, **options)


def test_encode_and_decode():
    vocab = build_vocab(["the", "the", "dog"])
    ids = encode(vocab, ["the", "wolf", "dog"])
    assert ids.tolist() == [4, UNK, 5]
    assert ids.dtype == np.int32
    assert decode(vocab, ids.reshape(3, 1)).tolist() == [["the"], ["<unk>"], ["dog"]]
    with pytest.raises(ValueError, match="tokens is empty"):
        encode(vocab, [])
    with pytest.raises(ValueError, match="tokens is one str"):
        encode(vocab, "the dog")
    with pytest.raises(ValueError, match="ids spans 6 to 6, expected integers from 0 to 5"):
        decode(vocab, [6])


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from("abcdef"), min_size=1), min_size=1))
def test_sentences_go_there_and_back(sentences):
    vocab = make_vocab(dict.fromkeys("abcdef", 1))
    corpus = encode_sentences(vocab, sentences)
    assert decode_sentences(vocab, corpus) == [" ".join(sentence) for sentence in sentences]
    assert corpus.tokens.dtype == np.int32
    for s, sentence in enumerate(sentences):
        assert np.count_nonzero(sentence_numbers(corpus) == s) == len(sentence)


def test_sentence_numbers_skip_empty_sentences():
    corpus = Corpus(np.array([4, 5, 6]), np.array([0, 2, 2, 3]))
    assert sentence_numbers(corpus).tolist() == [0, 0, 2]
    assert decode_sentences(make_vocab({"a": 3, "b": 2, "c": 1}), corpus) == ["a b", "", "c"]


def test_an_empty_sentence_is_refused():
    vocab = make_vocab({"a": 1})
    with pytest.raises(ValueError, match="sentence 1 is empty"):
        encode_sentences(vocab, [["a"], []])
    with pytest.raises(ValueError, match="tokens is empty"):
        encode_sentences(vocab, [])


def test_rows_keep_their_shape_and_refuse_unknown_words():
    vocab = build_vocab(["a", "b", "b", "c"])
    rows = encode_rows(vocab, [("a", "b"), ("c", "c"), ("b", "a")])
    assert rows.tolist() == [[vocab.ids[word] for word in row] for row in ("ab", "cc", "ba")]
    assert rows.dtype == np.int32
    with pytest.raises(ValueError, match="the vocabulary lacks x, y, expected known words only"):
        encode_rows(vocab, [("a", "x"), ("y", "b")])
    with pytest.raises(ValueError, match=r"2 rows have the lengths \[1, 2\]"):
        encode_rows(vocab, [("a", "b"), ("c",)])
    with pytest.raises(ValueError, match="0 rows"):
        encode_rows(vocab, [])
