"""What stands above a machine: its sentence, and the equation of what is computed now."""

from matplotlib.patches import PathPatch
from matplotlib.path import Path

from helpers.figures.machine.layout import MARGIN
from helpers.figures.machine.parts import ROLES, Term
from helpers.figures.machine.pen import rounded
from helpers.figures.machine.writing import LINE, short_number, text_width, wrap
from helpers.sliders.theme import INK, WIDTH


def break_sentence(words):
    """Break the sentence into lines of (index, word) that fit on the page."""
    lines, used = [[]], 0.0
    for index, word in enumerate(words.words):
        width = _word_width(word)
        if lines[-1] and used + width > WIDTH - 2 * MARGIN:
            lines.append([])
            used = 0.0
        lines[-1].append((index, word))
        used += width
    return lines


def _word_width(word):
    return text_width(word, bold=True) + 0.12


def draw_sentence(pen, words, lines, top):
    """Write the sentence: the word that is read is framed, and what takes no part is grey."""
    left = (WIDTH - max(sum(_word_width(word) for _, word in line) for line in lines)) / 2
    for number, line in enumerate(lines):
        widths = [_word_width(word) for _, word in line]
        x, y = left, top - (1.5 * number + 0.75) * LINE
        for (index, word), width in zip(line, widths, strict=True):
            read_now = index == words.position
            touched = pen._replace(touch=f"{words.control}={index + words.first}" if words.control else "")
            if read_now or words.control:
                look = {"facecolor": "none", "edgecolor": ROLES["input"] if read_now else "none", "linewidth": 1.8}
                touched.add(rounded(x + 0.02, y - 0.6 * LINE, width - 0.04, 1.2 * LINE, **look))
            to_come = words.position is not None and index > words.position
            idle = to_come if words.grey is None else index in words.grey
            colour = ROLES["plain"] if idle else INK
            touched.write(x + width / 2, y, word, bold=read_now, colour=colour)
            x += width


def draw_equation(pen, equation, top):
    """Write the equation, as a text of two lines or as terms over their numbers."""
    if isinstance(equation, str):
        lines = wrap(equation, WIDTH - 2 * MARGIN) if equation else []
        if len(lines) > 2:
            raise ValueError(f"the equation needs {len(lines)} lines, and there is room for 2: {equation}")
        first = 0.5 if len(lines) > 1 else 1.0
        for number, line in enumerate(lines):
            pen.write(WIDTH / 2, top - (first + number) * LINE, line)
        return
    widths = [_term_width(term) for term in equation]
    gap = min(0.06, (WIDTH - 2 * MARGIN - sum(widths)) / max(1, len(widths) - 1))
    if gap < 0.02:
        raise ValueError(f"the equation is too wide: {' '.join(getattr(term, 'symbol', term) for term in equation)}")
    x = (WIDTH - sum(widths) - gap * (len(widths) - 1)) / 2
    for term, width in zip(equation, widths, strict=True):
        symbol, number = (term.symbol, term.value) if isinstance(term, Term) else (term, term)
        pen.write(x + width / 2, top - 0.5 * LINE, symbol, bold=isinstance(term, Term))
        if number is not None:
            pen.write(x + width / 2, top - 1.6 * LINE, number if number is term else short_number(number, tiny=True))
        if isinstance(term, Term) and term.role:
            line = Path([(x, top - 2.15 * LINE), (x + width, top - 2.15 * LINE)])
            pen.add(PathPatch(line, facecolor="none", edgecolor=ROLES[term.role], linewidth=2.5))
        x += width + gap


def _term_width(term):
    if not isinstance(term, Term):
        return text_width(term)
    number = "" if term.value is None else short_number(term.value, tiny=True)
    return max(text_width(term.symbol, bold=True), text_width(number), 0.3)
