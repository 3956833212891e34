"""Questions in a built book: answered by mouse, keyboard and touch, without a kernel, from a file, under a policy."""

import mimetypes
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from helpers.sliders.in_page import IN_PAGE

EXTENSIONS = "extra_extensions: [helpers.sliders, sphinx-mathjax-offline]"
CONFIG = f"title: Any book\nonly_build_toc_files: true\nsphinx:\n  {EXTENSIONS}\n"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'"
ORIGIN = "http://book.test/"
# Also the theme's, on every page of any book.
NOT_OURS = ("THEBE_JS_URL", "Got invalid theme mode")
CELL = """
from helpers.sliders import ask

weights = {"input": 0.2, "forget": 0.9, "output": 0.4}
ask(
    "Which gate lets $c_{t-1}$ through, in `lstm_step`?",
    list(weights),
    answer=max(weights, key=weights.get),
    why="It multiplies $c_{t-1}$: $c_t = f_t c_{t-1} + i_t g_t$.",
    hints={"input": "It lets the candidate $g_t$ in."},
)
"""
NUMBER = """
ask("What part is left after 5 steps?", answer=0.9**5, within=0.005, why="It is 0.9 to the power of 5.",
    hints={0.9 * 5: "Multiply, do not add."})
"""


@pytest.fixture(scope="module")
def page_path(tmp_path_factory):
    """The built page of a book of one notebook with two questions."""
    book = tmp_path_factory.mktemp("questions")
    cells = [new_markdown_cell("# Questions\n\nThe cell is $c_t$."), new_code_cell(CELL), new_code_cell(NUMBER)]
    nbformat.write(new_notebook(cells=cells), book / "questions.ipynb")
    (book / "_toc.yml").write_text("format: jb-book\nroot: questions\n", encoding="utf-8")
    (book / "_config.yml").write_text(CONFIG, encoding="utf-8")
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build", ".", "-W", "-n", "--keep-going"]
    environment = {key: value for key, value in os.environ.items() if key != IN_PAGE}
    done = subprocess.run(command, cwd=book, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return book / "_build" / "html" / "questions.html"


@pytest.fixture
def visited(visit, page_path):
    """Open the page from its file; nothing may be asked of other places, and nothing complained of."""
    opened = []

    def open_one(**options):
        opened.append(visit(page_path.as_uri(), **options))
        return opened[-1].page

    yield open_one
    for each in opened:
        assert each.off_site == []
        assert [said for said in each.complaints if not any(fault in said for fault in NOT_OURS)] == []


def questions(page):
    boxes = page.locator(".ask")
    assert boxes.count() == 2
    return boxes.nth(0), boxes.nth(1)


def check(box):
    box.get_by_role("button", name="Check").click()
    return box.get_by_role("status").inner_text()


def test_a_choice_is_judged_with_its_hint_and_its_reason(visited):
    box, _ = questions(visited())
    assert box.get_by_role("group").get_by_role("radio").count() == 3
    assert not box.locator("details").is_visible(), "the script tells the answer, so the fold is not needed"
    show = box.get_by_role("button", name="Show the answer")
    assert check(box) == "Choose an answer first."
    assert not show.is_visible()
    box.get_by_role("radio", name="input").check()
    told = check(box)
    assert told.startswith("✗ Not yet. It lets the candidate")
    assert "multiplies" not in told
    box.get_by_role("radio", name="output").check()
    assert check(box) == "✗ Not yet. Try again, or show the answer."
    show.click()
    assert box.get_by_role("status").inner_text().startswith("Answer: forget")
    assert "It multiplies" in box.get_by_role("status").inner_text()
    box.get_by_text("forget", exact=True).first.click()
    told = check(box)
    assert told.startswith("✓ Right: forget")
    assert "It multiplies" in told
    assert not show.is_visible()


@pytest.mark.parametrize(
    ("given", "told"),
    [("", "Write a number"), ("0.59", "✓ Right: 0.59"), ("0.595", "✓ Right: 0.59"), ("5.9e-1", "✓ Right: 0.59"),
     ("0.584", "✗ Not yet. Try again"), ("4.5", "✗ Not yet. Multiply, do not add."), ("-0.59", "✗ Not yet. Try")],
)  # fmt: skip
def test_a_number_is_judged_as_near_as_its_tolerance(visited, given, told):
    _, box = questions(visited())
    box.get_by_label("Your answer").fill(given)
    assert check(box).startswith(told)


def test_mathematics_is_typeset_in_the_question_and_in_what_is_told(visited):
    page = visited()
    page.evaluate("MathJax.startup.promise")
    box, _ = questions(page)
    assert box.locator("legend mjx-container").count() == 1
    assert box.locator("legend code").inner_text() == "lstm_step"
    box.get_by_role("radio", name="input").check()
    check(box)
    assert box.get_by_role("status").locator("mjx-container").count() == 1
    box.get_by_role("radio", name="forget").check()
    assert "\\(" not in check(box)
    told = box.get_by_role("status").locator("mjx-container")
    assert told.count() == 2
    assert told.first.bounding_box()["width"] > 20


def test_the_keyboard_is_enough(visited):
    page = visited()
    choice, number = questions(page)
    choice.get_by_role("radio").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert choice.get_by_role("status").inner_text().startswith("✓ Right: forget")
    number.get_by_label("Your answer").focus()
    page.keyboard.type("0.1")
    page.keyboard.press("Enter")
    assert number.get_by_role("status").inner_text().startswith("✗ Not yet.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert number.get_by_role("status").inner_text().startswith("Answer: 0.59")
    assert page.url.endswith("questions.html"), "an answer leads nowhere"


def test_questions_do_not_disturb_one_another(visited):
    choice, number = questions(visited())
    choice.get_by_role("radio", name="forget").check()
    check(number)
    assert choice.get_by_role("status").inner_text() == ""
    assert choice.get_by_role("radio", name="forget").is_checked()


def test_the_answer_is_in_a_fold_where_no_script_runs(browser, page_path):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_path.as_uri())
    box, number = questions(page)
    assert not box.get_by_role("button", name="Check").is_visible()
    assert not number.locator("input").is_visible()
    assert not box.locator(".ask-is").is_visible()
    box.locator("summary").click()
    assert box.locator(".ask-is").inner_text() == "Answer: forget"
    page.emulate_media(media="print")
    assert not box.locator(".ask-is").is_visible()
    assert number.get_by_text("Your answer").is_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1440])
