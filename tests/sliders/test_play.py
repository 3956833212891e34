"""A control that stands for time: ipywidgets' own under a kernel, buttons and a slider in the book."""

import io
import wave

import ipywidgets
import nbclient
import nbformat
import pytest

from helpers.sliders import Play
from helpers.sliders.controls import make_widgets, read_controls
from helpers.sliders.in_page import IN_PAGE


def look(step=0):
    pass


def in_book(widget, static=None):
    (control,) = read_controls(make_widgets(look, {"step": widget}), static or {})
    return control


def test_it_is_the_control_of_ipywidgets():
    play = Play(2, 20, step=3, per_second=8)
    assert isinstance(play, ipywidgets.Play)
    assert (play.min, play.max, play.step, play.value, play.interval) == (2, 20, 3, 2, 125)
    assert Play(-3, 9).value == -3
    assert Play(0, 9, value=4, description="time").value == 4


@pytest.mark.parametrize("per_second", [0, -1])
def test_it_moves_forward_in_time(per_second):
    with pytest.raises(ValueError, match=rf"per_second is {per_second}, expected a number above 0"):
        Play(0, 5, per_second=per_second)


@pytest.mark.parametrize("kind", [Play, lambda low, high, step: ipywidgets.Play(min=low, max=high, step=step)])
def test_the_book_has_each_of_its_values(kind):
    control = in_book(kind(0, 7, 3))
    assert (control.kind, control.label, control.start) == ("play", "step", 0)
    assert (control.values, control.texts) == ((0, 3, 6), ("0", "3", "6"))


@pytest.mark.parametrize(
    ("widget", "interval"),
    [
        (Play(0, 5), 200),
        (Play(0, 5, per_second=100), 125),
        (Play(0, 5, per_second=1), 250),
        (ipywidgets.Play(), 125),
        (ipywidgets.Play(interval=180), 180),
    ],
)
def test_the_book_shows_four_to_eight_frames_a_second(widget, interval):
    assert in_book(widget).interval == interval


def test_static_chooses_its_values():
    control = in_book(Play(0, 1000), {"step": [0, 10, 1000]})
    assert (control.kind, control.texts) == ("play", ("0", "10", "1000"))


def sound(seconds, rate=1000):
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", "not compressed"))
        file.writeframes(bytes(2 * round(rate * seconds)))
    return written.getvalue()


def test_each_value_has_its_time_in_the_sound():
    heard = sound(1.5)
    control = in_book(Play(2, 8, 2, sound=heard))
    assert (control.kind, control.interval, control.sound) == ("play", 200, heard)
    assert control.times == pytest.approx((0, 0.5, 1, 1.5))
    assert in_book(Play(0, 10, sound=heard), {"step": [0, 1, 10]}).times == pytest.approx((0, 0.15, 1.5))
    assert (in_book(Play(0, 10)).sound, in_book(Play(0, 10)).times) == (None, ())


@pytest.mark.parametrize(
    ("heard", "high", "message"),
    [
        (b"no wave", 5, r"sound is b'no wave'…, expected the bytes of a WAV file"),
        ("file.wav", 5, r"sound is 'file.wav', expected at most 300000 bytes"),
        (sound(200), 5, r"sound is 400044 bytes, expected at most 300000"),
        (sound(0), 5, r"sound has no samples"),
        (sound(1), 0, r"low is 0 and high is 0, expected a control that moves"),
    ],
)
def test_what_is_no_sound_of_the_control_is_refused(heard, high, message):
    with pytest.raises(ValueError, match=message):
        Play(0, high, sound=heard)


NOTEBOOK = "from helpers.sliders import Play\nPlay(0, 5)\nNone"


@pytest.mark.parametrize("book", ["", "1"])
def test_a_page_keeps_no_state_of_it(monkeypatch, book):
    monkeypatch.setenv(IN_PAGE, book)
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(NOTEBOOK)])
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    assert ("widgets" in notebook.metadata) == (not book)
