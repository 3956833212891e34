"""The exercises of language models: what a reader may write passes."""

import numpy as np

from helpers.models.language_model import nucleus_exercise, strips_exercise


def test_a_nucleus_that_a_reader_may_write_is_right(verdict):
    def nucleus(probs, p):
        order = np.argsort(-probs)
        sums = np.cumsum(probs[order])
        size = np.searchsorted(sums, p) + 1
        kept = np.zeros_like(probs)
        kept[order[:size]] = probs[order[:size]]
        return kept / kept.sum()

    assert verdict(nucleus_exercise, nucleus)[-1] == "nucleus is right."


def test_strips_that_a_reader_may_write_are_right(verdict):
    def strips(tokens):
        L = (len(tokens) - 1) // 3
        inputs = np.array([tokens[b * L : (b + 1) * L] for b in range(3)]).T
        targets = np.array([tokens[b * L + 1 : (b + 1) * L + 1] for b in range(3)]).T
        return inputs, targets

    assert verdict(strips_exercise, strips)[-1] == "strips is right."
