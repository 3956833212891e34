"""A chapter runs again when, and only when, something that it reaches has changed."""

import nbformat
import pytest

from chapter_fingerprint import dependencies, fingerprint

FILES = {
    "helpers/__init__.py": '"""All."""',
    "helpers/core/__init__.py": '"""Core."""',
    "helpers/core/numerics.py": "def softmax(): ...",
    "helpers/core/unused.py": "",
    "helpers/layers/__init__.py": '"""Layers."""',
    "helpers/layers/rnn.py": "import numpy as np\nfrom helpers.core.numerics import softmax",
    "helpers/layers/relative.py": "def inner():\n    from ..core import numerics\n    from . import rnn",
    "helpers/data/__init__.py": '"""Data."""',
    "helpers/data/words.txt": "one two",
    "helpers/data/loop.py": "import helpers.data.pool",
    "helpers/data/pool.py": "import helpers.data.loop",
    "elsewhere/layers.py": "",
}


@pytest.fixture
def root(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def notebook(*sources):
    cells = [nbformat.v4.new_markdown_cell("import helpers.core.unused")]
    return nbformat.v4.new_notebook(cells=cells + [nbformat.v4.new_code_cell(source) for source in sources])


def reached(root, *sources):
    return {path.relative_to(root / "helpers").as_posix() for path in dependencies(notebook(*sources), root)}


@pytest.mark.parametrize(
    "source",
    [
        "from helpers.layers.rnn import rnn, rnn_backward",
        "from helpers.layers import rnn",
        "import helpers.layers.rnn as layer",
        "def later():\n    import helpers.layers.rnn",
        "import importlib\nimportlib.import_module('helpers.layers.rnn')",
        "%matplotlib inline\n!ls\nfrom helpers.layers import rnn",
    ],
)
def test_every_form_of_import_is_followed_to_the_end(root, source):
    wanted = {"__init__.py", "core/__init__.py", "core/numerics.py", "layers/__init__.py", "layers/rnn.py"}
    assert reached(root, source) == wanted


def test_relative_imports_are_followed(root):
    assert {"core/numerics.py", "layers/rnn.py"} < reached(root, "import helpers.layers.relative")


def test_a_circle_ends_and_data_files_count(root):
    wanted = {"__init__.py", "data/__init__.py", "data/words.txt", "data/loop.py", "data/pool.py"}
    assert reached(root, "import helpers.data.loop") == wanted


def test_what_is_not_ours_is_left_alone(root):
    assert reached(root, "import numpy", "from elsewhere import layers", "not python (") == set()


def test_cells_add_up(root):
    both = reached(root, "from helpers.core import numerics", "import helpers.data")
    assert both == {"__init__.py", "core/__init__.py", "core/numerics.py", "data/__init__.py", "data/words.txt"}


def test_a_change_touches_exactly_the_chapters_that_reach_it(root):
    near, far = notebook("from helpers.layers import rnn"), notebook("import helpers.data")
    before = fingerprint(near, root), fingerprint(far, root)
    assert before == (fingerprint(near, root), fingerprint(far, root))
    (root / "helpers/core/unused.py").write_text("x = 1")
    assert before == (fingerprint(near, root), fingerprint(far, root))
    (root / "helpers/core/numerics.py").write_text("def softmax(): return 1")
    assert fingerprint(near, root) != before[0]
    assert fingerprint(far, root) == before[1]
    (root / "helpers/data/words.txt").write_text("three")
    assert fingerprint(far, root) != before[1]


def test_a_new_file_that_an_import_now_finds_is_a_change(root):
    chapter = notebook("from helpers.core import numerics, extra")
    before = fingerprint(chapter, root)
    (root / "helpers/core/extra.py").write_text("")
    assert fingerprint(chapter, root) != before


def test_other_versions_are_a_change(root, monkeypatch):
    before = fingerprint(notebook(), root)
    monkeypatch.setattr("chapter_fingerprint._version", lambda name: "0")
    assert fingerprint(notebook(), root) != before
