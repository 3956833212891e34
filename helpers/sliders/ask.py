"""`ask`: a question that the reader answers on the page, with a right answer that the cell has computed.

The texts may hold `$…$` mathematics and `` `code` ``; all else is taken as it stands.
"""

import html
import itertools
import math
import numbers
import os
import re
from typing import NamedTuple

import ipywidgets
from IPython.display import display

from helpers.sliders.front_end import close_widget, no_front_end
from helpers.sliders.in_page import IN_PAGE

_NEAR_ENOUGH = 0.01  # of the answer, where the author names no tolerance
_SPANS = re.compile(r"(\$(?!\s)[^$]+?(?<!\s)\$(?!\d)|`[^`]+`)")  # mathematics and code
_NO_CHOICE, _NO_NUMBER = "Choose an answer first.", "Write a number, such as 12 or 0.5."
_WRONG = "Try again, or show the answer."
_FULL = {"description_width": "initial"}  # ipywidgets cuts a long label
_serial = itertools.count(1)


class _Question(NamedTuple):
    """A question that has been checked; an answer is the place of an option, or a number."""

    text: str
    options: tuple  # of texts; empty where a number is asked for
    answer: int | float
    answer_text: str
    within: float
    nearness: str  # what the reader is told of `within`
    why: str
    hints: dict  # wrong answer → hint


def ask(question, options=None, *, answer, why, within=None, hints=None):
    """Ask the reader; say whether the answer is right, and why.

    Parameters
    ----------
    question : str
    options : sequence, optional
        What the reader chooses from, in this order. Without them the reader writes a number.
    answer : one of `options`, or a number
        Compute it in the cell, so that it can never differ from what the chapter shows.
    why : str
        Shown after the right answer, and on request after a wrong one.
    within : float, optional
        How far from `answer` a number may be: 0 if it is left out and the answer is a whole number, else 1 % of it.
    hints : dict, optional
        Wrong option, or wrong number → what to tell a reader who gives it.

    Raises
    ------
    ValueError
        If a text is empty, two options read alike, the answer is not among them or is no finite number, `within` is
        negative or leaves no room for rounding, or a hint is for the right answer or for none that can be given.

    Examples
    --------
    >>> ask(
    ...     "An LSTM has 3 inputs and 4 units. How many weights and biases has it?",
    ...     answer=sum(array.size for array in init_lstm(rng, D=3, H=4)),
    ...     why="Four gates, each with $(D + H + 1) H$ numbers.",
    ...     hints={4 * (3 + 4) * 4: "Each gate has a bias for each unit too."},
    ... )
    """
    asked = _read_question(question, options, answer, why, within, hints or {})
    plain = _plain_text(asked)
    if os.environ.get(IN_PAGE):
        with no_front_end():
            close_widget(_live_view(asked))  # a question that a kernel could not ask fails here too
        bundle = {"text/html": _page(asked, f"ask-{next(_serial)}")}
    else:
        bundle = _live_view(asked)._repr_mimebundle_()
    # Neither of them is stored in a notebook; the Markdown is, and stands where nothing runs.
    display({**bundle, "text/markdown": _markdown_text(asked), "text/plain": plain}, raw=True)


# What the author gave


def _read_question(text, options, answer, why, within, hints):
    for name, given in (("question", text), ("why", why)):
        if not isinstance(given, str) or not given.strip():
            raise ValueError(f"ask: {name} is {given!r}, expected a text")
    for wrong, hint in hints.items():
        if not isinstance(hint, str) or not hint.strip():
            raise ValueError(f"ask: the hint for {wrong!r} is {hint!r}, expected a text")
    if options is None:
        return _read_number(text, answer, why, within, hints)
    if within is not None:
        raise ValueError(f"ask: within is {within!r}, but it is for numbers, and here are options to choose from")
    return _read_choice(text, options, answer, why, hints)


