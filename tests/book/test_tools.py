"""The tools behind `make notebooks`, `make chapters`, `make lint`, `make repo` and the search for Chromium."""

import re
import subprocess
import sys
from functools import partial, wraps
from pathlib import Path
from types import ModuleType

import nbformat
import pytest
from IPython.core.inputtransformer2 import TransformerManager
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbval.plugin import get_sanitize_patterns

import chapter_imports
import check_notebooks
import chromium
import helpers
import repository
from figure_names import names_set_again
from folded_code import TITLE, fold_title
from notebooks import LIVE_VIEW, METADATA, normalise

ROOT = Path(__file__).parents[2]
SETUP = new_code_cell('REPOSITORY = ""\nimport helpers', metadata={"tags": ["setup"]}, execution_count=1, id="setup")


def figure_output(**more):
    data = {"image/png": "iVBORw0KGgo=", "text/plain": "<figure>", **more}
    return new_output("display_data", data, metadata={"image/png": {"alt": "A line."}})


def code(source, *outputs, **more):
    return new_code_cell(source, **{"outputs": list(outputs), "execution_count": 1, "id": "a", **more})


# make notebooks


def test_a_live_figure_keeps_its_picture_and_its_text():
    output = figure_output(**{LIVE_VIEW: {"model_id": "7"}, "text/html": "<b>live</b>"})
    (kept,) = normalise(new_notebook(cells=[code("figure()", output)])).cells[0].outputs
    assert kept.data == {"image/png": "iVBORw0KGgo=", "text/plain": "<figure>"}
    assert kept.metadata == {"image/png": {"alt": "A line."}}


def test_html_that_is_not_a_live_figures_is_kept():
    output = new_output("execute_result", {"text/html": "<b>x</b>", "text/plain": "x"}, execution_count=1)
    assert normalise(new_notebook(cells=[code("x", output)])).cells[0].outputs[0].data["text/html"] == "<b>x</b>"


def test_what_changes_from_run_to_run_is_dropped():
    cell = code("x", metadata={"execution": {"iopub.status.busy": "now"}, "collapsed": True, "tags": ["b", "a"]})
    metadata = {"widgets": {"state": {}}, "language_info": {"name": "python", "version": "3.11.7"}, "colab": {}}
    kept = normalise(new_notebook(cells=[cell], metadata=metadata))
    assert kept.metadata == METADATA
    assert kept.cells[0].metadata == {"tags": ["a", "b"]}


def test_what_was_printed_in_pieces_is_joined():
    printed = [("stdout", "a"), ("stdout", "b"), ("stderr", "c"), ("stdout", "d")]
    cell = code("x", *(new_output("stream", name=name, text=text) for name, text in printed))
    outputs = normalise(new_notebook(cells=[cell])).cells[0].outputs
    assert [(output.name, output.text) for output in outputs] == [("stdout", "ab"), ("stderr", "c"), ("stdout", "d")]


def test_ids_stay_and_missing_or_doubled_ones_are_made_alike_each_time():
    cells = [code("x", id="mine"), code("y", id="mine"), new_markdown_cell("z")]
    del cells[2]["id"]
    first, second = (normalise(nbformat.from_dict({"metadata": {}, "cells": cells})) for _ in range(2))
    assert first == second
    assert first.cells[0].id == "mine"
    assert len({cell.id for cell in first.cells}) == 3
    nbformat.validate(first)


def test_to_normalise_twice_changes_nothing():
    once = normalise(new_notebook(cells=[SETUP, code("x", figure_output(**{LIVE_VIEW: {}}))]))
    assert normalise(once) == once


def test_what_the_book_folds_is_folded_in_lab_and_in_colab_too():
    folded, shown = (code("x", metadata={"tags": [tag]}, id=tag) for tag in ("hide-input", "own-text"))
    folded.metadata["cellView"] = "code"
    shown.metadata |= {"jupyter": {"source_hidden": True}, "cellView": "form"}
    kept = [cell.metadata for cell in normalise(new_notebook(cells=[folded, shown])).cells]
    assert kept[0] == {"tags": ["hide-input"], "jupyter": {"source_hidden": True}, "cellView": "form"}
    assert kept[1] == {"tags": ["own-text"]}


