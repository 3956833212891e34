"""The controls of a figure with a kernel: one a row, a way back to the start, and a note while the kernel is busy.

All are ipywidgets' own, because Colab and strict pages load no other.
"""

import unicodedata

import ipywidgets
import traitlets

_WIDEST_LABEL = 20  # characters; a longer label stands in no column with the others
_HEAD = "interact-head"
_NOTE = "interact-note"
_BUSY = "The kernel is busy, perhaps with another cell. The figure will follow."

# There is a note when its label has a text, and only after a while: most figures follow before. The front end writes
# a text when it makes the links too, so the note also waits until the reader has touched a control; then it stays.
_TEXT = f".{_NOTE}:not(:empty)"
STYLE = f"""<style>
.{_NOTE} {{ min-height: 1.4em; height: auto; font-size: 0; }}
{_TEXT}::after {{ content: "{_BUSY}"; font-size: 0.8125rem; opacity: 0; transition: opacity 0s 9999s; }}
.{_HEAD}:is(:focus-within, :active) ~ {_TEXT}::after {{
  opacity: 1; transition: none; animation: {_NOTE} 0.4s step-end;
}}
@keyframes {_NOTE} {{ from {{ opacity: 0; }} }}
</style>"""


class _Note(ipywidgets.Label):
    """A label that takes the value of any control as its text, as the front end does."""

    value = traitlets.Any("").tag(sync=True)


def control_rows(controls):
    """Return one row for each control: all of the figure's width, their labels in one column.

    Parameters
    ----------
    controls : list of ipywidgets.DOMWidget

    Returns
    -------
    list of ipywidgets.DOMWidget
        The control itself, or for `Play` a box with it and a slider that goes with it, and a player of its sound.
    """
    widths = [_width(control.description) + 1 for control in controls]
    label = f"{max(widths)}ch" if widths and max(widths) <= _WIDEST_LABEL else "initial"
    return [_row(control, label) for control in controls]


def head_of(controls, reset):
    """Return the box of all controls, with the button `reset` in its corner."""
    rows = ipywidgets.VBox(control_rows(controls), layout={"flex": "1 1 auto", "min_width": "0"})
    head = ipywidgets.HBox([rows, reset], layout={"max_width": "36rem", "align_items": "flex-start"})
    head.add_class(_HEAD)
    return head


def reset_button(controls, start):
    """Return a button that sets every control to its value in `start`, and stops what plays."""

    def reset(_):
        for control, value in zip(controls, start, strict=True):
            if isinstance(control, ipywidgets.Play):
                control.playing = False
            control.value = value

    # With a word: a screen reader would read the icon's letter as the name of a button that has no other.
    button = ipywidgets.Button(description="Reset", icon="undo", layout={"width": "auto", "flex": "0 0 auto"})
    button.on_click(reset)
    return button


def busy_note(controls):
    """Return a note that comes when a control is moved, and the function that takes it away.

    The front end makes it come by itself, so that it comes while the kernel does something else: each control is
    linked there to the note's text. What the text says is never seen; `STYLE` writes the note where there is one.

    Parameters
    ----------
    controls : list of ipywidgets.DOMWidget

    Returns
    -------
    note : ipywidgets.Label
    clear : callable
        Takes the note away.
    """
    note = _Note()
    note.add_class(_NOTE)
    for control in controls:
        # A menu tells the front end no value, but the place of it.
        name = "value" if control.traits()["value"].metadata.get("sync") else "index"
        if control.has_trait(name):
            ipywidgets.jsdlink((control, name), (note, "value"))

    def clear():
        note.value = ""

    return note, clear


def _row(control, label):
    if isinstance(control, ipywidgets.Play):
        return _play_row(control, label)
    _fill_row(control, label)
    return control


def _play_row(play, label):
    slider = ipywidgets.IntSlider(play.value, play.min, play.max, play.step, description=play.description)
    _fill_row(slider, label)
    slider.layout.flex = "1 1 auto"
    # Linked in the front end, where the value moves, so that a tick of the clock does not wait for the kernel.
    ipywidgets.jslink((play, "value"), (slider, "value"))
    for name in ("min", "max", "step"):
        ipywidgets.jsdlink((play, name), (slider, name))
    play.layout.flex = "0 0 auto"
    row = ipywidgets.HBox([slider, play], layout={"width": "100%", "align_items": "center"})
    if getattr(play, "sound", None) is None:
        return row
    # No front end tells how far a player is, so that it keeps a pace of its own.
    player = ipywidgets.Audio(value=play.sound, format="wav", autoplay=False, loop=False)
    player.layout.width = "100%"
    return ipywidgets.VBox([row, player])


def _fill_row(control, label):
    control.style.description_width = label
    if isinstance(control, ipywidgets.Text | ipywidgets.Textarea):
        control.continuous_update = False  # half a word is no text
    if control.layout.width is None:
        control.layout.width = "auto"  # all of the row, less the margins


def _width(text):
    """Count the columns of a text: a Chinese character has two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
