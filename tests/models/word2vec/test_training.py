import numpy as np
import pytest

from helpers.data.vocab import Corpus
from helpers.data.world.grammar import sample_corpus
from helpers.data.world.relations import analogies, similarity_pairs
from helpers.data.world.topics import world_grammar
from helpers.models.word2vec import training
from helpers.models.word2vec.evaluate import analogy_accuracy, similarity_correlation
from helpers.models.word2vec.fast.blocks import GROUP, RowGradients
from helpers.models.word2vec.inputs import INPUTS
from helpers.models.word2vec.model import OUTPUTS, init_word2vec
from helpers.models.word2vec.training import _blocks, _step, train_word2vec


def two_topics(sentences=400, seed=0):
    """Words 1 to 5 and 6 to 10 never meet."""
    rng = np.random.default_rng(seed)
    topic = rng.integers(2, size=sentences)
    tokens = 1 + 5 * topic[:, None] + rng.integers(5, size=(sentences, 6))
    return Corpus(tokens.ravel(), np.arange(0, 6 * sentences + 1, 6))


def within_and_between(E):
    unit = E[1:11] / np.linalg.norm(E[1:11], axis=1, keepdims=True)
    cosines = unit @ unit.T
    return cosines[:5, :5][~np.eye(5, dtype=bool)].mean(), cosines[:5, 5:].mean()


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("context", INPUTS)
def test_every_model_learns_which_words_belong_together(context, output):
    params, history = train_word2vec(
        two_topics(), 11, np.random.default_rng(0), context=context, output=output, D=8, epochs=20, subsampling=None
    )
    assert params.E.dtype == params.W.dtype == np.float32
    assert params.E.shape == (11, 8)
    assert params.W.shape == (10 if output == "hierarchical" else 11, 8)
    within, between = within_and_between(params.E)
    assert within > 0.4
    assert between < within - 0.6
    assert history.loss[-5:].mean() < 0.9 * history.loss[0]
    if output in ("softmax", "hierarchical"):
        # At first all scores are 0; at last no loss can be below the entropy of five words.
        assert history.loss[-5:].mean() == pytest.approx(np.log(5), abs=0.15)


def test_the_first_loss_is_that_of_scores_of_zero():
    corpus = two_topics()
    _, history = train_word2vec(corpus, 11, np.random.default_rng(0), k=5, epochs=1)
    assert history.loss[0] == pytest.approx(6 * np.log(2), rel=1e-3)
    _, history = train_word2vec(corpus, 11, np.random.default_rng(0), output="softmax", epochs=1)
    assert history.loss[0] == pytest.approx(np.log(11), rel=1e-3)


def test_history_has_the_rate_fall_in_a_line():
    corpus = two_topics(sentences=2000)
    _, history = train_word2vec(corpus, 11, np.random.default_rng(0), rate=0.04, epochs=3, D=4)
    assert 80 <= len(history.tokens) <= 100
    assert history.tokens[0] == 0
    assert (np.diff(history.tokens) > 0).all()
    np.testing.assert_allclose(history.rate, 0.04 * (1 - history.tokens / (3 * len(corpus.tokens))))


def test_one_seed_gives_one_result():
    first, again, other = (
        train_word2vec(two_topics(), 11, np.random.default_rng(seed), epochs=2, D=4)[0] for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first.E, again.E)
    np.testing.assert_array_equal(first.W, again.W)
    assert not np.array_equal(first.E, other.E)


def read_text(corpus, keep=None, window=2, dynamic=False, epochs=1):
    """The centres of all blocks, how many places each sees, and how much was read before each block."""
    blocks = list(_blocks(corpus, keep, np.random.default_rng(0), window, dynamic, epochs))
    centres = np.concatenate([block.tokens[window:-window] for _, block in blocks])
    seen = np.concatenate([block.seen.ravel() for _, block in blocks])
    return centres, seen, [read for read, _ in blocks]


def test_the_blocks_of_an_epoch_hold_every_place_once():
    corpus = two_topics(sentences=700)
    centres, seen, read = read_text(corpus, epochs=2)
    N, padded = len(corpus.tokens), len(centres) // 2
    for epoch in (0, padded):
        np.testing.assert_array_equal(centres[epoch : epoch + N], corpus.tokens)
        np.testing.assert_array_equal(seen[epoch : epoch + N].reshape(-1, 6), [[2, 3, 4, 4, 3, 2]] * 700)
        assert not seen[epoch + N : epoch + padded].any()
    assert padded - N < GROUP
    assert read == sorted(set(read))
    assert read[0] == 0
    assert N in read
    assert len(read) >= 2 * training._LEAST_STEPS
    _, all_seen, _ = read_text(corpus, window=5)
    assert (all_seen[:N] == 5).all()


