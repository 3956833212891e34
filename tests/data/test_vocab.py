import tracemalloc
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.letter_shapes import split_characters
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
    assert tokenise("Ärger über alles") == ["ärger", "über", "alles"]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("cafe\u0301 e\u0301te\u0301", ["café", "été"]),  # an accent of its own
        ("İstanbul I\u0307zmir", ["istanbul", "izmir"]),
        ("ΟΔΟΣ Straße", ["οδος", "straße"]),
        ("हिन्दी भाषा है।", ["हिन्दी", "भाषा", "है", "।"]),
        ("العَرَبِيَّةُ، ١٢٫٥؟", ["العَرَبِيَّةُ", "،", "١٢٫٥", "؟"]),
        ("שָׁלוֹם צה״ל", [unicodedata.normalize("NFC", "שָׁלוֹם"), "צה״ל"]),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af 말", ["한글", "말"]),  # jamo
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("col·lecció l’été well‑known", ["col·lecció", "l’été", "well‑known"]),
        ("co\u00adop a\u200bb \ufeffc", ["coop", "a", "b", "c"]),  # what nobody sees
        ("x² ½ ☀️ 1️⃣ 👍🏽", ["x²", "½", "☀️", "1️⃣", "👍🏽"]),
        ("a \u0301", ["a", "\u0301"]),
    ],
)
def test_tokenise_any_script(text, tokens):
    wanted = tokens if "\u0301" not in text or text[0] == "c" else [unicodedata.normalize("NFC", t) for t in tokens]
    assert tokenise(text) == wanted


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("我有3本Python书。", ["我", "有", "3", "本", "python", "书", "。"]),
        ("東京タワーへ", ["東", "京", "タ", "ワ", "ー", "へ"]),
        ("ง่ายน้ำ", ["ง่", "า", "ย", "น้ำ"]),  # each with its marks
        ("Ärger über 我们", ["ärger", "über", "我", "们"]),
    ],
)
def test_a_text_without_spaces_is_cut_by_characters_and_says_so(text, tokens):
    with pytest.warns(UserWarning, match=r"each character became a token; for words give segment=") as seen:
        assert tokenise(text) == tokens
    assert (len(seen), seen[0].filename) == (1, __file__)
    assert tokenise(text, segment=split_characters) == tokens  # no warning


def test_a_few_chinese_letters_in_english_are_no_reason_to_warn():
    assert tokenise("The Chinese word for China is 中国.")[-3:] == ["中", "国", "."]


def test_a_segmenter_of_the_readers_choice():
    runs = []

    def two_by_two(run):
        runs.append(run)
        return (run[i : i + 2] for i in range(0, len(run), 2))  # a generator, as jieba.cut

    assert tokenise("我们喜欢Python，你呢？", segment=two_by_two) == ["我们", "喜欢", "python", "，", "你呢", "？"]
    assert runs == ["我们喜欢", "你呢"]
    assert tokenise("the cat", segment=two_by_two) == ["the", "cat"]
    for wrong in (lambda run: run, lambda run: [run[0]], lambda run: None, lambda run: [1, 2]):
        with pytest.raises(ValueError, match=r"segment\('我们'\) gave .*, expected a list of str that make up the run"):
            tokenise("我们", segment=wrong)
    with pytest.raises(ValueError, match="segment is 'jieba', expected a function"):
        tokenise("我们", segment="jieba")


@settings(deadline=None)
@given(st.text(), st.booleans())
def test_the_tokens_do_not_depend_on_how_accents_are_stored(text, lower):
    forms = []
    for form in ("NFC", "NFD"):
        try:
            forms.append(tokenise(unicodedata.normalize(form, text), lower, split_characters))
        except ValueError:
            forms.append(None)
    assert forms[0] == forms[1]


@settings(deadline=None)
@given(st.text())
def test_tokenise_keeps_every_mark_but_spaces(text):
    text = unicodedata.normalize("NFC", text)
    kept = "".join(text.split())
    try:
        tokens = tokenise(text, lower=False, segment=split_characters)
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
        (None, {}, "tokens is of type NoneType, expected a list of tokens"),
        ({"the": 2}, {}, "tokens is a dict, expected a list of tokens; for counts see make_vocab"),
        (
            [["the", "cat"]],
            {},
            r"a token is \['the', 'cat'\], of type list, expected a str; of sentences, list the tokens",
        ),
        ([("the", "cat")], {}, "of type tuple, expected a str; of sentences"),
        ((list("ab") for _ in range(2)), {}, "of type list, expected a str"),
        ([None], {}, "a token is None, of type NoneType, expected a str"),
        (["the", 3], {}, "a token is 3, of type int"),
        (["a", "b", "a"], {"minimum_count": 3}, "no token occurs 3 times, the most frequent 2 times"),
        (["a"], {"minimum_count": 0}, "minimum_count is 0"),
        (["a"], {"maximum_size": 0}, "maximum_size is 0"),
    ],
)
def test_vocab_refuses(tokens, options, message):
    with pytest.raises(ValueError, match=message):
        build_vocab(tokens, **options)


def test_one_long_token_takes_no_room_from_the_others():
    tokens = [str(i) for i in range(20_000)] + ["x" * 10_000]
    tracemalloc.start()
    vocab = build_vocab(tokens)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20_000_000
    assert decode(vocab, [vocab.ids["x" * 10_000]])[0] == "x" * 10_000
    assert vocab.tokens.dtype == object
    assert {type(token) for token in build_vocab(np.array(["a", "b" * 65])).tokens} == {str}
    assert build_vocab(["a", "b" * 64]).tokens.dtype == "U64"


def test_make_vocab_refuses_what_is_no_str():
    with pytest.raises(ValueError, match="a token is 3, of type int, expected a str"):
        make_vocab({3: 1})


@pytest.mark.parametrize(
    ("sentences", "message"),
    [
        (["the cat", "the mat"], "sentence 0 is one str, expected a list of tokens: tokenise each sentence first"),
        ([["the"], "cat"], "sentence 1 is one str"),
        ("the cat", "tokens is one str, expected a list of tokens"),
        ([None], "sentence 0 is of type NoneType, expected a list of tokens"),
        (3, "tokens is of type int"),
        ([[["the", "cat"]]], "of type list, expected a str"),
        ([["the", None]], "a token is None"),
        ([[7]], "a token is 7, of type int"),
    ],
)
def test_sentences_that_are_no_lists_of_tokens_are_refused(sentences, message):
    vocab = build_vocab(["the", "cat"])
    with pytest.raises(ValueError, match=message):
        encode_sentences(vocab, sentences)


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
    with pytest.raises(ValueError, match="tokens is one str"):
        encode_rows(vocab, ["ab"])
    with pytest.raises(ValueError, match="a token is 3"):
        encode_rows(vocab, [("a", 3)])
    with pytest.raises(ValueError, match="0 rows"):
        encode_rows(vocab, [])