def test_to_run_twice_writes_the_same_bytes_and_a_failure_writes_none(tmp_path):
    path, broken = tmp_path / "made_up.ipynb", tmp_path / "broken.ipynb"
    live = "import ipywidgets\nipywidgets.IntSlider()"
    sources = ["import os, sys\nprint('a', flush=True)\nprint(os.environ['OMP_NUM_THREADS'])", live, "1 + 1"]
    nbformat.write(new_notebook(cells=[new_code_cell(source) for source in sources]), path)
    nbformat.write(new_notebook(cells=[new_code_cell("1 / 0")]), broken)
    before = broken.read_bytes()
    command = [sys.executable, str(ROOT / "tools" / "notebooks.py")]
    runs = []
    for _ in range(2):
        subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=300)
        runs.append(path.read_bytes())
    assert runs[0] == runs[1]
    assert b"widget-view" not in runs[0]
    assert [cell.execution_count for cell in nbformat.read(path, 4).cells] == [1, 2, 3]
    failed = subprocess.run([*command, str(broken)], capture_output=True, text=True, timeout=300)
    assert failed.returncode != 0
    assert "ZeroDivisionError" in failed.stderr
    assert broken.read_bytes() == before


# make chapters: what is taken as equal


def compared(text):
    """Return what strict nbval compares of an output."""
    for regex, replace in dict(get_sanitize_patterns((ROOT / "tools" / "nbval.cfg").read_text())).items():
        text = re.sub(regex, replace, text)
    return text


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("largest difference 0e+00", "largest difference 1e-16"),
        ("{'W': '2e-10', 'b': '-0e+00'}", "{'W': '0.0e+00', 'b': '3.5e-12'}"),
        ("moved by  3e-17 at most", "moved by -8e-18 at most"),
        ("[0.000000e+00 1.5]", "[3.783506e-44 1.5]"),
        ("[ 1.2e-17 1.5]", "[-1.2e-120 1.5]"),
        ("largest relative difference 8e-09", "largest relative difference 1e-08"),
        ("relative differences: {'w': '9e-09', 'b': '7e-09'}", "relative differences: {'w': '1.1e-08', 'b': '1e-08'}"),
        ("Error 2e-08\nerror 2e-08", "Error 4e-09\nerror 0e+00"),
        ("measured here: 3.4 times as fast", "measured here: 12 times as fast"),
        ("measured here: 0.9 times, measured here: 2.0 times", "measured here: 1,200 times, measured here: 1.4 times"),
    ],
)
def test_what_the_processor_decides_is_taken_as_equal(here, there):
    assert compared(here) == compared(there)


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("difference 1e-16", "difference 1e-07"),
        ("difference 0e+00", "difference 1e+00"),
        ("difference 0e+00", "difference 0e+01"),
        ("difference 0e+00", "difference nan"),
        ("difference 1e-16", "difference 0.41"),
        ("differences: 1e-09, as they are: 0.75", "differences: 1e-09, as they are: 0.74"),
        ("left: 1e-08", "left: 2e-08"),
        ("norm 10e+00", "norm 20e+00"),
        ("norm 3e+00", "norm 0e+00"),
        ("equal: True, difference 0e+00", "equal: False, difference 0e+00"),
        ("share 0.0", "share 0.1"),
        ("difference 0.0", "difference 0.1"),
        ("measured here: 3.4 times as fast", "measured here: 3.4 times as slow"),
        ("measured here: 3.4 times, difference 0.1", "measured here: 2.8 times, difference 0.2"),
        ("measured here: nan times as fast", "measured here: 3.4 times as fast"),
        ("computed here: 3.4 times as fast", "computed here: 3.5 times as fast"),
        ("measured here: 3 words", "measured here: 4 words"),
    ],
)
def test_what_the_processor_does_not_decide_is_compared(here, there):
    assert compared(here) != compared(there)


# The set-up cell