def test_a_dynamic_window_sees_less():
    corpus = two_topics(sentences=700)
    (_, full, _), (_, dynamic, _) = read_text(corpus), read_text(corpus, dynamic=True)
    assert (dynamic <= full).all()
    assert dynamic.sum() == pytest.approx(
        14 / 18 * full.sum(), rel=0.03
    )  # each of the 8 at distance 2 half of the time


def test_subsampling_leaves_words_out_anew_in_each_epoch():
    corpus = two_topics(sentences=700)
    keep = np.r_[0, np.ones(5), np.full(5, 0.25)]
    centres, seen, _ = read_text(corpus, keep=keep, epochs=2)
    half = len(centres) // 2  # about: the epochs differ
    assert not np.array_equal(centres[:500], centres[half : half + 500])
    kept = np.bincount(centres[seen > 0], minlength=11) / np.bincount(corpus.tokens, minlength=11).clip(1) / 2
    np.testing.assert_allclose(kept[1:6], 1)
    assert (np.abs(kept[6:] - 0.25 * (1 - 0.75**5)) < 0.05).all()  # who is left alone sees nothing


def test_options_reach_the_blocks(monkeypatch):
    def spy(corpus, keep, rng, window, dynamic, epochs):
        calls.append((keep, window, dynamic, epochs))
        return _blocks(corpus, keep, rng, window, dynamic, epochs)

    calls = []
    monkeypatch.setattr(training, "_blocks", spy)
    rng = np.random.default_rng(0)
    train_word2vec(two_topics(), 11, rng, window=3, epochs=2, dynamic=False, subsampling=None, D=2)
    train_word2vec(two_topics(), 11, rng, epochs=1, subsampling=0.01, D=2)
    assert calls[0] == (None, 3, False, 2)
    assert calls[1][1:] == (5, True, 1)
    np.testing.assert_allclose(calls[1][0][1:], 0.316, atol=0.03)  # √(0.01 / 0.1)


def test_a_step_is_plain_gradient_descent_where_no_row_is_busy():
    table = np.zeros((4, 2))
    _step(table, RowGradients(np.array([2, 0, 2]), np.array([[1.0, 2], [3, 4], [5, 6]]), np.array([4.0, 4, 4])), 0.25)
    np.testing.assert_array_equal(table, [[-0.75, -1], [0, 0], [-1.5, -2], [0, 0]])


def test_a_busy_row_moves_by_its_mean():
    table = np.zeros((2, 1))
    # Row 0 takes part in 30 terms: rate · m = 7.5 instead of at most 2.
    _step(table, RowGradients(np.array([0, 0, 1]), np.array([[6.0], [9], [1]]), np.array([10.0, 20, 1])), 0.25)
    np.testing.assert_allclose(table, [[-15 * 2 / 30], [-0.25]])


def test_words_that_are_not_in_the_text_stay_where_they_began():
    corpus = two_topics()
    params, _ = train_word2vec(corpus, 20, np.random.default_rng(0), epochs=2, D=4)
    untrained = init_word2vec(np.random.default_rng(0), 20, 4, 20)  # what is drawn first
    absent = [0, *range(11, 20)]
    np.testing.assert_array_equal(params.E[absent], untrained.E[absent])
    assert not params.W[absent].any()


def test_a_frequent_word_in_every_block_does_not_diverge():
    """Half of the text is one word, and the rate is ten times the usual one."""
    rng = np.random.default_rng(0)
    tokens = np.where(rng.random(20_000) < 0.5, 1, rng.integers(2, 11, 20_000))
    corpus = Corpus(tokens, np.arange(0, 20_001, 20))
    for context in INPUTS:
        for output in OUTPUTS:
            params, history = train_word2vec(
                corpus, 11, rng, context=context, output=output, D=8, epochs=2, subsampling=None, rate=0.5
            )
            assert np.abs(params.E).max() < 20
            assert history.loss[-1] < 1.2 * history.loss[0]


def test_a_loss_that_is_not_finite_is_reported(monkeypatch):
    monkeypatch.setattr(training, "_LARGEST_MOVE", 1e300)
    with pytest.raises(FloatingPointError, match=r"the loss is (nan|inf), at a rate of .*: try a smaller one"):
        train_word2vec(two_topics(), 11, np.random.default_rng(0), rate=1e30, epochs=5, D=4)


