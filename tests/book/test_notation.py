"""Every symbol in an equation of a chapter has its row in the table of symbols."""

import re
from pathlib import Path

import nbformat
import pytest

BOOK = Path(__file__).parents[2] / "book"
CHAPTERS = sorted(BOOK.glob("[0-9]*.ipynb"))
MATHS = re.compile(r"(?<!\\)\$\$(.+?)\$\$|(?<![\\$])\$(?!\$)(.+?)(?<!\\)\$", re.DOTALL)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
WORDS = re.compile(r"\\(?:text|textbf|textit|mathrm|mathtt|operatorname)\s*\{[^{}]*\}")
GREEK = re.compile(
    "(alpha|beta|gamma|delta|(var)?epsilon|zeta|eta|theta|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|(var)?phi|chi|psi|omega"
    "|Gamma|Delta|Theta|Lambda|Xi|Pi|Sigma|Phi|Psi|Omega|ell)"
)


def symbols(text):
    r"""List the letters of all equations of a text, Latin and Greek: `$W_{xh}$` has W, x and h.

    Words in an equation, such as `\text{tanh}`, are no symbols.
    """
    found = {}
    for one in MATHS.findall(CODE.sub("", text)):
        equation = WORDS.sub(" ", "".join(one))
        for command, letter in re.findall(r"\\([A-Za-z]+)|([A-Za-z])", equation):
            if letter or GREEK.fullmatch(command):
                found.setdefault(letter or f"\\{command}", equation.strip())
    return found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (r"$W_{xh}$ and \$5", {"W", "x", "h"}),
        (r"$$\alpha_t = \text{softmax}(\mathrm{score}_t)$$", {"\\alpha", "t"}),
        ("`$x$` in code, and $\\tanh(a)$", {"a"}),
    ],
)
def test_the_symbols_of_a_text(text, wanted):
    assert set(symbols(text)) == wanted


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_every_symbol_of_a_chapter_is_in_the_table(path):
    known = symbols((BOOK / "notation.md").read_text(encoding="utf-8"))
    cells = nbformat.read(path, as_version=4).cells
    used = symbols("\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown"))
    assert {symbol: equation for symbol, equation in used.items() if symbol not in known} == {}


@pytest.mark.parametrize("row", [line for line in (BOOK / "notation.md").read_text().splitlines() if line[:1] == "|"])
def test_a_row_of_the_table_says_what_its_symbol_means(row):
    cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
    assert cells[-1]
