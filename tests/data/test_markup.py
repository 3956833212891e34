import pytest

from helpers.data import markup
from helpers.data.markup import clean_prose, sift_prose


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


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("See `the   docs \n <https://x.org/a>`__ for more about it.", "See the docs for more about it."),
        ("Use :py:class:`~pkg.Table` for a:b:ref:`all of it <x>` here.", "Use pkg.Table for aall of it here."),
        ("Here :: is not a role: a::`b` and :`c` are none.", "Here : is not a role: a:b and :c are none."),
        ("A ![picture](a_(b).png) and [a [link](x) in a text.", "A picture and [a link in a text."),
        ("This <!-- is <!-- not --> seen by all of us. <!-- Nor\nis this.", "This seen by all of us."),
        (
            "All of it is seen, as <!-- this is -->\n - an item of\n 2. a list.",
            "All of it is seen, as an item of a list.",
        ),
        ("我们看见https://x.org/a，然后走了。", "我们看见，然后走了。"),
    ],
)
def test_markup_at_the_edge(marked, plain):
    assert clean_prose(marked) == plain


def test_fences():
    text = "The dog bites the man.\n```python\nThe code is in here too.\n~~~\n  ```\nThe man bites the dog."
    assert clean_prose(text) == "The dog bites the man.\nThe man bites the dog."
    assert clean_prose("~~~\rThe code is in here.\r~~~~~\rThe man bites the dog.") == "The man bites the dog."
    assert clean_prose("The dog bites the man. ```\n\nThe man bites the dog.").count("\n") == 1
    # One that is never closed is text, and a line without a letter makes what it is in no prose.
    assert clean_prose("The dog bites the man.\n\n```\n\nThe man bites the dog.").count("\n") == 1


def test_a_long_paragraph_is_cut_where_sentences_end(monkeypatch):
    monkeypatch.setattr(markup, "_LONGEST", 100)
    sentence = "The dog bites the man in the street."
    for space in (" ", "\n"):
        cleaned = clean_prose(space.join([sentence] * 50))
        assert cleaned.replace("\n", " ") == " ".join([sentence] * 50)
        assert cleaned.count("\n") == 24
    assert (
        clean_prose("word " * 50 + "is here. " + sentence)
        == f"word word word word word word word word word word is here. {sentence}"
    )


def test_what_was_left_out_is_counted_by_its_reason():
    text = (
        "The dog bites the man::\n\n    This is code in here.\n\nToo short.\n\nNo end is in sight here\n\n"
        "1234567890 + 1234567890 is all of this.\n\n======\n\n| a table is here. |\n\nShort too."
    )
    prose, words, left_out = sift_prose(text)
    assert (prose, words) == ("The dog bites the man:", 5)
    assert left_out == {
        "of code": 1,
        "of fewer than 5 words": 2,
        "without a mark that ends a sentence": 1,
        "with too few letters among its signs and digits": 1,
        "with a line of signs only": 1,
        "of code or a table": 1,
    }
    with pytest.raises(ValueError, match="text is of type bytes, expected a str"):
        clean_prose(b"The dog bites the man.")
