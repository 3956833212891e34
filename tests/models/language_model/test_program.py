"""The generation program: it learns from a file, writes, saves, loads, can be stopped, and says what is wrong."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import termios

import numpy as np
import pytest
import torch

from helpers.data.streams import cut_strips
from helpers.models.language_model import RecurrentLanguageModel, token_surprisals
from helpers.models.language_model.counting_baseline import counting_baseline
from helpers.models.language_model.generation_program import run_generation_program, write_text
from helpers.models.language_model.model_file import load_language_model, save_language_model
from helpers.models.language_model.program_options import PROGRAM
from helpers.models.language_model.text_tokens import (
    TOKEN_KINDS,
    decode_text,
    encode_text,
    first_writable,
    join_words,
    learn_text_tokens,
    line_end_token,
    missing_tokens,
    split_held_out,
    tidy_text,
)
from helpers.models.language_model.training_by_clock import cut_for_training, held_out_nats, train_for_seconds
from helpers.models.torch_modules import new_model, weight_arrays

SHORT = ("--minutes", "0.03", "--units", "16", "--length", "40")
LOSSES = re.compile(r"Best, at \d+ s: (\S+) nats a character \(n-gram (\S+)\)")


def sentences(whos, verbs, whats, pattern, count=400):
    rng = np.random.default_rng(0)
    return "".join(pattern.format(*map(rng.choice, (whos, verbs, whats))) for _ in range(count))


ENGLISH = sentences(
    ["The cat", "A small dog", "My café"], ["sees", "likes"], ["the moon", "fish", "a tree"], "{} {} {}, now.\n"
)
CHINESE = sentences(["小猫", "老师", "他们"], ["看见", "喜欢"], ["月亮", "一棵树", "书"], "{}{}{}。")


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with both texts, in which the program runs."""
    (tmp_path / "english.txt").write_bytes(b"\xef\xbb\xbf" + ENGLISH.replace("\n", "\r\n").encode())
    (tmp_path / "chinese.txt").write_text(CHINESE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments):
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "helpers.models.language_model", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, timeout=60)


def run_here(capsys, *arguments):
    status = run_generation_program([*arguments])
    return status, *capsys.readouterr()


@pytest.mark.parametrize(
    ("name", "prompt", "alphabet"), [("english", "The ", {*ENGLISH}), ("chinese", "小猫", {*CHINESE})]
)
def test_it_learns_saves_and_writes_the_same_when_loaded(here, capsys, name, prompt, alphabet):
    made = run(f"{name}.txt", *SHORT, "--prompt", prompt, "--seed", "3")
    assert (made.returncode, made.stderr) == (0, "")
    loss, counted = map(float, LOSSES.search(made.stdout).groups())
    assert 0 < counted < 1
    assert loss < np.log(len(alphabet))  # better than to guess
    sample = made.stdout.partition(f"--load {name}.pt\n\n")[2][:-1]
    assert sample.startswith(prompt)
    assert len(sample) == len(prompt) + 40
    assert {*sample} <= alphabet
    assert made.stdout.count("  | " + prompt) >= 2  # samples as it learns

    again = ("--load", f"{name}.pt", "--prompt", prompt, "--length", "40")
    assert run_here(capsys, *again, "--seed", "3") == (0, sample + "\n", "")
    assert run_here(capsys, *again, "--seed", "4")[1] != sample + "\n"
    assert run_here(capsys, *again, "--seed", "3", "--temperature", "5", "--nucleus", "1")[1] != sample + "\n"


@pytest.mark.parametrize("kind", ["words", "subwords"])
def test_it_learns_from_other_tokens(here, capsys, kind):
    status, out, _ = run_here(
        capsys, "english.txt", *SHORT, "--tokens", kind, "--merges", "20", "--save", "m.pt", "--prompt", "The cat"
    )
    assert status == 0
    truth = (2 * np.log(3) + np.log(2)) / (len(ENGLISH) / 400)  # each sentence is drawn from 3, 2 and 3
    assert float(LOSSES.search(out)[2]) == pytest.approx(truth, rel=0.3)
    assert out.partition("--load m.pt\n\n")[2].startswith("The cat")
    assert load_language_model("m.pt")[1].kind == kind


