"""Real English that is already on the reader's disk: Python's own help, docstrings, or a text file of the reader's."""

import ast
import re
from importlib.util import find_spec
from pathlib import Path
from pydoc_data.topics import topics

from helpers.core.checks import check_integer
from helpers.data.vocab import tokenise

# What markup leaves of a text, in this order.
_MARKUP = [
    (re.compile(r"<!--.*?-->|<[a-zA-Z/][^<>\n]*>", re.S), " "),  # HTML
    (re.compile(r"!?\[([^\]\n]*)\]\([^)\n]*\)"), r"\1"),  # a link or an image of Markdown
    (re.compile(r"\w+://[^\s>]+"), ""),
    (re.compile(r":[\w:+-]+:`~?([^`<]*?)\s*(?:<[^`]*>)?`"), r"\1"),  # a role of reStructuredText
    (re.compile(r"`([^`<]*?)\s*<[^`]*>`_+"), r"\1"),  # a link of reStructuredText
    (re.compile(r"\s?\[[#\w]+\]_"), ""),  # a footnote
    (re.compile(r"`+([^`]*)`+_*"), r"\1"),
    (re.compile(r"(?<=\w)\(\)"), ""),  # a function named with its brackets
    (re.compile(r"\*{1,3}(\w[^*\n]*)\*{1,3}"), r"\1"),
    (re.compile(r"(?m)^\s*(?:[*+•-]|\d+[.)]|#+)\s+"), ""),  # bullets, numbers of lists, headings of Markdown
]
_NOT_PROSE = re.compile(r"^\s*(>>>|\.\.\s|\||\+[-=]|::=|@|:\w+[^:]*:|def |class |import |from \w+ import)|::=", re.M)
_SENTENCE_END = re.compile(r"(?:(?<=[.!?])|(?<=[.!?][\"”’)]))\s+(?=[\"“‘(]?[A-Z0-9])")


def python_topics():
    """Read the topics of Python's own help (what `help("assert")` shows), cleaned.

    Returns
    -------
    str
        Some 300 kilobytes of English about Python; the words depend on the version of Python.
    """
    text = "\n\n".join(topics[name] for name in sorted(topics))
    return clean_prose(re.sub(r'"([^"\n]+)"', r"\1", text))  # in these texts straight quotes mark code


def docstrings(*packages):
    """Read the docstrings of installed packages, cleaned, without importing them.

    Parameters
    ----------
    *packages : str
        Such as "numpy", "email".

    Returns
    -------
    str

    Raises
    ------
    ValueError
        When no package is named, one is not installed, has no Python source, or has no prose in its docstrings.
    """
    if not packages:
        raise ValueError("no package is named, expected at least one, such as 'numpy'")
    return "\n\n".join(_package_docstrings(package) for package in packages)


def _package_docstrings(package):
    spec = find_spec(package) if package.isidentifier() else None
    if spec is None:
        raise ValueError(f"package {package!r} is not installed, expected one that can be imported")
    folders = [Path(folder) for folder in spec.submodule_search_locations or []]
    files = (
        [file for folder in folders for file in sorted(folder.rglob("*.py")) if "tests" not in file.parts]
        if folders
        else [Path(spec.origin or "")]
    )
    texts = [text for file in files if file.suffix == ".py" for text in _file_docstrings(file)]
    cleaned = clean_prose("\n\n".join(dict.fromkeys(texts)))  # the same docstring twice teaches nothing
    if not cleaned:
        raise ValueError(f"package {package!r} has no prose in its docstrings")
    return cleaned


def _file_docstrings(file):
    try:
        tree = ast.parse(file.read_bytes())
    except (SyntaxError, ValueError):  # a template or a test of the parser, not a module
        return
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    for node in ast.walk(tree):
        if isinstance(node, kinds) and (text := ast.get_docstring(node)):
            yield text


def read_text(path, least_words=1000):
    """Read a text file of the reader's own, cleaned.

    Parameters
    ----------
    path : str or Path
        A file in UTF-8.
    least_words : int
        What the cleaned text must have at least; a model can learn little from less.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        When the file is missing, is not text, or too short.
    """
    check_integer("least_words", least_words)
    path = Path(path).expanduser()
    if not path.is_file():
        raise ValueError(
            f"path is {str(path)!r}, "
            + ("a folder" if path.is_dir() else "where no file is")
            + ", expected a text file"
        )
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"file {path.name!r} is not text in UTF-8 (byte {error.start}), expected a plain text file"
        ) from error
    if "\0" in text:
        raise ValueError(f"file {path.name!r} holds zero bytes, expected a plain text file")
    text = clean_prose(text)
    words = len(text.split())
    if words < least_words:
        raise ValueError(f"file {path.name!r} has {words} words of prose, expected at least {least_words}")
    return text


def clean_prose(text):
    """Keep the paragraphs of prose and take the markup out of them (reStructuredText, Markdown, HTML).

    Code, tables, headings and what else is no sentence are left out.

    Returns
    -------
    str
        One paragraph a line; an empty str when there is no prose.
    """
    text = "\n".join(text.expandtabs().splitlines())
    kept, code_deeper_than = [], None
    for paragraph in re.split(r"\n\s*\n", re.sub(r"(?ms)^\s*(```|~~~).*?^\s*\1", "\n", text)):
        if not paragraph.strip():
            continue
        body = paragraph.strip("\n")
        indent = len(body) - len(body.lstrip(" "))
        if code_deeper_than is not None and indent > code_deeper_than:
            continue
        # In reStructuredText "::" says that what is further in is code.
        code_deeper_than = indent if body.rstrip().endswith("::") else None
        if not _NOT_PROSE.search(body) and (prose := _without_markup(body)):
            kept.append(prose)
    return "\n".join(kept)


def _without_markup(paragraph):
    if not all(re.search(r"\w", line) for line in paragraph.splitlines()):
        return ""  # a heading and the line under it, and in docstrings the list of parameters below that
    for pattern, replacement in _MARKUP:
        paragraph = pattern.sub(replacement, paragraph)
    paragraph = " ".join(paragraph.replace("::", ":").split())
    letters = sum(character.isalpha() or character == " " for character in paragraph)
    is_prose = len(paragraph.split()) >= 5 and letters >= 0.85 * len(paragraph) and re.search(r"[.!?:]\W*$", paragraph)
    return paragraph if is_prose else ""


def split_sentences(text, lower=True):
    """Split a cleaned text into sentences and these into tokens.

    Parameters
    ----------
    text : str
    lower : bool
        Write the tokens in lower case.

    Returns
    -------
    list of list of str
        What `helpers.data.vocab.encode_sentences` takes.

    Raises
    ------
    ValueError
        When the text has no token.
    """
    tokenise(text, lower)  # says what is wrong with an empty text
    pieces = [piece for paragraph in text.splitlines() for piece in _SENTENCE_END.split(paragraph)]
    return [tokenise(piece, lower) for piece in pieces if piece.strip()]
