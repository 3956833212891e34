"""A question: what is refused, what is stored, what the page holds, and how an answer is judged with a kernel."""

import re
import sys

import ipywidgets
import nbformat
import numpy as np
import pytest

from helpers.sliders import ask
from helpers.sliders.in_page import IN_PAGE
from notebooks import normalise

MODULE = sys.modules["helpers.sliders.ask"]  # the package's name for it is the function's
LIVE = "application/vnd.jupyter.widget-view+json"
GATES = {"answer": "forget", "why": "It *multiplies* $c_{t-1}$.", "hints": {"input": "That lets $g$ in."}}
COUNT = {"answer": np.int64(128), "why": "Four gates.", "hints": {112: "Each gate has a bias."}}


@pytest.fixture
def shown(monkeypatch):
    """Collect the bundles that are displayed with a kernel."""
    bundles = []
    monkeypatch.setattr(MODULE, "display", lambda bundle, raw: bundles.append(bundle))
    monkeypatch.delenv(IN_PAGE, raising=False)
    yield bundles
    ipywidgets.Widget.close_all()


@pytest.fixture
def in_book(shown, monkeypatch):
    monkeypatch.setenv(IN_PAGE, "1")
    return shown


def gate(**changed):
    return ask("Which gate keeps $c_{t-1}$?", ["input", "forget"], **{**GATES, **changed})


def count(**changed):
    return ask("How many numbers?", **{**COUNT, **changed})


class Live:
    """The view that a kernel shows."""

    def __init__(self, bundle):
        view = ipywidgets.widget._instances[bundle[LIVE]["model_id"]]
        self.question, self.field, buttons, self.result = view.children
        self.check, self.show = buttons.children

    def give(self, value):
        self.field.value = value
        self.check.click()
        return self.result.value


# What is stored


def test_the_notebook_keeps_the_question_and_folds_the_answer(shown):
    assert gate() is None
    ((bundle),) = shown
    assert sorted(bundle) == sorted([LIVE, "text/markdown", "text/plain"])
    assert bundle["text/plain"] == "Which gate keeps $c_{t-1}$?\n- input\n- forget"
    before, _, fold = bundle["text/markdown"].partition("<details>")
    assert before == "Which gate keeps $c_{t-1}$?\n\n- input\n- forget\n\n"
    # GitHub reads Markdown in a fold only after an empty line.
    assert fold == ("\n<summary>Answer</summary>\n\n**Answer:** forget\n\nIt \\*multiplies\\* $c_{t-1}$.\n\n</details>")


def test_make_notebooks_keeps_the_markdown_and_drops_the_live_view(shown):
    gate()
    output = nbformat.v4.new_output("display_data", dict(shown[0]))
    cell = nbformat.v4.new_code_cell("ask()", outputs=[output], execution_count=1)
    (kept,) = normalise(nbformat.v4.new_notebook(cells=[cell])).cells[0].outputs
    assert sorted(kept.data) == ["text/markdown", "text/plain"]


def test_what_is_stored_is_the_same_each_time(shown):
    for _ in range(2):
        count()
        gate()
    for kind in ("text/plain", "text/markdown"):
        assert [b[kind] for b in shown[:2]] == [b[kind] for b in shown[2:]]


@pytest.mark.parametrize(
    ("text", "markdown"),
    [("a < b & c", "a &lt; b &amp; c"), ("W_xh * x", "W\\_xh \\* x"), ("- no", "\\- no"), ("1. no", "1\\. no"),
     ("-1.5", "-1.5"),
     ("$a_1 < b_2$ and `x[0]`", "$a_1 < b_2$ and `x[0]`"), ("5 $ or 6 $ or [x](y)", "5 $ or 6 $ or \\[x\\](y)")],
)  # fmt: skip
def test_text_is_text_in_markdown(shown, text, markdown):
    ask("Which?", [text, "other"], answer="other", why="So.")
    assert f"- {markdown}\n" in shown[0]["text/markdown"]


# In the book