def test_ctrl_c_keeps_what_is_learned_and_the_bar_shows_the_loss(here):
    terminal, end = pty.openpty()
    termios.tcsetwinsize(end, (24, 100))
    process = subprocess.Popen(
        [sys.executable, "-m", "helpers.models.language_model", "chinese.txt", "--units", "16", "--minutes", "9"],
        stdout=subprocess.PIPE,
        stderr=end,
        encoding="utf-8",
        env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONIOENCODING": "utf-8"},
    )
    os.close(end)
    shown = b""
    try:
        while b"training loss" not in shown:  # learning has begun
            assert select.select([terminal], [], [], 30)[0], shown
            shown += os.read(terminal, 4096)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
    finally:
        process.kill()
        os.close(terminal)
    assert process.returncode == 0
    assert re.search(rb"\d %.*of 540 s, training loss \d\.\d", shown)
    assert LOSSES.search(out)
    model, text_tokens = load_language_model("chinese.pt")
    assert {*CHINESE} == {*text_tokens.tokens[4:]}
    assert out.endswith(write_text(model, text_tokens, "", 300, 0.8, 0.95, np.random.default_rng(0)) + "\n")


def test_an_error_is_one_line_without_a_traceback(here):
    made = run("nowhere.txt")
    assert (made.returncode, made.stdout) == (2, "")
    assert made.stderr == f"{PROGRAM}: path is 'nowhere.txt', where no file is, expected a text file\n"


BAD_FILES = {
    "empty.txt": b"",
    "short.txt": b"Too short to learn from.\n" * 20,
    "binary.txt": b"\x7fELF\0\0" * 500,
    "latin.txt": "Où est le café ?\n".encode("latin-1") * 99,
    "few.txt": b"word\nword " + b" " * 5000,
    "tail.txt": b"a word, and " * 1000 + b" " * 9000,
    "other.pt": b"no model",
}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["empty.txt"], "file 'empty.txt' is empty, expected at least 1,000 characters"),
        (["short.txt"], "file 'short.txt' has 500 characters, expected at least 1,000"),
        (["binary.txt"], "file 'binary.txt' holds zero bytes, expected a plain text file"),
        (["latin.txt"], "file 'latin.txt' is not text in UTF-8 (byte 1)"),
        (["few.txt", "--tokens", "words"], "file 'few.txt' has 3 words, expected at least 1,000"),
        (["tail.txt", "--tokens", "words"], "almost no words in its last tenth"),
        (["."], "path is '.', a folder, expected a text file"),
        ([], "neither a text nor --load came"),
        (["english.txt", "--load", "m.pt"], "a text and --load came"),
        (["--load", "m.pt", "--save", "n.pt"], "--save came with --load"),
        (["--load", "m.pt"], "path is 'm.pt', where no file is, expected a saved model"),
        (["--load", "other.pt"], "file 'other.pt' is no saved model: it cannot be read"),
        (["english.txt", "--save", "other.pt"], "--save is 'other.pt', which is no saved model, expected a new name"),
        (["english.txt", "--save", "nowhere/m.pt"], "--save is 'nowhere/m.pt', in a folder that is missing"),
        (["english.txt", "--prompt", "猫~"], "--prompt has '猫' (CJK UNIFIED IDEOGRAPH-732B), '~' (TILDE), which the"),
        (["english.txt", "--prompt", "\udcff"], "--prompt is '\\udcff', expected text in the encoding of the terminal"),
        (["english.txt", "--minutes", "0"], "--minutes is 0.0, expected a finite number above 0"),
        (["english.txt", "--minutes", "nan"], "--minutes is nan"),
        (["english.txt", "--minutes", "soon"], "argument --minutes: invalid float value: 'soon'; -h shows"),
        (["english.txt", "--units", "0"], "--units is 0, expected an integer of at least 1"),
        (["english.txt", "--length", "0"], "--length is 0, expected an integer of at least 1"),
        (["english.txt", "--seed", "-1"], "--seed is -1, expected an integer of at least 0"),
        (["english.txt", "--dropout", "1"], "--dropout is 1.0, expected at least 0 and below 1"),
        (["english.txt", "--temperature", "0"], "--temperature is 0.0, expected a number of at least 0.01"),
        (["english.txt", "--nucleus", "1.5"], "--nucleus is 1.5, expected a number above 0 and at most 1"),
        (["english.txt", "--tokens", "letters"], "argument --tokens: invalid choice: 'letters'"),
        (["english.txt", "--fast"], "unrecognized arguments: --fast"),
    ],
)
def test_every_error_says_what_came_and_what_was_wanted(here, capsys, arguments, message):
    for name, content in BAD_FILES.items():
        (here / name).write_bytes(content)
    status, out, error = run_here(capsys, *arguments)
    assert status == 2
    assert "learning for" not in out
    assert error.count("\n") == 1
    assert error.startswith(f"{PROGRAM}: ")
    assert message in error
    assert {path.name for path in here.glob("*.pt")} == {"other.pt"}