def set_up_cells():
    paths = sorted((ROOT / "book").glob("*.ipynb"))
    cells = [cell for path in paths for cell in nbformat.read(path, 4).cells]
    return [cell for cell in cells if "setup" in cell.metadata.get("tags", [])]


def run_set_up(folder, repository="", path=()):
    """Run the set-up cell in a folder, with a Python that knows no package but its own; return what it did."""
    source = re.sub("(?m)^REPOSITORY = .*$", f"REPOSITORY = {repository!r}", set_up_cells()[0].source)
    magic = "class Shell:\n    def run_line_magic(self, *line): print(*line)\n\nget_ipython = Shell\n"
    before = f"import sys\nsys.path += {[str(p) for p in path]!r}\nbefore = [*sys.path]\n"
    after = "\ntry:\n    import helpers\n    print(helpers.__file__, sys.path == before)\nexcept ImportError: pass\n"
    code = magic + before + TransformerManager().transform_cell(source) + after
    command = [sys.executable, "-I", "-S", "-c", code]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.fixture
def empty_book(tmp_path):
    """Make a folder book/ beside which no helpers/ stands."""
    (tmp_path / "book").mkdir()
    return tmp_path


def put_helpers(folder):
    (folder / "helpers").mkdir(parents=True)
    (folder / "helpers" / "__init__.py").touch()


def test_all_chapters_have_the_same_set_up_cell():
    cells = set_up_cells()
    assert len(cells) == len([*(ROOT / "book").glob("*.ipynb")])
    # Chapters fold it, under a line of its own.
    assert len({TITLE.sub("", cell.source) for cell in cells}) == 1
    assert [cell.outputs for cell in cells if cell.outputs] == []


def test_set_up_finds_helpers_in_the_folder_above(empty_book):
    put_helpers(empty_book)
    done = run_set_up(empty_book / "book")
    assert done.stdout == f"{empty_book / 'helpers' / '__init__.py'} False\n", done.stderr


def test_set_up_changes_nothing_where_helpers_is_installed(empty_book):
    put_helpers(empty_book)
    put_helpers(empty_book / "installed")
    done = run_set_up(empty_book / "book", path=[empty_book / "installed"])
    assert done.stdout == f"{empty_book / 'installed' / 'helpers' / '__init__.py'} True\n", done.stderr


def test_set_up_without_helpers_says_in_one_sentence_what_to_do(empty_book):
    (empty_book / "helpers").mkdir()  # somebody else's
    done = run_set_up(empty_book / "book")
    assert done.returncode != 0
    said = done.stderr.splitlines()[-1]
    assert re.fullmatch(r"AssertionError: (?:[^.]|\.(?! ))+\.", said)  # one sentence
    for word in ("helpers/ of the book is missing", "whole book", "folder book/", "`pip install .`"):
        assert word in said


def test_set_up_with_an_address_installs_from_there(empty_book):
    done = run_set_up(empty_book / "book", repository="https://github.com/someone/book")
    assert done.stdout == "pip install --quiet git+{REPOSITORY}\n", done.stderr


# make lint


def chapter(*cells, count=20):
    title = new_markdown_cell("# A title", id="title")
    cells = [title, SETUP, code("figure()", figure_output()), *cells]
    cells += [new_markdown_cell("text", id=f"text-{i}") for i in range(count - len(cells))]
    return normalise(nbformat.from_dict({"metadata": {}, "cells": cells}))


def broken_rules(notebook, name="any_page.ipynb", **options):
    return list(check_notebooks.problems(notebook, name, **options))


