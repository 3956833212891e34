"""One call: a live figure with a kernel, a page of frames in the book, a PNG where nothing runs."""

import asyncio
import functools
import inspect
import io
import json
import re

import comm
import ipywidgets
import nbclient
import nbformat
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from helpers.figures.style import new_figure
from helpers.sliders import interactive as module
from helpers.sliders.in_kernel import live_view
from helpers.sliders.in_page import IN_PAGE
from helpers.sliders.interactive import interact, show
from helpers.sliders.png import draw_png

LIVE = "application/vnd.jupyter.widget-view+json"


def waves(n=2, up=False, name="a"):
    figure, axes = new_figure()
    axes.plot(np.sin(np.arange(20) * n) + up)
    axes.set_title(f"{n} {name}")
    return figure, f"{n} waves <{name}>{' & up' if up else ''}."


MOVED = {"n": (1, 3), "name": ["a", "b"]}


@pytest.fixture
def shown(monkeypatch):
    """What is displayed: (bundle, metadata)."""
    displayed = []

    def display(bundle, metadata=None, raw=False):
        assert raw, "a bundle must not be shown as a dictionary"
        displayed.append((bundle, metadata))

    monkeypatch.setattr(module, "display", display)
    monkeypatch.setattr(module, "_taken", set())
    monkeypatch.delenv(IN_PAGE, raising=False)
    return displayed


@pytest.fixture
def in_book(shown, monkeypatch):
    monkeypatch.setenv(IN_PAGE, "1")
    return shown


@pytest.fixture
def widgets():
    """Close what a test opened, and tell what is open."""
    before = set(ipywidgets.widget._instances)
    yield lambda: [w for i, w in ipywidgets.widget._instances.items() if i not in before]
    ipywidgets.Widget.close_all()


def test_the_book_shows_a_page(in_book):
    assert interact(waves, **MOVED) is waves
    ((bundle, _),) = in_book
    assert sorted(bundle) == ["image/png", "text/html", "text/plain"]
    data = json.loads(re.search(r"<script[^>]*>(.*)</script>", bundle["text/html"])[1])
    assert [control["texts"] for control in data["controls"]] == [["1", "2", "3"], ["off", "on"], ["a", "b"]]
    assert data["sentences"] == [waves(n, up, name)[1] for n in (1, 2, 3) for up in (False, True) for name in "ab"]
    assert "<figcaption" in bundle["text/html"]
    assert "2 waves &lt;a&gt;." in bundle["text/html"]


def test_the_book_has_also_what_a_notebook_stores(in_book, monkeypatch, widgets):
    interact(waves, **MOVED)
    show(*waves(1))
    monkeypatch.delenv(IN_PAGE)
    interact(waves, **MOVED)
    show(*waves(1))
    for (page, page_metadata), (live, live_metadata) in zip(in_book[:2], in_book[2:], strict=True):
        stored = {kind: data for kind, data in live.items() if kind != LIVE}
        assert {kind: data for kind, data in page.items() if kind != "text/html"} == stored
        assert page_metadata == live_metadata


def test_a_figure_that_a_kernel_could_not_show_fails_the_book(in_book, monkeypatch):
    def broken(*_):
        raise RuntimeError("no live view")

    monkeypatch.setattr(module, "live_view", broken)
    with pytest.raises(RuntimeError, match="no live view"):
        interact(waves, **MOVED)
    assert in_book == []


def key_of(bundle):
    return re.match(r'<figure class="interact" id="([^"]*)"', bundle["text/html"])[1]


def test_figures_of_one_page_have_keys_of_their_own(in_book):
    for _ in range(2):
        interact(waves, **MOVED)
    keys = [key_of(bundle) for bundle, _ in in_book]
    assert keys == ["figure-waves", "figure-waves-2"], "an address that was sent must find its figure in the next build"
    for key, (bundle, _) in zip(keys, in_book, strict=True):
        ids = re.findall(r' id="([^"]*)"', bundle["text/html"])
        assert len(ids) > 4
        assert all(identity == key or identity.startswith(f"{key}--") for identity in ids)


