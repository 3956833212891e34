"""What a GPT is trained on, as numbered rows: sentences of the known language, or pieces of a text file."""

from typing import NamedTuple
from zlib import crc32

import numpy as np
import torch

from helpers.core.checks import check_integer
from helpers.data.batches import pad
from helpers.data.prose import read_plain_text
from helpers.data.vocab import Corpus
from helpers.data.world import Grammar, entropy, sample_corpus, world_grammar
from helpers.models.data_parallel.process_group import mixed_precision
from helpers.models.gpt_bert.exact_comparison import excess_loss
from helpers.models.gpt_bert.gpt import next_token_losses
from helpers.models.language_model.text_tokens import encode_text, learn_text_tokens, split_held_out, tidy_text
from helpers.models.torch_modules import as_rows, device_of

_HELD_OUT = 1000  # sentences, or pieces
_AT_ONCE = 100


class Rows(NamedTuple):
    """Rows to train on, and others to measure with."""

    corpus: Corpus
    held_out: Corpus
    V: int
    longest: int  # tokens that a model must be able to read
    ends: bool  # a row is a whole sentence, whose `<end>` is foreseen too
    grammar: Grammar | None = None  # where the truth is known

    @property
    def N(self):
        """How many there are to train on."""
        return len(self.corpus.starts) - 1

    @property
    def expected(self):
        """The mean number of tokens that are foreseen in a row."""
        return len(self.corpus.tokens) / self.N + self.ends

    @property
    def fingerprint(self):
        """A number that tells these rows from others."""
        return crc32(self.corpus.tokens.tobytes())

    def read(self, numbers, device, corpus=None):
        """Rows of these numbers, `<start>` first: -> tokens (B, T) and mask (B, T), Tensors on the device."""
        return as_rows(pad(corpus or self.corpus, numbers, start=True, end=self.ends), device)


def world_rows(N, seed):
    """Draw N sentences of the small world, and others to measure with.

    Raises
    ------
    ValueError
        When N is below 1, or the seed below 0.
    """
    N, seed = check_integer("N", N), check_integer("seed", seed, least=0)
    grammar = world_grammar()
    corpus, held_out = (
        sample_corpus(grammar, n, np.random.default_rng([k, seed])) for k, n in ((1, N), (2, _HELD_OUT))
    )
    longest = max(np.diff(part.starts).max() for part in (corpus, held_out)) + 1
    return Rows(corpus, held_out, len(grammar.vocab), int(longest), True, grammar)


def text_rows(path, T):
    """Cut a text file into characters and these into pieces of T; the last tenth is measured with.

    Parameters
    ----------
    path : str or Path
        A file in UTF-8, in any language.
    T : int
        Characters of a piece. What comes before it in the text is not seen.

    Returns
    -------
    Rows

    Raises
    ------
    ValueError
        When the file is missing, is not text, or has fewer than two pieces in one of its parts.
    """
    T = check_integer("T", T)
    parts = split_held_out(tidy_text(read_plain_text(path)))
    if len(parts[0]) < 2 * T or len(parts[1]) < T:
        came = f"{len(parts[0])} and {len(parts[1])} characters to learn from and to measure with"
        raise ValueError(f"the text has {came}, expected at least {2 * T} and {T}")
    text_tokens = learn_text_tokens("characters", *parts)
    corpus, held_out = (_pieces(encode_text(text_tokens, part), T) for part in parts)
    held_out = Corpus(held_out.tokens[: _HELD_OUT * T], held_out.starts[: _HELD_OUT + 1])
    return Rows(corpus, held_out, len(text_tokens.tokens), T, False)


def _pieces(tokens, T):
    count = len(tokens) // T
    return Corpus(tokens[: count * T], np.arange(count + 1) * T)


@torch.no_grad()
def held_out_loss(model, rows):
    """Nats for each token of the rows to measure with, and the floor (None where it is not known).

    Where it is known, the loss is the floor and what the model loses above it, which is more exact than a mean.
    """
    device = device_of(model)
    if rows.grammar is not None:
        with mixed_precision(device):
            excess = excess_loss(model, rows.grammar, rows.held_out).mean
        floor = entropy(rows.grammar).per_token
        return floor + excess, floor
    total, count = 0.0, 0
    for numbers in np.array_split(np.arange(len(rows.held_out.starts) - 1), _AT_ONCE):
        if len(numbers):
            with mixed_precision(device):
                losses = next_token_losses(model, *rows.read(numbers, device, rows.held_out))
            total, count = total + losses.double().sum().item(), count + len(losses)
    return total / count, None