def test_a_good_chapter_breaks_no_rule():
    folded = "<details>\n\n$$a$$\n\n```python\nclass A: ...\n```\n</details>\n\n````md\n```{note}\n```\n````"
    tagged = [code("class A: ...", metadata={"tags": ["allow-class"]})]
    assert broken_rules(chapter(new_markdown_cell(folded), *tagged)) == []
    assert broken_rules(chapter(count=5), name="index.ipynb") == []


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        (code("\n".join("abcdefghijklmnop")), "16 lines"),
        (code("if x:\n    class A: ..."), "no class"),
        (code("import sys\nsys.path.append('.')"), "sys.path"),
        (code("plt.rcParams['a'] = 1"), "rcParams"),
        (code("x", execution_count=None), "not been run"),
        (code("x", new_output("error", ename="KeyError", evalue="", traceback=[])), "KeyError"),
        (code("x", new_output("stream", name="stderr", text="careful\n")), "stderr: careful"),
        (new_markdown_cell("```{note}\nx\n```"), "directive"),
        (new_markdown_cell(":::{note}\nx\n:::"), "directive"),
        (new_markdown_cell("see {doc}`x`"), "role"),
        (new_markdown_cell("(place)=\n## Title"), "label"),
        (new_markdown_cell("$$\na\n$$ (eq)"), "labelled equation"),
    ],
)
def test_a_broken_rule_is_named_with_its_cell(cell, rule):
    (found,) = broken_rules(chapter(cell))
    assert found.startswith("any_page.ipynb, cell 4 (")
    assert rule in found


FIGURE = "@interact(n=(1, 3))\ndef lines(n=1):\n    return solved(n)"


@pytest.mark.parametrize(
    ("later", "found"),
    [
        ("table = 2", ["table"]),  # read by the function that the figure calls
        ("for table in (1, 2):\n    pass", ["table"]),
        ("a, (solved, *b) = 1, (2, 3)", ["solved"]),
        ("rows = [table for table in (1, 2)]", []),  # a scope of its own
        ("def other(table):\n    return table", []),
        ("from numpy import table", []),
        ("print(table)", []),
    ],
)
def test_a_name_of_a_figure_that_a_later_cell_sets_again_is_found(later, found):
    before = "table = 1\n\n\ndef solved(n):\n    return table * n"
    assert [name for _, _, name, _ in names_set_again([before, FIGURE, later])] == found
    assert list(names_set_again([later, before, FIGURE])) == []


def test_the_cell_that_sets_a_name_of_a_figure_again_is_named():
    first, figure, last = "table = 1", FIGURE.replace("solved(n)", "table"), "%time table = 2\ntable = 3"
    cells = [code(source, id=name) for name, source in (("first", first), ("figure", figure), ("last", last))]
    (found,) = broken_rules(chapter(*cells))
    assert "cell 6 (last)" in found
    assert "sets table again, which the figure lines reads" in found


def test_the_set_up_cell_alone_may_touch_sys_path():
    notebook = chapter()
    notebook.cells[1].source += "\nimport sys\nsys.path.append('..')"
    assert broken_rules(notebook) == []


def test_a_chapter_names_at_most_14_packages():
    few = [
        "import numpy as np",
        "from helpers.core.numerics import softmax",
        "from helpers.core.numerics import sigmoid",
    ]
    named = chapter_imports.packages_named([*few, "from helpers.core import checks as c, softmax"])
    assert named == ["helpers.core", "helpers.core.numerics"]
    lines = [f"import helpers.made_up.m{n} as m{n}" for n in range(14)]
    many = [code("\n".join(lines[:7])), code("\n".join(lines[7:]))]
    assert not any("packages" in rule for rule in broken_rules(chapter(*many)))
    for another in ("import helpers.core as one", "from helpers.core import x",
                    "def f():\n    from helpers.core import x",
                    "import importlib\nimportlib.import_module('helpers.core')"):  # fmt: skip
        (rule,) = (rule for rule in broken_rules(chapter(*many, code(another))) if "packages" in rule)
        assert ".ipynb: it names 15 packages of helpers, at most 14: helpers.core, " in rule


@pytest.fixture
def made_up(monkeypatch):
    """Make a package `helpers.made_up` that offers a readable function and, under other names, fast ones."""

    def plain(x): ...

    def quick(x): ...

    quick.__module__ = "helpers.made_up.fast.blocks"
    package = ModuleType("helpers.made_up")

    @wraps(quick)
    def wrapped(x): ...

    wrapped.__module__ = "helpers.made_up.readable"
    package.plain, package.quick, package.other_name, package.wrapped = plain, quick, quick, wrapped
    package.given = partial(quick, 1)
    monkeypatch.setitem(sys.modules, "helpers.made_up", package)
    monkeypatch.setattr(helpers, "made_up", package, raising=False)