def test_the_shortest_text_that_teaches_something():
    pair = Corpus(np.array([1, 2, 3]), np.array([0, 1, 1, 3]))  # a lonely word, an empty sentence, two neighbours
    for context in INPUTS:
        for output in OUTPUTS:
            params, history = train_word2vec(
                pair, 4, np.random.default_rng(0), context=context, output=output, D=2, epochs=2, subsampling=None
            )
            assert np.isfinite(params.E).all()
            assert np.isfinite(history.loss).all()
            assert params.W.any()


@pytest.mark.parametrize(
    ("corpus", "options", "message"),
    [
        # Two sentences of three words: each stays with a probability of 0.077.
        (
            Corpus(np.arange(1, 7), np.array([0, 3, 6])),
            {},
            r"subsampling leaves \d of 6 tokens in epoch \d and none of them a neighbour, expected a longer text",
        ),
        (Corpus(np.array([1, 2, 3]), np.array([0, 1, 2, 2, 3])), {}, "none of 3 tokens has a neighbour"),
        (Corpus(np.array([1]), np.array([0, 1])), {"subsampling": None}, "none of 1 tokens has a neighbour"),
        (Corpus(np.array([1, 1, 1]), np.array([0, 3])), {"subsampling": None}, "has one word only, token 1"),
        ([[1, 2], [3, 4]], {}, "corpus is of type list, expected a Corpus"),
        (
            Corpus(np.array([1, 2, 3]), np.array([0, 2])),
            {},
            r"starts is \[0 2\], expected integers that rise from 0 to 3",
        ),
    ],
)
def test_a_text_that_teaches_nothing_is_refused(corpus, options, message):
    with pytest.raises(ValueError, match=message):
        train_word2vec(corpus, 7, np.random.default_rng(0), D=2, **options)


def test_subsampling_that_leaves_a_later_epoch_nothing_is_reported_too():
    corpus = Corpus(np.arange(1, 31), np.arange(0, 31, 3))
    with pytest.raises(ValueError, match="subsampling leaves 5 of 30 tokens in epoch 2 and none"):
        train_word2vec(corpus, 31, np.random.default_rng(2), D=2)


def test_vectors_of_the_known_world_know_its_analogies():
    grammar = world_grammar()
    corpus = sample_corpus(grammar, 15_000, np.random.default_rng(0))
    params, _ = train_word2vec(corpus, len(grammar.vocab), np.random.default_rng(0), epochs=8, D=60)
    ids = grammar.vocab.ids
    questions = np.array([[ids[word] for word in quadruple] for quadruple in analogies()])
    first, second, grade = zip(*similarity_pairs(np.random.default_rng(0)), strict=True)
    pairs = [np.array([ids[word] for word in words]) for words in (first, second)]
    assert analogy_accuracy(params.E, questions, exclude=range(4)) > 0.5  # chance is 0.002
    assert similarity_correlation(params.E, *pairs, grade) > 0.6


def test_watch_sees_the_tables_at_each_point_of_the_history():
    seen = []
    params, history = train_word2vec(
        two_topics(), 11, np.random.default_rng(0), epochs=2, D=4, watch=lambda params: seen.append(params.E.copy())
    )
    assert len(seen) == len(history.tokens)
    first = init_word2vec(np.random.default_rng(0), 11, 4, 11)
    np.testing.assert_array_equal(seen[0], first.E)  # before the first step: as it was drawn
    assert 0 < np.abs(params.E - seen[-1]).max() < np.abs(params.E - seen[0]).max()


def test_progress_is_silent_on_short_runs(capsys):
    train_word2vec(two_topics(), 11, np.random.default_rng(0), epochs=1, D=4, progress="words")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"context": "glove"}, "context is 'glove', expected one of 'skip-gram', 'cbow'"),
        ({"output": "sigmoid"}, "output is 'sigmoid'"),
        ({"D": 0}, "D is 0"),
        ({"window": 0}, "window is 0"),
        ({"epochs": 1.5}, "epochs is 1.5"),
        ({"k": 0}, "k is 0"),
        ({"power": -1}, "power is -1"),
        ({"rate": 0}, "rate is 0"),
        ({"rate": np.nan}, "rate is nan"),
        ({"subsampling": 0}, "threshold is 0"),
        ({"V": 10}, "tokens spans 1 to 10, expected integers from 0 to 9"),
        ({"corpus": Corpus(np.array([], int), np.array([0]))}, "the corpus is empty"),
        ({"corpus": Corpus(np.array([0.5]), np.array([0, 1]))}, "tokens has dtype float64"),
    ],
)
def test_bad_options_are_named(options, message):
    given = {"corpus": two_topics(), "V": 11, "rng": np.random.default_rng(0), **options}
    with pytest.raises(ValueError, match=message):
        train_word2vec(**given)