def test_no_figure_takes_the_name_of_another(in_book):
    def wave(n=1):
        return waves(n)

    def wave_2(n=1):
        return waves(n)

    for function in (wave, wave_2, wave, lambda n=1: waves(n)):
        interact(function, n=(1, 2))
    names = ["figure-wave", "figure-wave-2", "figure-wave-3", "figure-lambda"]
    assert [key_of(bundle) for bundle, _ in in_book] == names


def test_the_book_opens_no_live_view(in_book, widgets):
    interact(waves, **MOVED)
    assert not [w for w in widgets() if isinstance(w, ipywidgets.DOMWidget)]
    assert LIVE not in in_book[0][0]


def test_widgets_reach_the_front_end_again_once_the_page_is_drawn(in_book):
    before = comm.create_comm
    interact(waves, **MOVED)
    with pytest.raises(ValueError, match="has no parameter"):
        interact(waves, radius=(0, 1))
    assert comm.create_comm is before


def test_static_chooses_the_frames_of_the_book_only(in_book, monkeypatch):
    interact(waves, static={"n": [2, 900]}, n=(1, 1000), name=["a"])
    assert '"texts":["2","900"]' in in_book[0][0]["text/html"]
    monkeypatch.delenv(IN_PAGE)
    interact(waves, static={"n": [2, 900]}, n=(1, 1000), name=["a"])
    assert LIVE in in_book[1][0]


def test_fixed_reaches_the_function_and_shows_no_control(in_book, monkeypatch):
    interact(waves, n=(1, 2), up=ipywidgets.fixed(True), name=ipywidgets.fixed("z"))
    html = in_book[0][0]["text/html"]
    assert "2 waves &lt;z&gt; &amp; up." in html
    assert html.count("<label") == 1
    monkeypatch.delenv(IN_PAGE)
    interact(waves, n=(1, 2), up=ipywidgets.fixed(True), name=ipywidgets.fixed("z"))
    assert in_book[1][0]["text/plain"] == "<figure waves: n>"


def test_with_a_kernel_there_is_a_live_view_and_a_png(shown, widgets):
    assert interact(waves, **MOVED) is waves
    ((bundle, metadata),) = shown
    assert sorted(bundle) == sorted([LIVE, "image/png", "text/plain"])
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert metadata == {"image/png": {"alt": "2 waves <a>."}}
    assert bundle["text/plain"] == "<figure waves: n, up, name>"
    view = bundle[LIVE]["model_id"]
    assert any(w.model_id == view for w in widgets() if isinstance(w, ipywidgets.VBox))


def test_what_is_stored_is_the_same_each_time(shown, widgets):
    for _ in range(2):
        interact(waves, **MOVED)
    (first, _), (second, _) = shown
    assert first["text/plain"] == second["text/plain"]
    assert first["image/png"] == second["image/png"]


def test_decorator_and_call_are_the_same(in_book):
    @interact(**MOVED)
    def decorated(n=2, up=False, name="a"):
        return waves(n, up, name)

    @interact
    def bare(n=True):
        return waves(n)

    assert interact(decorated, **MOVED) is decorated
    assert decorated(1)[1] == "1 waves <a>."
    first, second, third = (re.sub(r"figure-[a-z]+(-\d+)?(?=-|\")", "", b["text/html"]) for b, _ in in_book)
    assert first == third
    assert second.count("<label") == 1


def test_a_partial_and_an_object_that_is_called(in_book, monkeypatch, widgets):
    class Waves:
        def __call__(self, n=2):
            return waves(n)

    interact(functools.partial(waves, up=True), **MOVED)
    interact(Waves(), n=(1, 2))
    monkeypatch.delenv(IN_PAGE)
    interact(functools.partial(waves, up=True), **MOVED)
    interact(Waves(), n=(1, 2))
    assert [key_of(bundle) for bundle, _ in in_book[:2]] == ["figure-waves", "figure-waves-2"]
    assert [bundle["text/plain"] for bundle, _ in in_book] == ["<figure waves: n, up, name>", "<figure Waves: n>"] * 2


