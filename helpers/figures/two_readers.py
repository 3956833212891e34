"""GPT and BERT on one sentence: what each may see, how much it takes from where, and what it answers."""

import numpy as np

from helpers.core.checks import check_integer
from helpers.data.vocab import END, START, encode
from helpers.figures.machine import Arrow, Part, draw_machine, short_number
from helpers.models.gpt_bert import bert_blank, gpt_next, weights_and_reading

_NUMBER, _WORD, _READER, _ANSWERS = -0.42, 0.55, 2.1, 3.95  # columns
_SHOWN = 5  # answers
_SHARE = 0.02  # a weight that is smaller gets no arrow
_UNITS = 6  # of what has been read, as cells


def draw_reader(words, position, seen, weights, h, answers, title):
    """Draw one model that is asked for one word of a sentence.

    Parameters
    ----------
    words : list of str
        The sentence, from `<start>` on.
    position : int
        The place of the word that is asked for, from 1.
    seen : ndarray of bool (T,)
        What the model may see; the word that is asked for never.
    weights : ndarray (T,)
        How much it takes from each place: attention, the mean over its heads.
    h : ndarray (D,)
        What it has made of it.
    answers : dict
        Word → probability.
    title : str

    Returns
    -------
    matplotlib.figure.Figure
    """
    T = len(words)
    if not 0 < check_integer("position", position) < T:
        raise ValueError(f"position is {position}, expected 1 to {T - 1}")
    parts, arrows = [Part("title", (2.3, -1.05), "text", label=title)], []
    for t, word in enumerate(words):
        asked = t == position
        label = "?" if asked else word
        role = "loss" if asked else "input" if seen[t] else "plain"
        touch = f"position={t}" if 0 < t < T - 1 else ""
        parts.append(Part(f"w{t}", (_WORD, t), "box", role, label=label, size=(0.9, 0.25), touch=touch))
        beside = "hidden" if not (seen[t] or asked) else short_number(weights[t]) if weights[t] >= _SHARE else ""
        parts.append(Part(f"n{t}", (_NUMBER, t), "text", label=beside))
        if weights[t] >= _SHARE:
            arrows.append(Arrow(f"w{t}", "h", weights[t], leaves="right", role="query"))
    middle = (T - 1) / 2
    cells = np.tanh(h[:_UNITS, None])
    parts.append(Part("h", (_READER, middle), value=cells, size=(0.3, 0.9), digits=False, label="reads", side="above"))
    best = sorted(answers, key=answers.get, reverse=True)[:_SHOWN]
    names = [f"✓ {name}" if name == words[position] else name for name in best]
    bars = np.array([answers[name] for name in best])
    parts.append(Part("p", (_ANSWERS, middle), "bars", "probability", bars, names=names))
    arrows.append(Arrow("h", "p"))
    return draw_machine(parts, arrows, row=0.3)


def tell_answer(answers, word):
    """Say the most probable answer and that of the true word: "most probable italy 0.48; the true word rome 0.02"."""
    best = max(answers, key=answers.get)
    return f"“{best}” {short_number(answers[best])} (the true word: {short_number(answers[word])})"


def draw_two_readers(gpt, bert, vocab, sentence, position):
    """Ask both models for one word of a sentence: GPT sees what stands before it, BERT all other words.

    Parameters
    ----------
    gpt : GPT
    bert : BERT
    vocab : Vocab
    sentence : str
        Words of the vocabulary, separated by spaces.
    position : int
        Of the word, from 1.

    Returns
    -------
    list of matplotlib.figure.Figure, str
    """
    words = sentence.split()
    if check_integer("position", position) > len(words):
        raise ValueError(f"position is {position}, expected at most {len(words)}, the words of the sentence")
    tokens = np.array([[START, *encode(vocab, words), END]])
    hidden = tokens.copy()
    hidden[0, position] = bert.V
    answers = gpt_next(gpt, vocab, sentence)[position - 1], bert_blank(bert, vocab, sentence, position - 1)
    asked = (gpt, tokens[:, :position], position - 1, "GPT"), (bert, hidden, position, "BERT")
    figures, said = [], []
    for (model, read, query, name), log_q in zip(asked, answers, strict=True):
        seen, weights, h = _reading(model.trunk, read, query, len(words) + 2)
        seen[position] = False
        p = dict(zip(vocab.tokens, np.exp(log_q), strict=True))
        sees = "what stands before" if name == "GPT" else "both sides"
        title = f"{name} sees {sees}: what stands at word {position}?"
        figures.append(draw_reader(["<start>", *words, "<end>"], position, seen, weights, h, p, title))
        said.append(f"{name} says {tell_answer(p, words[position - 1])}")
    return figures, f"“{sentence}”, word {position}. {said[0]}; {said[1]}."


def _reading(trunk, tokens, query, T):
    """What is seen of T places, how much the query takes from where, and what it makes."""
    weights, (own, h) = np.zeros(T), weights_and_reading(trunk, tokens, query)
    weights[: len(own)] = own
    return np.arange(T) < len(own), weights, h
