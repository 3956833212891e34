import numpy as np
import pytest

from helpers.data.vocab import Corpus
from helpers.models.context_vectors import context_means

E = np.array([[1.0, 0], [0, 1.0], [10, 0], [0, 10]])
CORPUS = Corpus(np.array([0, 1, 2, 3, 3, 0]), np.array([0, 3, 5, 6]))  # sentences 0 1 2, 3 3 and 0


def test_means_by_hand():
    found = context_means(CORPUS, E, 1, np.array([0, 1, 3]))
    np.testing.assert_allclose(found, [E[1], (E[0] + E[2]) / 2, E[3]])


def test_a_wider_window_stays_in_the_sentence():
    found = context_means(CORPUS, E, 100, np.array([2, 4]))
    np.testing.assert_allclose(found, [(E[0] + E[1]) / 2, E[3]])


def test_a_word_alone_has_zeros():
    assert not context_means(CORPUS, E, 2, np.array([5])).any()


@pytest.mark.parametrize(("places", "window"), [([6], 1), ([-1], 1), ([0], 0)])
def test_what_is_not_there_is_refused(places, window):
    with pytest.raises(ValueError, match="expected"):
        context_means(CORPUS, E, window, np.array(places))
