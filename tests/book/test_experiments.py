"""The page of all experiments: what the cells say of themselves, and what becomes of it."""

from pathlib import Path

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from docutils import nodes
from jupyter_cache import get_cache
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from chapter_cache import FOLDER, kept_run, marked_source, stale_chapters, store_run
from chapter_pages import chapter_number
from check_notebooks import problems
from experiment_cells import FIELDS, KEY, read_experiments
from experiment_form import experiment_problems
from experiments_table import chapter_tables
from helpers.data.results import result_names
from notebooks import normalise, write
from stored_tables import tables_of_cells

ROOT = Path(__file__).parents[2]
SAID = {
    "question": "Does it forget?",
    "rival": "It has not learned: no, it is right before.",
    "seeds": "3 seeds, 3 rates",
    "answer": "Yes: 0.9 falls to 0.4.",
}


def book_chapters():
    """Return the notebooks of the chapters and of their companions, by docname."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    chapters = [chapter for part in toc["parts"] for chapter in part["chapters"]]
    names = [page["file"] for chapter in chapters for page in (chapter, *chapter.get("sections", []))]
    return {name: nbformat.read(ROOT / f"{name}.ipynb", as_version=4) for name in names if chapter_number(name)}


@pytest.fixture(scope="module")
def chapters():
    return book_chapters()


def experiment(source="assert right > 0.9", said=SAID, kind=new_code_cell):
    return kind(source, metadata={KEY: said}, id="tested")


# What a cell says


def test_what_is_written_down_stays_when_a_notebook_runs_again():
    kept = normalise(new_notebook(cells=[experiment(), new_code_cell("1", metadata={"other": 1})]))
    assert [cell.metadata for cell in kept.cells] == [{KEY: SAID}, {}]


def test_a_good_description_is_let_pass():
    assert list(experiment_problems(experiment())) == []
    assert list(experiment_problems(experiment("for x in y:\n    assert x"))) == []
    assert list(experiment_problems(new_code_cell("1"))) == []


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        (experiment("print('assert')"), "asserts nothing"),
        (experiment("assert it", kind=new_markdown_cell), "asserts nothing"),
        (experiment(said={**SAID, "runs": "3"}), "'runs'"),
        (experiment(said={"question": "Why?"}), "says ['question']"),
        (experiment(said="Why?"), "says Why?"),
        (experiment(said={**SAID, "seeds": " "}), "nothing as seeds"),
        (experiment(said={**SAID, "seeds": 3}), "nothing as seeds"),
        (experiment(said={**SAID, "answer": "word " * 26}), "26 words as answer"),
        (experiment(said={**SAID, "rival": "The rate $\\eta$."}), "plain text"),
        (experiment(said={**SAID, "rival": "The\nrate."}), "plain text"),
        (experiment(said={**SAID, "question": "It forgets."}), "question mark"),
    ],
)
def test_a_description_of_another_form_is_named(cell, rule):
    (found,) = experiment_problems(cell)
    assert rule in found
    notebook = new_notebook(cells=[new_markdown_cell("# A title"), cell])
    assert [p for p in problems(notebook, "made_up.ipynb") if p.startswith("made_up.ipynb, cell 2 (tested): ")]


# The tables that a cell draws on


@pytest.mark.parametrize(
    ("sources", "last"),
    [
        (['print(read_results("a"))'], ("a",)),
        (['t = results.read_results("a")', "right = t[0]", "print(right)"], ("a",)),
        (['t, n = read_results("a"), 3', "print(n)"], ()),
        (['t, n = both(read_results("a"))', "print(n)"], ("a",)),
        (['t, best = read_results("a"), {}\nfor r in t:\n    best[r] = t[r]', "print(best)"], ("a",)),
        (['t, all = read_results("a"), []\nall.append(t[0])', "print(all)"], ("a",)),
        (['t = read_results("a")\nfor name, rows in t:\n    print(rows)', "rows = 1\nprint(rows)"], ()),
        (['t = read_results("a")\nfor name, rows in t:\n    print(rows)', "[rows for rows in other]"], ()),
        (['t = read_results("a")\nfor name, rows in t:\n    print(rows)', "for rows in other:\n    print(rows)"], ()),
        (['t = read_results("a")', "def middle(arm):\n    return t[arm]", "print(middle(1))"], ("a",)),
        (['t = read_results("a")', "def middle(t):\n    return t[0]", "print(middle(1))"], ()),
        (['t = read_results("a")', "t = 1\nprint(t)"], ()),
        (['t = read_results("a")', 'u = read_results("b")', "t = [*t, *u]", "assert max(t) > 1"], ("a", "b")),
        (['if (t := read_results("a")).any():\n    pass', "print(t)"], ("a",)),
        (["%matplotlib inline\n!ls"], ()),
    ],
)
def test_the_tables_of_a_cell_are_those_that_its_names_were_made_from(sources, last):
    assert tables_of_cells(sources)[-1] == last


# The table of the book


def test_a_row_for_each_cell_a_table_for_each_chapter_that_has_any():
    two = new_notebook(
        cells=[
            new_markdown_cell("# Some & others\n\nText."),
            new_code_cell('t = read_results("clipping")', id="read"),
            experiment("assert t.max() < 1"),
        ]
    )
    none = new_notebook(cells=[new_markdown_cell("# None")])
    (section,) = chapter_tables([("book/04_some_deeper", two), ("book/05_none", none)])
    assert section["ids"] == ["of-04-some-deeper"]
    title, question = section.findall(nodes.reference)
    assert title.astext() == "04 Some & others"
    assert (title["docname"], title["anchor"]) == ("book/04_some_deeper", "")
    assert (question["docname"], question["anchor"]) == ("book/04_some_deeper", "experiment-tested")
    _, row = section.findall(nodes.row)
    wanted = [*SAID.values()]
    assert [entry.astext() for entry in row] == [*wanted[:3], f"{wanted[3]}\n\nmake experiments TABLES=clipping"]


def test_every_chapter_has_experiments_and_all_are_in_the_table(chapters):
    sections = chapter_tables([*chapters.items()])
    rows = {section["ids"][0]: len(list(section.findall(nodes.row))) - 1 for section in sections}
    marked = {name: sum(KEY in cell.metadata for cell in chapter.cells) for name, chapter in chapters.items()}
    assert rows == {f"of-{name.removeprefix('book/').replace('_', '-')}": n for name, n in marked.items() if n}
    assert min(n for name, n in marked.items() if not name.endswith("_deeper")) > 0


@pytest.mark.parametrize("name", [path.stem for path in sorted((ROOT / "book").glob("[0-9]*.ipynb"))])
def test_a_description_has_the_form_and_its_own_words(chapters, name):
    if f"book/{name}" not in chapters:
        pytest.skip("not in the table of contents yet")
    cells = chapters[f"book/{name}"].cells
    assert [problem for cell in cells for problem in experiment_problems(cell)] == []
    said = [cell.metadata[KEY]["question"] for cell in cells if KEY in cell.metadata]
    assert len(said) == len(set(said))


def test_every_stored_table_that_a_chapter_reads_belongs_to_an_experiment_of_it(chapters):
    read, drawn = set(), set()
    for name, chapter in chapters.items():
        sources = [cell.source for cell in chapter.cells if cell.cell_type == "code"]
        number = chapter_number(name)
        read |= {(number, table) for tables in tables_of_cells(sources) for table in tables}
        drawn |= {(number, table) for row in read_experiments(chapter) for table in row.tables}
    assert read == drawn
    assert {table for _, table in read} <= {*result_names()}
    assert len(read) > 40


# The build


def test_what_a_cell_says_of_its_experiment_makes_no_chapter_run_again(tmp_path):
    (tmp_path / "helpers").mkdir()
    path, cache = tmp_path / "one.ipynb", get_cache(tmp_path / FOLDER)
    write(normalise(new_notebook(cells=[new_code_cell("assert 1", id="a")])), path)
    store_run(cache, path, nbformat.reads(marked_source(path, tmp_path), as_version=4), 1.0)
    for said in (SAID, {**SAID, "answer": "No."}):
        write(normalise(new_notebook(cells=[new_code_cell("assert 1", metadata={KEY: said}, id="a")])), path)
        assert stale_chapters(cache, [path], tmp_path) == {}
        assert kept_run(path, tmp_path).cells[0].source == "assert 1"
    write(normalise(new_notebook(cells=[new_code_cell("assert 1", metadata={"tags": ["own-text"]}, id="a")])), path)
    assert [*stale_chapters(cache, [path], tmp_path)] == [path]


def test_the_built_page_has_a_row_for_each_marked_cell_and_leads_to_it(built_book, chapters):
    page = BeautifulSoup((built_book / "book" / "experiments.html").read_text(encoding="utf-8"), "html.parser")
    rows = page.select("table.experiments tbody tr")
    wanted = [(name, row) for name in sorted(chapters) for row in read_experiments(chapters[name])]
    assert len(rows) == len(wanted) > 100
    pages = {}
    for row, (name, marked) in zip(rows, wanted, strict=True):
        file, _, anchor = row.a["href"].partition("#")
        assert (f"book/{Path(file).stem}", anchor) == (name, marked.anchor)
        assert [cell.p.get_text() for cell in row.select("td")] == [getattr(marked, field) for field in FIELDS]
        if file not in pages:
            pages[file] = BeautifulSoup((built_book / "book" / file).read_text(encoding="utf-8"), "html.parser")
        assert "cell" in pages[file].find(id=anchor)["class"]
