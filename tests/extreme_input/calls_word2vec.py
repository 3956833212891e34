"""Valid calls of word2vec: inputs, outputs, pairs, the tree, the noise and training."""

from importlib import import_module

import numpy as np
import torch

from helpers.layers.linear import LinearParams
from helpers.models import (
    next_word,
    word2vec,
)
from tests.extreme_input.calls import DRAWN, Call, D, V, a_share, normal, not_below_0
from tests.extreme_input.calls_models import corpus, lexicon

w2v_fast_blocks, w2v_fast_outputs, w2v_torch = (
    import_module(f"helpers.models.word2vec.{name}") for name in ("fast.blocks", "fast.outputs", "torch_loss")
)


def _examples(rng, N=3):
    return word2vec.Examples(rng.integers(V, size=(N, 2)), np.array([[True, True]] * N), rng.integers(V, size=N))


COUNTS = np.array([5, 4, 3, 2, 1])


def _pairs():
    return word2vec.Examples(np.array([[4], [6], [7]]), np.ones((3, 1), bool), np.array([5, 4, 4]))


def _scores(rng, **more):
    return {"h": normal(rng, 3, D), "targets": rng.integers(V, size=3), "W": normal(rng, V, D), **more}


def _noise(rng):
    return _scores(rng, negatives=rng.integers(V, size=(3, 2)), k=2)


def _tree(rng):
    return _scores(rng) | {"W": normal(rng, V - 1, D), "paths": word2vec.huffman_paths(COUNTS)}


def _binary(rng):
    return {
        "h": normal(rng, 3, D),
        "W": normal(rng, V, D),
        "rows": rng.integers(V, size=(3, 2)),
        "labels": rng.random((3, 2)) < 0.5,
        "weights": rng.random((3, 2)),
        "shift": 0.1,
    }


def _w2v_params(rng):
    return word2vec.Word2VecParams(normal(rng, V, D), normal(rng, V, D))


def _w2v_loss(params, examples, counts, negatives):
    return word2vec.word2vec_loss(params, examples, word2vec.make_output("negative", counts, 2), negatives)


def _mean_w2v_loss(params, examples, counts, negatives):
    return word2vec.mean_word2vec_loss(params, examples, word2vec.make_output("negative", counts, 2), negatives)


def _w2v_block_loss(params, corpus, counts, rng):
    block = w2v_fast_blocks.text_block(corpus, 2, fill=1)
    output = w2v_fast_outputs.make_block_output("negative", "skip-gram", counts, 2, dtype=np.float64)
    return w2v_fast_outputs.word2vec_block_loss(params, block, output, output.draw(rng, block.seen.size))