def test_the_page_holds_native_controls_and_the_answer_in_a_fold(in_book):
    gate()
    ((bundle),) = in_book
    assert sorted(bundle) == ["text/html", "text/markdown", "text/plain"]
    page = bundle["text/html"]
    assert "<legend>Which gate keeps" in page
    assert re.findall(r'<input type="radio" name="(ask-\d+)-option" value="(\d)" disabled>', page) == [
        (re.search(r'id="(ask-\d+)"', page)[1], str(i)) for i in range(2)
    ]
    assert 'data-answer="1"' in page
    assert '<p data-for="0">That lets' in page
    before, _, fold = page.partition("<details")
    assert "multiplies" not in before
    assert "multiplies" in fold
    assert "style=" not in page
    assert "<script" not in page


def test_mathematics_and_code_are_marked_and_all_else_is_escaped(in_book):
    ask("Is $a < b$ or `a & b` <b>?", ["yes", "no & <i>"], answer="yes", why="5 $ or 6 $.")
    page = in_book[0]["text/html"]
    assert '<span class="math notranslate nohighlight">\\(a &lt; b\\)</span>' in page
    assert "<code>a &amp; b</code> &lt;b&gt;?" in page
    assert "<span>no &amp; &lt;i&gt;</span>" in page
    assert "5 $ or 6 $." in page


def test_a_number_carries_its_tolerance_and_numpys_numbers_are_written_plainly(in_book):
    count()
    ask("What?", answer=np.float64(1) / 3, why="A third.", hints={np.float32(0.5): "A half."})
    whole, third = (bundle["text/html"] for bundle in in_book)
    assert 'data-answer="128" data-within="0"' in whole
    assert "counts" not in whole
    assert f'data-answer="{1 / 3}" data-within="{0.01 * (1 / 3)}"' in third
    assert '<p data-for="0.5">' in third
    assert "Anything within 1 % counts." in third
    assert "<strong>Answer:</strong> 0.333</p>" in third


def test_questions_of_one_page_have_ids_of_their_own(in_book):
    count()
    count()
    ids = [re.findall(r' id="([^"]*)"', bundle["text/html"]) for bundle in in_book]
    assert not {*ids[0]} & {*ids[1]}


def test_the_book_has_also_what_a_notebook_stores(in_book, monkeypatch):
    gate()
    monkeypatch.delenv(IN_PAGE)
    gate()
    page, live = in_book
    assert {kind: page[kind] for kind in page if kind != "text/html"} == {k: live[k] for k in live if k != LIVE}


def test_the_book_opens_no_widget(in_book):
    before = set(ipywidgets.widget._instances)
    gate()
    assert set(ipywidgets.widget._instances) == before


# With a kernel


def test_options_are_judged_with_hints_and_reasons(shown):
    gate()
    live = Live(shown[0])
    assert live.field.value is None, "no option may be chosen for the reader"
    live.check.click()
    assert "Choose an answer first." in live.result.value
    assert live.show.layout.display == "none"
    wrong = live.give(0)
    assert "✗ Not yet." in wrong
    assert "That lets $g$ in." in wrong
    assert "multiplies" not in wrong
    assert live.show.layout.display is None
    right = live.give(1)
    assert live.show.layout.display == "none"
    assert "✓ Right:</strong> forget" in right
    assert "It *multiplies* $c_{t-1}$." in right


def test_the_answer_is_shown_on_request(shown):
    gate(hints=None)
    live = Live(shown[0])
    assert "Try again, or show the answer." in live.give(0)
    live.show.click()
    assert "<strong>Answer:</strong> forget" in live.result.value
    assert "multiplies" in live.result.value
    assert "Right" not in live.result.value


def test_numbers_are_judged_with_hints(shown):
    count()
    live = Live(shown[0])
    for nothing in ("", "many", "inf", "nan", "1,5"):
        assert "Write a number" in live.give(nothing), nothing
    assert "✗ Not yet.</strong> Each gate has a bias." in live.give("112")
    assert "✗ Not yet.</strong> Try again" in live.give("127.99")
    assert "✓ Right:</strong> 128" in live.give(" 128.0 ")
    ask("What?", answer=-2.5, within=0.5, why="So.")
    near = Live(shown[1])
    assert near.question.value == shown[1]["text/plain"] == "What? Anything within 0.5 counts."
    assert "✓ Right" in near.give("−2")


