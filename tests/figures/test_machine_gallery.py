"""The toolkit suffices: the machines of the book are drawn with it, and no text or arrow of them meets another."""

from itertools import pairwise

import numpy as np
import pytest

from helpers.core.numerics import softmax
from helpers.figures.machine import Arrow, Group, Part, Term, Words, draw_machine, subscript

VALUES = np.random.default_rng(5).uniform(-1, 1, (12, 3))
HARD = np.array([-0.0, 12.34, -1e-9, 1e6, -0.004, -99.96, np.nan, -np.inf, 0.999, -123.4, 5e-324, -9e299])


def encoder_decoder(values, now=2):
    source, target = ["the", "dog", "sleeps"], ["der", "Hund", "schläft"]
    parts, arrows = [], []
    for t, word in enumerate(source):
        parts += [Part(f"x{t}", (t, 2), "box", "input", label=word, size=(0.62, 0.27))]
        parts += [Part(f"h{t}", (t, 1), value=values[t, 0], role="state")]
        arrows += [Arrow(f"x{t}", f"h{t}", 0.3)]
        arrows += [Arrow(f"h{t - 1}", f"h{t}", values[t - 1, 0])] if t else []
    for t, word in enumerate(target):
        parts += [Part(f"s{t}", (t + 3.2, 1), value=values[t + 3, 0], role="memory")]
        parts += [Part(f"y{t}", (t + 3.2, 0), "box", "output", label=word, size=(0.62, 0.27))]
        arrows += [Arrow(f"s{t}", f"y{t}", 0.5)]
        arrows += [Arrow(f"s{t - 1}" if t else "h2", f"s{t}", values[t + 2, 0])]
    groups = [Group(("h0", "h1", "h2", "x0", "x1", "x2"), "encoder", "state")]
    groups += [Group(("s0", "s1", "s2", "y0", "y1", "y2"), "decoder", "memory")]
    equation = (Term("s₁", values[3, 0], "memory"), "= tanh(", Term("h₃W", values[2, 0], "state"), ")")
    return draw_machine(parts, arrows, groups, (f"s{now}",), equation)


def attention(values, words=("the", "clever", "woman", "follows", "the", "dog"), query=3):
    n, values = len(words), values.copy()
    keys, seen = np.nan_to_num(values[:n], posinf=9, neginf=-9), np.nan_to_num(values[n:], posinf=9, neginf=-9)
    scores = np.clip(keys @ keys[query] / np.sqrt(3), -9, 9)
    weights = softmax(scores)
    small = {"digits": False, "size": (0.24, 0.54)}
    parts = [Part("q", (-1, 0), role="query", value=values[query][:, None], label="query", side="below", **small)]
    parts += [Part("sum", (2.5, 3.6), "op", "value", label="+")]
    parts += [Part("out", (4.4, 3.6), role="output", value=weights @ seen, label="output", side="below")]
    parts += [
        Part(f"row {row}", (-1, row), "text", label=name) for row, name in {1.25: "softmax", 2.4: "value"}.items()
    ]
    arrows = [Arrow("q", "k0"), Arrow("sum", "out", 0.5)]
    for t, word in enumerate(words):
        touch = f"word={t}"
        parts += [Part(f"k{t}", (t, 0), role="key", value=values[t][:, None], label=word, touch=touch, **small)]
        parts += [Part(f"w{t}", (t, 1.25), "bar", "probability", value=weights[t], touch=touch)]
        parts += [Part(f"v{t}", (t, 2.4), role="value", value=values[t + n][:, None], touch=touch, **small)]
        arrows += [Arrow(f"k{t}", f"w{t}", scores[t]), Arrow(f"w{t}", f"v{t}", weights[t])]
        arrows += [Arrow(f"v{t}", "sum", weights[t], leaves="below")]
    groups = [Group([f"k{t}" for t in range(n)], "keys", "key", 0.05)]
    return draw_machine(parts, arrows, groups, ("out", "sum"), "out = Σ softmax(q · k / √d) v", row=0.72)


def two_heads(values):
    parts = [Part("x", (1.75, 3.5), role="input", value=values[0], label="x", side="left")]
    parts += [Part("join", (1.75, 0), "box", "output", label="side by side, W")]
    arrows = []
    for head, column in enumerate((0, 3.5)):
        for k, (name, role) in enumerate({"q": "query", "k": "key", "v": "value"}.items()):
            part = f"{name}{head}"
            parts += [Part(part, (column + k - 1, 2.2), role=role, value=values[head + 1, k], label=name, side="left")]
            arrows += [Arrow("x", part, 0.4, leaves="above", enters="below"), Arrow(part, f"a{head}", 0.4)]
        parts += [Part(f"a{head}", (column, 1.1), "box", "plain", label="attention")]
        arrows += [Arrow(f"a{head}", "join", 0.6)]
    groups = [Group(tuple(f"{n}{h}" for n in "qkva"), f"head {h + 1}", "plain", 0.04) for h in (0, 1)]
    return draw_machine(parts, arrows, groups, ("join",))


