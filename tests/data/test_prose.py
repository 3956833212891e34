import re
import tracemalloc

import numpy as np
import pytest

from helpers.data.letter_shapes import split_characters
from helpers.data.prose import docstrings, frequent_words, python_topics, read_text, split_sentences
from helpers.data.vocab import build_vocab, encode_sentences, make_vocab


def test_python_topics_are_english():
    text = python_topics()
    words = text.split()
    assert len(words) > 20_000
    assert sum(word == "the" for word in words) > 0.03 * len(words)
    for markup in ("::", ">>>", "``", "***"):
        assert markup not in text, markup
    sentences = split_sentences(text)
    assert 8 < np.mean([len(sentence) for sentence in sentences]) < 40
    vocab = build_vocab((token for sentence in sentences for token in sentence), minimum_count=2)
    corpus = encode_sentences(vocab, sentences)
    assert (corpus.tokens == 1).mean() < 0.1


def test_docstrings_are_read_without_importing():
    text = docstrings("email")
    assert len(text.split()) > 3000


def test_docstrings_of_one_module(tmp_path, monkeypatch):
    (tmp_path / "tales.py").write_text('"""The dog bites the man in the street."""\nraise SystemExit\n')
    monkeypatch.syspath_prepend(tmp_path)
    assert docstrings("tales") == "The dog bites the man in the street."


@pytest.mark.parametrize(
    ("packages", "message"),
    [
        ((), "no package is named"),
        (("no_such_package",), "'no_such_package' is not installed"),
        (("../x",), "is not installed"),
        (("this",), "'this' has no prose in its docstrings"),
        (("sys",), "'sys' has no prose"),
    ],
)
def test_docstrings_refuses(packages, message):
    with pytest.raises(ValueError, match=message):
        docstrings(*packages)


def test_a_text_file(tmp_path):
    file = tmp_path / "mine.txt"
    file.write_bytes("\ufeff".encode() + ("The dog bites the man. " * 300).encode())
    text = read_text(file)
    assert text.startswith("The dog")
    assert len(split_sentences(text)) == 300
    assert read_text(str(file), least_words=1500) == text


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "where no file is, expected a text file"),
        (b"\xff\xfe\x00\x01", r"'mine.txt' is not text in UTF-8 \(byte 0\)"),
        (b"The dog\0 bites the man.", "'mine.txt' holds zero bytes"),
        (b"The dog bites the man.", "'mine.txt' has 5 words of prose, expected at least 1000"),
        (b"", "'mine.txt' has 0 words of prose, expected at least 1000; nothing was left out"),
        (
            "第一章 好天气\n\n我们走\n".encode(),
            "has 0 words of prose, .*; paragraphs left out: 1 without a mark that ends",
        ),
        (b"Heading\n=======\n\n>>> the_sum(of, these)\n", "1 with a line of signs only, 1 of code or a table"),
        ("我们走。".encode("gb18030"), r"not text in UTF-8 \(byte 0\), expected a plain text file saved in UTF-8"),
    ],
)
def test_bad_files_are_refused(tmp_path, content, message):
    file = tmp_path / "mine.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        read_text(file)


@pytest.mark.parametrize("path", [None, 3, ["mine.txt"]])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(ValueError, match="path is of type"):
        read_text(path)


CHINESE = "　　我们喜欢学习语言。今天天气很好，大家一起去公园\n玩了一整天。\n　　他说：“我们走吧，好不好？”\n第一章\n"


def test_a_chinese_file(tmp_path):
    file = tmp_path / "mine.txt"
    file.write_text(CHINESE * 50, encoding="utf-8")
    text = read_text(file)
    assert "第一章" not in text
    assert text.startswith("我们喜欢学习语言。今天天气很好，大家一起去公园玩了一整天。\n他说：“我们走吧，好不好？”\n")
    with pytest.warns(UserWarning, match="each character became a token") as seen:
        sentences = split_sentences(text)
    assert (len(seen), seen[0].filename) == (1, __file__)  # once a text, and it points here
    assert "".join(sentences[0]) == "我们喜欢学习语言。"
    assert all(len(token) == 1 for sentence in sentences for token in sentence)
    assert len(sentences) == 150
    corpus = encode_sentences(build_vocab(token for sentence in sentences for token in sentence), sentences)
    assert len(corpus.starts) == 151
    assert split_sentences(text, segment=split_characters) == sentences  # no warning
    pairs = split_sentences(text, segment=lambda run: re.findall("..?", run))
    assert pairs[0] == ["我们", "喜欢", "学习", "语言", "。"]
    file.write_text(CHINESE, encoding="utf-8")
    with pytest.raises(ValueError, match="has 35 words of prose, expected at least 36"):
        read_text(file, least_words=36)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("हिन्दी भाषा बहुत अच्छी होती है।", 6),
        ("يحب أحمد القراءة كل يوم؟", 5),
        ("בראשית ברא אלהים את השמים ואת הארץ.", 7),
        ("ภาษาไทยไม่มีจุด", 12),  # Thai has no full stop
    ],
)
def test_prose_of_other_scripts_is_kept(tmp_path, text, words):
    (tmp_path / "mine.txt").write_text(text, encoding="utf-8")
    assert read_text(tmp_path / "mine.txt", least_words=words) == text
    with pytest.raises(ValueError, match=f"has {words} words of prose, expected at least {words + 1}"):
        read_text(tmp_path / "mine.txt", least_words=words + 1)


