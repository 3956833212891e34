"""The controls are those of `ipywidgets.interact`, and the book knows every value that they take."""

import functools

import ipywidgets
import numpy as np
import pytest
from ipywidgets import interactive

from helpers.sliders.controls import MOST_FRAMES, fixed_values, grid, make_widgets, place_of, read_controls
from helpers.sliders.formulas import plain_text

TRAITS = ("min", "max", "step", "value", "options", "description", "base", "readout_format")


def book(function=None, static=None, **abbreviations):
    """The controls in the book of a function of x, or of another."""
    if function is None:

        def function(x):
            pass

    return read_controls(make_widgets(function, abbreviations), static or {})


def only(**kwargs):
    (control,) = book(**kwargs)
    return control


def defaults(x=2, y=0.5, z=True, word="b"):
    pass


def keyword_only(x, *, y=1):
    pass


def open_ended(x, **others):
    pass


@pytest.mark.parametrize(
    ("function", "abbreviations"),
    [
        (defaults, {}),
        (defaults, {"x": (0, 10), "y": (0.0, 1.0), "word": ["a", "b"]}),
        (defaults, {"x": (0, 10, 2), "y": (0.0, 1.0, 0.25), "word": {"first": "a", "second": "b"}}),
        (defaults, {"x": 5, "y": -1.0, "z": False}),
        (defaults, {"x": -3, "word": [("one", "a"), ("two", "b")]}),
        (defaults, {"x": (0, 1), "word": ["a", "b", "c"]}),
        (keyword_only, {"x": ["a", ("b", 2)], "y": (1, 3)}),
        (keyword_only, {"x": range(5)}),
        (open_ended, {"x": (0, 3), "more": [1, 2], "most": True}),
    ],
)
def test_abbreviations_make_the_widgets_of_ipywidgets(function, abbreviations):
    theirs = [w for w in interactive(function, **abbreviations).children if isinstance(w, ipywidgets.ValueWidget)]
    theirs = [w for w in theirs if not isinstance(w, ipywidgets.Output)]
    ours = make_widgets(function, abbreviations)
    assert list(ours) == [w._kwarg for w in theirs]
    for mine, other in zip(ours.values(), theirs, strict=True):
        assert type(mine) is type(other)
        assert {t: getattr(mine, t, None) for t in TRAITS} == {t: getattr(other, t, None) for t in TRAITS}


def test_an_underscore_in_a_name_is_a_space_in_its_label():
    widgets = make_widgets(lambda weight_scale=1.0: None, {})
    assert widgets["weight_scale"].description == "weight scale"


def test_a_widget_stands_for_itself_and_keeps_its_label():
    slider = ipywidgets.FloatSlider(0.5, min=0, max=1, step=0.25, description="how much")
    assert make_widgets(defaults, {"x": slider})["x"] is slider
    assert only(x=slider).label == "how much"


@pytest.mark.parametrize(
    ("abbreviation", "kind", "values", "texts", "start"),
    [
        ((0, 4), "range", (0, 1, 2, 3, 4), ("0", "1", "2", "3", "4"), 2),
        ((-2, 2, 2), "range", (-2, 0, 2), ("-2", "0", "2"), 1),
        ((0.5, 1.5, 0.5), "range", (0.5, 1.0, 1.5), ("0.5", "1.0", "1.5"), 1),
        ((0.0, 0.3, 0.05), "range", (0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3), None, 2),
        ((0, 1, 0.3), "range", (0, 0.3, 0.6, 0.9), ("0.0", "0.3", "0.6", "0.9"), 0),
        (["tanh", "relu"], "select", ("tanh", "relu"), ("tanh", "relu"), 0),
        ({"one": 1, "two": 2}, "select", (1, 2), ("one", "two"), 0),
        ([("one", 1), ("two", 2)], "select", (1, 2), ("one", "two"), 0),
        (["a", ("b", 2)], "select", ("a", ("b", 2)), ("a", "('b', 2)"), 0),
        (True, "checkbox", (False, True), ("off", "on"), 1),
        (False, "checkbox", (False, True), ("off", "on"), 0),
        (ipywidgets.ToggleButton(True), "checkbox", (False, True), ("off", "on"), 1),
        (ipywidgets.FloatLogSlider(1, min=-1, max=1, step=0.5), "range", (0.1, 10**-0.5, 1, 10**0.5, 10), None, 2),
        (ipywidgets.FloatLogSlider(8, base=2, min=0, max=3, step=1), "range", (1, 2, 4, 8), ("1", "2", "4", "8"), 3),
        (ipywidgets.SelectionSlider(options=["a", "b"], value="b"), "range", ("a", "b"), ("a", "b"), 1),
        (ipywidgets.RadioButtons(options={"one": 1}), "select", (1,), ("one",), 0),
        (ipywidgets.Select(options=[1, 2], value=2), "select", (1, 2), ("1", "2"), 1),
        (ipywidgets.ToggleButtons(options=["a"]), "select", ("a",), ("a",), 0),
    ],
)
def test_what_a_control_is_in_the_book(abbreviation, kind, values, texts, start):
    control = only(x=abbreviation)
    assert (control.name, control.kind, control.start) == ("x", kind, start)
    if all(isinstance(value, float | int) for value in values):
        np.testing.assert_allclose(control.values, values, rtol=1e-12)
    else:
        assert control.values == values
    assert texts is None or control.texts == texts