SHOW = "from helpers.figures.source_code import show_source"


@pytest.mark.parametrize(
    "cells",
    [
        [SHOW, "from helpers.made_up import plain as step\nshow_source(step)"],
        [f"{SHOW} as show\nimport helpers.made_up", "show(helpers.made_up.plain, helpers.made_up.plain)"],
        [SHOW, "def own(x): ...", "def quick(x): ...", "show_source(own, quick)"],
        [SHOW, "from helpers.made_up import plain, quick\nquick(1)\nfor _ in range(2):\n    show_source(plain)"],
        [SHOW, "from helpers.made_up import plain, quick\nstep = plain\nshow_source(*[step, plain])"],
        ["show_source = print", "from helpers.made_up import quick", "show_source(quick)"],
    ],
)
def test_a_chapter_may_show_readable_functions(made_up, cells):
    assert chapter_imports.shown_and_fast(cells) == []


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([SHOW, "from helpers.made_up import quick", "show_source(quick)"], "show_source(quick) shows"),
        ([SHOW, "from helpers.made_up import plain, other_name as step\nshow_source(plain, step)"], "(step) shows"),
        ([f"{SHOW} as show\nimport helpers.made_up as m", "show(m.quick)"], "(m.quick) shows"),
        (["from helpers.figures import source_code as s\nfrom helpers import made_up\ns.show_source(made_up.quick)"],
         "(made_up.quick) shows"),
        ([SHOW, "from helpers.made_up import given\nshow_source(given)"], "(given) shows"),
        ([SHOW, "from helpers.made_up import wrapped\nshow_source(wrapped)"], "(wrapped) shows"),
        ([SHOW, "from helpers.made_up import quick\nstep = quick", "show_source(step)"], "(step) shows"),
        ([SHOW, "from helpers.made_up import quick, plain", "show_source(*[plain, quick])"], "(quick) shows"),
        ([SHOW, "from helpers.made_up import quick\nif 1:\n    step = quick\n    show_source(step)"], "(step) shows"),
        ([SHOW, "def f():\n    from helpers.made_up import quick\n    show_source(quick)"], "(quick) shows"),
        ([SHOW, "from helpers.made_up import quick, plain\nfor plain in [quick]:\n    show_source(plain)"], "own name"),
        ([SHOW, "from helpers.made_up import quick, plain\ndef f(plain):\n    show_source(plain)"], "own name"),
        ([SHOW, "from helpers.made_up import quick", "show_source(*{quick})"], "own name"),
        ([SHOW, "from helpers.made_up import quick", "show_source(next(iter([quick])))"], "own name"),
        ([SHOW, "from helpers.made_up import quick", "list(map(show_source, [quick]))"], "only to be called"),
        (["from helpers.made_up import nothing"], "an import fails: helpers.made_up has no nothing"),
    ],
)  # fmt: skip
def test_a_chapter_that_shows_a_fast_function_is_found(made_up, cells, said):
    (found,) = chapter_imports.shown_and_fast(cells)
    assert said in found
    assert any(rule.endswith(found) for rule in broken_rules(chapter(*map(code, cells))))


def test_rules_for_the_whole_notebook():
    silent = chapter()
    silent.cells[2].outputs = []
    assert "no stored outputs" in broken_rules(silent)[0]
    live = chapter()
    live.cells[2].outputs[0].data[LIVE_VIEW] = {}
    assert ["live view" in rule or "as `make notebooks`" in rule for rule in broken_rules(live)] == [True, True]
    timed = chapter()
    timed.metadata["widgets"] = {}
    assert "as `make notebooks` writes it" in broken_rules(timed)[0]
    numbered = chapter()
    numbered.cells[0].source = "# 4. A title"
    assert "no number" in broken_rules(numbered)[0]
    nameless = chapter()
    nameless.cells[0].source = "text"
    assert "title" in broken_rules(nameless)[0]
    assert "_config.yml 'https://a'" in broken_rules(chapter(), repository="https://a")[0]
    bare = chapter()
    bare.cells[1].metadata = {}
    assert "tagged 'setup'" in broken_rules(bare)[0]


