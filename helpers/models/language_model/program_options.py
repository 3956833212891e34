"""What can be given to the generation program on its command line, and what is refused before it begins."""

import argparse
import math

from helpers.core.checks import check_integer, check_positive
from helpers.models.language_model.text_tokens import TOKEN_KINDS

PROGRAM = "python -m helpers.models.language_model"
FEWEST_CHARACTERS = 1000
_LEAST_TEMPERATURE = 0.01  # below it log P / T may leave float32


def read_options(arguments=None):
    """Read the command line; refuse what would fail only after training.

    Parameters
    ----------
    arguments : list of str, optional
        Those of the program's own command line, without them.

    Returns
    -------
    argparse.Namespace

    Raises
    ------
    ValueError
        When an option is unknown or out of range.
    """
    options = _parser().parse_args(arguments)
    _check_options(options)
    return options


def _check_options(options):
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
    if not _LEAST_TEMPERATURE <= options.temperature < math.inf:
        raise ValueError(f"--temperature is {options.temperature}, expected a number of at least {_LEAST_TEMPERATURE}")
    if not 0 < options.nucleus <= 1:
        raise ValueError(f"--nucleus is {options.nucleus}, expected a number above 0 and at most 1")
    try:
        options.prompt.encode()
    except UnicodeEncodeError:
        raise ValueError(f"--prompt is {options.prompt!r}, expected text in the encoding of the terminal") from None


class _OneLineParser(argparse.ArgumentParser):
    def error(self, message):
        raise ValueError(f"{message}; -h shows what can be given")


def _parser():
    parser = _OneLineParser(
        prog=PROGRAM,
        description="Learn to write from a text file: a recurrent network reads the text and learns what comes next. "
        "While it learns, it shows how well it foresees the last tenth of the text, which it does not learn from, "
        "beside an n-gram model that counts, and writes a sample. Then it saves what it has learned.",
        epilog="Nats: the mean of −ln P of what came next. Lower is better.",
    )
    add = parser.add_argument
    add(
        "text",
        nargs="?",
        help=f"a plain text file in UTF-8, in any language, of at least {FEWEST_CHARACTERS:,} characters",
    )
    add("--tokens", choices=TOKEN_KINDS, default="characters", help="what it is cut into (default: %(default)s)")
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
