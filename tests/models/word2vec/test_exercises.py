"""The exercises of word2vec: they ask for what the model computes."""

import numpy as np

from helpers.core.numerics import sigmoid
from helpers.models.word2vec.exercises import negative_sampling_exercise, path_probability_exercise
from helpers.models.word2vec.huffman import Paths
from helpers.models.word2vec.outputs import hierarchical_probabilities, negative_sampling


def test_the_exercises_ask_for_what_the_model_computes(rng):
    h, nodes, bits = path_probability_exercise.draw(rng)
    J = len(bits)
    # A tree of one path: at each inner node one way goes on, and the other ends in a leaf of its own.
    codes = [(*bits[:n], 1 - bits[n]) for n in range(J)] + [tuple(bits)]
    paths = Paths(*(np.zeros((J + 1, J), dtype) for dtype in (int, bool, bool)))
    for word, code in enumerate(codes):
        places = np.arange(len(code))
        paths.nodes[word, places], paths.bits[word, places], paths.mask[word, places] = places, code, True
    expected = hierarchical_probabilities(h[None], nodes, paths)[0]
    assert np.isclose(expected.sum(), 1)
    assert np.isclose(path_probability_exercise.values(h, nodes, bits), expected[-1])
    h, w, noise = negative_sampling_exercise.draw(rng)
    loss, _ = negative_sampling(
        h[None], np.array([0]), np.vstack([w, noise]), np.arange(len(noise))[None] + 1, len(noise)
    )
    assert np.isclose(negative_sampling_exercise.values(h, w, noise)[0], loss)


def test_a_reader_s_own_words_are_right(verdict):
    def by_a_loop(h, nodes, bits):
        p = 1.0
        for node, bit in zip(nodes, bits, strict=True):
            s = node @ h
            p *= sigmoid(s) if bit else 1 - sigmoid(s)
        return p

    assert verdict(path_probability_exercise, by_a_loop)[-1] == "by_a_loop is right."
