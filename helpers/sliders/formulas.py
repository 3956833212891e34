"""Formulas on a page that has other fonts than Matplotlib, and in labels that have none."""

import functools
import re
import xml.etree.ElementTree as ElementTree

from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.textpath import TextPath

from helpers.sliders.theme import RC

# A reader has none of Matplotlib's fonts. What has another shape or another code in his is drawn as an outline: the
# root, which must meet its bar, what grows with a formula, and TeX's own fonts, whose codes are not Unicode.
_OUTLINED = re.compile(r"STIXSize\w+|DejaVu Sans Display|cm(?:b|ex|mi|r|ss|sy|tt)\d+")
_ROOT_SIGN = "√"
_DUMMY = "¤"  # what Matplotlib writes in a formula for a letter that it does not have

_FORMULA = re.compile(r"\$([^$]+)\$")
_NAMES = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau "
    "upsilon varphi chi psi omega"
)
_SIGNS = {
    **{name: chr(ord("α") + i) for i, name in enumerate(_NAMES.split())},
    **{name.capitalize(): chr(ord("Α") + i) for i, name in enumerate(_NAMES.split()) if not name.startswith("var")},
    **{"varepsilon": "ε", "phi": "φ", "Phi": "Φ", "vartheta": "ϑ", "ell": "ℓ", "partial": "∂", "nabla": "∇"},
    **{"infty": "∞", "times": "×", "cdot": "·", "pm": "±", "to": "→", "le": "≤", "ge": "≥", "sum": "∑", "sqrt": "√"},
    **{"log": "log", "exp": "exp", "tanh": "tanh", "max": "max", "min": "min", "quad": " ", ",": " ", " ": " "},
}
_WRAPPERS = re.compile(r"\\(?:mathrm|mathbf|mathit|mathsf|text|operatorname)\s*\{([^{}]*)\}")
_LOW = str.maketrans("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ")
_HIGH = str.maketrans("0123456789+-=()inT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿᵀ")


def outline_formulas(root):
    """Draw what a reader's fonts do not have of an SVG's formulas, and put bars where Matplotlib has them."""
    for group in root.iter("g"):
        text = next((child for child in group if child.tag == "text" and len(child)), None)
        if text is None:
            continue
        for span in list(text):
            family = span.get("font-family", "'DejaVu Sans'").split(",")[0].strip("'")
            if span.text == _ROOT_SIGN or _OUTLINED.fullmatch(family):
                text.remove(span)
                look = (family, span.get("font-style", "normal"), span.get("font-weight", "normal"))
                d = _outline(span.text, float(span.get("font-size").removesuffix("px")), *look)
                place = f"translate({span.get('x')} {span.get('y')})"
                ElementTree.SubElement(group, "path", {"d": d, "transform": place})
        for bar in (child for child in group if child.tag == "rect"):
            # Matplotlib writes the upper edge of a bar as if each were 1 high.
            bar.set("y", _short(float(bar.get("y")) + 1 - float(bar.get("height"))))
        if not len(text):
            group.remove(text)


@functools.lru_cache(1000)
def _outline(letter, size, family, style, weight):
    path = TextPath((0, 0), letter, size, FontProperties(family=family, style=style, weight=weight))
    names = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE3: "Q", Path.CURVE4: "C", Path.CLOSEPOLY: "Z"}
    steps = []
    for points, code in path.iter_segments(simplify=False):
        numbers = [] if code == Path.CLOSEPOLY else [_short(n * (-1) ** i) for i, n in enumerate(points)]
        steps.append(" ".join([names[code], *numbers]))
    return " ".join(steps)


def check_formulas(figure, tree):
    """Raise a ValueError if a formula of `figure` has a letter for which `tree`, its SVG, has Matplotlib's dummy."""
    if not any(span.text == _DUMMY for span in tree.iter("tspan")):
        return
    font = get_font(findfont(FontProperties(family=RC["font.family"])))
    for text in (text.get_text() for text in figure.findobj(Text)):
        lacking = dict.fromkeys(
            letter for letter in text if not font.get_char_index(ord(letter)) and letter.isprintable()
        )
        if "$" in text and lacking and _DUMMY not in text:
            raise ValueError(
                f"the text {text!r} has a formula, and Matplotlib cannot write {', '.join(lacking)} beside one: "
                "give the formula a text of its own"
            )


def plain_text(label):
    r"""Write the formulas of a label in letters: "rate $\alpha_1$" → "rate α₁". What has no letters stays as it is."""
    return _FORMULA.sub(lambda match: _in_letters(match[1]) or match[0], label)


def _short(number):
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _in_letters(formula):
    """Write a small formula in Unicode, or return None if that cannot be done."""
    text = _WRAPPERS.sub(r"\1", formula)
    text = re.sub(r"\\([A-Za-z]+|.)", lambda match: _SIGNS.get(match[1], match[0]), text)
    text = _shifted("_", _LOW, _shifted("^", _HIGH, text))
    return None if "\\" in text else text.translate({ord(brace): None for brace in "{}"}).strip()


def _shifted(mark, small, text):
    """Write what `mark` lowers or raises in small letters, where there are such letters."""

    def write(match):
        letters = match[1] or match[2]
        return letters.translate(small) if all(ord(letter) in small for letter in letters) else match[0]

    return re.sub(rf"\{mark}(?:\{{([^{{}}]+)\}}|([^{{}}\s]))", write, text)
