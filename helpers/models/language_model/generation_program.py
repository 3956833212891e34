"""The generation program: it learns to write from a text file of a reader's own, and writes on from a prompt."""

import argparse
import os
import sys
import unicodedata
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm

from helpers.core.checks import check_integer, check_positive
from helpers.core.numerics import log_softmax
from helpers.data.letter_shapes import split_characters
from helpers.data.prose import read_plain_text
from helpers.data.vocab import UNK
from helpers.decoding import tokens_of, write_tokens
from helpers.models.language_model.counting_baseline import counting_baseline
from helpers.models.language_model.model_file import load_language_model, save_language_model
from helpers.models.language_model.text_tokens import (
    TOKEN_KINDS,
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

_FEWEST = 1000  # characters, and tokens
_MOST_MEASURED = 20_000  # tokens of the text held out, so that a look takes about a second
_LEAST_TEMPERATURE = 0.01  # below it log P / T may leave float32
_NUMBERS_OF_A_TOKEN = 64
_PROGRAM = "python -m helpers.models.language_model"


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
        options = _parser().parse_args(arguments)
        _check_options(options)
        torch.set_num_threads(options.threads)
        torch.manual_seed(options.seed)  # of dropout
        (_write_on if options.load else _learn_and_write)(options)
    except (ValueError, OSError, FloatingPointError) as error:
        print(f"{_PROGRAM}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"\n{_PROGRAM}: stopped", file=sys.stderr)
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
        f"Saved in {path}; write on with: {_PROGRAM} --load {path}\n\n{_sample(model, text_tokens, options)}"
    )


def _read_tokens(name, text, options):
    """Cut the text: its tokens, the ids to learn from, those held out, and the characters of a token there."""
    if len(text) < _FEWEST:
        came = f"has {len(text):,} characters" if text else "is empty"
        raise ValueError(f"file {name!r} {came}, expected at least {_FEWEST:,} characters")
    learned, kept = split_held_out(text)
    text_tokens = learn_text_tokens(options.tokens, learned, kept, options.merges)
    train, held_out = encode_text(text_tokens, learned), encode_text(text_tokens, kept)
    if (found := len(train) + len(held_out)) < _FEWEST:
        raise ValueError(f"file {name!r} has {found:,} {options.tokens}, expected at least {_FEWEST:,}")
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
    text = write_text(
        model, text_tokens, options.prompt, options.length, options.temperature, options.nucleus, rng
    )
    model.train(training)
    return "\n".join(margin + line for line in text.split("\n"))


def _device():
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _check_options(options):
    """Refuse what would fail only after training."""
    if bool(options.text) == bool(options.load):
        came = "a text and --load" if options.text else "neither a text nor --load"
        raise ValueError(f"{came} came, expected a text file to learn from, or --load and a saved model to write with")
    if options.load and options.save:
        raise ValueError("--save came with --load, which learns nothing; expected --save with a text file")
    check_positive("--minutes", options.minutes)
    for name in ("units", "layers", "length", "threads"):
        check_integer(f"--{name}", getattr(options, name))
    for name in ("seed", "merges"):
        check_integer(f"--{name}", getattr(options, name), least=0)
    if not 0 <= options.dropout < 1:
        raise ValueError(f"--dropout is {options.dropout}, expected at least 0 and below 1")
    if not _LEAST_TEMPERATURE <= options.temperature < np.inf:
        raise ValueError(f"--temperature is {options.temperature}, expected a number of at least {_LEAST_TEMPERATURE}")
    if not 0 < options.nucleus <= 1:
        raise ValueError(f"--nucleus is {options.nucleus}, expected a number above 0 and at most 1")
    try:
        options.prompt.encode()
    except UnicodeEncodeError:
        raise ValueError(f"--prompt is {options.prompt!r}, expected text in the encoding of the terminal") from None


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


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message):
        raise ValueError(f"{message}; -h shows what can be given")


def _parser():
    parser = _OneLineParser(
        prog=_PROGRAM,
        description="Learn to write from a text file: a recurrent network reads the text and learns what comes next. "
        "While it learns, it shows how well it foresees the last tenth of the text, which it does not learn from, "
        "beside an n-gram model that counts, and writes a sample. Then it saves what it has learned.",
        epilog="Nats: the mean of −ln P of what came next. Lower is better.",
    )
    add = parser.add_argument
    add("text", nargs="?", help=f"a plain text file in UTF-8, in any language, of at least {_FEWEST:,} characters")
    add("--tokens", choices=TOKEN_KINDS, default=TOKEN_KINDS[0], help="what the text is cut into (default: %(default)s)")
    add("--merges", type=int, default=500, help="of subwords: pairs that are merged (default: %(default)s)")
    add("--minutes", type=float, default=1.0, help="how long it learns (default: %(default)g)")
    add("--cell", choices=("lstm", "gru", "rnn"), default="lstm", help="the recurrent cell (default: %(default)s)")
    add("--units", type=int, default=256, help="units of each layer (default: %(default)s)")
    add("--layers", type=int, default=1, help="layers, one over the other (default: %(default)s)")
    add("--dropout", type=float, default=0.0, help="share of values left out while it learns (default: %(default)s)")
    add("--prompt", default="", help="the beginning that it writes on from (default: the beginning of a line)")
    add("--length", type=int, default=300, help="how many tokens it writes after the prompt (default: %(default)s)")
    add("--temperature", type=float, default=0.8, help="below 1 it takes fewer risks (default: %(default)s)")
    add("--nucleus", type=float, default=0.95, help="it draws from the most probable tokens that together have this "
        "probability (default: %(default)s)")  # fmt: skip
    add("--seed", type=int, default=0, help="of the first weights and of what is drawn (default: %(default)s)")
    add("--save", help="where the model is saved (default: the name of the text and .pt, in this folder)")
    add("--load", help="a saved model to write with; it learns nothing more")
    add("--threads", type=int, default=1, help="of the processor; more make small networks slower (default: 1)")
    return parser
