"""Which class is a word of, by counting: its letters, or its letter n-grams, with logistic regression."""

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from helpers.core.checks import as_array, check_indices, check_integer, check_positive, check_shape
from helpers.data.spelling import checked_words


def train_ngram_classifier(words, labels, least=1, most=4, strength=10.0):
    """Fit P(class | word) = softmax(features W + b) to the n-grams of words, their borders included.

    Parameters
    ----------
    words : list of str
    labels : ndarray of int (N,)
    least, most : int
        The shortest and the longest n-gram; 1 and 1 counts letters.
    strength : float
        C, the inverse of the penalty on W: the larger, the closer to the training words.

    Returns
    -------
    sklearn.pipeline.Pipeline
        With ``predict(words)``, ``predict_proba(words)`` and ``score(words, labels)``.

    Raises
    ------
    ValueError
        When a number is out of range, or words and labels differ in number.
    """
    check_integer("least", least)
    check_integer("most", most, least=least)
    check_positive("strength", strength)
    words, labels = checked_words("words", words), as_array("labels", labels)
    (N,) = check_shape("labels", labels, "N")
    check_indices("labels", labels, max(1, N))
    if len(words) != N:
        raise ValueError(f"{len(words)} words came with {N} labels, expected one for each")
    if len(np.unique(labels)) < 2 or not any(len(word) + 2 >= least for word in words):
        raise ValueError(f"expected two classes or more and a word of {least} letters or more, borders included")
    features = TfidfVectorizer(preprocessor=with_borders, analyzer="char", ngram_range=(least, most), sublinear_tf=True)
    return make_pipeline(features, LogisticRegression(C=float(strength), max_iter=300)).fit(words, labels)


def with_borders(word):
    """Mark where a word begins and ends, so that an n-gram can be an ending: "^word$"."""
    return f"^{word}$"