# make lint: what a chapter folds, and its limits


def folded(source, *outputs, title="Say what it does", **more):
    return code(f"# @title {title}\n{source}", *outputs, metadata={"tags": ["hide-input"]}, **more)


def whole_chapter(*cells, count=30, shown=5):
    """Make a chapter that breaks no rule, apart from the cells that are given."""
    set_up = folded(SETUP.source)
    set_up.metadata["tags"] += ["remove-cell", "setup"]
    figure = folded("from helpers.sliders import interact\n\n@interact\ndef look(): ...", figure_output())
    figure.outputs[0].data["text/plain"] = "<figure look: step>"
    taught = [code(f"print({n})", id=f"taught-{n}") for n in range(shown)]
    more = [folded("x = 1\nprint(x)", id=f"more-{n}") for n in range(shown)]
    cells = [new_markdown_cell("# A title", id="title"), set_up, figure, *cells, *taught, *more]
    cells += [new_markdown_cell("text", id=f"text-{i}") for i in range(count - len(cells))]
    return normalise(nbformat.from_dict({"metadata": {}, "cells": cells}))


def rules_of_chapter(*cells, name="77_topic.ipynb", **options):
    return broken_rules(whole_chapter(*cells, **options), name)


def test_a_good_numbered_chapter_breaks_no_rule():
    assert rules_of_chapter() == []
    assert rules_of_chapter(count=45) == []


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import numpy as np", "imports and set-up only"),
        ("import numpy as np\nrng = np.random.default_rng(0)\nH, T = 5, [1, 2]", "imports and set-up only"),
        ("from helpers.sliders import interact as move\n\n@move\ndef f(): ...", "a figure"),
        ("import helpers.sliders as s\ns.show(figure, 'A sentence.')", "a figure"),
        ("from helpers import sliders\nsliders.ask('What?', 3)", "a question"),
        ("import matplotlib.pyplot as plt\n\n\ndef f():\n    return plt.subplots()", "a figure"),
        ("h = step(x)\nassert h > 0", "an assertion"),
        ("for h in states:\n    assert h > 0", "an assertion"),
        ("import torch\nlayer = torch.nn.LSTM(1, 2)\nassert layer(x) == h", "a comparison with PyTorch"),
        ("from helpers.layers.recurrent.torch_weights import to_torch\nt = to_torch(p)\nassert t(x) == h",
         "a comparison with PyTorch"),
        ("from helpers.models.reader import train_reader as learn\nruns = [learn(seed) for seed in range(3)]",
         "a loop of experiments"),
        ("from helpers.core import train\n\n\ndef run(s):\n    return train(s)\n\n\ndef other(s):\n    return run(s)\n"
         "\n\nfor s in range(3):\n    other(s)", "a loop of experiments"),
    ],
)  # fmt: skip
def test_code_that_is_not_taught_must_be_folded(source, reason):
    (rule,) = rules_of_chapter(code(source))
    assert rule.startswith("77_topic.ipynb, cell 4 (")
    assert reason in rule
    assert rules_of_chapter(folded(source)) == []
    assert rules_of_chapter(code(source, metadata={"tags": ["allow-shown"]})) == []
    assert rules_of_chapter(code(source), name="77_topic_deeper.ipynb") != []