def test_it_can_be_read_by_everyone(visited, width, scheme):
    page = visited(width=width, scheme=scheme)
    page.evaluate(f"document.documentElement.dataset.theme = '{scheme}'")
    choice, number = questions(page)
    for box, answer in ((choice, 0), (number, None)):
        if answer is None:
            box.get_by_label("Your answer").fill("3")
        else:
            box.get_by_role("radio").nth(answer).check()
        check(box)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    found = Axe().run(page, context=".ask", options={"preload": False, "resultTypes": ["violations"]})
    assert [(rule["id"], node["html"][:200]) for rule in found.response["violations"] for node in rule["nodes"]] == []


def test_fingers_have_room(browser, page_path):
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(page_path.as_uri())
    box, _ = questions(page)
    box.locator(".ask-option").first.tap()
    box.get_by_role("button", name="Check").tap()
    assert box.get_by_role("status").inner_text().startswith("✗ Not yet.")
    for target in page.locator(".ask-option, .ask button:visible, .ask-number input").all():
        assert target.bounding_box()["height"] >= 44
    context.close()


def test_paper_shows_the_question_and_no_answer(visited):
    page = visited(width=794)
    box, number = questions(page)
    box.get_by_role("radio", name="forget").check()
    check(box)
    page.emulate_media(media="print")
    page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")  # as our book does
    assert page.locator(".ask button:visible, .ask input:visible, .ask .ask-result:visible").count() == 0
    assert "multiplies" not in box.inner_text()
    assert "input" in box.inner_text()
    assert "What part is left" in number.inner_text()
    assert "0.59" not in number.inner_text()


def test_a_strict_policy_stops_nothing_of_ours(browser, page_path):
    context = browser.new_context()
    root = page_path.parent

    def serve(route):
        path = root / route.request.url.removeprefix(ORIGIN).split("?")[0]
        if not route.request.url.startswith(ORIGIN) or not path.is_file():
            route.abort()
            return
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        route.fulfill(body=path.read_bytes(), headers={"Content-Type": kind, "Content-Security-Policy": POLICY})

    context.route("**/*", serve)
    context.add_init_script(
        "window.stopped = []; addEventListener('securitypolicyviolation', (event) => {"
        "if (event.target.closest?.('.ask') || (event.sourceFile || '').includes('ask.js'))"
        "stopped.push(event.violatedDirective); });"
    )
    page = context.new_page()
    page.goto(f"{ORIGIN}questions.html")
    box, _ = questions(page)
    box.get_by_role("radio", name="forget").check()
    assert check(box).startswith("✓ Right: forget")
    assert page.evaluate("stopped") == []
    context.close()
