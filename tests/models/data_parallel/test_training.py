"""Training that is interrupted ends as if it had not been; a checkpoint is refused where it does not fit."""

import os
from copy import deepcopy

import numpy as np
import pytest
import torch

from helpers.data.vocab import Corpus
from helpers.models.data_parallel.checkpoint import load_checkpoint, save_checkpoint
from helpers.models.data_parallel.data_order import first_order, next_batch
from helpers.models.data_parallel.process_group import Place, joined_processes, mixed_precision
from helpers.models.data_parallel.rows import Rows, held_out_loss, text_rows, world_rows
from helpers.models.data_parallel.training import share_loss, train_data_parallel
from helpers.models.gpt_bert.gpt import next_token_losses
from helpers.models.gpt_bert.pretraining import adamw
from helpers.models.torch_modules import weight_arrays
from helpers.models.torch_training import rate_share

ALONE = Place(0, 1, torch.device("cpu"))
PLAN = {"steps": 12, "batch": 4, "rate": 1e-2, "seed": 0}


@pytest.fixture
def rows():
    tokens = np.random.default_rng(0).integers(4, 11, size=60).astype(np.int32)
    corpus = Corpus(tokens, np.array([0, 3, 8, 10, 17, 21, 29, 30, 36, 44, 52, 60]))
    return Rows(corpus, corpus, 11, 9, True)


def test_a_resumed_run_has_exactly_the_losses_of_the_whole(model, rows, tmp_path):
    first = {name: array.copy() for name, array in weight_arrays(model).items()}
    seen = []
    whole = train_data_parallel(model, rows, PLAN, ALONE, tmp_path / "a.pt", 100, each=lambda *step: seen.append(step))
    last = weight_arrays(model)
    assert seen == [*enumerate(whole, 1)]
    assert whole[-1] < whole[0]

    class StoppedError(Exception):
        pass

    def stop(step, loss):
        if step == 7:
            raise StoppedError

    model.load_state_dict({name: torch.from_numpy(array) for name, array in first.items()})
    with pytest.raises(StoppedError):
        train_data_parallel(model, rows, PLAN, ALONE, tmp_path / "b.pt", 5, each=stop)
    start = load_checkpoint(tmp_path / "b.pt", PLAN)
    assert start.losses == whole[:5]  # two steps are lost, fewer than the five between checkpoints
    model.load_state_dict({name: torch.from_numpy(array) for name, array in first.items()})
    assert train_data_parallel(model, rows, PLAN, ALONE, tmp_path / "b.pt", 5, start) == whole
    for name, array in weight_arrays(model).items():
        np.testing.assert_array_equal(array, last[name])
    assert load_checkpoint(tmp_path / "b.pt", PLAN).losses == whole
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".part"] == []


def test_every_step_is_the_plain_one_with_its_rate_and_a_clipped_gradient(model, rows, tmp_path):
    reference, order, losses, norms = deepcopy(model), first_order(rows.N, PLAN["seed"]), [], []
    model.output.weight.data *= 20  # so that gradients are clipped
    reference.load_state_dict(model.state_dict())
    found = train_data_parallel(model, rows, PLAN, ALONE, tmp_path / "a.pt", 100)
    optimiser = adamw(reference, PLAN["rate"])
    for step in range(PLAN["steps"]):
        numbers, order = next_batch(order, PLAN["batch"])
        each = next_token_losses(reference, *rows.read(numbers, ALONE.device))
        optimiser.zero_grad()
        (each.sum() / (PLAN["batch"] * rows.expected)).backward()
        norms.append(torch.nn.utils.clip_grad_norm_(reference.parameters(), 1.0).item())
        for group in optimiser.param_groups:
            group["lr"] = PLAN["rate"] * rate_share(step, PLAN["steps"])
        optimiser.step()
        losses.append(each.mean().item())
    assert max(norms) > 2
    assert found == pytest.approx(losses, rel=1e-5)
    for name, array in weight_arrays(reference).items():
        np.testing.assert_allclose(weight_arrays(model)[name], array, rtol=1e-3, atol=1e-5)


def test_shares_of_any_size_add_up_to_the_batch():
    shares = [torch.tensor([1.0, 2.0, 3.0]), torch.tensor([6.0])]
    assert sum(share_loss(share, 4, 2) for share in shares) / 2 == 3.0


