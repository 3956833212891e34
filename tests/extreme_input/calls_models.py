"""Valid calls of helpers.models; models of torch are made anew for each call, as training changes them."""

from functools import cache
from importlib import import_module

import numpy as np
import torch

from helpers.core.params import map_params
from helpers.data import masking, next_sentence, source_target_pairs, vocab
from helpers.data.tasks import translation
from helpers.data.world.grammar import sample_corpus
from helpers.layers.linear import LinearParams
from helpers.models import (
    agreement_reader,
    bag_classifier,
    cached_attention,
    cells_set_by_hand,
    next_word,
    one_unit_rnn,
    pooling_classifier,
    readable_lstm,
    reader,
    scalar_rnn,
    self_attention_tagger,
    torch_modules,
    torch_runs,
    truncation,
    word2vec,
)
from helpers.models.gpt_bert import bert, exact_comparison, fine_tuning, gpt, pretraining, trunk
from helpers.models.seq2seq import (
    decoding_steps,
    encoder,
    evaluation,
    one_context,
    torch_model,
    torch_weights,
    training,
    with_attention,
)
from helpers.models.seq2seq import params as seq2seq_params
from helpers.models.transformer import torch_model as transformer_model
from helpers.models.transformer import training as transformer_training
from tests.extreme_input.calls import Call, normal
from tests.extreme_input.calls_data import SENTENCES, small

w2v_fast_blocks, w2v_fast_outputs, w2v_torch = (
    import_module(f"helpers.models.word2vec.{name}") for name in ("fast.blocks", "fast.outputs", "torch_loss")
)

T, B, D, H, V = 3, 2, 4, 3, 5


def _draw(rng, params):
    return map_params(lambda a: rng.standard_normal(a.shape), params)


def _reader_params(rng, cell="lstm"):
    return _draw(rng, reader.init_reader(rng, cell, D, H, V))


def _read(rng, cell="lstm"):
    return {
        "params": _reader_params(rng, cell),
        "x": normal(rng, T, B, D),
        "targets": rng.integers(V, size=(T, B)),
        "mask": np.arange(T)[:, None] < [3, 2],
    }


def _batches(rng, dtype=np.float64):
    x, targets = normal(rng, T, B, D).astype(dtype), rng.integers(V, size=(T, B))
    return lambda: (x, targets, np.ones((T, B), bool))


def _reader_back(dlogits, dstate, x, state, params):
    *_, cache = reader.reader(x, state, params)
    return reader.reader_backward(dlogits, dstate, cache, params)


def _states(rng):
    return normal(rng, B, H), normal(rng, B, H)


def _tagger(rng):
    return _draw(rng, self_attention_tagger.init_self_attention_tagger(rng, V, T, D, 2))


def _examples(rng, N=3):
    return word2vec.Examples(rng.integers(V, size=(N, 2)), np.array([[True, True]] * N), rng.integers(V, size=N))


COUNTS = np.array([5, 4, 3, 2, 1])


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


def _w2v_block_loss(params, corpus, counts, rng):
    block = w2v_fast_blocks.text_block(corpus, 2, fill=1)
    output = w2v_fast_outputs.make_block_output("negative", "skip-gram", counts, 2, dtype=np.float64)
    return w2v_fast_outputs.word2vec_block_loss(params, block, output, output.draw(rng, block.seen.size))


def _vocab():
    return vocab.build_vocab([word for sentence in SENTENCES for word in sentence])


def _corpus():
    return vocab.encode_sentences(_vocab(), SENTENCES)


@cache
def _some_pairs():
    return tuple(translation.translation_pairs(3, np.random.default_rng(0), (3, 5)))


@cache
def _sizes():
    return tuple(len(v) for v in source_target_pairs.pair_vocabs(_some_pairs()))


def _batch():
    encoded = source_target_pairs.encode_pairs(_some_pairs(), *source_target_pairs.pair_vocabs(_some_pairs()))
    return source_target_pairs.pair_batch(encoded, np.array([0, 1]))


def _encoded():
    return source_target_pairs.encode_pairs(_some_pairs(), *source_target_pairs.pair_vocabs(_some_pairs()))


def _seq2seq(rng):
    return _draw(rng, seq2seq_params.init_seq2seq(rng, *_sizes(), D, H))


def _attentive(rng):
    return _draw(rng, seq2seq_params.init_attentive(rng, *_sizes(), D, H))