def test_a_help_in_plain_english(capsys):
    with pytest.raises(SystemExit):
        run_generation_program(["-h"])
    assert "Learn to write from a text file" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda content: [1, 2], "it holds something else"),
        (lambda content: content | {"format": "another"}, "it holds something else"),
        (lambda content: content | {"sizes": content["sizes"] | {"H": 9}}, "its parts do not fit"),
        (lambda content: {k: v for k, v in content.items() if k != "tokens"}, "its parts do not fit: 'tokens'"),
        (lambda content: content | {"tokens": content["tokens"] | {"tokens": ["a"]}}, "its vocabulary does not fit"),
        (
            lambda content: content | {"weights": {k: v * np.nan for k, v in content["weights"].items()}},
            "it has weights that are NaN",
        ),
        (lambda content: np.random.default_rng, "it cannot be read as weights and a vocabulary"),  # would run code
    ],
)
def test_a_file_that_is_no_model_is_refused(tmp_path, spoil, message):
    text_tokens = learn_text_tokens("characters", "abc")
    save_language_model(tmp_path / "m.pt", make(len(text_tokens.tokens)), text_tokens)
    torch.save(spoil(torch.load(tmp_path / "m.pt", weights_only=True)), tmp_path / "m.pt")
    with pytest.raises(ValueError, match=message):
        load_language_model(tmp_path / "m.pt")


def make(V, **options):
    return new_model(RecurrentLanguageModel, V, 4, 8, seed=0, **options)


@pytest.mark.parametrize("cell", ["lstm", "gru", "rnn"])
def test_a_loaded_model_is_the_saved_one(tmp_path, cell):
    text_tokens = learn_text_tokens("subwords", ENGLISH, merges=9)
    model = make(len(text_tokens.tokens), cell=cell, layers=2, dropout=0.25)
    save_language_model(tmp_path / "m.pt", model, text_tokens)
    loaded, its_tokens = load_language_model(tmp_path / "m.pt")
    assert its_tokens == text_tokens
    assert not loaded.training
    assert (loaded.dropout.p, loaded.recurrent.dropout) == (0.25, 0.25)
    assert [path.name for path in tmp_path.iterdir()] == ["m.pt"]
    assert all(np.array_equal(weight, weight_arrays(loaded)[name]) for name, weight in weight_arrays(model).items())


@pytest.mark.parametrize("kind", TOKEN_KINDS)
def test_the_vocabulary_is_fixed_and_the_text_comes_back(kind):
    text = ENGLISH + 'He said: "e\u0323 (no), don\'t!"\n\n' * 2
    text_tokens = learn_text_tokens(kind, tidy_text(text), merges=50)
    assert text_tokens == learn_text_tokens(kind, tidy_text(text), merges=50)
    assert decode_text(text_tokens, encode_text(text_tokens, tidy_text(text))) == tidy_text(text)
    assert text_tokens.tokens[line_end_token(text_tokens)] == "\n"


def test_characters_keep_their_marks():
    marks = "x\u0323y"  # no single character for it
    text_tokens = learn_text_tokens("characters", marks, held_out="z")
    assert {*text_tokens.tokens[4:]} == {"x\u0323", "y", "z"}
    assert missing_tokens(text_tokens, "xyz") == ["x"]


def test_what_the_vocabulary_lacks():
    words = learn_text_tokens("words", "a cat, a cat, once")
    assert missing_tokens(words, "a once, cat new new") == ["once", "new"]
    assert encode_text(words, "a once").tolist() == [words.tokens.index("a"), 1]
    subwords = learn_text_tokens("subwords", "a cat a cat", merges=5)
    assert missing_tokens(subwords, "a cat") == []
    assert missing_tokens(subwords, "a dog") == ["d", "o", "g"]
    assert line_end_token(subwords) == first_writable(subwords) == 260