@pytest.mark.parametrize(
    "source",
    [
        "def lstm_step(x, state, p):\n    return x\n\n\nh = lstm_step(x, state, p)\nassert h == x",
        "import numpy as np\nh = np.zeros(3)\nfor t in range(4):\n    h = np.tanh(x[t] + h)\nprint(h)",
        "from helpers.figures import show_source\nfrom helpers.layers.recurrent import lstm\nshow_source(lstm)",
        "from helpers.models.reader import train_reader\np, history = train_reader(p, draw)\nprint(history[-1])",
        "import torch\nlayer = torch.nn.LSTM(8, 16)\nprint(layer(x).shape)",
        "def show(x):\n    return x\n\n\nshow(1)",
        "def my_step(x_t, state, params): ...\n\n\ncheck(exercise, my_step)",
    ],
)
def test_code_that_is_taught_may_be_shown(source):
    assert [rule for rule in rules_of_chapter(code(source)) if "folded" in rule] == []


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        (code("x = f(1)", metadata={"tags": ["hide-input"]}), "does not say what it does"),
        (code("x = f(1)\n# @title Late", metadata={"tags": ["hide-input"]}), "does not say what it does"),
        (code("# @title \nx = f(1)", metadata={"tags": ["hide-input"]}), "does not say what it does"),
        (code("# @title Look\nx = f(1)"), "no tag hide-input"),
        (folded("x = f(1)", title="a" * 73), "73 letters"),
        (folded("\n".join("abcdefghijklmnop")), "16 lines"),
        (code("x = f(1)", metadata={"tags": ["hide-output"]}), "hides results"),
        (code("x = f(1)", metadata={"tags": ["remove-cell"]}), "hides results"),
    ],
)
def test_a_fold_that_would_read_badly_is_named(cell, rule):
    (found,) = rules_of_chapter(cell)
    assert found.startswith("77_topic.ipynb, cell 4 (")
    assert rule in found


def test_a_title_is_no_line_of_code():
    assert rules_of_chapter(folded("\n".join("abcdefghijklmno"))) == []
    assert fold_title("# @title  Compare with PyTorch \n\nx") == "Compare with PyTorch"
    assert fold_title("#@title Compare") is fold_title("x\n# @title Compare") is None


def test_a_fold_that_lab_or_colab_would_not_fold_is_named():
    for key in ("jupyter", "cellView"):
        notebook = whole_chapter()
        del notebook.cells[2].metadata[key]
        (rule,) = broken_rules(notebook, "77_topic.ipynb")
        assert "what folds a cell" in rule


def test_the_set_up_cell_is_folded_too():
    notebook = whole_chapter()
    notebook.cells[1].metadata = {"tags": ["remove-cell", "setup"]}
    notebook.cells[1].source = SETUP.source
    (rule,) = broken_rules(notebook, "77_topic.ipynb")
    assert "the set-up" in rule


def still(notebook):
    """Take the movement out of a chapter's figure."""
    notebook.cells[2].outputs[0].data["text/plain"] = "<figure>"
    return notebook


@pytest.mark.parametrize(
    ("notebook", "rule"),
    [
        (whole_chapter(count=46), "46 cells; a chapter has 25 to 45"),
        (whole_chapter(count=24), "24 cells; a chapter has 25 to 45"),
        (whole_chapter(new_markdown_cell("word " * 4000)), "words; a chapter has at most 4,000"),
        (whole_chapter(code("print(1)", id="b"), code("print(2)", id="c")), "it shows 7 of 13 code cells"),
        (still(whole_chapter()), "no figure moves in its first 6 cells"),
        (whole_chapter(*(folded("f(1)", new_output("stream", text="True, False\n"), id=f"b{n}") for n in range(2))),
         "True or False 4 times"),
    ],
)  # fmt: skip
def test_a_chapter_has_limits_and_its_companion_has_not(notebook, rule):
    (found,) = broken_rules(notebook, "77_topic.ipynb")
    assert rule in found
    assert broken_rules(notebook, "77_topic_deeper.ipynb") == []
    assert broken_rules(notebook, "index.ipynb") == []


def test_a_figure_after_the_sixth_cell_is_late():
    notebook = whole_chapter()
    notebook.cells.insert(6, notebook.cells.pop(2))
    (rule,) = broken_rules(notebook, "77_topic.ipynb")
    assert "first 6 cells" in rule


def test_formulas_and_addresses_count_as_words():
    others = whole_chapter(new_markdown_cell("word")).cells
    words = sum(len(cell.source.split()) for cell in others if cell.cell_type == "markdown") - 1
    for together, broken in ((4000, False), (4001, True)):
        text = "$a + b$ [four](https://a.b) " * 200 + "word " * (together - words - 800)
        rules = broken_rules(whole_chapter(new_markdown_cell(text)), "77_topic.ipynb")
        assert any("words; a chapter has" in rule for rule in rules) == broken