def _seq2seq_back(dlogits, params, batch):
    _, cache = one_context.seq2seq(batch, params)
    return one_context.seq2seq_backward(dlogits, cache, params)


def _decode_back(dlogits, inputs, c, params):
    _, cache = one_context.decode_target(inputs, c, params)
    return one_context.decode_target_backward(dlogits, cache, params)


def _context_back(dc, h, last, mask, params):
    _, cache = encoder.make_context(h, last, mask, params)
    return encoder.make_context_backward(dc, cache, params)


def _context(rng):
    return {
        "h": normal(rng, T, B, H),
        "last": normal(rng, B, H),
        "mask": np.arange(T)[:, None] < [3, 2],
        "params": _seq2seq(rng),
    }


def _additive(rng):
    return {
        "x_t": normal(rng, B, D),
        "s": normal(rng, B, H),
        "keys": normal(rng, B, T, H),
        "values": normal(rng, B, T, 2 * H),
        "mask": np.array([[True, True, True], [True, True, False]]),
        "params": _attentive(rng),
    }


def _additive_back(ds, **arguments):
    *_, cache = with_attention.additive_step(**arguments)
    return with_attention.additive_step_backward(ds, cache, arguments["params"])


def _torch_seq2seq(**options):
    return torch_modules.new_model(torch_model.Seq2Seq, *_sizes(), D, H, seed=0, **options)


def _transformer():
    return torch_modules.new_model(transformer_model.Transformer, *_sizes(), D, H, layers=1, heads=2, seed=0)


def _tensors():
    batch = torch_modules.as_tensors(_batch())
    return batch._replace(targets=batch.targets.long())


def _outputs():
    batch = _batch()
    return [batch.targets[:, b][batch.target_mask[:, b]].tolist() for b in range(2)]


def _weights_of_pairs(rng):
    pairs = _some_pairs()
    return evaluation.same_place_weights(pairs) + 0.01


def _sizes_of_trunk(V):
    return trunk.Sizes(V, D=4, layers=1, heads=2, T_max=16)


def _gpt(V=None):
    return torch_modules.new_model(gpt.GPT, _sizes_of_trunk(V or len(small().vocab)), seed=0)


def _bert(V=None, segments=0):
    return torch_modules.new_model(
        bert.BERT, _sizes_of_trunk(V or len(small().vocab))._replace(segments=segments), seed=0
    )


def _said(rng):
    return sample_corpus(small(), 4, rng)


def _hidden(rng):
    tokens = rng.integers(4, V, size=(2, 3))
    return masking.MaskedBatch(torch.tensor(tokens), torch.tensor(tokens), torch.tensor(rng.random((2, 3)) < 0.7))


SENTENCE = "the king loves the queen"


def _loss_at_least_0(arguments, result):
    loss = result[0] if isinstance(result, tuple) else result
    return None if np.all(np.asarray(loss.detach() if torch.is_tensor(loss) else loss) >= 0) else f"a loss of {loss}"


def _share(arguments, result):
    return None if np.all((np.asarray(result) >= 0) & (np.asarray(result) <= 1)) else f"a share of {result}"


_DRAWN = {"own_dtype": True}  # what is drawn, or comes out of training, is not compared