@pytest.mark.parametrize(
    "kind",
    [
        "one line",
        "lines",
        "short lines",
        "short words",
        "short paragraphs",
        "wide",
        "chinese",
        "tabs",
        "empty",
        "fences",
    ],
)
def test_reading_takes_less_than_ten_times_the_size_of_the_file(tmp_path, monkeypatch, kind):
    monkeypatch.setattr(
        "helpers.data.markup._LONGEST", 10_000
    )  # so that a small file is to it what a large one is to the true one
    sentence = "The dog bites the man in the street. "
    text = {
        "one line": sentence * 7_000,
        "lines": (sentence + "\n") * 7_000,
        "short lines": "ab\n" * 100_000,
        "short words": "ab " * 100_000,
        "short paragraphs": "a b c d e.\n\n" * 25_000,
        "wide": "It is 😀, as all of us know.\n\n" + (sentence * 5 + "\n\n") * 1_500,
        "chinese": "今天天气很好，大家一起去公园玩了一整天。\n" * 5_000,
        "tabs": "\t" * 300_000,
        "empty": "\n" * 300_000,
        "fences": "```\n" * 70_000,
    }[kind]
    file = tmp_path / "mine.txt"
    file.write_text(text, encoding="utf-8")
    size = file.stat().st_size
    del text
    tracemalloc.start()
    try:
        read_text(file)
    except ValueError as error:
        assert "words of prose" in str(error)  # noqa: PT017
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 7.5 * size


def test_a_folder_is_refused(tmp_path):
    with pytest.raises(ValueError, match="a folder, expected a text file"):
        read_text(tmp_path)


def test_sentences_by_hand():
    text = "The dog barks. Does it? “Yes!” Version 3.14 is out, e.g. today.\nA new paragraph: the end"
    assert [" ".join(sentence) for sentence in split_sentences(text)] == [
        "the dog barks .",
        "does it ?",
        "“ yes ! ”",
        "version 3.14 is out , e . g . today .",
        "a new paragraph : the end",
    ]
    sentences = split_sentences("The dog.\nThe dog.")
    assert sentences[0][0] is sentences[1][0]  # one str for a token, wherever it stands
    assert split_sentences("The Dog", lower=False) == [["The", "Dog"]]
    with pytest.raises(ValueError, match="text has no token"):
        split_sentences("  \n ")
    with pytest.raises(ValueError, match="text is of type NoneType"):
        split_sentences(None)


def test_frequent_words_are_every_tenth_after_the_thirty_most_frequent():
    vocab = build_vocab([f"w{n:02}" for n in range(60) for _ in range(100 - n)])
    assert frequent_words(vocab) == ["w30", "w40", "w50"]
    assert frequent_words(vocab, 2) == ["w30", "w40"]


def test_frequent_words_leave_short_ones_out():
    """Word n occurs 200 − n times; the even ones have two letters more, and shorter ones are left out."""
    names = [f"w{n:03}{'xy' if n % 2 == 0 else ''}" for n in range(100)]
    vocab = build_vocab([name for n, name in enumerate(names) for _ in range(200 - n)])
    assert frequent_words(vocab, 3) == ["w030xy", "w050xy", "w070xy"]
    assert len(frequent_words(vocab)) == 4  # 35 are left, 30 after the first 30: at 0, 10, 20 and 30


def test_few_words_are_better_than_none():
    assert frequent_words(build_vocab(list("aab")), 2) == ["a"]
    with pytest.raises(ValueError, match="has no word"):
        frequent_words(make_vocab({}))
