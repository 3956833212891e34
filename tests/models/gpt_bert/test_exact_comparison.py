"""What a model loses above the floor, against models whose distance from the truth is known."""

from math import log

import numpy as np
import pytest
import torch
from torch import nn

from helpers.data.masking import MaskRule
from helpers.data.vocab import END, START, encode_sentences
from helpers.data.world.exact_probabilities import blank_probabilities, entropy
from helpers.data.world.grammar import build_grammar, one_of, sample_corpus, weighted
from helpers.models.gpt_bert.bert import BERT
from helpers.models.gpt_bert.exact_comparison import (
    _estimate,
    bert_blank,
    divergence,
    exact_answers,
    excess_loss,
    gpt_blank,
    gpt_next,
    masked_loss,
    read_hidden,
    sentence_log_probs,
    share_of_sentences,
)
from helpers.models.gpt_bert.gpt import GPT
from helpers.models.gpt_bert.trunk import Sizes
from helpers.models.torch_modules import new_model

SMALL = build_grammar(
    weighted([(3, ("a", one_of("b", "c"))), (2, ("b", one_of("a", "b"))), (5, ("a", "b", one_of("c", "a")))])
)
V = len(SMALL.vocab)
SIZES = Sizes(V, 8, 2, 2, 8)


def make(kind):
    model = new_model(kind, SIZES, seed=0).double()
    torch.manual_seed(0)
    for weight in model.parameters():
        nn.init.normal_(weight, std=0.4)
    return model


def indifferent(kind):
    """One that gives all V tokens the same probability, always."""
    model = make(kind)
    for weight in model.parameters():
        nn.init.zeros_(weight)
    return model


def test_a_model_that_knows_nothing_loses_ln_V():
    """With the true sentence's own surprise on the other side, the error is small, but not zero."""
    e = entropy(SMALL)
    excess = excess_loss(indifferent(GPT), SMALL, sample_corpus(SMALL, 4000, np.random.default_rng(0)))
    assert abs(excess.mean + e.per_token - log(V)) < 4 * excess.error
    assert 0 < excess.error < 0.05


def test_sentence_probabilities_sum_to_one():
    """Over all sentences of up to two words, and all that begin with three: the rest of the probability."""
    model, words = make(GPT), SMALL.vocab.tokens
    short = [[a] for a in words if a != "<end>"] + [[a, b] for a in words for b in words if "<end>" not in (a, b)]
    p_short = np.exp(sentence_log_probs(model, encode_sentences(SMALL.vocab, short))).sum()
    first = torch.tensor([[2]])  # <start>
    p = model(first)[0, 0].softmax(dim=-1).tolist()
    longer = 0.0
    for a in range(V):
        if a != 3:
            p_a = model(torch.tensor([[2, a]]))[0, 1].softmax(dim=-1).tolist()
            for b in range(V):
                if b != 3:
                    longer += p[a] * p_a[b] * (1 - model(torch.tensor([[2, a, b]]))[0, 2].softmax(dim=-1)[3].item())
    assert p[3] + p_short + longer == pytest.approx(1)


def test_many_sentences_are_read_in_parts(monkeypatch):
    model, corpus = make(GPT), sample_corpus(SMALL, 11, np.random.default_rng(0))
    whole = sentence_log_probs(model, corpus)
    monkeypatch.setattr("helpers.models.gpt_bert.exact_comparison._AT_ONCE", 4)
    np.testing.assert_allclose(sentence_log_probs(model, corpus), whole)


def test_masked_loss_of_one_that_knows_nothing():
    rule, corpus = MaskRule(0.4), sample_corpus(SMALL, 300, np.random.default_rng(0))
    found = masked_loss(indifferent(BERT), SMALL, corpus, np.random.default_rng(1), rule)
    assert found.floor.mean + found.excess.mean == pytest.approx(log(V))


def test_the_more_is_hidden_the_higher_the_floor():
    corpus = sample_corpus(SMALL, 400, np.random.default_rng(0))
    floors = [
        masked_loss(indifferent(BERT), SMALL, corpus, np.random.default_rng(1), MaskRule(rate, 1.0, 0.0)).floor.mean
        for rate in (0.1, 0.5, 1.0)
    ]
    assert floors[0] < floors[1] < floors[2]


def test_exact_answers_to_one_mask_are_bayes():
    tokens = encode_sentences(SMALL.vocab, [["a", "b", "c"]]).tokens
    seen, chosen = np.array([tokens[0], V, tokens[2]]), np.array([False, True, False])
    found = exact_answers(SMALL, seen, chosen, MaskRule(0.2, 1.0, 0.0))
    np.testing.assert_allclose(found, [blank_probabilities(SMALL, "a b c", 1)], atol=1e-12)
    assert exact_answers(SMALL, seen, np.zeros(3, bool)).shape == (0, V)


