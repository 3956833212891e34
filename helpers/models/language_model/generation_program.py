"""The generation program: it learns to write from a text file of a reader's own, and writes on from a prompt."""

import os
import sys
import unicodedata
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from helpers.core.numerics import log_softmax
from helpers.data.letter_shapes import split_characters
from helpers.data.prose import read_plain_text
from helpers.data.vocab import UNK
from helpers.decoding import tokens_of, write_tokens
from helpers.models.language_model.counting_baseline import counting_baseline
from helpers.models.language_model.model_file import load_language_model, save_language_model
from helpers.models.language_model.program_options import FEWEST_CHARACTERS, PROGRAM, read_options
from helpers.models.language_model.text_tokens import (
    decode_text,
    encode_text,
    first_writable,
    learn_text_tokens,
    line_end_token,
    missing_tokens,
    split_held_out,
    tidy_text,
)
from helpers.models.language_model.torch_model import RecurrentLanguageModel, first_token_state, torch_token_step
from helpers.models.language_model.training_by_clock import cut_for_training, noted_interrupt, train_for_seconds
from helpers.models.torch_modules import count_weights, new_model

_MOST_MEASURED = 20_000  # tokens of the text held out, so that a look takes about a second
_NUMBERS_OF_A_TOKEN = 64


def run_generation_program(arguments=None):
    """Run the program; see its help, ``-h``.

    Parameters
    ----------
    arguments : list of str, optional
        What stands after its name on the command line.

    Returns
    -------
    int
        The exit status: 0; 2 after an error, which is one line on stderr; 130 after Ctrl-C before anything was learned.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter
    try:
        options = read_options(arguments)
        torch.set_num_threads(options.threads)
        torch.manual_seed(options.seed)  # of dropout
        (_write_on if options.load else _learn_and_write)(options)
    except (ValueError, OSError, FloatingPointError) as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\n{PROGRAM}: stopped", file=sys.stderr)
        return 130
    return 0


def write_text(model, text_tokens, prompt, length, T, p, rng):
    """Write on from a prompt: the prompt and `length` tokens more.

    Parameters
    ----------
    model : RecurrentLanguageModel
    text_tokens : TextTokens
    prompt : str
        Without one, what is written follows a line end.
    length : int
    T, p : float
        Temperature and nucleus, see `helpers.decoding.sampling`.
    rng : numpy.random.Generator

    Returns
    -------
    str
        Never with `<unk>` or another special token: they are not drawn.

    Raises
    ------
    ValueError
        When the vocabulary lacks something of the prompt, or a number is out of range.
    """
    given = _encode_prompt(text_tokens, prompt)
    start, *beginning = given or [line_end_token(text_tokens)]
    step, first = torch_token_step(model), first_writable(text_tokens)

    def writable_step(tokens, state):
        log_probs, state = step(tokens, state)
        log_probs = log_probs.numpy(force=True).copy()
        log_probs[:, :first] = -np.inf
        return log_softmax(log_probs), state

    state, most = first_token_state(model, 1), len(beginning) + length
    written = tokens_of(write_tokens(writable_step, state, start, -1, rng, beginning, most, T, p=p))
    return decode_text(text_tokens, [start, *written] if given else written)


def _encode_prompt(text_tokens, prompt):
    prompt = tidy_text(prompt)
    if missing := missing_tokens(text_tokens, prompt):
        names = ", ".join(map(_named, missing[:5])) + (" and more" if len(missing) > 5 else "")
        raise ValueError(f"--prompt has {names}, which the text learned from lacks; expected what occurs in that text")
    return encode_text(text_tokens, prompt).tolist()


def _named(token):
    name = unicodedata.name(token, f"U+{ord(token):04X}") if len(token) == 1 else ""
    return f"{token!r} ({name})" if name else repr(token)


def _write_on(options):
    model, text_tokens = load_language_model(options.load)
    print(_sample(model.to(_device()), text_tokens, options))


def _learn_and_write(options):
    text = tidy_text(read_plain_text(options.text))
    path = _check_save(Path(options.save or f"{Path(options.text).stem}.pt").expanduser())
    text_tokens, train, held_out, characters = _read_tokens(Path(options.text).name, text, options)
    _encode_prompt(text_tokens, options.prompt)  # refused now, not after a minute
    V = len(text_tokens.tokens)
    baseline = counting_baseline(train, held_out, V)
    ngram = f"{baseline.nats / characters:.3f}"
    print(f"n-gram, n = {baseline.n}, λ = {baseline.weight}: {ngram} nats a character of the text held out")
    sizes = (V, min(_NUMBERS_OF_A_TOKEN, options.units), options.units)
    kind = {"cell": options.cell, "layers": options.layers, "dropout": options.dropout}
    model = new_model(RecurrentLanguageModel, *sizes, seed=options.seed, **kind).to(_device())
    print(
        f"{options.cell.upper()}, {options.layers} × {options.units} units, {count_weights(model):,} weights; learning "
        f"for {options.minutes:g} min on the {_device().type.upper()}; Ctrl-C ends it and keeps what is learned",
        flush=True,
    )

    def show(look):
        tqdm.write(
            f"\n{look.seconds:.0f} s, {look.passes:.1f} times through the text: {look.nats / characters:.3f} nats a "
            f"character of the text held out (n-gram {ngram})\n{_sample(model, text_tokens, options, '  | ')}",
            file=sys.stdout,
        )
        sys.stdout.flush()

    strips = cut_for_training(train), cut_for_training(held_out)
    seconds = 60 * options.minutes
    bar_format = "{percentage:3.0f} %|{bar}| {n:.0f} of {total:.0f} s{postfix}"
    with noted_interrupt() as interrupted:
        with tqdm(total=seconds, bar_format=bar_format, disable=None, leave=False) as bar:
            best = train_for_seconds(model, *strips, seconds, show, interrupted, bar)
        save_language_model(path, model, text_tokens)
    print(
        f"\nBest, at {best.seconds:.0f} s: {best.nats / characters:.3f} nats a character (n-gram {ngram})\n"
        f"Saved in {path}; write on with: {PROGRAM} --load {path}\n\n{_sample(model, text_tokens, options)}"
    )


def _read_tokens(name, text, options):
    """Cut the text: its tokens, the ids to learn from, those held out, and the characters of a token there."""
    if len(text) < FEWEST_CHARACTERS:
        came = f"has {len(text):,} characters" if text else "is empty"
        raise ValueError(f"file {name!r} {came}, expected at least {FEWEST_CHARACTERS:,} characters")
    learned, kept = split_held_out(text)
    text_tokens = learn_text_tokens(options.tokens, learned, kept, options.merges)
    train, held_out = encode_text(text_tokens, learned), encode_text(text_tokens, kept)
    if (found := len(train) + len(held_out)) < FEWEST_CHARACTERS:
        raise ValueError(f"file {name!r} has {found:,} {options.tokens}, expected at least {FEWEST_CHARACTERS:,}")
    if len(held_out) < 2:
        raise ValueError(f"file {name!r} has almost no {options.tokens} in its last tenth, expected text to the end")
    measured = held_out[:_MOST_MEASURED]
    print(
        f"{name}: {len(train):,} {options.tokens} to learn from, {len(text_tokens.tokens):,} in the vocabulary; of the "
        f"last tenth, held out, {len(measured):,} are measured"
    )
    if unknown := np.mean(measured == UNK):
        print(f"{unknown:.1%} of these are too rare to be known and count as one word, which is never written")
    return text_tokens, train, measured, len(split_characters(kept)) / len(held_out)


def _sample(model, text_tokens, options, margin=""):
    training = model.training
    rng = np.random.default_rng(options.seed)
    model.eval()
    text = write_text(model, text_tokens, options.prompt, options.length, options.temperature, options.nucleus, rng)
    model.train(training)
    return "\n".join(margin + line for line in text.split("\n"))


def _device():
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _check_save(path):
    """Refuse a place where nothing can be saved, or where something else would be overwritten."""
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise ValueError(f"--save is {str(path)!r}, in a folder that is missing or read-only, expected one to write to")
    if path.exists():
        try:
            load_language_model(path)
        except ValueError:
            raise ValueError(f"--save is {str(path)!r}, which is no saved model, expected a new name") from None
    return path