def transformer_layer(values):
    parts = [Part("x", (0, 7), role="input", value=values[0], label="x", side="right")]
    parts += [Part("norm", (0, 6), "box", "plain", label="norm")]
    parts += [Part("attend", (0, 5), "box", "query", label="attention")]
    parts += [
        Part("add", (0, 4), "op", "state", label="+"),
        Part("mid", (1.9, 4), value=values[1], label="x + attention"),
    ]
    parts += [Part("branch", (0, 3.55), "dot")]
    parts += [Part("norm2", (0, 3), "box", "plain", label="norm")]
    parts += [Part("feed", (0, 2), "box", "gate", label="feed forward"), Part("add2", (0, 1), "op", "state", label="+")]
    parts += [Part("out", (0, 0), role="output", value=values[2], label="out", side="right")]
    order = ["x", "norm", "attend", "add", "branch", "norm2", "feed", "add2", "out"]
    arrows = [Arrow(a, b, 0.4, role="plain", head=b != "branch") for a, b in pairwise(order)]
    residual = {"role": "state", "label": "residual", "side": "left"}
    arrows += [Arrow("x", "add", 0.9, via=((-1.2, 7), (-1.2, 4)), **residual), Arrow("add", "mid", 0.5)]
    arrows += [Arrow("branch", "add2", 0.9, via=((-1.2, 3.55), (-1.2, 1)), **residual)]
    return draw_machine(parts, arrows, [], ("add", "mid"), row=0.56)


def cbow(values):
    words, parts, arrows = ["the", "clever", "woman", "sees"], [], []
    for k, word in enumerate(words):
        row = k + 0.5 * (k > 1)
        parts += [Part(f"w{k}", (0, row), "box", "input", label=word, size=(0.62, 0.27))]
        parts += [Part(f"v{k}", (1.3, row), role="key", value=values[k], digits=False)]
        arrows += [Arrow(f"w{k}", f"v{k}"), Arrow(f"v{k}", "mean", 0.25, leaves="right")]
    shares = softmax(np.clip(np.nan_to_num(values[5]), -9, 9))
    parts += [Part("mean", (2.4, 1.75), "op", label="mean")]
    parts += [Part("p", (4, 1.75), "bars", "output", shares, names=("follows", "dog", "car"), label="p(word)")]
    return draw_machine(parts, [*arrows, Arrow("mean", "p", 0.8)], now=("mean",))


def skip_gram(values):
    words = ["the", "clever", "woman", "sees"]
    parts = [Part("word", (0, 1.75), "box", "input", label="follows")]
    parts += [Part("v", (1.2, 1.75), role="key", value=values[5], digits=False, label="v")]
    arrows = [Arrow("word", "v")]
    for k, word in enumerate(words):
        row = k + 0.5 * (k > 1)
        parts += [
            Part(f"p{k}", (2.9, row), "gate", "probability", value=abs(values[k, 0]), label="σ(u·v)", size=(0.62,) * 2)
        ]
        parts += [Part(f"w{k}", (4.2, row), "box", "output", label=word, size=(0.62, 0.27))]
        arrows += [Arrow("v", f"p{k}", values[k, 0], leaves="right", enters="left"), Arrow(f"p{k}", f"w{k}")]
    return draw_machine(parts, arrows, now=("p1",))


def one_hot_row(values, row=2):
    one_hot = np.eye(5)[row]
    parts = [Part("x", (0, 0), role="input", value=one_hot[:, None], label="one-hot")]
    parts += [Part("E", (1.9, 0), role="weight", value=values[:5], label="table E", mark=row)]
    parts += [Part("e", (4.2, 0), role="key", value=values[row], label=f"row {row + 1}")]
    arrows = [Arrow("x", "E", 1, role="key"), Arrow("E", "e", 1, role="key")]
    words = Words(("a", "dog", "sleeps"), 1, "word")
    return draw_machine(parts, arrows, now=("e", "E"), equation="e = x E: the one picks its row", words=words)


def ctc_lattice(values, steps=5):
    letters, parts, arrows = "–c–a–", [], []
    for s, letter in enumerate(letters):
        parts += [Part(f"letter {s}", (-0.8, s), "text", label=letter)]
        for t in range(steps):
            role = "state" if s % 2 else "plain"
            parts += [Part(f"{t},{s}", (t, s), role=role, value=values[2 * s + t // 3, t % 3], touch=f"step={t}")]
            before = [s, s - 1] + [s - 2] * (s == 3) if t else []
            arrows += [Arrow(f"{t - 1},{r}", f"{t},{s}", values[r, t % 3]) for r in before if r >= 0]
    return draw_machine(parts, arrows, now=("2,3",), row=0.62)


GALLERY = {
    "encoder and decoder": encoder_decoder,
    "attention": attention,
    "two heads": two_heads,
    "Transformer layer": transformer_layer,
    "CBOW": cbow,
    "skip-gram": skip_gram,
    "one-hot row": one_hot_row,
    "CTC lattice": ctc_lattice,
}


@pytest.mark.parametrize("name", GALLERY)
def test_no_text_and_no_arrow_of_a_machine_meets_another(name, check_machine):
    check_machine(GALLERY[name](VALUES))


@pytest.mark.parametrize("name", GALLERY)
def test_any_number_fits_its_cell(name, check_machine):
    for seed in range(3):
        values = np.random.default_rng(seed).choice(HARD, (12, 3))
        check_machine(GALLERY[name](values))


def test_a_subscript_is_plain_text():
    assert subscript("t-1") + subscript(10) == "ₜ₋₁₁₀"