def test_an_exact_answer_does_not_know_what_else_is_asked():
    seen, rule = encode_sentences(SMALL.vocab, [["a", "b"]]).tokens, MaskRule(0.3)
    both = exact_answers(SMALL, seen, np.array([True, True]), rule)
    alone = [exact_answers(SMALL, seen, np.arange(2) == t, rule)[0] for t in (0, 1)]
    np.testing.assert_allclose(both, alone, atol=1e-12)


def test_a_blank_by_gpt_is_bayes_rule_over_whole_sentences():
    model, vocab = make(GPT), SMALL.vocab
    found = np.exp(gpt_blank(model, vocab, "a b c", 1))
    joint = np.exp([sentence_log_probs(model, encode_sentences(vocab, [["a", w, "c"]]))[0] for w in vocab.tokens])
    np.testing.assert_allclose(found, joint / joint.sum())


def test_what_each_is_asked():
    gpt, bert, vocab = make(GPT), make(BERT), SMALL.vocab
    rows = gpt_next(gpt, vocab, "a b c")
    assert rows.shape == (4, V)
    np.testing.assert_allclose(rows[:2], gpt_next(gpt, vocab, "a c b")[:2])  # what follows is not looked at
    assert not np.allclose(rows[2], gpt_next(gpt, vocab, "a c b")[2])
    total = sum(rows[t, vocab.ids[w]] for t, w in enumerate(["a", "b", "c", "<end>"]))
    assert total == pytest.approx(sentence_log_probs(gpt, encode_sentences(vocab, [["a", "b", "c"]]))[0])
    blank = bert_blank(bert, vocab, "a b c", 1)
    np.testing.assert_allclose(np.exp(blank).sum(), 1)
    np.testing.assert_allclose(blank, bert_blank(bert, vocab, "a a c", 1))  # what stood there is not seen
    assert not np.allclose(blank, bert_blank(bert, vocab, "a b a", 1))  # but what follows is


def test_divergence_by_hand():
    p, q = np.array([0.5, 0.5, 0.0]), np.array([0.25, 0.25, 0.5])
    assert divergence(p, np.log(q)) == pytest.approx(log(2))
    assert divergence(p, np.log(p, where=p > 0, out=np.full(3, -np.inf))) == 0
    assert divergence(q, np.array([-1.0, -1.0, -np.inf])) == np.inf
    with pytest.raises(ValueError, match="log_q has shape"):
        divergence(p, np.log(q[:2]))


def test_the_share_of_sentences():
    words = SMALL.vocab.ids
    a, b, c = (words[w] for w in "abc")
    assert share_of_sentences(SMALL, [(a, b), (a, b, c), (c, a), (a,)]) == 0.5


@pytest.mark.parametrize(("ask", "kind"), [(bert_blank, BERT), (gpt_blank, GPT)])
def test_a_blank_is_a_word_of_the_sentence(ask, kind):
    for position in (-1, 3):
        with pytest.raises(ValueError, match=f"position spans {position}"):
            ask(make(kind), SMALL.vocab, "a b c", position)


def test_words_of_one_sentence_are_not_taken_for_independent():
    sentences = np.random.default_rng(0).standard_normal(50)
    once, thrice = (_estimate(sentences.repeat(n), [n] * 50) for n in (1, 3))
    assert thrice == pytest.approx(once)
    assert once == pytest.approx(_estimate(sentences))
    assert once == pytest.approx((sentences.mean(), sentences.std(ddof=1) / np.sqrt(50)))
    assert _estimate(np.array([1.0, 3.0]), [1, 0, 1]).mean == 2


def test_the_errors_are_those_of_whole_sentences():
    model, rule, rng = make(BERT), MaskRule(1.0, 1.0, 0.0), np.random.default_rng(0)  # every word is hidden
    corpus, floors, excesses = sample_corpus(SMALL, 40, rng), [], []
    for words in np.diff(corpus.starts):
        p = exact_answers(SMALL, np.full(words, V), np.ones(words, bool), rule)
        seen = np.array([START, *[V] * words, END])[:, None]
        log_q = read_hidden(model, seen, np.ones(seen.shape, bool))[0, 1:-1]
        floors.append(-(p * np.log(np.where(p > 0, p, 1))).sum(axis=-1))
        excesses.append(divergence(p, log_q))
    both = masked_loss(model, SMALL, corpus, rng, rule)
    for found, each in ((both.floor, floors), (both.excess, excesses)):
        values = np.concatenate(each)
        away = [(one - values.mean()).sum() for one in each]
        assert found == pytest.approx((values.mean(), np.std(away, ddof=1) * np.sqrt(40) / len(values)))
        assert found.error != pytest.approx(values.std(ddof=1) / np.sqrt(len(values)), rel=0.02)
