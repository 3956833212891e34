"""Sets the address of the repository wherever it stands: _config.yml, README.md and the chapters' set-up cells.

Usage: make repo URL=https://github.com/owner/name
"""

import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ADDRESS = re.compile(r"https://(?P<host>[\w.-]*(?:github|gitlab|bitbucket)[\w.-]*)/(?P<path>[\w.-]+/[\w.-]+)")
BLOCK = re.compile(r"(<!-- repository -->\n).*?(<!-- /repository -->)", re.DOTALL)
USAGE = "usage: make repo URL=https://github.com/owner/name (GitHub, GitLab or Bitbucket)"


def check(url):
    """Return an address without what is not a part of it.

    Raises
    ------
    ValueError
        If it is not the https address of a repository that the theme can link to.
    """
    url = url.strip().rstrip("/").removesuffix(".git")
    if not ADDRESS.fullmatch(url):
        raise ValueError(f"{url!r} is not the address of a repository\n{USAGE}")
    return url


def set_repository(url, root=ROOT):
    """Write the address everywhere; return the files that changed."""
    url = check(url)
    changed = [
        _edit(root / "_config.yml", lambda text: _replace(r'(?m)^(repository:\n  url: )"[^"]*"', rf'\1"{url}"', text)),
        _edit(root / "README.md", lambda text: BLOCK.sub(lambda found: found[1] + badges(url) + found[2], text)),
    ]
    for path in sorted((root / "book").glob("*.ipynb")):
        changed.append(_edit(path, lambda text: _set_cell(text, url)))
    return [path for path in changed if path is not None]


def badges(url):
    """Return the README's lines that open the book in Colab, which takes GitHub only, and in Binder."""
    host, path = ADDRESS.fullmatch(url).groups()
    start = "book/index.ipynb"
    lines = []
    if host == "github.com":
        colab = "https://colab.research.google.com"
        lines.append(f"[![Open in Colab]({colab}/assets/colab-badge.svg)]({colab}/github/{path}/blob/main/{start})")
    place = {"github.com": f"gh/{path}", "gitlab.com": f"gl/{path.replace('/', '%2F')}"}.get(
        host, f"git/{url.replace(':', '%3A').replace('/', '%2F')}"
    )
    binder = "https://mybinder.org"
    lines.append(f"[![Open in Binder]({binder}/badge_logo.svg)]({binder}/v2/{place}/main?urlpath=lab/tree/{start})")
    return "\n".join(lines) + "\n"


def _set_cell(text, url):
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if "setup" in cell["metadata"].get("tags", []):
            source = _replace(r'(?m)^REPOSITORY = ".*"$', f'REPOSITORY = "{url}"', "".join(cell["source"]))
            cell["source"] = source.splitlines(keepends=True)
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _replace(pattern, new, text):
    text, count = re.subn(pattern, new, text)
    if count != 1:
        raise ValueError(f"expected one place for the address ({pattern}), found {count}")
    return text


def _edit(path, change):
    before = path.read_text(encoding="utf-8")
    after = change(before)
    if after == before:
        return None
    path.write_text(after, encoding="utf-8")
    return path


def main(arguments):
    """Set the address that was given."""
    if len(arguments) != 1 or not arguments[0].strip():
        sys.exit(USAGE)
    try:
        changed = set_repository(arguments[0])
    except ValueError as error:
        sys.exit(str(error))
    for path in changed:
        print(f"set in {path.relative_to(ROOT)}")
    print("Run `make book` to build the book with its buttons.")


if __name__ == "__main__":
    main(sys.argv[1:])
