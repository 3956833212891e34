"""The companion of chapter 02 on a text of the reader's own: the same cell, with the path of a file in it."""

import ast
from pathlib import Path

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from helpers.data.vocab import decode_sentences
from helpers.data.world.grammar import sample_corpus
from helpers.data.world.topics import world_grammar

COMPANION = Path(__file__).parents[2] / "book" / "02_word2vec_deeper.ipynb"


def _run(path):
    """Run the imports of the companion, and its cell for a text of one's own with that path; return the outputs."""
    cells = nbformat.read(COMPANION, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code" and "setup" not in cell.metadata.get("tags", [])]
    (own,) = (cell for cell in code if "own-text" in cell.metadata.get("tags", []))
    assert own.source.count("MY_TEXT = None") == 1
    imports = [
        ast.unparse(node)
        for cell in code
        for node in ast.parse(cell.source).body
        if isinstance(node, (ast.Import, ast.ImportFrom))
    ]
    source = own.source.replace("MY_TEXT = None", f"MY_TEXT = {str(path)!r}")
    new = nbformat.v4.new_code_cell
    notebook = nbformat.v4.new_notebook(cells=[new("\n".join(imports)), new(source)])
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    return notebook.cells[-1].outputs


def test_the_cell_runs_on_a_text_file(tmp_path):
    grammar = world_grammar()
    sentences = decode_sentences(grammar.vocab, sample_corpus(grammar, 5000, np.random.default_rng(0)))
    paragraphs = [
        " ".join(s.capitalize().replace(" ,", ",").replace(" ?", "") + "." for s in sentences[n : n + 8])
        for n in range(0, len(sentences), 8)
    ]
    path = tmp_path / "my text.txt"
    path.write_text("\n\n".join(paragraphs), encoding="utf-8")
    (output,) = (output for output in _run(path) if "image/png" in output.get("data", {}))
    said = output.metadata["image/png"]["alt"]
    lists = said.partition("words. ")[2].rstrip(".").split("; ")
    assert len(lists) == 6
    for line in lists:
        word, neighbours = line.split(": ")
        assert {word, *neighbours.split(", ")} < {*grammar.vocab.tokens}


def test_the_cell_runs_on_chinese_text(tmp_path):
    """Without spaces each character is a token, and no token is longer than one."""
    rng = np.random.default_rng(0)
    characters = [chr(ord("\u4e00") + n) for n in range(120)]
    share = 1 / np.arange(1, 121)
    lines = ["".join(rng.choice(characters, 12, p=share / share.sum())) + "\u3002" for _ in range(4000)]
    path = tmp_path / "my text.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    (output,) = (output for output in _run(path) if "image/png" in output.get("data", {}))
    lists = output.metadata["image/png"]["alt"].partition("words. ")[2].rstrip(".").split("; ")
    assert len(lists) == 6
    assert all(len(word) == 1 for line in lists for word in [line[0], *line.partition(": ")[2].split(", ")])


def test_a_file_that_is_missing_is_named(tmp_path):
    with pytest.raises(CellExecutionError, match="no file is, expected a text file"):
        _run(tmp_path / "nowhere.txt")