@pytest.mark.parametrize(
    "text",
    [
        'He said: "No (never), don\'t!" and "yes".',
        "«Oui» and “no”: 3.14, and/or 50% [1].",
        "他说：“你好”。Python 好！".replace(" ", ""),
        "two\n\nlines\n",
        'a "b\n"c" d',  # a quote that is never closed ends with its line
        "한국어 문장",
    ],
)
def test_words_and_marks_are_written_with_sensible_spaces(text):
    text_tokens = learn_text_tokens("words", f"{text}\n{text}")
    assert decode_text(text_tokens, encode_text(text_tokens, text)) == text


def test_unknown_words_do_not_break_the_spaces():
    assert join_words(["a", "<unk>", ",", "b"]) == "a <unk>, b"


def test_one_form_of_each_character_and_line_end():
    assert tidy_text("\ufeffe\u0301\r\na\rb\n  ") == "é\na\nb\n  "


def test_the_last_tenth_is_held_out_from_a_space_on():
    assert split_held_out("x" * 92 + " " + "y" * 7) == ("x" * 92 + " ", "y" * 7)
    assert split_held_out("字" * 100) == ("字" * 90, "字" * 10)
    assert split_held_out("x" * 2000) == ("x" * 1800, "x" * 200)


def test_the_baseline_chooses_the_order_of_the_text():
    # abcabc…: one token says all. Two coins in turn, H = ½ ln 2, say nothing of the order.
    fixed = np.tile([4, 5, 6], 500)
    best = counting_baseline(fixed[:1200], fixed[1200:], 7)
    assert best.n > 1
    assert best.nats < 0.02
    coins = np.random.default_rng(0).integers(4, 6, size=9000)
    best = counting_baseline(coins[:8000], coins[8000:], 6)
    assert best.nats == pytest.approx(np.log(2), abs=0.02)
    assert best.n <= 3


def test_held_out_nats_are_those_of_one_long_reading(rng):
    ids = rng.integers(7, size=301)
    model = make(7, dropout=0.5)
    model.train()
    assert held_out_nats(model, cut_strips(ids, 1)) == pytest.approx(token_surprisals(model, ids[:, None]).mean())
    assert model.training


def test_strips_are_fewer_where_the_text_is_short():
    assert cut_for_training(np.zeros(100, int)).inputs.shape == (99, 1)
    assert cut_for_training(np.zeros(1025, int)).inputs.shape == (256, 4)
    assert cut_for_training(np.zeros(99_999, int)).inputs.shape[1] == 32


def test_the_weights_that_were_best_on_the_text_held_out_are_kept():
    text, other = (
        np.tile([0, 1], 500),
        np.tile([0, 0, 1], 50),
    )  # the more it learns of one, the worse it foresees the other
    looks, kept = [], []
    model = make(2)

    def each(look):
        looks.append(look)
        kept.append(weight_arrays(model))

    best = train_for_seconds(model, cut_for_training(text), cut_for_training(other), 1.2, each, rate=0.02)
    nats = [look.nats for look in looks]
    assert best == looks[np.argmin(nats)]
    assert best.nats < nats[-1]
    assert not model.training
    for name, weight in weight_arrays(model).items():
        np.testing.assert_array_equal(weight, kept[np.argmin(nats)][name])


def test_training_stops_when_it_is_told_to():
    strips = cut_for_training(np.tile([0, 1, 2], 500))
    looks = []
    train_for_seconds(make(3), strips, strips, 600, looks.append, stopped=lambda: True)
    (look,) = looks
    assert look.passes == pytest.approx(1 / 5)  # one window of 64 of 299 steps


def test_nothing_is_written_that_is_no_text():
    text_tokens = learn_text_tokens("characters", "ab")
    model = make(len(text_tokens.tokens))
    with torch.no_grad():
        model.output.bias[:4] = 50  # it is sure of a special token
    text = write_text(model, text_tokens, "b", 30, 1.0, 1.0, np.random.default_rng(0))
    assert text[0] == "b"
    assert {*text} == {"a", "b"}
    assert len(text) == 31
    assert len(write_text(model, text_tokens, "", 30, 1.0, 1.0, np.random.default_rng(0))) == 30
