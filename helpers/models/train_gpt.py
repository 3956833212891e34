"""A program that trains the GPT of this book, in one process or in many, on one machine or on several.

    python -m helpers.models.train_gpt
    python -m torch.distributed.run --nproc-per-node 2 -m helpers.models.train_gpt book.txt

Every process reads its share of each batch, and their gradients are averaged, so that all make the same step as one
process with the whole batch. Where the machine has GPUs, each process takes one; elsewhere they compute on the CPU.
"""

import argparse
import os
import sys
from pathlib import Path

from helpers.core.checks import check_integer, check_positive
from helpers.models.data_parallel.checkpoint import load_checkpoint
from helpers.models.data_parallel.process_group import joined_processes, launched_as, restarts
from helpers.models.data_parallel.rows import held_out_loss, text_rows, world_rows
from helpers.models.data_parallel.training import train_data_parallel
from helpers.models.gpt_bert.gpt import GPT
from helpers.models.gpt_bert.trunk import Sizes
from helpers.models.torch_modules import count_weights, new_model

_PROGRAM = "python -m helpers.models.train_gpt"
_EXAMPLES = """\
examples:
  python -m helpers.models.train_gpt --steps 300
      the known language, in one process
  python -m torch.distributed.run --nproc-per-node 2 -m helpers.models.train_gpt text.txt
      a text file, in two processes of this machine
  python -m torch.distributed.run --nproc-per-node 2 -m helpers.models.train_gpt text.txt --resume
      the same, going on from the checkpoint; with --max-restarts 3 before -m the launcher does so by itself
  python -m torch.distributed.run --nnodes 2 --nproc-per-node 8 --rdzv-backend c10d --rdzv-endpoint host:29500 \\
      -m helpers.models.train_gpt text.txt
      on two machines with eight GPUs each; run on both, with the checkpoint in a folder that both see
"""


def main(arguments=None):
    """Run the program; see its help, ``-h``.

    Parameters
    ----------
    arguments : list of str, optional
        What stands after its name on the command line.

    Returns
    -------
    int
        The exit status: 0, or 2 after an error, which process 0 writes on stderr in one line.
    """
    try:
        options = _read_options(arguments)
        with joined_processes() as place:
            _train(options, place)
    except (ValueError, OSError, FloatingPointError) as error:
        if launched_as()[0] == 0:
            print(f"{_PROGRAM}: {error}", file=sys.stderr)
        return 2
    return 0


def _train(options, place):
    sizes = {"length": options.length} if options.text else {"sentences": options.sentences}
    rows = text_rows(options.text, options.length) if options.text else world_rows(options.sentences, options.seed)
    shape = Sizes(rows.V, options.width, options.layers, options.heads, rows.longest)
    model = new_model(GPT, shape, seed=options.seed)
    plan = {"text": Path(options.text).name if options.text else "the known language", **sizes}
    plan |= {name: getattr(options, name) for name in ("width", "layers", "heads", "steps", "batch", "rate", "seed")}
    plan["fingerprint"] = rows.fingerprint
    resume = options.resume or (restarts() and Path(options.checkpoint).is_file())
    _say(place, f"process {place.rank} of {place.processes}, pid {os.getpid()}, on {place.device}", anyone=True)
    _say(
        place,
        f"{plan['text']}: {rows.N:,} rows, {rows.V} tokens in the vocabulary; {count_weights(model):,} weights; "
        f"{options.batch} rows a step, {options.batch // place.processes} in each process",
    )

    start = load_checkpoint(options.checkpoint, plan) if resume else None
    if start is not None:
        _say(place, f"going on after step {len(start.losses)}")

    def each(step, loss):
        if step % options.every == 0 or step == options.steps:
            _say(place, f"step {step} of {options.steps}: {loss:.4f} nats a token; {options.checkpoint} written")

    train_data_parallel(model, rows, plan, place, options.checkpoint, options.every, start, each)
    if place.rank == 0:
        loss, floor = held_out_loss(model, rows)
        known = "" if floor is None else f", {loss - floor:.4f} above the floor of the language, {floor:.4f}"
        _say(place, f"held out: {loss:.4f} nats a token{known}")


def _say(place, text, anyone=False):
    if anyone or place.rank == 0:
        print(text, flush=True)


def _read_options(arguments):
    options = _parser().parse_args(arguments)
    for name in ("width", "layers", "heads", "length", "sentences", "steps", "batch", "every"):
        check_integer(f"--{name}", getattr(options, name))
    check_integer("--seed", options.seed, least=0)
    check_positive("--rate", options.rate)
    processes = launched_as()[1]
    if options.batch % processes:
        raise ValueError(f"--batch is {options.batch}, expected a multiple of the {processes} processes")
    path = Path(options.checkpoint)
    if not path.parent.is_dir() or not os.access(path.parent, os.W_OK):
        raise ValueError(f"--checkpoint is {str(path)!r}, in a folder that is missing or read-only, expected another")
    if path.exists() and not options.resume and not restarts():
        raise ValueError(f"--checkpoint {str(path)!r} is there already; give --resume to go on, or another name")
    return options


class _ShortParser(argparse.ArgumentParser):
    def error(self, message):
        raise ValueError(f"{message}; -h shows what can be given")


def _parser():
    parser = _ShortParser(
        prog=_PROGRAM,
        description="Train a small GPT on the known language of this book, or on the characters of a text file.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("text", nargs="?", help="a text file in UTF-8, in any language (default: the known language)")
    add("--width", type=int, default=64, help="D, numbers for each token (default: %(default)s)")
    add("--layers", type=int, default=1, help="of the trunk (default: %(default)s)")
    add("--heads", type=int, default=4, help="of each layer (default: %(default)s)")
    add("--length", type=int, default=64, help="of a text: characters that are read at once (default: %(default)s)")
    add("--sentences", type=int, default=20_000, help="of the known language (default: %(default)s)")
    add("--steps", type=int, default=300, help="in all, those before a checkpoint too (default: %(default)s)")
    add("--batch", type=int, default=32, help="rows of a step, of all processes together (default: %(default)s)")
    add("--rate", type=float, default=1e-2, help="the highest learning rate (default: %(default)s)")
    add("--seed", type=int, default=0, help="of the first weights and of the order (default: %(default)s)")
    add("--checkpoint", default="gpt.pt", help="the file to go on from (default: %(default)s)")
    add("--every", type=int, default=100, help="steps from one checkpoint to the next (default: %(default)s)")
    add("--resume", action="store_true", help="go on from the checkpoint, with the same options as before")
    return parser


if __name__ == "__main__":
    sys.exit(main())