CALLS = [
    Call(
        agreement_reader.read_sentence,
        lambda rng: {
            "params": _draw(rng, reader.init_reader(rng, "rnn", 8, H, 8)),
            "words": "the dog sleeps",
            "rate": 0.02,
        },
    ),
    Call(
        agreement_reader.train_agreement_readers,
        lambda rng: {"rng": rng, "stops": (0, 2), "H": 2, "rate": 0.02},
        **_DRAWN,
    ),
    Call(bag_classifier.mean_bags, lambda rng: {"corpus": _corpus(), "V": len(_vocab()), "dtype": np.float64}),
    Call(
        bag_classifier.init_bag_classifier,
        lambda rng: {"rng": rng, "table": normal(rng, V, D), "K": 2, "scale": 0.1},
        **_DRAWN,
    ),
    Call(
        bag_classifier.bag_classifier_loss,
        lambda rng: {
            "params": bag_classifier.BagClassifierParams(normal(rng, V, D), normal(rng, D, 2), normal(rng, 2)),
            "x": rng.random((3, V)),
            "targets": np.array([0, 1, 1]),
            "frozen": False,
        },
        _loss_at_least_0,
    ),
    Call(
        bag_classifier.bag_accuracy,
        lambda rng: {
            "params": bag_classifier.BagClassifierParams(normal(rng, V, D), normal(rng, D, 2), normal(rng, 2)),
            "x": rng.random((3, V)),
            "targets": np.array([0, 1, 1]),
        },
        _share,
    ),
    Call(
        bag_classifier.train_bag_classifier,
        lambda rng: {
            "params": bag_classifier.BagClassifierParams(normal(rng, V, D), normal(rng, D, 2), normal(rng, 2)),
            "x": rng.random((3, V)),
            "targets": np.array([0, 1, 1]),
            "frozen": False,
            "steps": 2,
            "rate": 0.03,
        },
        **_DRAWN,
    ),
    Call(
        cached_attention.attend_and_keep,
        lambda rng: {
            "q": torch.tensor(normal(rng, B, 1, T, D)),
            "k": torch.tensor(normal(rng, B, 1, T, D)),
            "v": torch.tensor(normal(rng, B, 1, T, D)),
            "causal": True,
        },
    ),
    Call(cells_set_by_hand.subject_lstm, lambda rng: {"words": ("woman", "the", ",")}),
    Call(cells_set_by_hand.subject_gru, lambda rng: {"words": ("woman", "the", ",")}),
    Call(
        next_word.init_next_word, lambda rng: {"rng": rng, "V": V, "D": D, "scale": 0.1, "dtype": np.float64}, **_DRAWN
    ),
    Call(next_word.count_pairs, lambda rng: {"stream": rng.integers(V, size=6), "V": V, "dtype": np.float64}),
    Call(
        next_word.next_word_loss,
        lambda rng: {
            "params": next_word.NextWordParams(normal(rng, V, D), LinearParams(normal(rng, D, V), normal(rng, V))),
            "words": rng.integers(V, size=3),
            "targets": rng.integers(V, size=3),
        },
        _loss_at_least_0,
    ),
    Call(
        next_word.counted_loss,
        lambda rng: {
            "params": next_word.NextWordParams(normal(rng, V, D), LinearParams(normal(rng, D, V), normal(rng, V))),
            "counts": rng.integers(4, size=(V, V)) + 1.0,
        },
        _loss_at_least_0,
    ),
    Call(next_word.bigram_floor, lambda rng: {"counts": rng.integers(4, size=(V, V)) + 1.0}),
    Call(
        next_word.train_next_word,
        lambda rng: {"rng": rng, "counts": rng.integers(4, size=(V, V)) + 1.0, "D": 2, "steps": 2, "rate": 0.05},
        **_DRAWN,
    ),
    Call(
        one_unit_rnn.one_unit_loss,
        lambda rng: {
            "h_0": 0.5,
            "target": 0.3,
            "params": one_unit_rnn.OneUnitParams(normal(rng, 2), normal(rng, 2)),
            "steps": 3,
        },
    ),
    Call(
        one_unit_rnn.descent_path,
        lambda rng: {
            "start": one_unit_rnn.OneUnitParams(np.array(0.5), np.array(0.1)),
            "loss_and_grads": lambda p: one_unit_rnn.one_unit_loss(0.5, 0.3, p, 3),
            "rate": 0.1,
            "threshold": 1.0,
            "steps": 2,
        },
        **_DRAWN,
    ),
    Call(
        pooling_classifier.init_pooling_classifier,
        lambda rng: {"rng": rng, "D": D, "V": V, "H": H, "dtype": np.float64},
        **_DRAWN,
    ),
    Call(
        pooling_classifier.pooling_classifier,
        lambda rng: {
            "x": normal(rng, T, B, D),
            "params": _draw(rng, pooling_classifier.init_pooling_classifier(rng, D, V, H)),
        },
        rounds=True,
    ),
    Call(
        pooling_classifier.train_pooling_classifier,
        lambda rng: {
            "params": _draw(rng, pooling_classifier.init_pooling_classifier(rng, D, V, H)),
            "draw": (lambda x, t: lambda: (x, t))(normal(rng, T, B, D), rng.integers(V, size=B)),
            "steps": 2,
            "rate": 0.01,
        },
        **_DRAWN,
    ),
    Call(
        readable_lstm.train_readable_lstm,
        lambda rng: {
            "rng": rng,
            "draw": _batches(rng, np.float32),
            "D": D,
            "H": H,
            "V": V,
            "steps": 2,
            "rate": 0.03,
            "noise": 1.0,
            "price": 0.03,
            "feedback": False,
        },
        **_DRAWN,
    ),
    Call(
        reader.init_reader,
        lambda rng: {"rng": rng, "cell": "gru", "D": D, "H": H, "V": V, "dtype": np.float64},
        **_DRAWN,
    ),
    Call(
        reader.init_reader,
        lambda rng: {"rng": rng, "cell": "rnn", "D": D, "H": H, "V": V, "W_hh": normal(rng, H, H)},
        **_DRAWN,
    ),
    Call(
        reader.reader,
        lambda rng: {"x": normal(rng, T, B, D), "state": _states(rng), "params": _reader_params(rng), "read": "every"},
    ),
    Call(
        reader.reader_backward,
        lambda rng: {
            "dlogits": normal(rng, T, B, V),
            "dstate": _states(rng),
            "x": normal(rng, T, B, D),
            "state": _states(rng),
            "params": _reader_params(rng),
        },
        via=_reader_back,
        left=("x", "state", "params"),
    ),
    Call(reader.reader_loss, lambda rng: _read(rng) | {"state": _states(rng), "summed": False}, _loss_at_least_0),
    Call(reader.reader_loss, lambda rng: _read(rng, "rnn") | {"summed": True, "activation": "relu"}, _loss_at_least_0),
    Call(reader.reader_accuracy, lambda rng: _read(rng, "gru"), _share),
    Call(
        reader.train_reader,
        lambda rng: {"params": _reader_params(rng), "draw": _batches(rng), "steps": 2, "rate": 3e-3, "clip": 1.0},
        **_DRAWN,
    ),
    Call(scalar_rnn.scalar_rnn_params, lambda rng: {"w_xh": 1.0, "w_hh": 0.5, "w_hy": 2.0}),
    Call(
        scalar_rnn.trace_scalar_rnn,
        lambda rng: {
            "x": normal(rng, T),
            "targets": normal(rng, T),
            "params": scalar_rnn.scalar_rnn_params(),
            "counts": np.array([True, False, True]),
        },
    ),
    Call(
        self_attention_tagger.init_self_attention_tagger,
        lambda rng: {"rng": rng, "V": V, "T": T, "D": D, "questions": 2, "dtype": np.float64},
        **_DRAWN,
    ),
    Call(
        self_attention_tagger.self_attention_tagger,
        lambda rng: {"tokens": rng.integers(V, size=(B, T)), "params": _tagger(rng), "heads": 2},
        rounds=True,
    ),
    Call(
        self_attention_tagger.self_attention_tagger_accuracy,
        lambda rng: {
            "params": _tagger(rng),
            "tokens": rng.integers(V, size=(B, T)),
            "targets": rng.integers(V, size=(B, T, 2)),
            "heads": 2,
        },
        _share,
    ),
    Call(
        self_attention_tagger.train_self_attention_tagger,
        lambda rng: {
            "params": _tagger(rng),
            "draw": (lambda x, t: lambda: (x, t))(rng.integers(V, size=(B, T)), rng.integers(V, size=(B, T, 2))),
            "heads": 2,
            "steps": 2,
            "rate": 0.01,
        },
        **_DRAWN,
    ),
    Call(truncation.truncated_loss, lambda rng: _read(rng) | {"window": 2, "state": _states(rng)}, _loss_at_least_0),
    Call(truncation.recurrent_terms, lambda rng: _read(rng, "rnn"), rounds=True),
    Call(truncation.same_window, lambda rng: {"T": 4, "window": 2}),
    # word2vec
    Call(word2vec.huffman_codes, lambda rng: {"counts": COUNTS}),
    Call(word2vec.huffman_paths, lambda rng: {"counts": COUNTS}),
    Call(word2vec.noise_distribution, lambda rng: {"counts": COUNTS, "power": 0.75}, _share),
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
    Call(word2vec.full_softmax, _scores, _loss_at_least_0),
    Call(
        word2vec.full_softmax_backward,
        _scores,
        via=lambda h, targets, W: word2vec.full_softmax_backward(word2vec.full_softmax(h, targets, W)[1], W),
        left=("h", "targets"),
    ),
    Call(word2vec.hierarchical_softmax, _tree, _loss_at_least_0),
    Call(
        word2vec.hierarchical_probabilities, lambda rng: {k: v for k, v in _tree(rng).items() if k != "targets"}, _share
    ),
    Call(word2vec.negative_sampling, _noise, _loss_at_least_0),
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
    Call(w2v_fast_blocks.text_block, lambda rng: {"corpus": _corpus(), "window": 2, "rng": rng, "fill": 1}),
    Call(
        w2v_fast_outputs.make_block_output,
        lambda rng: {"name": "nce", "context": "cbow", "counts": COUNTS, "k": 2, "power": 0.75, "dtype": np.float32},
        via=lambda **a: w2v_fast_outputs.make_block_output(**a).draw(np.random.default_rng(0), 32),
    ),
    Call(
        w2v_fast_outputs.word2vec_block_loss,
        lambda rng: {
            "params": word2vec.Word2VecParams(normal(rng, len(_vocab()), D), normal(rng, len(_vocab()), D)),
            "corpus": _corpus(),
            "counts": np.arange(1, len(_vocab()) + 1),
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
        word2vec.train_word2vec,
        lambda rng: {
            "corpus": _corpus(),
            "V": len(_vocab()),
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
        **_DRAWN,
    ),
    Call(
        word2vec.analogy_answers,
        lambda rng: {"E": normal(rng, 6, D), "questions": np.array([[0, 1, 2], [3, 4, 5]]), "exclude": (0,)},
    ),
    Call(
        word2vec.analogy_accuracy,
        lambda rng: {"E": normal(rng, 6, D), "questions": np.array([[0, 1, 2, 3]]), "exclude": (0,)},
        _share,
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
        word2vec.neighbours, lambda rng: {"vocab": _vocab(), "E": normal(rng, len(_vocab()), D), "word": "cat", "n": 2}
    ),
    # seq2seq
    Call(
        seq2seq_params.init_seq2seq,
        lambda rng: {
            "rng": rng,
            "V_s": V,
            "V_t": V,
            "E": D,
            "H": H,
            "context": "mapped mean",
            "use": "every step",
            "bidirectional": True,
            "dtype": np.float64,
        },
        **_DRAWN,
    ),
    Call(
        encoder.encode_source,
        lambda rng: {"source": _batch().source, "mask": _batch().source_mask, "params": _seq2seq(rng)},
        rounds=True,
    ),
    Call(encoder.make_context, lambda rng: _context(rng) | {"context": "mapped mean"}),
    Call(
        encoder.make_context_backward,
        lambda rng: _context(rng) | {"dc": normal(rng, B, H)},
        via=_context_back,
        left=("h", "last", "mask", "params"),
    ),
    Call(
        one_context.decode_target,
        lambda rng: {"inputs": _batch().inputs, "c": normal(rng, B, H), "params": _seq2seq(rng), "use": "first state"},
        rounds=True,
    ),
    Call(
        one_context.decode_target_backward,
        lambda rng: {
            "dlogits": normal(rng, *_batch().inputs.shape, _sizes()[1]),
            "inputs": _batch().inputs,
            "c": normal(rng, B, H),
            "params": _seq2seq(rng),
        },
        via=_decode_back,
        left=("inputs", "c", "params"),
    ),
    Call(
        one_context.seq2seq_backward,
        lambda rng: {
            "dlogits": normal(rng, *_batch().inputs.shape, _sizes()[1]),
            "params": _seq2seq(rng),
            "batch": _batch(),
        },
        via=_seq2seq_back,
        left=("batch", "params"),
    ),
    Call(
        one_context.seq2seq_loss,
        lambda rng: {"params": _seq2seq(rng), "batch": _batch(), "context": "mapped last", "use": "first state"},
        _loss_at_least_0,
        rounds=True,
    ),
    Call(with_attention.additive_step, _additive, rounds=True),
    Call(
        with_attention.additive_step_backward,
        lambda rng: _additive(rng) | {"ds": normal(rng, B, H)},
        via=_additive_back,
        rounds=True,
        left=("x_t", "s", "keys", "values", "mask", "params"),
    ),
    Call(
        with_attention.attentive_loss,
        lambda rng: {"params": _attentive(rng), "batch": _batch()},
        _loss_at_least_0,
        rounds=True,
    ),
    Call(evaluation.edit_distance, lambda rng: {"output": (1, 2, 3), "truth": (1, 3)}),
    Call(evaluation.right_tokens, lambda rng: {"outputs": _outputs(), "batch": _batch()}),
    Call(evaluation.right_tokens, lambda rng: {"outputs": _batch().targets, "batch": _batch()}),
    Call(evaluation.exact_match, lambda rng: {"outputs": _outputs(), "batch": _batch()}),
    Call(evaluation.accuracy_by_position, lambda rng: {"outputs": _outputs(), "batch": _batch()}, _share),
    Call(evaluation.mean_by_length, lambda rng: {"values": np.array([True, False]), "batch": _batch(), "width": 2}),
    Call(
        evaluation.alignment_rate, lambda rng: {"weights": _weights_of_pairs(rng), "pairs": list(_some_pairs())}, _share
    ),
    Call(evaluation.alignment_mass, lambda rng: {"weights": _weights_of_pairs(rng), "pairs": list(_some_pairs())}),
    Call(evaluation.alignment_offsets, lambda rng: {"weights": _weights_of_pairs(rng), "pairs": list(_some_pairs())}),
    Call(evaluation.same_place_weights, lambda rng: {"pairs": list(_some_pairs())}),
    Call(
        torch_model.Seq2Seq,
        lambda rng: {
            "V_s": V,
            "V_t": V,
            "E": D,
            "H": H,
            "context": "mapped last",
            "use": "first state",
            "attention": "additive",
            "bidirectional": True,
        },
        **_DRAWN,
    ),
    Call(torch_weights.seq2seq_from_torch, lambda rng: {"model": _torch_seq2seq(), "gradients": False}, **_DRAWN),
    Call(training.batch_loss, lambda rng: {"model": _torch_seq2seq(), "batch": _tensors()}, _loss_at_least_0),
    Call(
        training.target_loss,
        lambda rng: {"logits": torch.tensor(normal(rng, *_batch().inputs.shape, _sizes()[1])), "batch": _tensors()},
        _loss_at_least_0,
    ),
    Call(decoding_steps.start_state, lambda rng: {"model": _torch_seq2seq(), "batch": _batch()}),
    Call(
        decoding_steps.decoder_step,
        lambda rng: {"model": _torch_seq2seq(), "tokens": np.array([1, 2])},
        via=lambda model, tokens: decoding_steps.decoder_step(model)(
            tokens, decoding_steps.start_state(model, _batch())
        ),
    ),
    Call(decoding_steps.teacher_forced, lambda rng: {"model": _torch_seq2seq(), "batch": _batch()}),
    Call(
        decoding_steps.alignments,
        lambda rng: {
            "model": _torch_seq2seq(attention="additive"),
            "source": _batch().source,
            "source_mask": _batch().source_mask,
            "outputs": _outputs(),
        },
    ),
    # transformer
    Call(
        transformer_model.Transformer,
        lambda rng: {"V_s": V, "V_t": V, "D": D, "H": H, "layers": 1, "heads": 2, "norm_first": True, "T_max": 9},
        **_DRAWN,
    ),
    Call(transformer_training.leaky_loss, lambda rng: {"model": _transformer(), "batch": _tensors()}, _loss_at_least_0),
    Call(
        transformer_training.unshifted_loss,
        lambda rng: {"model": _transformer(), "batch": _tensors()},
        _loss_at_least_0,
    ),
    # GPT and BERT
    Call(gpt.GPT, lambda rng: {"sizes": _sizes_of_trunk(V), "tied": True}, **_DRAWN),
    Call(bert.BERT, lambda rng: {"sizes": _sizes_of_trunk(V), "tied": True}, **_DRAWN),
    Call(trunk.Layer, lambda rng: {"D": 4, "heads": 2}, **_DRAWN),
    Call(
        gpt.next_token_losses,
        lambda rng: {
            "model": _gpt(V),
            "tokens": torch.tensor(rng.integers(V, size=(2, 3))),
            "mask": torch.ones(2, 3, dtype=bool),
        },
        _loss_at_least_0,
    ),
    Call(gpt.start_cache, lambda rng: {"model": _gpt(V), "N": 2}),
    Call(gpt.start_uncached, lambda rng: {"model": _gpt(V), "N": 2}),
    Call(
        gpt.read_prompt,
        lambda rng: {"model": _gpt(V), "tokens": rng.integers(V, size=(2, 3))},
        via=lambda model, tokens: gpt.read_prompt(model, tokens, gpt.start_cache(model, 2)),
    ),
    Call(
        gpt.cached_step,
        lambda rng: {"model": _gpt(V), "tokens": rng.integers(V, size=2)},
        via=lambda model, tokens: gpt.cached_step(model)(tokens, gpt.start_cache(model, 2)),
    ),
    Call(
        gpt.uncached_step,
        lambda rng: {"model": _gpt(V), "tokens": rng.integers(V, size=2)},
        via=lambda model, tokens: gpt.uncached_step(model)(tokens, gpt.start_uncached(model, 2)),
    ),
    Call(
        bert.masked_losses,
        lambda rng: {"model": _bert(V), "batch": _hidden(rng), "mask": torch.ones(2, 3, dtype=bool)},
        _loss_at_least_0,
    ),
    Call(
        bert.chosen_word_losses,
        lambda rng: {
            "model": _bert(V),
            "h": torch.tensor(normal(rng, 2, 3, 4, dtype=np.float32)),
            "batch": _hidden(rng),
        },
        _loss_at_least_0,
    ),
    Call(fine_tuning.Classifier, lambda rng: {"model": _gpt(V), "K": 2, "frozen": False}, **_DRAWN),
    Call(
        fine_tuning.accuracy,
        lambda rng: {
            "classifier": fine_tuning.Classifier(_gpt(), 2),
            "corpus": _said(rng),
            "targets": np.array([0, 1, 0, 1]),
        },
        _share,
    ),
    Call(
        fine_tuning.next_accuracy,
        lambda rng: {
            "model": _bert(segments=2),
            "two": next_sentence.pad_two(_said(rng), np.array([0, 1]), np.array([2, 3])),
            "is_next": np.array([True, False]),
        },
        _share,
    ),
    Call(
        fine_tuning.train_classifier,
        lambda rng: {
            "classifier": fine_tuning.Classifier(_gpt(), 2),
            "corpus": _said(rng),
            "targets": np.array([0, 1, 0, 1]),
            "rng": rng,
            "epochs": 1,
            "batch": 2,
            "rate": 1e-3,
        },
        **_DRAWN,
    ),
    Call(
        pretraining.train_gpt,
        lambda rng: {"model": _gpt(), "corpus": _said(rng), "rng": rng, "steps": 2, "batch": 2, "rate": 1e-2},
        **_DRAWN,
    ),
    Call(
        exact_comparison.bert_blank,
        lambda rng: {"model": _bert(), "vocab": small().vocab, "sentence": SENTENCE, "position": 1},
    ),
    Call(
        exact_comparison.gpt_blank,
        lambda rng: {"model": _gpt(), "vocab": small().vocab, "sentence": SENTENCE, "position": 1},
    ),
    Call(exact_comparison.gpt_next, lambda rng: {"model": _gpt(), "vocab": small().vocab, "sentence": SENTENCE}),
    Call(
        exact_comparison.divergence,
        lambda rng: (lambda p: {"p": p, "log_q": np.log(p[::-1])})(np.array([0.2, 0.3, 0.5])),
        infinite=True,
        judge=lambda a, r: None if np.all(r >= -1e-6) else f"a divergence of {r}",
    ),
    Call(exact_comparison.excess_loss, lambda rng: {"model": _gpt(), "grammar": small(), "corpus": _said(rng)}),
    Call(
        exact_comparison.masked_loss,
        lambda rng: {
            "model": _bert(),
            "grammar": small(),
            "corpus": _said(rng),
            "rng": rng,
            "rule": masking.MaskRule(0.9),
        },
    ),
    Call(
        exact_comparison.read_hidden,
        lambda rng: {"model": _bert(V), "seen": rng.integers(V, size=(3, 2)), "mask": np.ones((3, 2), bool)},
    ),
    Call(exact_comparison.sentence_log_probs, lambda rng: {"model": _gpt(), "corpus": _said(rng)}),
    Call(
        exact_comparison.share_of_sentences,
        lambda rng: {"grammar": small(), "outputs": [small().vocab.ids["the"] * np.ones(2, int)]},
        _share,
    ),
    # torch
    Call(torch_modules.as_tensors, lambda rng: {"arrays": (normal(rng, 2), np.arange(3))}, infinite=True),
    Call(torch_modules.count_weights, lambda rng: {"model": _gpt(V)}),
    Call(torch_modules.new_model, lambda rng: {"*": (torch.nn.Linear, 2, 3), "seed": 0}, left=("*",), **_DRAWN),
    Call(
        torch_runs.train_runs,
        lambda rng: {"*": ([training.Seq2SeqRun(0, H, D, steps=1, batch=2)], _encoded(), *_sizes()), "workers": 1},
        left=("*",),
        **_DRAWN,
    ),
]
