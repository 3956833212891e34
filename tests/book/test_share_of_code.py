"""How much of a chapter's page is code and text output: at most a fifth of its height, while the folds are closed."""

from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
MOST = 0.2
# Of each cell that shows any: the pixels that its code and its text output take, with their margins, and how it begins.
CELLS = """() => [...document.querySelectorAll("article .cell")].map((cell, place) => {
  const boxes = [...cell.querySelectorAll(".cell_input, .highlight, .output.stream, .output.text_plain")];
  const outer = boxes.filter((box) => !boxes.some((other) => other !== box && other.contains(box)));
  const seen = outer.filter((box) => box.checkVisibility());
  const height = seen.reduce((sum, box) => {
    const { marginTop, marginBottom } = getComputedStyle(box);
    return sum + box.offsetHeight + parseFloat(marginTop) + parseFloat(marginBottom);
  }, 0);
  return [height, `cell ${place}, ${cell.textContent.trim().slice(0, 60).replace(/\\s+/g, " ")}`];
}).filter(([height]) => height)"""


def chapters():
    """Return the chapters, without their companions."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    files = [page["file"] for part in toc["parts"] for page in part["chapters"]]
    return [name for name in files if Path(name).name[:2].isdigit()]


def measure_code(page):
    """Return the share of the main column that code and text output take, and the cells, the largest first."""
    cells = sorted(page.evaluate(CELLS), reverse=True)
    column = page.locator("article").bounding_box()["height"]
    return sum(height for height, _ in cells) / column, [f"{height / column:.1%} {cell}" for height, cell in cells]


def test_there_is_a_second_edition():
    assert "book/05_lstm_gru_gates" in chapters()


@pytest.mark.parametrize("name", chapters())
def test_code_and_text_output_take_at_most_a_fifth_of_a_page(offline_page, name):
    page = offline_page(f"{name}.html", width=1440).page
    assert page.locator("article details[open]").count() == 0
    share, cells = measure_code(page)
    assert cells, "no cell shows code or text"
    assert share <= MOST, f"{share:.1%} of the page: " + "; ".join(cells[:8])


def test_what_a_fold_hides_is_counted_when_it_is_open(offline_page):
    page = offline_page("book/05_lstm_gru_gates.html", width=1440).page
    closed, before = measure_code(page)
    page.evaluate("document.querySelectorAll('article details.fold').forEach((fold) => { fold.open = true; })")
    opened, after = measure_code(page)
    assert closed <= MOST < opened
    assert len(after) > len(before)