@pytest.mark.parametrize(
    ("answer", "within", "given", "right"),
    [(1 / 3, None, "0.33", True), (1 / 3, None, "0.3299", False), (0.25, 0.01, "0.26", True),
     (0.25, 0.01, "0.2601", False), (-40.5, None, "-40.2", True), (-40.5, None, "40.5", False), (7, 1, "8", True),
     (0, None, "0", True), (0, None, "0.001", False)],
)  # fmt: skip
def test_a_number_may_be_as_far_off_as_its_tolerance(shown, answer, within, given, right):
    ask("What?", answer=answer, within=within, why="So.")
    assert ("✓" in Live(shown[0]).give(given)) is right


@pytest.mark.parametrize(
    ("answer", "within", "text"),
    [(128.0, None, "128"), (1 / 3, None, "0.333"), (2 / 3, 1e-5, "0.666667"), (0.5, None, "0.5"),
     (10**7, None, "10000000")],
)  # fmt: skip
def test_an_answer_has_the_digits_that_its_tolerance_needs(shown, answer, within, text):
    ask("What?", answer=answer, within=within, why="So.")
    assert f"**Answer:** {text}\n" in shown[0]["text/markdown"]


def test_options_with_mathematics_have_letters_where_radio_buttons_show_none(shown):
    ask("Which?", ["$h_t$", "$c_t$"], answer="$c_t$", why="So.")
    live = Live(shown[0])
    assert live.question.value == "Which?<br>(a) $h_t$<br>(b) $c_t$"
    assert [label for label, _ in live.field.options] == ["a", "b"]
    assert "✓ Right:</strong> $c_t$" in live.give(1)


def test_text_is_text_in_a_live_view(shown):
    ask("Is a < b?", ["yes", "no"], answer="yes", why="<b>So</b>", hints={"no": "1 < `x<2`"})
    live = Live(shown[0])
    assert live.question.value == "Is a &lt; b?"
    assert "1 &lt; <code>x&lt;2</code>" in live.give(1)
    assert "&lt;b&gt;So&lt;/b&gt;" in live.give(0)


# What is refused


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"answer": "output"}, "answer is 'output', expected one of 'input', 'forget'"),
     ({"why": " "}, "why is ' ', expected a text"), ({"why": None}, "why is None"),
     ({"hints": {"output": "x"}}, "a hint's option is 'output'"), ({"hints": {"input": ""}}, "hint for 'input' is ''"),
     ({"hints": {"forget": "x"}}, "'forget', which is the right answer"), ({"within": 1}, "within is 1, but")],
)  # fmt: skip
def test_a_choice_that_cannot_be_asked_is_refused(shown, changed, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        gate(**changed)
    assert shown == []


@pytest.mark.parametrize("options", [["a"], [], ["a", "a"], ["a", " "], [1, "1"], "ab"])
def test_options_that_are_no_choice_are_refused(shown, options):
    with pytest.raises(ValueError, match="ask: options"):
        ask("Which?", options, answer="a", why="So.")


@pytest.mark.parametrize(
    ("changed", "message"),
    [({"answer": float("nan")}, "answer is nan, expected a finite number"), ({"answer": np.inf}, "answer is inf"),
     ({"answer": "12"}, "answer is '12'"), ({"answer": True}, "answer is True"), ({"answer": np.zeros(2)}, "answer is"),
     ({"within": -1}, "within is -1"), ({"answer": 0.5, "within": 0}, "expected a number above 0 for the answer 0.5"),
     ({"within": "1"}, "within is '1'"), ({"hints": {"x": "y"}}, "a hint's number is 'x'"),
     ({"hints": {127: "y"}, "within": 1}, "a hint is for 127, which is taken as right")],
)  # fmt: skip
def test_a_number_that_cannot_be_asked_is_refused(shown, changed, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        count(**changed)


def test_a_question_without_words_is_refused(shown):
    with pytest.raises(ValueError, match="question is ''"):
        ask("", answer=1, why="So.")