def _read_choice(text, options, answer, why, hints):
    if isinstance(options, str):
        raise ValueError(f"ask: options is {options!r}, expected a list")
    texts = tuple(str(option).strip() for option in options)
    if len(texts) < 2 or not all(texts) or len({*texts}) < len(texts):
        raise ValueError(f"ask: options are {list(texts)}, expected at least two, all different and none empty")

    def place(what, value):
        if str(value).strip() not in texts:
            raise ValueError(f"ask: {what} is {str(value)!r}, expected one of {', '.join(map(repr, texts))}")
        return texts.index(str(value).strip())

    right = place("answer", answer)
    placed = {place("a hint's option", option): hint for option, hint in hints.items()}
    if right in placed:
        raise ValueError(f"ask: a hint is for {texts[right]!r}, which is the right answer")
    return _Question(text, texts, right, texts[right], 0, "", why, placed)


def _read_number(text, answer, why, within, hints):
    right = _number("answer", answer)
    nearness = ""
    if within is None:
        within = 0 if right == round(right) else _NEAR_ENOUGH * abs(right)
        nearness = "Anything within 1 % counts." if within else ""
    else:
        within = _number("within", within)
        nearness = f"Anything within {within:g} counts." if within else ""
    if within < 0 or (within == 0 and right != round(right)):
        raise ValueError(f"ask: within is {within}, expected a number above 0 for the answer {right}")
    wrong = {_number("a hint's number", number): hint for number, hint in hints.items()}
    for number in wrong:
        if _near(number, right, within):
            raise ValueError(f"ask: a hint is for {number}, which is taken as right: {right} within {within}")
    return _Question(text, (), right, _digits(right, within), within, nearness, why, wrong)


def _number(what, value):
    """Return a Python number: NumPy's are written in another way."""
    if not isinstance(value, numbers.Real) or isinstance(value, bool) or not math.isfinite(value):
        raise ValueError(f"ask: {what} is {value!r}, expected a finite number")
    value = float(value)
    return int(value) if value == round(value) else value


def _digits(number, within):
    """Write a number with as few digits as are right to a tenth of its tolerance."""
    if isinstance(number, int):
        return str(number)
    return next(text for d in range(1, 18) if abs(float(text := f"{number:.{d}g}") - number) <= within / 10)


def _near(given, wanted, within):
    return abs(given - wanted) <= within * (1 + 1e-9)  # ask.js has this too; 0.26 − 0.25 is a little over 0.01


# Where nothing runs


def _asked_text(asked):
    return f"{asked.text} {asked.nearness}".strip()


def _plain_text(asked):
    return "\n".join([_asked_text(asked), *(f"- {option}" for option in asked.options)])


def _markdown_text(asked):
    """Write the question in Markdown as GitHub, JupyterLab and Colab read it, with the answer in a fold."""
    options = "\n".join(f"- {_markdown(option)}" for option in asked.options)
    question = [_markdown(_asked_text(asked)), *([options] if options else [])]
    answer = f"**Answer:** {_markdown(asked.answer_text)}"
    fold = ["<details>\n<summary>Answer</summary>", answer, _markdown(asked.why), "</details>"]
    return "\n\n".join([*question, *fold])


def _markdown(text):
    """Escape what Markdown would take as its own, but in mathematics and code."""
    escaped = _each_span(text, lambda part: html.escape(re.sub(r"([\\*_\[\]#~|])", r"\\\1", part), quote=False), str)
    return re.sub(r"^(\d*)([-+.)])(?=\s|$)", r"\1\\\2", escaped)  # what would begin a list


def _each_span(text, plain, special):
    """Put together what `plain` makes of the text, and `special` of the mathematics and the code in it."""
    parts = _SPANS.split(text)
    return "".join(special(part) if i % 2 else plain(part) for i, part in enumerate(parts))


# In the book


def _page(asked, key):
    """Write the question as HTML that needs nothing but ask.js; without it the answer is in a fold."""
    tolerance = f' data-within="{asked.within!r}"' if not asked.options else ""
    body = _radios(asked, key) if asked.options else _field(asked, key)
    hints = "".join(f'<p data-for="{wrong!r}">{_html(hint)}</p>' for wrong, hint in asked.hints.items())
    return "\n".join(
        [
            f'<div class="ask" id="{key}" data-answer="{asked.answer!r}"{tolerance} data-waiting>',
            '<form autocomplete="off" novalidate>',
            f"<fieldset><legend>{_html(asked.text)}</legend>{body}</fieldset>",
            '<div class="ask-actions"><button type="submit" disabled>Check</button>',
            '<button type="button" class="ask-show" hidden>Show the answer</button></div>',
            "</form>",
            '<div class="ask-result" role="status"></div>',
            f'<div class="ask-hints" hidden>{hints}</div>',
            '<details class="ask-answer"><summary>Answer</summary>',
            f'<p class="ask-is"><strong>Answer:</strong> {_html(asked.answer_text)}</p><p>{_html(asked.why)}</p>',
            "</details></div>",
        ]
    )


