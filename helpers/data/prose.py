"""Real text that is on the reader's disk: Python's own help, docstrings, or a file of the reader's, in any language."""

import ast
import os
import re
from importlib.util import find_spec
from pathlib import Path
from pydoc_data.topics import topics

import numpy as np

from helpers.core.checks import check_integer
from helpers.data.markup import clean_prose, sift_prose
from helpers.data.vocab import SPECIALS
from helpers.data.words_and_sentences import check_text, cut_sentences, cut_tokens, warn_of_characters


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
        A file in UTF-8, in any language.
    least_words : int
        What the cleaned text must have at least; a model can learn little from less. A letter of a script that puts no
        spaces between words, such as Chinese, counts as one.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        When the file is missing, is not text, or too short; then the message says what was left out, and why.
    """
    check_integer("least_words", least_words)
    prose, words, left_out = sift_prose(read_plain_text(path))
    if words < least_words:
        reasons = ", ".join(f"{count} {reason}" for reason, count in left_out.most_common())
        raise ValueError(
            f"file {Path(path).name!r} has {words} words of prose, expected at least {least_words}; "
            + (f"paragraphs left out: {reasons}" if reasons else "nothing was left out")
        )
    return prose


def read_plain_text(path):
    """Read a text file as it is: nothing is left out but a byte order mark.

    Parameters
    ----------
    path : str or Path
        A file in UTF-8, in any language.

    Returns
    -------
    str

    Raises
    ------
    ValueError
        When the file is missing or is not text.
    """
    if not isinstance(path, str | os.PathLike):
        raise ValueError(f"path is of type {type(path).__name__}, expected a str or a Path")
    path = Path(path).expanduser()
    if not path.is_file():
        raise ValueError(
            f"path is {str(path)!r}, "
            + ("a folder" if path.is_dir() else "where no file is")
            + ", expected a text file"
        )
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"file {path.name!r} is not text in UTF-8 (byte {error.start}), expected a plain text file saved in UTF-8"
        ) from error
    if "\0" in text:
        raise ValueError(f"file {path.name!r} holds zero bytes, expected a plain text file")
    return text


def split_sentences(text, lower=True, segment=None):
    """Split a cleaned text into sentences and these into tokens.

    Parameters
    ----------
    text : str
        In any script. One paragraph a line: no sentence goes on in the next line.
    lower : bool
        Write the tokens in lower case.
    segment : callable, optional
        As for `helpers.data.vocab.tokenise`: how a text without spaces between words is cut into words.

    Returns
    -------
    list of list of str
        What `helpers.data.vocab.encode_sentences` takes.

    Raises
    ------
    ValueError
        When the text is no str or has no token, or what the segmenter gives is not its run in pieces.

    Warns
    -----
    UserWarning
        As `helpers.data.vocab.tokenise`, when the text was cut by characters.
    """
    check_text(text, segment)
    sentences, unspaced, known = [], 0, {}
    for paragraph in text.splitlines():
        for piece in cut_sentences(paragraph):
            tokens, more = cut_tokens(piece, lower, segment)
            unspaced += more
            if tokens:
                # One str for all places where a token stands: a tenth of the memory.
                sentences.append(list(map(known.setdefault, tokens, tokens)))
    if not sentences:
        raise ValueError(f"text has no token ({len(text)} characters), expected at least one word")
    if segment is None:
        warn_of_characters(unspaced, len(text))
    return sentences


def frequent_words(vocab, n=6):
    """Choose some frequent words of a text to look at: every tenth one after the 30 most frequent.

    Words that are shorter than half of all words are left out: most of them hold sentences together, and say little
    about the text.

    Parameters
    ----------
    vocab : Vocab
    n : int

    Returns
    -------
    list of str
        At most n. A vocabulary of hardly more than 30 words gives its most frequent ones.

    Raises
    ------
    ValueError
        When the vocabulary has no word.
    """
    n = check_integer("n", n)
    words = [str(word) for word in vocab.tokens[len(SPECIALS) :]]
    if not words:
        raise ValueError("the vocabulary has no word, expected at least one")
    typical = np.median([len(word) for word in words])  # 1 where a token is a character
    later = [word for word in words[30:] if len(word) >= typical]
    return (later or words)[: 10 * n : 10]