@pytest.mark.parametrize("book", [False, True])
@pytest.mark.parametrize(
    ("function", "abbreviations", "error", "message"),
    [
        (waves, {"radius": (0, 1)}, ValueError, "waves has no parameter 'radius'"),
        (3, {}, ValueError, "interact wants a function that returns a figure and a sentence, not 3"),
        (lambda n=1: None, {}, ValueError, "must return a Matplotlib figure and one sentence"),
        (lambda n=1: (new_figure()[0], ""), {}, ValueError, "must return a sentence"),
        (lambda n=1: 1 / 0, {"n": (0, 2)}, RuntimeError, r"\(n=1\) raised ZeroDivisionError"),
    ],
)
def test_errors_come_at_once_with_and_without_the_book(
    shown, monkeypatch, widgets, book, function, abbreviations, error, message
):
    if book:
        monkeypatch.setenv(IN_PAGE, "1")
    with pytest.raises(error, match=message):
        interact(function, **abbreviations)
    assert shown == []


def test_too_many_frames_are_an_error_of_the_book_only(shown, monkeypatch, widgets):
    interact(waves, n=(0, 1000), name=["a"])
    assert len(shown) == 1
    monkeypatch.setenv(IN_PAGE, "1")
    with pytest.raises(ValueError, match="give 'n' a larger step"):
        interact(waves, n=(0, 1000), name=["a"])


def test_a_still_figure(shown, monkeypatch):
    show(*waves(1))
    monkeypatch.setenv(IN_PAGE, "1")
    show(*waves(1))
    (note, metadata), (book, _) = shown
    assert sorted(note) == ["image/png", "text/plain"]
    assert metadata == {"image/png": {"alt": "1 waves <a>."}}
    assert note["text/plain"] == "<figure>"
    assert sorted(book) == ["image/png", "text/html", "text/plain"]
    assert "interact-controls" not in book["text/html"]
    assert "1 waves &lt;a&gt;." in book["text/html"]


@pytest.mark.parametrize("book", [False, True])
def test_a_still_figure_needs_its_sentence(shown, monkeypatch, book):
    if book:
        monkeypatch.setenv(IN_PAGE, "1")
    with pytest.raises(ValueError, match="must return a sentence"):
        show(new_figure()[0], "")
    with pytest.raises(ValueError, match="must return a Matplotlib Figure"):
        show("figure", "A sentence.")


def two_panels(n=1):
    first, sentence = waves(n)
    second, _ = new_figure()
    return [first, second], sentence


def test_panels_are_pictures_of_their_own_with_one_name(in_book):
    interact(two_panels, n=(1, 3))
    html = in_book[0][0]["text/html"]
    assert html.count('role="img"') == 1
    assert html.count('<div class="interact-panel"') == 2
    panels = json.loads(re.search(r"<script[^>]*>(.*)</script>", html)[1])["panels"]
    assert [panel["shown"] for panel in panels] == [[0, 1, 2], [0, 0, 0]], "what does not change costs nothing"
    assert panels[1]["frames"] == [[0, []]]


def test_panels_are_shown_live_and_in_the_stored_picture(shown, widgets):
    interact(two_panels, n=(1, 3))
    show(*two_panels())
    live = Live(two_panels, n=(1, 3)).picture.value
    assert live.count("<svg") == 2
    assert live.count('role="img"') == 1
    for bundle, _ in shown:
        one = Image.open(io.BytesIO(draw_png(waves()[0])))
        both = Image.open(io.BytesIO(bundle["image/png"]))
        assert both.size[0] > 1.8 * one.size[0]


def test_still_panels_follow_the_theme_and_touch_nothing(in_book):
    figures = [Figure(), Figure()]
    for figure in figures:
        figure.subplots().set_title("a title", gid="step=3")
    show(figures, "Axes.")
    html = in_book[0][0]["text/html"]
    assert html.count("<svg") == 2
    assert "#000000" not in html
    assert "data-touch" not in html


def touched(n=2, up=False):
    figure, sentence = waves(n, up)
    figure.axes[0].text(0.5, 0.5, "more", gid="n=3")
    figure.axes[0].axhline(0, gid="up=on")
    return figure, sentence


def test_a_gid_is_a_target_that_names_its_control_and_value(in_book):
    interact(touched, n=(1, 3))
    html = in_book[0][0]["text/html"]
    assert sorted(re.findall('data-touch="([^"]*)"', html)) == ["0 2", "1 1"]
    assert "n=3" not in html


