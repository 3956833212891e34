"""Finds a Chromium for the browser tests, installs one where there is none, and prints its path.

Looked for in turn: $CHROMIUM, the names below on the PATH, Playwright's own download.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
APPLICATIONS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find():
    """Return the path of a Chromium that runs, or None.

    Raises
    ------
    FileNotFoundError
        If $CHROMIUM names one that does not run.
    """
    chosen = os.environ.get("CHROMIUM")
    if chosen:
        path = shutil.which(chosen)
        if path is None or not runs(path):
            raise FileNotFoundError(f"CHROMIUM is {chosen!r}, which does not run")
        return path
    for path in (*map(shutil.which, NAMES), *APPLICATIONS):
        if runs(path):
            return path
    path = playwrights_own()
    return path if runs(path) else None


def playwrights_own():
    """Return where Playwright keeps, or would keep, the Chromium that it downloads."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def runs(path):
    """Tell whether a program is there, and starts as a browser does: its libraries may be missing."""
    if not path or not Path(path).exists():
        return False
    command = [path, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", "about:blank"]
    try:
        return subprocess.run(command, capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def install():
    """Install one: Playwright's download with what it needs, else Debian's package. Return its path, or None."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    debian = root and shutil.which("apt-get")
    with_deps = ["--with-deps"] if debian else []
    _try([sys.executable, "-m", "playwright", "install", *with_deps, "chromium"])
    if find() is None and debian:
        _try(["apt-get", "update"])
        _try(["apt-get", "install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"])
    return find()


def _try(command):
    print("no Chromium here; trying:", *command, file=sys.stderr)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(command, stdout=sys.stderr, env=environment, check=False)


def main():
    """Print the path, or say in one line what to do."""
    try:
        path = find() or install()
    except FileNotFoundError as error:
        sys.exit(f"chromium.py: {error}")
    if path is None:
        sys.exit("chromium.py: no Chromium, and none could be installed: install one, or set CHROMIUM to its path")
    print(path)


if __name__ == "__main__":
    main()
