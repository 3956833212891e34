"""The program that trains GPT: two processes, one of which is killed; and what it says of wrong arguments."""

import os
import re
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest
import torch

from helpers.models.train_gpt import main

SMALL = ("--width", "8", "--heads", "2", "--batch", "4", "--sentences", "40", "--every", "10")
STEPS = ("--steps", "150")  # ten take about a tenth of a second


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


@contextmanager
def launched(*arguments, restarts=0, seconds=200):
    """Two processes, started by torch's own launcher; all are killed if they take too long."""
    launcher = ["torch.distributed.run", "--standalone", "--nproc-per-node", "2", "--max-restarts", str(restarts)]
    command = [sys.executable, "-m", *launcher, "-m", "helpers.models.train_gpt", *SMALL, *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "start_new_session": True}
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, env=environment, **pipes) as running:
        clock = threading.Timer(seconds, os.killpg, (running.pid, signal.SIGKILL))
        clock.start()
        try:
            yield running
        finally:
            clock.cancel()


def losses(path):
    return torch.load(path, weights_only=True)["losses"]


def test_a_worker_is_killed_and_the_losses_are_those_of_a_run_that_was_not_interrupted(here):
    said = []
    with launched(*STEPS, "--checkpoint", "killed.pt", restarts=1) as killed:
        for line in killed.stdout:
            said.append(line)
            if line.startswith("step 30 "):
                (pid,) = re.findall(r"process 1 of 2, pid (\d+)", "".join(said))
                os.kill(int(pid), signal.SIGKILL)
                break
        rest = killed.stdout.read()
    assert killed.returncode == 0, "".join([*said, rest])
    (resumed,) = re.findall(r"going on after step (\d+)", rest)
    before = [int(step) for step in re.findall(r"^step (\d+) of", "".join(said) + rest.partition("going on")[0], re.M)]
    assert 30 <= max(before) <= int(resumed) < 150  # nothing is lost that a checkpoint had

    with launched(*STEPS, "--checkpoint", "whole.pt") as whole:
        out, _ = whole.communicate()
    assert whole.returncode == 0, out
    assert len(losses("whole.pt")) == 150
    assert losses("killed.pt") == losses("whole.pt")

    # One process adds the gradients in another order, so its losses are the same but for rounding.
    assert main([*SMALL, *STEPS, "--checkpoint", "alone.pt"]) == 0
    assert losses("alone.pt")[:20] == pytest.approx(losses("whole.pt")[:20], rel=1e-4)


def said_by(capsys, *arguments):
    status = main([*arguments])
    return status, *capsys.readouterr()


def test_it_learns_a_text_and_goes_on_when_told(here, capsys):
    (here / "text.txt").write_text("the cat sees a dog. a dog sees the cat.\n" * 60, encoding="utf-8")
    learn = ("text.txt", *SMALL, "--length", "16", "--steps", "20", "--rate", "0.03")
    status, out, error = said_by(capsys, *learn)
    assert (status, error) == (0, "")
    assert "text.txt: 135 rows" in out
    assert re.findall(r"^step (\d+) of 20: ", out, re.M) == ["10", "20"]
    loss = float(re.search(r"held out: (\S+) nats a token\n", out)[1])
    assert loss < 3
    status, _, error = said_by(capsys, *learn)
    assert status == 2
    assert "'gpt.pt' is there already; give --resume to go on" in error
    status, out, _ = said_by(capsys, *learn, "--resume")
    assert status == 0
    assert "going on after step 20\n" in out
    assert f"held out: {loss:.4f}" in out
    status, _, error = said_by(capsys, *learn, "--resume", "--width", "16")
    assert (status, error.count("\n")) == (2, 1)
    assert "'gpt.pt' is of a run with width 8, expected width 16" in error


def test_started_again_it_goes_on_from_a_checkpoint_or_begins_where_none_was_written(capsys, monkeypatch):
    monkeypatch.setenv("TORCHELASTIC_RESTART_COUNT", "1")
    status, out, error = said_by(capsys, *SMALL, "--steps", "2")
    assert (status, error) == (0, "")
    assert "going on" not in out
    status, out, _ = said_by(capsys, *SMALL, "--steps", "2")
    assert status == 0
    assert "going on after step 2\n" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none.txt"], "'none.txt', where no file is"),
        (["--resume"], "checkpoint is 'gpt.pt', where no file is"),
        (["--width", "6"], "D is 6, expected a multiple of the 4 heads"),
        (["--batch", "0"], "--batch is 0"),
        (["--batch", "41"], "batch is 41, expected at most 40"),
        (["--steps", "many"], "invalid int value: 'many'; -h shows"),
        (["--rate", "nan"], "--rate is nan"),
        (["--rate", "-1"], "--rate is -1"),
        (["--seed", "-1"], "--seed is -1"),
        (["--checkpoint", "no/gpt.pt"], "in a folder that is missing"),
        (["--checkpoint", f"{__file__}/gpt.pt"], "in a folder that is missing"),
        (["--colour", "red"], "unrecognized arguments: --colour; -h shows"),
    ],
)
def test_it_says_what_is_wrong_in_one_line(capsys, arguments, message):
    status, _, error = said_by(capsys, "--sentences", "40", *arguments)
    assert status == 2
    assert message in error
    assert error.count("\n") == 1


def test_a_batch_must_be_divisible(capsys, monkeypatch):
    monkeypatch.setenv("WORLD_SIZE", "3")
    for rank, lines in (("0", 1), ("1", 0)):  # one process says it for all
        monkeypatch.setenv("RANK", rank)
        status, _, error = said_by(capsys, "--batch", "32")
        assert status == 2
        assert error.count("--batch is 32, expected a multiple of the 3 processes") == lines


def test_the_help_has_every_option_and_how_to_launch_it(capsys):
    with pytest.raises(SystemExit) as end:
        main(["-h"])
    assert end.value.code == 0
    said = capsys.readouterr().out
    for part in ("--resume", "--checkpoint", "--every", "torch.distributed.run --nproc-per-node 2", "--nnodes 2"):
        assert part in said
