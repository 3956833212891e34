"""The Sphinx extension: in a book that names `helpers.sliders` as an extension, figures are drawn for the page.

Nothing here imports Sphinx, so that a notebook can import `helpers.sliders` where there is none.
"""

import hashlib
import os
from pathlib import Path

from helpers.sliders.in_page import IN_PAGE

STATIC = Path(__file__).with_name("static")  # the scripts and the styles
FIGURE_SCRIPTS = ("replay.js", "picture.js", "controls.js")  # in the order in which a page loads them


def setup(app):
    """Connect the figures to a book, by the line `helpers.sliders` among its extensions.

    The kernels that the build starts inherit the environment, and in it the word to draw for the page. Every page
    takes the style and the script from the built book itself.
    """
    os.environ[IN_PAGE] = "1"
    for style in ("figures.css", "ask.css"):
        app.add_css_file(style)
    for script in (*FIGURE_SCRIPTS, "ask.js"):
        app.add_js_file(script, loading_method="defer")
    app.connect("builder-inited", _offer_static_files)
    app.connect("env-get-outdated", _outdated)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _offer_static_files(app):
    """Let Sphinx copy the script and the style into the built book."""
    app.config.html_static_path.append(str(STATIC))


def _outdated(app, env, added, changed, removed):
    """Name all pages where the script or the style has changed: Sphinx copies them only when it writes a page."""
    static = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in STATIC.iterdir()}
    if getattr(env, "sliders_static", None) == static:
        return []
    env.sliders_static = static
    return sorted(env.found_docs)
