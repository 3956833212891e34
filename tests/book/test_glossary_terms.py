"""The words of the glossary that are marked on a page, and those that are not."""

from pathlib import Path

import pytest
from docutils.core import publish_doctree
from myst_parser.docutils_ import Parser

import glossary_terms
from glossary_terms import mark_terms, read_glossary, term_mark

TABLE = """\
# Glossary

| Term | 中文 | Meaning |
|---|---|---|
| Bayes' rule | 贝叶斯公式 | from cause to observation and back |
| bit | 比特 | the answer to a question |
| bit rate | 比特率 | bits in a second |
| code (of a word) | 编码 | the bits that spell a word |
| entropy | 熵 | the mean surprise |
| forget gate | 遗忘门 | how much is kept |
| gate | 门 | how much passes |
| gated recurrent unit (GRU) | 门控循环单元 | two gates |
| orthogonal matrix | 正交矩阵 | changes no length |
| ReLU | 修正线性单元 | max(0, a) |
"""


def marked(text):
    """Return the words of a page that are marked, in their order."""
    settings = {"myst_enable_extensions": ["dollarmath"], "doctitle_xform": False, "report_level": 5}
    doctree = publish_doctree(text, parser=Parser(), settings_overrides=settings)
    before = doctree.astext()
    mark_terms(doctree, read_glossary(TABLE))
    assert doctree.astext() == before
    return [mark.astext() for mark in doctree.findall(term_mark)]


def test_a_row_has_its_words_its_meaning_and_its_anchor():
    terms = {term.name: term for term in read_glossary(TABLE)}
    assert list(terms)[:2] == ["Bayes' rule", "bit"]
    assert len(terms) == 10
    gru = terms["gated recurrent unit"]
    assert gru.forms == ("gated recurrent unit", "gated recurrent units", "GRU", "GRUs")
    assert (gru.chinese, gru.meaning, gru.anchor) == ("门控循环单元", "two gates", "term-gated-recurrent-unit")
    assert terms["code"].everyday
    assert not gru.everyday
    assert terms["orthogonal matrix"].forms[1] == "orthogonal matrices"
    assert terms["entropy"].forms[1] == "entropies"


def test_two_rows_of_one_name_are_an_error():
    with pytest.raises(ValueError, match="two rows for #term-gate,"):
        read_glossary(TABLE + "| gate (of a lock) | 闸门 | lets a boat pass |\n")


def test_the_book_has_a_glossary_and_each_term_stands_once():
    terms = read_glossary((Path(__file__).parents[2] / "book" / "glossary.md").read_text(encoding="utf-8"))
    assert len(terms) > 150
    forms = [form for term in terms for form in term.forms]
    assert len(forms) == len(set(forms))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# T\n\nA gate, and the gate.", ["gate"]),
        ("# T\n\nA gate.\n\n## One\n\nA gate.\n\n### In\n\nThe gate.\n\n## Two\n\nGates.", ["gate", "gate", "Gates"]),
        ("# T\n\nThe forget gate is a gate.", ["forget gate", "gate"]),
        ("# T\n\nThe bit rate is in bits.", ["bit rate", "bits"]),
        ("# T\n\nForget\ngates. Forget gate.", ["Forget\ngates"]),
        ("# T\n\nA GRU is a gated recurrent unit.", ["GRU"]),
        ("# T\n\nTwo orthogonal matrices, relu, RELU, ReLU.", ["orthogonal matrices", "ReLU"]),
        ("# T\n\nBayes’ rule.", ["Bayes’ rule"]),
        ("# T\n\n- a **gate**, *bits*\n\n| a | GRU |\n|---|---|\n| ReLU | x |", ["gate", "bits", "GRU", "ReLU"]),
    ],
)  # fmt: skip
def test_the_first_use_in_a_section_is_marked(text, words):
    assert marked(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "# Gate\n\n## The gate\n\n### A gate",
        "# T\n\naggregate, gateway, sub-gate, gate-like, GATE, gATE",
        "# T\n\n`gate`, $gate$, [the gate](https://a.b), ![gate](a.png)",
        "# T\n\n```\ngate\n```\n\n$$gate$$\n\n    gate",
        "# T\n\n<p>gate</p>",
        "# T\n\n<details>\n<summary>Solution</summary>\n\nThe gate.\n\n</details>",
        "# T\n\n## References\n\nThe gate. 1997.",
        "# T\n\nThe last bit. The unit keys.",
    ],
)
def test_what_is_no_plain_use_is_not_marked(text):
    assert marked(text) == []


def test_after_a_fold_the_page_goes_on():
    fold = "<details>\n\n<details>\n\nA gate.\n\n</details>\n\nA gate.\n\n</details>"
    assert marked(f"# T\n\n{fold}\n\nA gate.") == ["gate"]
    assert marked(f"# T\n\nGates.\n\n{fold}") == ["Gates"]


def test_an_everyday_word_is_a_term_in_bold_alone():
    assert marked("# T\n\nThe code runs. **The code.** *code*") == []
    assert marked("# T\n\nThe code runs. It is the **code** in bits, a **code**.") == ["code", "bits"]


def test_a_note_writes_what_the_row_says_as_text():
    (term,) = read_glossary("| a & b | <b> | x < y |\n")
    note = glossary_terms._note(term, "glossary.html")
    assert "a &amp; b" in note
    assert "&lt;b&gt;" in note
    assert "x &lt; y" in note
    assert 'href="glossary.html#term-a-b"' in note
