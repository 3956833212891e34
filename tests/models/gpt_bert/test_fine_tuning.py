"""A pretrained trunk as a classifier: which token it reads, what stays, and that it learns."""

import numpy as np
import pytest
import torch

from helpers.data.next_sentence import TwoSentences
from helpers.data.vocab import Corpus
from helpers.models.gpt_bert.bert import BERT
from helpers.models.gpt_bert.fine_tuning import Classifier, accuracy, next_accuracy, read_out, train_classifier
from helpers.models.gpt_bert.gpt import GPT
from helpers.models.gpt_bert.trunk import Sizes
from helpers.models.torch_modules import new_model

SIZES = Sizes(9, 8, 1, 2, 10, segments=2)
KINDS = pytest.mark.parametrize("kind", [GPT, BERT])


def sentences(rng, N=60):
    """Of three to five words; the class is whether word 8 is among them."""
    lengths = rng.integers(3, 6, N)
    tokens = rng.integers(4, 8, lengths.sum()).astype(np.int32)
    starts = np.cumsum([0, *lengths])
    targets = np.arange(N) % 2
    tokens[(starts[:-1] + rng.integers(lengths))[targets == 1]] = 8
    return Corpus(tokens, starts), targets


@KINDS
def test_it_learns(kind, rng):
    corpus, targets = sentences(rng)
    classifier = Classifier(new_model(kind, SIZES, seed=0), 2)
    train_classifier(classifier, corpus, targets, rng, epochs=30, rate=1e-2)
    assert accuracy(classifier, *sentences(rng, 200)) > 0.95


@KINDS
@pytest.mark.parametrize("frozen", [True, False])
def test_a_frozen_trunk_stays_and_the_model_always_does(kind, frozen, rng):
    model = new_model(kind, SIZES, seed=0)
    before = [weight.clone() for weight in model.trunk.parameters()]
    classifier = Classifier(model, 2, frozen)
    output = classifier.output.weight.clone()
    train_classifier(classifier, *sentences(rng, 20), rng, epochs=1)
    assert all(torch.equal(a, b) for a, b in zip(before, model.trunk.parameters(), strict=True))
    same = [torch.equal(a, b) for a, b in zip(before, classifier.trunk.parameters(), strict=True)]
    assert all(same) if frozen else not any(same[:1])
    assert not torch.equal(classifier.output.weight, output)
    assert all(weight.requires_grad for weight in model.parameters())


@KINDS
def test_it_reads_one_token_that_has_seen_all(kind):
    model = new_model(kind, SIZES, seed=0)
    classifier = Classifier(model, 3)
    assert not classifier.output.weight.any()
    torch.nn.init.normal_(classifier.output.weight)
    tokens, mask = torch.tensor([[2, 5, 6, 3, 0], [2, 7, 8, 5, 3]]), torch.tensor([[True] * 4 + [False], [True] * 5])
    h, _ = model.trunk(tokens, mask)
    read = h[:, 0] if kind is BERT else torch.stack([h[0, 3], h[1, 4]])
    torch.testing.assert_close(classifier(tokens, mask), classifier.output(read))
    for place in range(1, 4):
        changed = tokens.clone()
        changed[1, place] = 4
        assert not torch.allclose(classifier(changed, mask)[1], classifier(tokens, mask)[1])


def test_next_accuracy_counts():
    model = new_model(BERT, SIZES, seed=0)
    two = TwoSentences(np.full((5, 4), 5, np.int32), np.ones((5, 4), bool), np.zeros((5, 4), np.int32))
    model.next.weight.data.zero_()
    model.next.bias.data[:] = torch.tensor([0.0, 1.0])  # always says yes
    assert next_accuracy(model, two, np.array([True, True, True, False])) == 0.75


def test_it_refuses(rng):
    model, (corpus, targets) = new_model(GPT, SIZES, seed=0), sentences(rng, 20)
    with pytest.raises(ValueError, match="K is 0"):
        Classifier(model, 0)
    for function in (lambda *a: train_classifier(*a, rng), accuracy):
        with pytest.raises(ValueError, match="targets has shape"):
            function(Classifier(model, 2), corpus, targets[1:])


def test_read_outs_are_the_mean_of_the_words_the_first_and_the_last_token():
    h = torch.arange(24.0).view(2, 4, 3)
    mask = torch.tensor([[True] * 4, [True] * 3 + [False]])  # two words and one word
    torch.testing.assert_close(read_out(h, mask, "mean"), torch.stack([(h[0, 1] + h[0, 2]) / 2, h[1, 1]]))
    torch.testing.assert_close(read_out(h, mask, "first"), h[:, 0])
    torch.testing.assert_close(read_out(h, mask, "last"), torch.stack([h[0, 3], h[1, 2]]))
    with pytest.raises(ValueError, match="read"):
        read_out(h, mask, "middle")


@KINDS
@pytest.mark.parametrize("read", ["mean", "first", "last"])
def test_a_classifier_reads_what_it_is_told_to(kind, read):
    model = new_model(kind, SIZES, seed=0)
    classifier = Classifier(model, 3, read=read)
    torch.nn.init.normal_(classifier.output.weight)
    tokens, mask = torch.tensor([[2, 5, 6, 3, 0], [2, 7, 8, 5, 3]]), torch.tensor([[True] * 4 + [False], [True] * 5])
    h, _ = model.trunk(tokens, mask)
    torch.testing.assert_close(classifier(tokens, mask), classifier.output(read_out(h, mask, read)))
