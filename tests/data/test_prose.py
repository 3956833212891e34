import numpy as np
import pytest

from helpers.data.prose import clean_prose, docstrings, python_topics, read_text, split_sentences
from helpers.data.vocab import build_vocab, encode_sentences


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


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("Use :func:`numpy.sum` to add all of *these* numbers.", "Use numpy.sum to add all of these numbers."),
        ("Use :class:`the table <pkg.Table>` for all of **this**.", "Use the table for all of this."),
        ("See `the docs <https://x.org/a>`_ for more about it [1]_.", "See the docs for more about it."),
        ("It calls ``run()`` once for each of them.", "It calls run once for each of them."),
        ("A [link](http://x.org) in a text of Markdown.", "A link in a text of Markdown."),
        ("<p>The <b>dog</b> bites the man.</p>", "The dog bites the man."),
        ("- The dog bites the man\n  in the street.", "The dog bites the man in the street."),
        ("## The dog bites the man.", "The dog bites the man."),
        ("Go to https://x.org/page to read all of it.", "Go to to read all of it."),
        ("The dog bites\r\nthe man again.", "The dog bites the man again."),
        ("The dog bites the man.\r\rThe man bites the dog.", "The dog bites the man.\nThe man bites the dog."),
        ("1. The dog bites the man.\r\n\r\nThe man bites the dog.", "The dog bites the man.\nThe man bites the dog."),
    ],
)
def test_markup_is_taken_out(marked, plain):
    assert clean_prose(marked) == plain


@pytest.mark.parametrize(
    "code",
    [
        ">>> x = the_sum(of, these, numbers)",
        "Parameters\n----------\nx : array, the input of all this.",
        ".. note:: this is not for you to read.",
        "| a | b | of all the things.",
        "def function(of, some, more, arguments): return.",
        "a ::= b of the c d.",
        "Too short.",
        "x = [1, 2, 3]; y = {4: 5}; z = (6, 7) * 8 ** 9.",
        "```\nThe dog bites the man in here.\n```",
        "",
    ],
)
def test_what_is_no_prose_is_left_out(code):
    assert clean_prose(f"The dog bites the man.\n\n{code}\n\nThe man bites the dog.") == (
        "The dog bites the man.\nThe man bites the dog."
    )


def test_blocks_of_code_are_left_out():
    code = "    The code is in here, all of it.\n\n    And it goes on in here too."
    text = f"Here is a way to do it::\n\n{code}\n\nThis is prose again, all of it."
    assert clean_prose(text) == "Here is a way to do it:\nThis is prose again, all of it."


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
        (b"", "'mine.txt' has 0 words of prose"),
    ],
)
def test_bad_files_are_refused(tmp_path, content, message):
    file = tmp_path / "mine.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ValueError, match=message):
        read_text(file)


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
    assert split_sentences("The Dog", lower=False) == [["The", "Dog"]]
    with pytest.raises(ValueError, match="text has no token"):
        split_sentences("  \n ")