CALLS = [
    Call(
        next_word.init_next_word, lambda rng: {"rng": rng, "V": V, "D": D, "scale": 0.1, "dtype": np.float64}, **DRAWN
    ),
    Call(next_word.count_pairs, lambda rng: {"stream": rng.integers(V, size=6), "V": V, "dtype": np.float64}),
    Call(
        next_word.next_word_loss,
        lambda rng: {
            "params": next_word.NextWordParams(normal(rng, V, D), LinearParams(normal(rng, D, V), normal(rng, V))),
            "words": rng.integers(V, size=3),
            "targets": rng.integers(V, size=3),
        },
        not_below_0,
    ),
    Call(
        next_word.counted_loss,
        lambda rng: {
            "params": next_word.NextWordParams(normal(rng, V, D), LinearParams(normal(rng, D, V), normal(rng, V))),
            "counts": rng.integers(4, size=(V, V)) + 1.0,
        },
        not_below_0,
    ),
    Call(next_word.bigram_floor, lambda rng: {"counts": rng.integers(4, size=(V, V)) + 1.0}),
    Call(
        next_word.train_next_word,
        lambda rng: {"rng": rng, "counts": rng.integers(4, size=(V, V)) + 1.0, "D": 2, "steps": 2, "rate": 0.05},
        **DRAWN,
    ),
    Call(word2vec.huffman_codes, lambda rng: {"counts": COUNTS}),
    Call(word2vec.huffman_paths, lambda rng: {"counts": COUNTS}),
    Call(word2vec.mean_code_length, lambda rng: {"counts": COUNTS}, not_below_0),
    Call(
        word2vec.pairs_between,
        lambda rng: {"examples": _pairs(), "seen": np.array([4, 6]), "named": np.array([5, 4])},
    ),
    Call(
        word2vec.pair_counts,
        lambda rng: {"seen": rng.integers(2, size=4), "named": rng.integers(3, size=(4, 2)), "n": 2, "m": 3},
        not_below_0,
    ),
    Call(word2vec.noise_distribution, lambda rng: {"counts": COUNTS, "power": 0.75}, a_share),
    Call(
        word2vec.skip_gram,
        lambda rng: {"centres": rng.integers(4, 8, size=3), "contexts": rng.integers(4, 8, size=(3, 2))},
    ),
    Call(
        word2vec.cbow, lambda rng: {"centres": rng.integers(4, 8, size=3), "contexts": rng.integers(4, 8, size=(3, 2))}
    ),
    Call(word2vec.hidden, lambda rng: {"examples": _examples(rng), "E": normal(rng, V, D)}),
    Call(
        word2vec.hidden_backward,
        lambda rng: {"dh": normal(rng, 3, D), "examples": _examples(rng), "E": normal(rng, V, D)},
        left=("examples",),
        via=lambda dh, examples, E: word2vec.hidden_backward(dh, word2vec.hidden(examples, E)[1], E),
    ),
    Call(word2vec.full_softmax, _scores, not_below_0),
    Call(
        word2vec.full_softmax_backward,
        _scores,
        via=lambda h, targets, W: word2vec.full_softmax_backward(word2vec.full_softmax(h, targets, W)[1], W),
        left=("h", "targets"),
    ),
    Call(word2vec.hierarchical_softmax, _tree, not_below_0),
    Call(
        word2vec.hierarchical_probabilities,
        lambda rng: {k: v for k, v in _tree(rng).items() if k != "targets"},
        a_share,
    ),
    Call(word2vec.negative_sampling, _noise, not_below_0),
    Call(word2vec.noise_contrastive, lambda rng: _noise(rng) | {"q": COUNTS / 15, "bias": normal(rng, V)}),
    Call(word2vec.binary_cross_entropy, _binary),
    Call(
        word2vec.binary_cross_entropy_backward,
        _binary,
        left=("h", "rows", "labels", "weights", "shift"),
        via=lambda **a: word2vec.binary_cross_entropy_backward(word2vec.binary_cross_entropy(**a)[1], a["W"]),
    ),
    Call(
        word2vec.softplus, lambda rng: {"s": normal(rng, 3)}, infinite=True
    ),  # an elementwise function hands NaN and infinity on
    Call(
        word2vec.make_output,
        lambda rng: {"name": "nce", "counts": COUNTS, "k": 2, "power": 0.75},
        via=lambda **a: word2vec.make_output(**a).draw(np.random.default_rng(0), 3),
    ),
    Call(
        word2vec.word2vec_loss,
        lambda rng: {
            "params": _w2v_params(rng),
            "examples": _examples(rng),
            "counts": COUNTS,
            "negatives": rng.integers(V, size=(3, 2)),
        },
        via=_w2v_loss,
    ),
    Call(
        word2vec.mean_word2vec_loss,
        lambda rng: {
            "params": _w2v_params(rng),
            "examples": _examples(rng),
            "counts": COUNTS,
            "negatives": rng.integers(V, size=(3, 2)),
        },
        via=_mean_w2v_loss,
    ),
    Call(w2v_fast_blocks.text_block, lambda rng: {"corpus": corpus(), "window": 2, "rng": rng, "fill": 1}),
    Call(
        w2v_fast_outputs.make_block_output,
        lambda rng: {"name": "nce", "context": "cbow", "counts": COUNTS, "k": 2, "power": 0.75, "dtype": np.float32},
        via=lambda **a: w2v_fast_outputs.make_block_output(**a).draw(np.random.default_rng(0), 32),
    ),
    Call(
        w2v_fast_outputs.word2vec_block_loss,
        lambda rng: {
            "params": word2vec.Word2VecParams(normal(rng, len(lexicon()), D), normal(rng, len(lexicon()), D)),
            "corpus": corpus(),
            "counts": np.arange(1, len(lexicon()) + 1),
            "rng": rng,
        },
        via=_w2v_block_loss,
        left=("corpus", "counts"),
    ),
    Call(
        w2v_torch.torch_loss,
        lambda rng: {
            "E": torch.tensor(normal(rng, V, D)),
            "W": torch.tensor(normal(rng, V, D)),
            "examples": _examples(rng),
            "output": "nce",
            "counts": COUNTS,
            "negatives": rng.integers(V, size=(3, 2)),
            "power": 0.75,
        },
    ),
    Call(
        w2v_torch.torch_gradients,
        lambda rng: {
            "params": _w2v_params(rng),
            "examples": _examples(rng),
            "output": "nce",
            "counts": COUNTS,
            "negatives": rng.integers(V, size=(3, 2)),
            "power": 0.75,
        },
    ),
    Call(
        word2vec.train_word2vec,
        lambda rng: {
            "corpus": corpus(),
            "V": len(lexicon()),
            "rng": rng,
            "context": "cbow",
            "output": "negative",
            "D": 2,
            "window": 2,
            "epochs": 1,
            "k": 2,
            "power": 0.75,
            "subsampling": 0.9,
            "rate": 0.05,
            "dynamic": True,
        },
        **DRAWN,
    ),
    Call(
        word2vec.analogy_answers,
        lambda rng: {"E": normal(rng, 6, D), "questions": np.array([[0, 1, 2], [3, 4, 5]]), "exclude": (0,)},
    ),
    Call(
        word2vec.analogy_accuracy,
        lambda rng: {"E": normal(rng, 6, D), "questions": np.array([[0, 1, 2, 3]]), "exclude": (0,)},
        a_share,
    ),
    Call(
        word2vec.analogy_cosines,
        lambda rng: {"E": normal(rng, 6, D), "questions": np.array([[0, 1, 2, 3], [4, 5, 0, 1]])},
        lambda arguments, cosines: None if (abs(cosines) <= 1 + 1e-9).all() else f"cosines {cosines}",
    ),
    Call(
        word2vec.arrow_cosine,
        lambda rng: {"E": normal(rng, 6, D), "pairs": np.array([[0, 1], [2, 3], [4, 0]])},
        lambda arguments, cosine: None if abs(cosine) <= 1 + 1e-9 else f"a cosine of {cosine}",
    ),
    Call(
        word2vec.arrow_cosine_controls,
        lambda rng: {"E": normal(rng, 6, D), "pairs": np.array([[0, 1], [2, 3], [4, 0]])},
        lambda arguments, two: None if max(map(abs, two)) <= 1 + 1e-9 else f"cosines {two}",
    ),
    Call(
        word2vec.similarity_correlation,
        lambda rng: {
            "E": normal(rng, V, D),
            "first": np.array([0, 1, 2]),
            "second": np.array([1, 2, 3]),
            "grades": np.array([3.0, 1.0, 2.0]),
        },
    ),
    Call(
        word2vec.neighbours,
        lambda rng: {"vocab": lexicon(), "E": normal(rng, len(lexicon()), D), "word": "cat", "n": 2},
    ),
]