@pytest.mark.parametrize(
    ("slider", "texts"),
    [
        ((0.0, 1.0, 0.25), ["0.00", "0.25", "0.50", "0.75", "1.00"]),
        ((0.5, 0.7, 0.1), ["0.5", "0.6", "0.7"]),
        ((0.0, 2.0, 1.0), ["0", "1", "2"]),
        ((0.0, 1.0, 1 / 3), ["0.00", "0.33", "0.67", "1.00"]),
        ((0.0, 2e-4, 1e-4), ["0.0000", "0.0001", "0.0002"]),
        ((0.0, 2e-13, 1e-13), ["0", "1e-13", "2e-13"]),
        ((-1.5e-13, 1.5e-13, 1.5e-13), ["-1.5e-13", "0", "1.5e-13"]),
        ((1.0, 1 + 2e-11, 1e-11), ["1.00000000000", "1.00000000001", "1.00000000002"]),
        ((1e12, 1e12 + 2, 1.0), ["1000000000000", "1000000000001", "1000000000002"]),
        (ipywidgets.FloatLogSlider(1, min=-4, max=0, step=2), ["0.0001", "0.01", "1"]),
        (ipywidgets.FloatLogSlider(1, min=-0.5, max=0.5, step=0.5), ["0.316", "1", "3.16"]),
    ],
)
def test_numbers_are_written_in_sensible_digits(slider, texts):
    start = slider[0] if isinstance(slider, tuple) else slider.value
    control = only(function=functools.partial(lambda x: None, x=start), x=slider)
    assert list(control.texts) == texts