def _radios(asked, key):
    return "".join(
        f'<label class="ask-option"><input type="radio" name="{key}-option" value="{i}" disabled>'
        f"<span>{_html(option)}</span></label>"
        for i, option in enumerate(asked.options)
    )


def _field(asked, key):
    note = f'<span id="{key}-near">{asked.nearness}</span>' if asked.nearness else ""
    described = f' aria-describedby="{key}-near"' if note else ""
    return (
        f'<div class="ask-number"><label for="{key}-number">Your answer</label>'
        f'<input type="number" step="any" id="{key}-number"{described} disabled>{note}</div>'
    )


def _html(text):
    return _each_span(text, html.escape, _html_span)


def _html_span(part):
    inner = html.escape(part[1:-1])
    if part[0] == "`":
        return f"<code>{inner}</code>"
    # The classes are those of Sphinx: MathJax looks into the first, translators and colourers skip the others.
    return f'<span class="math notranslate nohighlight">\\({inner}\\)</span>'


# With a kernel


def _live_view(asked):
    """Return the box that Jupyter and Colab show."""
    question = ipywidgets.HTMLMath(_live_html(_asked_text(asked), _lettered(asked)))
    field = _live_field(asked)
    check = ipywidgets.Button(description="Check", layout={"width": "auto"})
    show = ipywidgets.Button(description="Show the answer", layout={"width": "auto", "display": "none"})
    result = ipywidgets.HTMLMath()
    answer = _live_html(asked.why)

    def judge(_):
        right, said = _judge(asked, _given(asked, field.value))
        if right:
            show.layout.display = "none"
            said = f"<strong>✓ Right:</strong> {_live_html(asked.answer_text)}<br>{answer}"
        elif right is False:
            said = f"<strong>✗ Not yet.</strong> {_live_html(said)}"
            show.layout.display = None
        result.value = _alert(said)

    def reveal(_):
        result.value = _alert(f"<strong>Answer:</strong> {_live_html(asked.answer_text)}<br>{answer}")

    check.on_click(judge)
    show.on_click(reveal)
    return ipywidgets.VBox([question, field, ipywidgets.HBox([check, show]), result])


def _live_field(asked):
    if asked.options:
        # A radio button's label shows no mathematics: there the options stand above, and the buttons have letters.
        letters = [letter for letter, _ in _lettered(asked)]
        labels = list(zip(letters or asked.options, range(len(asked.options)), strict=True))
        return ipywidgets.RadioButtons(
            options=labels, value=None, description="Your answer", layout={"width": "auto"}, style=_FULL
        )
    return ipywidgets.Text(placeholder="a number", description="Your answer", style=_FULL)


def _lettered(asked):
    special = any(_SPANS.search(option) for option in asked.options)
    return [(chr(ord("a") + i), option) for i, option in enumerate(asked.options)] if special else []


def _given(asked, value):
    """Return what the reader gave: the place of an option or a number, None for nothing."""
    if asked.options:
        return value
    try:
        number = float(value.replace("−", "-"))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _judge(asked, given):
    """Return whether an answer is right, None if there is none, and what to say of it; ask.js does the same."""
    if given is None:
        return None, _NO_CHOICE if asked.options else _NO_NUMBER
    if _near(given, asked.answer, asked.within):
        return True, ""
    return False, next((hint for wrong, hint in asked.hints.items() if _near(given, wrong, asked.within)), _WRONG)


def _live_html(text, lettered=()):
    """Write a text for ipywidgets, which knows mathematics between dollars."""

    def special(part):
        return html.escape(part) if part[0] == "$" else f"<code>{html.escape(part[1:-1])}</code>"

    lines = [text, *(f"({letter}) {option}" for letter, option in lettered)]
    return "<br>".join(_each_span(line, html.escape, special) for line in lines)


def _alert(said):
    return f'<div role="alert">{said}</div>'
