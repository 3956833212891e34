import numpy as np
import pytest

from helpers.data.tasks.agreement import AGREEMENT_WORDS
from helpers.layers.embedding import one_hot
from helpers.models.agreement_reader import read_sentence, train_agreement_readers
from helpers.models.reader import init_reader, reader_loss

SENTENCE = "the dogs near the cat sleep"


@pytest.fixture(scope="module")
def networks():
    return train_agreement_readers(np.random.default_rng(38), range(0, 401, 50))


@pytest.fixture(scope="module")
def reading(networks):
    return read_sentence(networks[50], SENTENCE)


def test_each_network_is_that_of_its_number_of_steps(networks):
    (alone,) = train_agreement_readers(np.random.default_rng(38), [100]).values()
    (untrained,) = train_agreement_readers(np.random.default_rng(38), [0]).values()
    for one, other in ((alone, networks[100]), (untrained, networks[0])):
        np.testing.assert_array_equal(one.cell.W_hh, other.cell.W_hh)
    assert alone.output.W.dtype == np.float64
    np.testing.assert_allclose(untrained.cell.W_hh @ untrained.cell.W_hh.T, np.eye(4) / 4, atol=1e-12)


def test_what_the_first_page_says_of_the_figure(networks):
    readings = {steps: read_sentence(network, SENTENCE) for steps, network in networks.items()}
    sleeps, sleep = readings[250].p[-1, [AGREEMENT_WORDS.index(verb) for verb in ("sleeps", "sleep")]]
    assert abs(sleeps - sleep) < 0.1, "nearly equal"
    assert sleeps + sleep > 0.95, "it knows that a verb comes"
    lengths = {steps: np.linalg.norm(each.dh, axis=1) for steps, each in readings.items()}
    assert lengths[250][1] < 0.05 * lengths[250][-1], "hardly any gradient arrives at dogs"
    assert lengths[300][1] > lengths[300][-1], "now it arrives"
    assert np.exp(-readings[300].loss) > 0.9, "and the network knows the verb"


def test_the_trained_network_is_right_with_either_subject(networks):
    for sentence in (SENTENCE, "the dog near the cats sleeps"):
        assert np.exp(-read_sentence(networks[400], sentence).loss) > 0.9


def test_a_state_is_the_tanh_of_what_enters_it(networks, reading):
    np.testing.assert_allclose(
        reading.h, np.tanh(reading.from_word + reading.from_state + networks[50].cell.b_h), rtol=1e-12
    )
    logits = reading.h @ networks[50].output.W + networks[50].output.b
    np.testing.assert_allclose(reading.p, np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True), rtol=1e-12)
    assert np.exp(-reading.loss) == pytest.approx(reading.p[-1, AGREEMENT_WORDS.index("sleep")])


def test_the_gradients_are_those_of_small_differences(networks, reading):
    params, eps = networks[50], 1e-6

    def loss_from(t, h):
        """Go on from a state: the loss as a function of h_t alone."""
        for later in range(t + 1, 5):
            h = np.tanh(reading.from_word[later] + h @ params.cell.W_hh + params.cell.b_h)
        logits = h @ params.output.W + params.output.b
        return np.log(np.exp(logits).sum()) - logits[AGREEMENT_WORDS.index("sleep")]

    for t in range(5):
        up, down = ([loss_from(t, reading.h[t] + sign * eps * row) for row in np.eye(4)] for sign in (1, -1))
        np.testing.assert_allclose(reading.dh[t], (np.array(up) - down) / (2 * eps), atol=1e-8)
    np.testing.assert_allclose(reading.da, reading.dh * (1 - reading.h**2), rtol=1e-12)
    one = np.arange(8) == AGREEMENT_WORDS.index("sleep")
    np.testing.assert_allclose(reading.dlogits, reading.p[-1] - one, atol=1e-15)


def test_one_step_of_gradient_descent_makes_the_verb_more_probable(networks):
    for steps, network in networks.items():
        reading = read_sentence(network, SENTENCE)
        assert np.exp(-reading.loss) < reading.p_after, f"after {steps} steps"
    params, rate = networks[50], 1e-6  # so small that the loss is straight
    x = one_hot(np.array([[AGREEMENT_WORDS.index(word)] for word in SENTENCE.split()[:-1]]), 8)
    loss, grads, _ = reader_loss(params, x, np.array([AGREEMENT_WORDS.index("sleep")]))
    squares = sum((array**2).sum() for array in (*grads.cell, *grads.output))
    after = -np.log(read_sentence(params, SENTENCE, rate).p_after)
    assert (loss - after) / rate == pytest.approx(squares, rel=1e-3)


@pytest.mark.parametrize("words", ["the", "the fox sleeps", ""])
def test_bad_words(words):
    params = init_reader(np.random.default_rng(0), "rnn", 8, 4, 8)
    with pytest.raises(ValueError, match="expected two or more of the, dog, dogs"):
        read_sentence(params, words)