def test_steps_do_not_drift():
    assert only(x=(0.0, 0.6, 0.1)).values == (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
    assert all(isinstance(value, int) for value in only(x=(0, 9)).values)


def test_a_start_may_be_off_by_a_rounding():
    assert only(function=lambda x=0.1 + 0.2: None, x=(0.0, 1.0, 0.1)).start == 3
    assert only(x=ipywidgets.FloatLogSlider(0.316227766, min=-1, max=0, step=0.5)).start == 1


def test_static_chooses_the_values_drawn():
    control = only(x=(0.0, 10.0, 0.001), static={"x": [1, 2.5, 5.0]})
    assert (control.values, control.texts, control.kind, control.start) == (
        (1, 2.5, 5.0),
        ("1", "2.5", "5"),
        "range",
        2,
    )


def test_static_gives_frames_to_what_has_none():
    control = only(x=ipywidgets.Text("b"), static={"x": ["a", "b"]})
    assert (control.kind, control.values, control.start) == ("select", ("a", "b"), 1)
    assert only(x=ipywidgets.FloatText(2.0), static={"x": [1.0, 2.0]}).kind == "range"


def test_static_keeps_the_names_that_a_menu_has_for_its_values():
    assert only(x={"one": 1, "two": 2, "three": 3}, static={"x": [1, 3]}).texts == ("one", "three")


def test_fixed_is_passed_on_and_shows_no_control():
    widgets = make_widgets(keyword_only, {"x": ipywidgets.fixed([1, 2])})
    assert fixed_values(widgets) == {"x": [1, 2]}
    assert [control.name for control in read_controls(widgets, {})] == ["y"]


def test_the_grid_moves_the_last_control_fastest():
    controls = book(lambda a, b: None, a=(0, 1), b=["x", "y", "z"])
    assert grid(controls) == [{"a": a, "b": b} for a in (0, 1) for b in "xyz"]
    assert grid([]) == [{}]


def test_the_grid_takes_as_many_frames_as_it_says():
    assert len(grid(book(x=(1, MOST_FRAMES)))) == MOST_FRAMES


def raises(match):
    return pytest.raises(ValueError, match=match)


def test_too_many_frames_name_the_control_to_coarsen():
    controls = book(lambda few, many: None, few=(0, 2), many=(0, 200))
    with raises(r"603 frames, 3 \(few\) × 201 \(many\).*at most 400: give 'many' a larger step.*static=\{'many'"):
        grid(controls)


def test_an_unknown_parameter():
    with raises("defaults has no parameter 'radius'; it has x, y, z, word"):
        make_widgets(defaults, {"radius": (0, 1)})


def test_a_parameter_without_default():
    with raises("keyword_only needs a default or an abbreviation for its parameter 'x'"):
        make_widgets(keyword_only, {})


@pytest.mark.parametrize("nonsense", [None, object(), (1, 2, 3, 4), ("a", "b"), ipywidgets.Button()])
def test_what_is_no_abbreviation(nonsense):
    try:
        theirs = interactive.widget_from_abbrev(nonsense)
    except ValueError:
        theirs = None
    if theirs is None:
        with raises("x=.* is not an abbreviation"):
            make_widgets(keyword_only, {"x": nonsense})
    else:
        assert type(make_widgets(keyword_only, {"x": nonsense})["x"]) is type(theirs)


@pytest.mark.parametrize(
    "widget",
    [
        ipywidgets.Text("a"),
        ipywidgets.FloatText(1.0),
        ipywidgets.IntText(1),
        ipywidgets.IntRangeSlider(),
        ipywidgets.FloatRangeSlider(),
        ipywidgets.SelectMultiple(options=[1, 2]),
        ipywidgets.ColorPicker(),
    ],
    ids=lambda w: type(w).__name__,
)
def test_a_control_without_a_finite_list_of_values(widget):
    with raises(rf"'x' \({type(widget).__name__}\) has no finite list of values .*static=\{{'x'"):
        book(x=widget)


def test_a_start_that_is_not_drawn():
    with raises("x starts at 0.37, which is not among the values drawn: 0.0, 0.5, 1.0"):
        book(lambda x=0.37: None, x=(0.0, 1.0, 0.5))
    with raises("x starts at 5, which is not among the values drawn: 1, 2"):
        book(x=(0, 10), static={"x": [1, 2]})


def test_static_without_values():
    with raises("the control 'x' has no values to draw"):
        book(x=(0, 10), static={"x": []})
    with raises("the control 'x' has no values to draw"):
        book(x=ipywidgets.Dropdown(options=[]))


def test_static_of_no_control():
    with raises("static names 'y', but the controls are x"):
        book(x=(0, 10), static={"y": [1]})
    with raises("static names 'x', but the controls are"):
        book(x=ipywidgets.fixed(1), static={"x": [1]})


@pytest.mark.parametrize("step", [0, -0.5, None])
def test_a_step_that_leads_nowhere(step):
    with raises(f"a slider from 0.0 to 1.0 needs a positive step for the book to draw, not {step}"):
        book(x=ipywidgets.FloatSlider(0, min=0, max=1, step=step))


@pytest.mark.parametrize("step", [1e-13, 3e-9, 1e-300])
def test_tiny_steps_are_steps(step):
    values = only(function=lambda x=2 * step: None, x=(0.0, 3 * step, step))
    np.testing.assert_allclose(values.values, step * np.arange(4), rtol=1e-9)
    assert values.start == 2
    assert len(set(values.texts)) == 4


@pytest.mark.parametrize(
    ("written", "texts"),
    [(".3f", ("0.000", "0.500", "1.000")), (".0%", ("0%", "50%", "100%")), (".1e", ("0.0e+00", "5.0e-01", "1.0e+00"))],
)
def test_the_readout_format_writes_the_numbers(written, texts):
    slider = ipywidgets.FloatSlider(0.5, min=0, max=1, step=0.5, readout_format=written)
    assert only(x=slider).texts == texts
    assert only(x=slider, static={"x": [0.5]}).texts == texts[1:2]
    log = ipywidgets.FloatLogSlider(1, min=0, max=1, step=1, readout_format=".1f")
    assert only(x=log).texts == ("1.0", "10.0")
    assert only(x=ipywidgets.IntSlider(1, min=1, max=2, readout_format="03d")).texts == ("001", "002")


def test_a_readout_format_that_python_does_not_have():
    slider = ipywidgets.FloatSlider(0.5, min=0, max=1, step=0.5, readout_format=".2s")
    with raises(r"cannot write 0.0 by the readout_format '.2s'"):
        only(x=slider)


@pytest.mark.parametrize(
    ("label", "plain"),
    [
        (r"$\alpha$", "α"),
        (r"rate $\alpha_1$ of $\mathrm{W}_{xh}$", "rate α₁ of Wₓₕ"),
        (r"$h_{t-1}$", "hₜ₋₁"),
        (r"$\Omega^2 \to \varphi$", "Ω² → φ"),
        (r"$\sigma$ $\varsigma$ $\omega$ $\rho$", "σ ς ω ρ"),
        (r"$W_{xq}$", "W_xq"),
        (r"$\frac{a}{b}$", r"$\frac{a}{b}$"),
        ("costs $5", "costs $5"),
        ("weight scale", "weight scale"),
    ],
)
def test_a_formula_in_a_label_is_written_in_letters(label, plain):
    assert plain_text(label) == plain
    assert only(x=ipywidgets.IntSlider(1, max=2, description=label)).label == plain


@pytest.mark.parametrize("given", [[True, False], [False, True]])
@pytest.mark.parametrize("widget", [True, ipywidgets.Dropdown(options=[True, False])])
def test_true_and_false_are_a_check_box(given, widget):
    control = only(x=widget, static={"x": given})
    assert (control.kind, control.values, control.texts, control.start) == (
        "checkbox",
        (False, True),
        ("off", "on"),
        1,
    )


def test_one_of_true_and_false_is_a_menu_and_words_are_no_slider():
    assert only(x=True, static={"x": [True]}).kind == "select"
    assert only(x=ipywidgets.Combobox(value="a"), static={"x": ["a", "b"]}).kind == "select"
    assert only(x=ipywidgets.Label(value="a"), static={"x": ["a", 2]}).kind == "select"


@pytest.mark.parametrize("given", [0.1, "abc", None, 3])
def test_static_that_is_no_list(given):
    if given is None:
        assert only(x=(0, 2), static={"x": None}).values == (0, 1, 2)
    else:
        with raises(rf"static={{'x': {given!r}}} must give a list of values, such as \[{given!r}\]"):
            book(x=(0, 1), static={"x": given})


@pytest.mark.parametrize("given", [[1], 0.5, "x"])
def test_static_that_is_no_dict(given):
    with raises("static wants a dict"):
        read_controls(make_widgets(keyword_only, {"x": (0, 1)}), given)


@pytest.mark.parametrize(
    ("abbreviation", "text", "place"),
    [
        ((0, 4), "3", 3),
        ((0.0, 0.5, 0.25), "0.25", 1),
        ((0.0, 0.5, 0.25), "0.5", 2),
        ((0.0, 0.5, 0.25), ".250", 1),
        ({"one": 1, "two": 2}, "two", 1),
        ({"one": 1, "two": 2}, "2", 1),
        (["f open", "a=b"], "a=b", 1),
        (True, "on", 1),
        (True, "False", 0),
        ((0, 4), "5", None),
        ((0, 4), "", None),
        (["a", "b"], "c", None),
    ],
)
def test_a_value_is_found_by_its_text_or_its_number(abbreviation, text, place):
    assert place_of(only(x=abbreviation), text) == place