def test_a_checkpoint_is_refused(model, rows, tmp_path):
    train_data_parallel(model, rows, PLAN, ALONE, tmp_path / "a.pt", 100)
    with pytest.raises(ValueError, match=r"of a run with steps 12, rate 0.01, expected steps 13, rate 0.1"):
        load_checkpoint(tmp_path / "a.pt", {**PLAN, "steps": 13, "rate": 0.1})
    with pytest.raises(ValueError, match=r"no\.pt', where no file is"):
        load_checkpoint(tmp_path / "no.pt", PLAN)
    for content in (b"", b"text", (tmp_path / "a.pt").read_bytes()[:500]):
        (tmp_path / "b.pt").write_bytes(content)
        with pytest.raises(ValueError, match="cannot be read as a checkpoint"):
            load_checkpoint(tmp_path / "b.pt", PLAN)
    torch.save({"format": "another"}, tmp_path / "b.pt")
    with pytest.raises(ValueError, match="cannot be read as a checkpoint"):
        load_checkpoint(tmp_path / "b.pt", PLAN)


def test_a_checkpoint_that_cannot_be_written_leaves_the_old_one(model, rows, tmp_path, monkeypatch):
    path = tmp_path / "a.pt"
    train_data_parallel(model, rows, PLAN, ALONE, path, 100)
    old, found = path.read_bytes(), load_checkpoint(path, PLAN)

    def half(content, file):
        file.write(b"half")
        raise OSError("the disk is full")

    monkeypatch.setattr(torch, "save", half)
    with pytest.raises(OSError, match="the disk is full"):
        save_checkpoint(path, found)
    assert path.read_bytes() == old


class Calls:
    """Unpickled, it makes a folder."""

    def __init__(self, folder):
        self.folder = folder

    def __reduce__(self):
        return os.mkdir, (str(self.folder),)


def test_nothing_in_a_checkpoint_is_executed(tmp_path):
    torch.save({"format": Calls(tmp_path / "made")}, tmp_path / "a.pt")
    with pytest.raises(ValueError, match="cannot be read as a checkpoint"):
        load_checkpoint(tmp_path / "a.pt", PLAN)
    assert not (tmp_path / "made").exists()


def test_a_checkpoint_is_on_the_disk_before_it_has_its_name(model, rows, tmp_path, monkeypatch):
    path, done = tmp_path / "a.pt", []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda file: done.append(("fsync", os.fstat(file).st_size)) or fsync(file))
    monkeypatch.setattr(os, "replace", lambda old, new: done.append(("replace", new)) or replace(old, new))
    train_data_parallel(model, rows, PLAN, ALONE, path, 100)
    assert done == [("fsync", path.stat().st_size), ("replace", path)]


def test_where_a_gradient_overflows_it_says_when(model, rows, tmp_path):
    model.output.weight.data[:] = 1e30
    with pytest.raises((FloatingPointError, ValueError), match=r"step 0|finite"):
        train_data_parallel(model, rows, PLAN, ALONE, tmp_path / "a.pt", 100)


def test_rows_of_the_known_language():
    rows = world_rows(50, seed=1)
    assert rows.N == 50
    tokens, mask = rows.read(np.arange(50), torch.device("cpu"))
    assert tokens.shape == mask.shape
    assert (tokens[:, 0] == 2).all()
    assert mask[:, 1:].sum().item() == pytest.approx(50 * rows.expected)
    assert rows.longest >= mask.sum(dim=1).max() - 1
    assert rows.fingerprint != world_rows(50, seed=2).fingerprint
    assert rows.fingerprint == world_rows(50, seed=1).fingerprint


def test_rows_of_a_text(model, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("abcd efg" * 30, encoding="utf-8")
    rows = text_rows(path, 8)
    assert rows.V == 4 + 8
    tokens, mask = rows.read(np.array([1]), torch.device("cpu"))
    assert tokens.shape == (1, 9)
    assert mask.all()
    assert (tokens[0, 1:] >= 4).all()
    model.output.weight.data[:] = 0
    corpus = Corpus(np.array([4, 5, 6], np.int32), np.array([0, 3]))
    loss, floor = held_out_loss(model, Rows(corpus, corpus, 11, 9, False))
    assert loss == pytest.approx(np.log(11), rel=1e-6)
    assert floor is None
    with pytest.raises(
        ValueError, match=r"characters to learn from and to measure with, expected at least 400 and 200"
    ):
        text_rows(path, 200)
    with pytest.raises(ValueError, match="where no file is"):
        text_rows(tmp_path / "b.txt", 8)
    with pytest.raises(ValueError, match="T is 0"):
        text_rows(path, 0)


def test_more_processes_than_gpus_are_refused(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    monkeypatch.setenv("LOCAL_RANK", "1")
    with (
        pytest.raises(ValueError, match="process 1 of this machine came, expected at most 1, the GPUs"),
        joined_processes(),
    ):
        pass


def test_on_a_cpu_nothing_is_rounded_to_bfloat16():
    with mixed_precision(torch.device("cpu")):
        assert (torch.ones(2, 2) @ torch.ones(2, 2)).dtype == torch.float32
