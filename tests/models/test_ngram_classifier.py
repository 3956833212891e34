import numpy as np
import pytest

from helpers.models.ngram_classifier import train_ngram_classifier, with_borders


def test_letters_alone_cannot_tell_an_order_and_n_grams_can():
    words, labels = ["ab", "ba"] * 5, np.array([0, 1] * 5)
    assert train_ngram_classifier(words, labels, 1, 1).score(words, labels) == 0.5
    assert train_ngram_classifier(words, labels, 1, 2).score(words, labels) == 1


def test_an_ending_is_an_n_gram():
    assert with_borders("ab") == "^ab$"
    words, labels = ["oa", "ao", "oao", "aoa"] * 5, np.array([0, 1, 1, 0] * 5)
    model = train_ngram_classifier(words, labels, 2, 2)
    assert model.predict(["ooa", "aao"]).tolist() == [0, 1]
    np.testing.assert_allclose(model.predict_proba(["oa"]).sum(), 1)


def test_bad_arguments():
    with pytest.raises(ValueError, match="most is 1"):
        train_ngram_classifier(["a"], [0], 2, 1)
    with pytest.raises(ValueError, match="2 words came with 1 labels"):
        train_ngram_classifier(["a", "b"], [0])
    with pytest.raises(ValueError, match="strength is 0"):
        train_ngram_classifier(["a", "b"], [0, 1], strength=0)