def test_a_fixed_parameter_is_no_target(in_book):
    interact(touched, n=(1, 3), up=ipywidgets.fixed(True))
    assert re.findall('data-touch="([^"]*)"', in_book[0][0]["text/html"]) == ["0 2"]


@pytest.mark.parametrize(
    ("gid", "message"),
    [
        ("step=3", r"said\(n=1\) has an artist with the gid 'step=3', but its controls are n$"),
        ("n=4", r"said\(n=1\) has an artist with the gid 'n=4', but n takes only: 1, 2, 3$"),
        ("n=", r"gid 'n=', but n takes only"),
    ],
)
def test_a_gid_that_sets_nothing_is_an_error(in_book, gid, message):
    def said(n=2):
        figure, _ = new_figure()
        figure.text(0.5, 0.5, "here", gid=gid if n < 3 else None)
        return figure, "A sentence."

    with pytest.raises(ValueError, match=message):
        interact(said, n=(1, 3))
    assert in_book == []


def test_a_text_is_free_under_a_kernel_and_a_choice_in_the_book(in_book, monkeypatch, widgets):
    def read(text="the dog sleeps"):
        return new_figure()[0], f"It reads: {text}."

    interact(read, static={"text": ["the cats sleep", "the dog sleeps"]})
    html = in_book[0][0]["text/html"]
    assert re.findall("<option[^>]*>", html) == ['<option value="0">', '<option value="1" selected>']
    assert "It reads: the dog sleeps." in html
    with pytest.raises(ValueError, match=r"control 'text' \(Text\) has no finite list.*static={'text': \[\.\.\.\]}"):
        interact(read)
    monkeypatch.delenv(IN_PAGE)
    live = Live(read)
    assert isinstance(live.widgets["text"], ipywidgets.Text)
    live.widgets["text"].value = "any words"
    assert "It reads: any words." in live.picture.value


def test_parameters_may_be_called_function_and_static(in_book, monkeypatch, widgets):
    def named(function="tanh", static=1):
        return new_figure()[0], f"{function} {static}."

    interact(named, function=["tanh", "relu"], static=(1, 3))
    html = in_book[0][0]["text/html"]
    assert '"texts":["tanh","relu"]' in html
    assert '"texts":["1","2","3"]' in html
    interact(function=["tanh"], static=[1, 2])(named)
    assert '"texts":["1","2"]' in in_book[1][0]["text/html"]
    monkeypatch.delenv(IN_PAGE)
    interact(named, function=["tanh", "relu"], static=(1, 3))
    assert in_book[2][0]["text/plain"] == "<figure named: function, static>"


def test_static_that_is_no_dict_is_an_error_of_the_book(in_book):
    with pytest.raises(ValueError, match="static wants a dict"):
        interact(waves, static=[1, 2], **MOVED)


def test_a_sentence_with_dollars_is_no_formula_under_a_kernel(shown, widgets):
    def costly(n=1):
        return new_figure()[0], f"It costs $${n} or ${n}$."

    interact(costly, n=(1, 2))
    show(*costly())
    assert [bundle["image/png"][:4] for bundle, _ in shown] == [b"\x89PNG"] * 2


def test_a_label_with_a_formula_is_plain_where_text_is_plain(shown, widgets):
    interact(waves, n=ipywidgets.IntSlider(2, min=1, max=3, description=r"$\alpha$"), name=["a"])
    assert shown[0][0]["text/plain"] == "<figure waves: α, up, name>"


def test_a_figure_made_before_follows_the_theme_in_the_book(in_book):
    figure = Figure()
    figure.subplots().set_title("a title")
    show(figure, "Axes.")
    html = in_book[0][0]["text/html"]
    assert "#000000" not in html


class Live:
    """A live view of a function, and what it has drawn."""

    def __init__(self, function, **abbreviations):
        self.calls = []

        @functools.wraps(function)
        def counted(**values):
            self.calls.append(values)
            return function(**values)

        counted.__signature__ = inspect.signature(function)
        self.widgets = module.controls.make_widgets(counted, abbreviations)
        self.view, _, self.sentence = live_view(counted, self.widgets)
        _, head, _, self.picture = self.view.children
        rows, self.reset = head.children
        self.controls = list(rows.children)
        self.calls.clear()


