"""What is kept of the chapters that have run, in jupyter-cache: by their cells and the `helpers` that they reach."""

import json
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn

from chapter_fingerprint import fingerprint
from experiment_cells import KEY as EXPERIMENT

FOLDER = Path("_build", ".jupyter_cache")  # in the book's folder, where Jupyter Book has it
KEY = "fingerprint"  # in the notebook's kernelspec, which is a part of jupyter-cache's key


def marked_source(path, root):
    """Return a chapter's source with its fingerprint, so that it matches only what was run with the same `helpers`.

    jupyter-cache's key has the metadata of cells too. What a cell says of its experiment changes no run, so it is left
    out.

    Parameters
    ----------
    path : path-like
        The notebook.
    root : path-like
        The folder that holds `helpers`.

    Returns
    -------
    str
    """
    text = Path(path).read_text(encoding="utf-8")
    notebook = json.loads(text)
    kernel = notebook["metadata"].setdefault("kernelspec", {"name": "python3", "display_name": "Python 3"})
    kernel[KEY] = fingerprint(nbformat.reads(text, as_version=4), root)
    for cell in notebook["cells"]:
        cell["metadata"].pop(EXPERIMENT, None)
    return json.dumps(notebook)


def stale_chapters(cache, paths, root):
    """Return the chapters whose run is not in the cache: path → the notebook to run."""
    stale = {}
    for path in map(Path, paths):
        notebook = nbformat.reads(marked_source(path, root), as_version=4)
        try:
            cache.match_cache_notebook(notebook)
        except KeyError:
            stale[path] = notebook
    return stale


def store_run(cache, path, notebook, seconds):
    """Keep a chapter that has run in the cache, instead of what was kept of it before."""
    kept = cache.cache_notebook_bundle(
        CacheBundleIn(notebook, str(path), data={"execution_seconds": seconds}), check_validity=False, overwrite=True
    )
    for record in cache.list_cache_records():
        if record.uri == str(path) and record.pk != kept.pk:
            cache.remove_cache(record.pk)


def kept_run(path, root):
    """Return the run of a chapter that the book was built from.

    Returns
    -------
    nbformat.NotebookNode
        Its code cells with their outputs.

    Raises
    ------
    LookupError
        If there is none of these very cells with the `helpers` that are there now.
    """
    folder = Path(root) / FOLDER
    if folder.is_dir():
        cache = get_cache(folder)
        try:
            record = cache.match_cache_notebook(nbformat.reads(marked_source(path, root), as_version=4))
        except KeyError:
            pass
        else:
            return cache.get_cache_bundle(record.pk).nb
    raise LookupError(f"the book has no run of {Path(path).name} as it is now")
