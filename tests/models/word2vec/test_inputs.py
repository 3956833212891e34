import numpy as np
import pytest

from helpers.core.gradient_check import numerical_gradient, relative_error
from helpers.models.word2vec.inputs import INPUTS, Examples, cbow, hidden, hidden_backward, skip_gram

CENTRES = np.array([5, 6, 7, 8])
CONTEXTS_OF = np.array([[0, 6], [5, 7], [6, 0], [0, 0]])  # the last stands alone


def test_skip_gram_makes_a_pair_of_every_neighbour():
    inputs, mask, targets = skip_gram(CENTRES, CONTEXTS_OF)
    np.testing.assert_array_equal(inputs, [[5], [6], [6], [7]])
    np.testing.assert_array_equal(targets, [6, 5, 7, 6])
    assert mask.all()
    assert mask.shape == (4, 1)


def test_cbow_makes_an_example_of_every_window_that_has_a_neighbour():
    inputs, mask, targets = cbow(CENTRES, CONTEXTS_OF)
    np.testing.assert_array_equal(inputs, CONTEXTS_OF[:3])
    np.testing.assert_array_equal(mask, [[False, True], [True, True], [True, False]])
    np.testing.assert_array_equal(targets, [5, 6, 7])


def test_hidden_is_the_mean_of_what_is_seen(rng):
    E = rng.standard_normal((9, 3))
    h, _ = hidden(cbow(CENTRES, CONTEXTS_OF), E)
    np.testing.assert_allclose(h, [E[6], (E[5] + E[7]) / 2, E[6]])
    h, _ = hidden(skip_gram(CENTRES, CONTEXTS_OF), E)
    np.testing.assert_array_equal(h, E[[5, 6, 6, 7]])


@pytest.mark.parametrize("context", INPUTS)
def test_float32_stays_float32(context):
    h, cache = hidden(INPUTS[context](CENTRES, CONTEXTS_OF), np.ones((9, 3), np.float32))
    assert h.dtype == hidden_backward(h, cache, np.ones((9, 3), np.float32)).dtype == np.float32


@pytest.mark.parametrize("context", INPUTS)
def test_hidden_backward_equals_central_differences(context, rng):
    E = rng.standard_normal((9, 3))
    examples = INPUTS[context](CENTRES, np.array([[5, 5], [5, 7], [6, 0], [0, 0]]))  # one neighbour twice
    h, cache = hidden(examples, E)
    dh = rng.standard_normal(h.shape)
    wanted = numerical_gradient(lambda E: float((hidden(examples, E)[0] * dh).sum()), E)
    assert relative_error(hidden_backward(dh, cache, E), wanted) < 1e-6


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: skip_gram(CENTRES[:3], CONTEXTS_OF), "centres has shape"),
        (lambda: cbow(CENTRES, CONTEXTS_OF[0]), "contexts has shape"),
        (lambda: skip_gram(CENTRES * 1.0, CONTEXTS_OF), "centres has dtype float64, expected integers"),
        (lambda: cbow(CENTRES, CONTEXTS_OF.astype(str)), "contexts has dtype <U21, expected integers"),
        (lambda: hidden(cbow(CENTRES, CONTEXTS_OF), np.ones((5, 2))), "inputs spans 0 to 7"),
        (
            lambda: hidden(Examples(np.ones((1, 1), int), np.array([[False]]), np.ones(1, int)), np.ones((5, 2))),
            "no input",
        ),
        (
            lambda: hidden(Examples(np.ones((1, 2), int), np.array([[True]]), np.ones(1, int)), np.ones((5, 2))),
            r"mask has shape \(1, 1\), expected \(N=1, C=2\)",
        ),
        (lambda: hidden(cbow(CENTRES, CONTEXTS_OF), np.ones((9, 2), int)), "E has dtype int64"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