def test_a_live_view_shows_its_controls_and_the_first_figure(widgets):
    live = Live(waves, **MOVED)
    assert live.controls == list(live.widgets.values())
    assert "2 waves &lt;a&gt;." in live.picture.value
    assert ">2 a<" in live.picture.value
    assert live.sentence == "2 waves <a>."
    assert 'role="img"' in live.picture.value


def test_a_front_end_sets_no_formula_in_a_sentence(widgets):
    value = Live(waves, **MOVED).picture.value
    assert re.match('<div class="tex2jax_ignore mathjax_ignore"', value)


def test_a_control_that_moves_redraws_at_once_where_no_loop_runs(widgets):
    live = Live(waves, **MOVED)
    live.widgets["n"].value = 3
    assert live.calls == [{"n": 3, "up": False, "name": "a"}]
    assert "3 waves &lt;a&gt;." in live.picture.value
    live.widgets["up"].value = True
    live.widgets["name"].value = "b"
    assert "3 waves &lt;b&gt; &amp; up." in live.picture.value


def test_reset_goes_back_to_the_start(widgets):
    live = Live(waves, **MOVED)
    start = live.picture.value
    live.widgets["n"].value = 3
    live.widgets["up"].value = True
    assert live.picture.value != start
    live.reset.click()
    assert live.picture.value == start
    assert [w.value for w in live.controls] == [2, False, "a"]


def test_of_many_changes_in_one_go_the_last_is_drawn_once(widgets):
    live = Live(waves, n=(0, 100), name=["a"])

    async def drag():
        for n in (10, 20, 30, 40):
            live.widgets["n"].value = n
        assert live.calls == [], "the loop must be free for the changes that follow"
        await asyncio.sleep(0.2)

    asyncio.run(drag())
    assert [call["n"] for call in live.calls] == [40]
    assert "40 waves" in live.picture.value


def test_a_drag_without_a_pause_moves_the_figure_on_the_way(widgets):
    live = Live(waves, n=(0, 100), name=["a"])

    async def drag():
        for n in range(100):
            live.widgets["n"].value = n
            await asyncio.sleep(0.005)
            if len(live.calls) > 2:
                return n
        return None

    last = asyncio.run(drag())
    assert last is not None, "changes that come faster than the wait must not put the redraw off for ever"


def test_changes_after_a_redraw_are_drawn_too(widgets):
    live = Live(waves, n=(0, 100), name=["a"])

    async def twice():
        for n in (10, 20):
            live.widgets["n"].value = n
            await asyncio.sleep(0.2)

    asyncio.run(twice())
    assert [call["n"] for call in live.calls] == [10, 20]


def test_an_error_is_shown_in_the_place_of_the_figure_and_goes_away(widgets):
    def shy(n=1):
        if n == 2:
            raise ZeroDivisionError("a < b")
        return waves(n)

    live = Live(shy, n=(1, 3))
    start = live.picture.value
    live.widgets["n"].value = 2
    assert 'role="alert"' in live.picture.value
    assert "shy(n=2) raised ZeroDivisionError: a &lt; b" in live.picture.value
    live.widgets["n"].value = 1
    assert live.picture.value == start


def test_live_figures_of_one_page_share_no_id(widgets):
    ids = [set(re.findall(r' id="([^"]*)"', Live(waves, **MOVED).picture.value)) for _ in range(2)]
    assert ids[0]
    assert not ids[0] & ids[1]


NOTEBOOK = """
import threading
import matplotlib.pyplot as plt
from helpers.sliders import interact

lock = threading.Lock()

@interact(n=(1, 12))
def waves(n=3):
    print("drawn")
    with lock:
        figure, axes = plt.subplots()
    axes.plot(range(n))
    return figure, f"{n} points."
"""


@pytest.mark.parametrize(("book", "rich"), [("", LIVE), ("1", "text/html")])
def test_a_notebook_shows_the_figure_once(monkeypatch, book, rich):
    monkeypatch.setenv(IN_PAGE, book)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(NOTEBOOK)])
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    outputs = [output for output in notebook.cells[0].outputs if output.output_type == "display_data"]
    assert [rich in output.data for output in outputs] == [True]
    assert ("widgets" in notebook.metadata) == (not book), "what a page stores of widgets loads scripts from elsewhere"
    if book:
        assert "12 points." in outputs[0].data["text/html"]
