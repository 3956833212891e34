"""A long text in three parts: to learn from, to choose with, and to ask once."""

from helpers.core.checks import check_integer
from helpers.data.prose import split_sentences
from helpers.data.words_and_sentences import check_text


def deal_sentences(text, block=40):
    """Cut a text into sentences, and deal them out in blocks: eight of ten to learn from, one for each other part.

    A paragraph that stands in the text twice is taken once: else a model could be asked about what it has read. Blocks
    keep neighbours together, since sentences that follow one another share their words.

    Parameters
    ----------
    text : str
        A cleaned text, one paragraph a line, such as `helpers.data.prose.python_topics` gives.
    block : int
        Sentences of a block.

    Returns
    -------
    train, validation, test : list of list of str
        Sentences, each a list of tokens in lower case.

    Raises
    ------
    ValueError
        When the text is no str, or has fewer than ten blocks.
    """
    block = check_integer("block", block)
    check_text(text, None)
    sentences = split_sentences("\n".join(dict.fromkeys(text.splitlines())))
    if len(sentences) < 10 * block:
        raise ValueError(f"text has {len(sentences)} sentences, expected at least {10 * block}, ten blocks of {block}")
    parts = [], [], []
    for first in range(0, len(sentences), block):
        turn = first // block % 10
        parts[(turn == 4) + 2 * (turn == 9)].extend(sentences[first : first + block])
    return parts