# make repo


@pytest.fixture
def copy(tmp_path):
    for name in ("_config.yml", "README.md"):
        (tmp_path / name).write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "book").mkdir()
    nbformat.write(chapter(), tmp_path / "book" / "04_topic.ipynb")
    return tmp_path


def test_the_address_is_set_everywhere_and_replaced(copy):
    for url in ("https://github.com/someone/book", "https://gitlab.com/other/name"):
        assert len(repository.set_repository(f"{url}.git/", copy)) == 3
        assert repository.set_repository(url, copy) == []
        assert f'\n  url: "{url}" #' in (copy / "_config.yml").read_text(encoding="utf-8")
        notebook = nbformat.read(copy / "book" / "04_topic.ipynb", 4)
        assert notebook.cells[1].source == f'REPOSITORY = "{url}"\nimport helpers'
        assert broken_rules(notebook, repository=url) == []
    readme = (copy / "README.md").read_text(encoding="utf-8")
    assert "someone" not in readme
    assert "mybinder.org/v2/gl/other%2Fname/main" in readme
    assert "colab" not in readme.split("<!-- repository -->")[1].split("<!-- /repository -->")[0]


def test_on_github_the_readme_leads_to_colab_and_binder(copy):
    repository.set_repository("https://github.com/someone/book", copy)
    readme = (copy / "README.md").read_text(encoding="utf-8")
    assert "colab.research.google.com/github/someone/book/blob/main/book/index.ipynb" in readme
    assert "mybinder.org/v2/gh/someone/book/main?urlpath=lab/tree/book/index.ipynb" in readme


@pytest.mark.parametrize(
    "url",
    ["", "github.com/a/b", "http://github.com/a/b", "https://github.com/a", "https://github.com/a/b/c", "https://x.y/a/b",
     'https://github.com/a/b"'],
)  # fmt: skip
def test_what_is_no_address_is_refused_and_nothing_is_written(copy, url):
    before = (copy / "_config.yml").read_bytes()
    with pytest.raises(ValueError, match="usage: make repo URL="):
        repository.set_repository(url, copy)
    assert (copy / "_config.yml").read_bytes() == before


def test_a_chapter_without_its_line_is_an_error(copy):
    path = copy / "book" / "04_topic.ipynb"
    path.write_text(re.sub("REPOSITORY", "ADDRESS", path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(ValueError, match="expected one place"):
        repository.set_repository("https://github.com/a/b", copy)


# The search for Chromium


@pytest.fixture
def fake(tmp_path, monkeypatch):
    """Make a program on an otherwise empty PATH that starts, or does not."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(chromium, "APPLICATIONS", ())
    monkeypatch.setattr(chromium, "playwrights_own", lambda: str(tmp_path / "downloaded"))

    def make(name, status=0):
        path = tmp_path / name
        path.write_text(f"#!/bin/sh\nexit {status}\n")
        path.chmod(0o755)
        return str(path)

    return make


def test_chromium_is_looked_for_in_turn(fake, monkeypatch):
    assert chromium.find() is None
    downloaded = fake("downloaded")
    assert chromium.find() == downloaded
    on_path = fake("google-chrome")
    assert chromium.find() == on_path
    fake("chromium", status=127)  # it lacks a library
    assert chromium.find() == on_path
    chosen = fake("mine")
    monkeypatch.setenv("CHROMIUM", chosen)
    assert chromium.find() == chosen


def test_a_chosen_chromium_that_does_not_run_is_an_error(fake, monkeypatch):
    fake("chromium")
    monkeypatch.setenv("CHROMIUM", "/nowhere/chromium")
    with pytest.raises(FileNotFoundError, match="/nowhere/chromium"):
        chromium.find()


def test_without_any_chromium_one_line_says_what_to_do(fake, monkeypatch):
    tried = []
    monkeypatch.setattr(chromium, "_try", tried.append)
    with pytest.raises(SystemExit, match="set CHROMIUM"):
        chromium.main()
    assert tried[0][1:4] == ["-m", "playwright", "install"]
