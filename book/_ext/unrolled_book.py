"""The book's own part of the build: it knows when a chapter must run again, runs it, and dresses the pages."""

import hashlib
import html
from pathlib import Path

import nbformat
from jupyter_cache import get_cache
from sphinx.util import logging

import chapter_cards
import chapter_pages
import experiments_table
import folded_code
import glossary_terms
import kept_together
from chapter_cache import marked_source, stale_chapters, store_run
from chapter_fingerprint import fingerprint
from chapter_runner import run_all, set_environment

BOOK = Path(__file__).resolve().parents[1]

logger = logging.getLogger(__name__)


def setup(app):
    """Connect the book to Sphinx."""
    set_environment()
    app.add_css_file("book.css")
    app.add_js_file("book.js", priority=300)
    for part in (folded_code, chapter_pages, glossary_terms, kept_together, chapter_cards, experiments_table):
        part.setup(app)
    app.connect("config-inited", _set_buttons)
    app.connect("env-get-outdated", _outdated)
    app.connect("env-before-read-docs", _run_stale)
    app.connect("source-read", _mark_source)
    app.connect("build-finished", _finish, priority=400)  # before sphinx_external_toc writes a bare index.html
    return {"version": "1", "parallel_read_safe": False, "parallel_write_safe": True}


# The buttons


def _set_buttons(app, config):
    """Show the buttons that lead to the repository where its address is known, and none where it is not."""
    options = config.html_theme_options
    address = (options.get("repository_url") or "").strip().rstrip("/")
    options["repository_url"] = address
    for name in ("use_repository_button", "use_edit_page_button", "use_issues_button"):
        options[name] = bool(address)
    if not address:
        options["launch_buttons"] = {}
    elif "//github.com/" not in address:
        options["launch_buttons"].pop("colab_url", None)  # Colab opens notebooks from GitHub only


# When a chapter runs


def _outdated(app, env, added, changed, removed):
    """Name the chapters that reach a module which has changed, or all pages where what dresses them has changed."""
    dress = _dress()
    if getattr(env, "unrolled_dress", None) != dress:
        env.unrolled_dress = dress
        return sorted(env.found_docs)
    known = getattr(env, "unrolled_fingerprints", {})
    return [name for name in _chapters(env, env.found_docs) if known.get(name) != _fingerprint(app, name)]


def _dress():
    """Hash what dresses all pages, the glossary too: Sphinx takes it up only with a changed page."""
    files = [path for part in ("_ext", "_static", "_templates") for path in (BOOK / part).rglob("*") if path.is_file()]
    files += BOOK.glob("glossary.md")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files if path.suffix != ".pyc"}


def _run_stale(app, env, names):
    """Run the chapters whose outputs are not in the cache, side by side; myst-nb then finds them there."""
    if env.mystnb_config.execution_mode != "cache":
        return
    cache = get_cache(env.mystnb_config.execution_cache_path)
    stale = stale_chapters(cache, [env.doc2path(name) for name in _chapters(env, names)], app.srcdir)
    failures = run_all(stale, app.config.nb_execution_timeout, logger.info, lambda *run: store_run(cache, *run))
    if failures:
        # Not an exception for Sphinx: its traceback would bury the cell's.
        raise SystemExit("\n".join(["", *failures, f"The book was not built: {len(failures)} chapter(s) failed."]))


def _mark_source(app, name, content):
    if _chapters(app.env, [name]):
        content[0] = marked_source(app.env.doc2path(name), app.srcdir)
        if not hasattr(app.env, "unrolled_fingerprints"):
            app.env.unrolled_fingerprints = {}
        app.env.unrolled_fingerprints[name] = _fingerprint(app, name)


def _fingerprint(app, name):
    return fingerprint(nbformat.read(app.env.doc2path(name), as_version=4), app.srcdir)


def _chapters(env, names):
    return sorted(name for name in names if Path(env.doc2path(name)).suffix == ".ipynb")


# What Sphinx leaves undone


def _finish(app, exception):
    if exception is not None:
        return
    if app.builder.format == "html":
        _write_entrance(app)
    if app._warncount:
        # Sphinx warns of a page only when it reads it. Read all again next time, or the warnings would be forgotten.
        Path(app.doctreedir, "environment.pickle").unlink(missing_ok=True)


def _write_entrance(app):
    """Write the index.html that leads to the book's first page."""
    page, title = f"{app.config.root_doc}.html", html.escape(app.config.html_title)
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{app.config.language}">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="refresh" content="0; url={page}">',
        f"<title>{title}</title>",
        "</head>",
        f'<body><main><h1>{title}</h1><p><a href="{page}">Open the book</a></p></main></body>',
        "</html>",
    ]
    Path(app.outdir, "index.html").write_text("\n".join(lines) + "\n", encoding="utf-8")
