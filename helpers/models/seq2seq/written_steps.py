"""Every number of one translation: what the encoder held, the context, and what the decoder made of it word by word."""

from typing import NamedTuple

import numpy as np

from helpers.core.checks import as_list, check_choice, check_integer
from helpers.core.numerics import softmax
from helpers.data.vocab import END, START, Vocab
from helpers.models.seq2seq.encoder import encode_source, make_context
from helpers.models.seq2seq.one_context import decode_target
from helpers.models.seq2seq.params import USES


class WrittenSteps(NamedTuple):
    """A source that was read, and the output that greedy search wrote."""

    source: tuple  # S words, <end> the last
    h: np.ndarray  # (S, H), the encoder's states
    c: np.ndarray  # (H,), the context
    output: tuple  # T words, <end> the last unless it was cut
    s: np.ndarray  # (T, H), the decoder's states
    p: np.ndarray  # (T, V_t), the probability of each next word


def write_step_by_step(source, vocabs, params, use="first state", most=10):
    """Read a source, then write the most probable word again and again until `<end>`; keep all numbers.

    Parameters
    ----------
    source : sequence of str
        Words of the first vocabulary.
    vocabs : (Vocab, Vocab)
    params : Seq2SeqParams
        Of a model whose context is the encoder's last state.
    use : "first state" or "every step"
    most : int
        Words to write at most.

    Returns
    -------
    WrittenSteps

    Raises
    ------
    ValueError
        When the use is unknown, the source is empty, or a word of it is not in the vocabulary.
    """
    check_choice("use", use, USES)
    most = check_integer("most", most)
    vocabs = as_list("vocabs", vocabs)
    if len(vocabs) != 2 or not all(isinstance(vocab, Vocab) for vocab in vocabs):
        raise ValueError(f"vocabs is {str(vocabs)[:60]}, expected a Vocab of the source and one of the target")
    source_vocab, target_vocab = vocabs
    source = tuple(as_list("source", source))
    unknown = [word for word in source if not isinstance(word, str) or word not in source_vocab.ids]
    if unknown or not source:
        raise ValueError(
            f"source is {' '.join(map(str, source))!r}, expected words of {', '.join(source_vocab.tokens)}"
        )
    ids = np.array([*(source_vocab.ids[word] for word in source), END])[:, None]
    mask = np.ones_like(ids, bool)
    h, last, _ = encode_source(ids, mask, params)
    c, _ = make_context(h, last, mask, params, "last")
    tokens = [START]
    while len(tokens) <= most and tokens[-1] != END:
        logits, cache = decode_target(np.array(tokens)[:, None], c, params, use)
        p = softmax(logits[:, 0])
        tokens.append(int(p[-1].argmax()))
    *_, (s,) = cache  # what the output layer read
    output = tuple(target_vocab.tokens[token] for token in tokens[1:])
    return WrittenSteps((*source, "<end>"), h[:, 0], c[0], output, s[:, 0], p)
