"""A figure with a kernel: core widgets alone, one control a row, panels, a note, and errors in the figure's place."""

import re

import ipywidgets
import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure

from helpers.data.waves import wav_bytes
from helpers.sliders import Play
from helpers.sliders.controls import make_widgets
from helpers.sliders.in_kernel import live_view

CORE = "@jupyter-widgets/controls"  # Colab and strict pages load no other


def machine(step=0, word="the", open=False):
    if " " in word:
        raise ValueError(f"{word!r} is two words, expected one")
    panels = [Figure(figsize=(4.8, 2)) for _ in range(2)]
    for panel in panels:
        panel.subplots().plot([0, step])
    return panels, f"Step {step} of {word} < that."


def test_a_player_stands_below_what_sounds():
    heard = wav_bytes(np.zeros(80), 8000)
    box, *_ = live_view(machine, make_widgets(machine, {"step": Play(0, 3, sound=heard)}))
    (player,) = [widget for widget in walk(box) if isinstance(widget, ipywidgets.Audio)]
    assert (bytes(player.value), player.format, player.autoplay) == (heard, "wav", False)
    assert {widget._model_module for widget in walk(box)} == {CORE}


@pytest.fixture
def live():
    widgets = make_widgets(machine, {"step": Play(0, 3)})
    box, figures, sentence = live_view(machine, widgets)
    return box, widgets, figures, sentence


def walk(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def picture_of(box):
    return box.children[-1].value


def test_every_front_end_knows_the_widgets_and_nothing_is_script(live):
    box, *_ = live
    assert {widget._model_module for widget in walk(box)} == {CORE}
    for widget in walk(box):
        if isinstance(widget, ipywidgets.HTML):
            assert "<script" not in widget.value.lower()
            # Each colour of JupyterLab has another to fall back on.
            assert not re.search(r"var\(--jp-[\w-]+\)", widget.value)


def test_both_panels_and_the_sentence_are_there_and_a_move_redraws_them(live):
    box, widgets, figures, sentence = live
    assert len(figures) == 2
    assert sentence == "Step 0 of the < that."
    assert picture_of(box).count("<svg") == 2
    widgets["step"].value = 2
    assert "Step 2 of the &lt; that." in picture_of(box)


def test_what_the_function_refuses_stands_in_the_figures_place(live):
    box, widgets, *_ = live
    widgets["word"].value = "two words"
    assert 'role="alert"' in picture_of(box)
    assert "&#x27;two words&#x27; is two words, expected one" in picture_of(box)
    widgets["word"].value = "one"
    assert "Step 0 of one" in picture_of(box)


def test_reset_brings_every_control_back_and_stops_the_clock(live):
    box, widgets, *_ = live
    widgets["step"].value, widgets["word"].value, widgets["open"].value = 3, "cat", True
    widgets["step"].playing = True
    (reset,) = (widget for widget in walk(box) if isinstance(widget, ipywidgets.Button))
    reset.click()
    assert [widget.value for widget in widgets.values()] == [0, "the", False]
    assert not widgets["step"].playing
    assert reset.description == "Reset"


def test_a_clock_has_a_slider_beside_it_and_free_text_waits_for_its_end(live):
    box, widgets, *_ = live
    sliders = [widget for widget in walk(box) if isinstance(widget, ipywidgets.IntSlider)]
    assert [(slider.min, slider.max, slider.description) for slider in sliders] == [(0, 3, "step")]
    assert not widgets["word"].continuous_update


def test_the_note_is_linked_in_the_front_end_and_taken_away_by_a_redraw(live):
    box, widgets, *_ = live
    (note,) = (widget for widget in walk(box) if "interact-note" in getattr(widget, "_dom_classes", ()))
    note.value = 1  # as the front end does
    widgets["step"].value = 1
    assert note.value == ""


def test_no_other_thread_shows_the_figure_while_it_is_drawn():
    """JupyterLab's kernel calls `flush_figures` in another thread, after each move of any control."""
    shown = []

    def waves(n=3):
        shown.append(matplotlib.is_interactive())
        return plt.figure(), "Waves."

    with matplotlib.rc_context({"interactive": True}):
        live_view(waves, make_widgets(waves, {"n": (1, 4)}))
        assert matplotlib.is_interactive(), "the reader's own figures are shown as ever"
    assert shown == [False]
