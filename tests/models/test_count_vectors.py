import numpy as np
import pytest

from helpers.models.count_vectors import pmi, positive_pmi, svd_vectors, tf_idf

COUNTS = np.array([[6.0, 2.0], [0.0, 8.0]])


def test_pmi_by_hand():
    """p(v, w) of 16 meetings; p(v) = 1/2, 1/2 and p(w) = 3/8, 5/8."""
    table = pmi(COUNTS)
    np.testing.assert_allclose(table[0], [np.log(6 / 16 / (0.5 * 0.375)), np.log(2 / 16 / (0.5 * 0.625))])
    assert table[1, 0] == -np.inf
    np.testing.assert_allclose(table[1, 1], np.log(0.5 / (0.5 * 0.625)))


def test_independent_words_have_pmi_0():
    np.testing.assert_allclose(pmi(np.outer([1.0, 2.0, 5.0], [3.0, 4.0])), 0, atol=1e-12)


def test_the_power_is_of_the_contexts_alone():
    p_w = np.array([6.0, 10.0]) ** 0.75
    wanted = np.log(COUNTS[0] / 8) - np.log(p_w / p_w.sum())
    np.testing.assert_allclose(pmi(COUNTS, power=0.75)[0], wanted)


def test_positive_pmi_is_shifted_and_cut():
    found, table = positive_pmi(COUNTS, k=1.2), pmi(COUNTS)
    np.testing.assert_allclose(found, np.maximum(table - np.log(1.2), 0))
    assert found[0, 1] == found[1, 0] == 0 < found[0, 0]


def test_tf_idf_by_hand():
    """The first word is in all three texts, the second in one, the third in none."""
    counts = np.array([[2.0, 3.0, 0.0], [1.0, 0.0, 0.0], [5.0, 0.0, 0.0]])
    np.testing.assert_allclose(tf_idf(counts), [[0, 3 * np.log(3), 0], [0, 0, 0], [0, 0, 0]])


def test_svd_is_the_nearest_of_its_rank():
    matrix = np.random.default_rng(0).standard_normal((6, 4))
    S = np.linalg.svd(matrix, compute_uv=False)
    for D in (1, 2, 4):
        vectors = svd_vectors(matrix, D, power=1.0)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=0), S[:D])
        error = np.linalg.norm(vectors @ vectors.T - matrix @ matrix.T)
        np.testing.assert_allclose(error, np.sqrt((S[D:] ** 4).sum()), atol=1e-10)
        np.testing.assert_allclose(np.linalg.norm(svd_vectors(matrix, D, power=0.5), axis=0), np.sqrt(S[:D]))
        assert (vectors[np.abs(vectors).argmax(axis=0), np.arange(D)] > 0).all()


def test_words_of_equal_company_get_equal_vectors():
    vectors = svd_vectors(np.array([[1.0, 0, 2], [1, 0, 2], [0, 3, 0]]), 2)
    np.testing.assert_allclose(vectors[0], vectors[1])
    assert abs(vectors[0] @ vectors[2]) < 1e-12


def test_dtype_is_kept():
    counts = COUNTS.astype(np.float32)
    assert pmi(counts).dtype == positive_pmi(counts).dtype == tf_idf(counts).dtype == np.float32
    assert svd_vectors(counts, 1).dtype == np.float32


@pytest.mark.parametrize("wrong", [-COUNTS, 0 * COUNTS, np.array([[1.0, np.nan]]), np.ones(3)], ids=str)
def test_what_are_no_counts_is_refused(wrong):
    for function in (pmi, positive_pmi, tf_idf):
        with pytest.raises(ValueError, match="counts has"):
            function(wrong)


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (svd_vectors, {"matrix": COUNTS, "D": 3}, "at most 2"),
        (svd_vectors, {"matrix": COUNTS, "D": 0}, "D is 0"),
        (svd_vectors, {"matrix": COUNTS, "D": 1, "power": -1.0}, "power is"),
        (svd_vectors, {"matrix": np.array([[np.inf, 1]]), "D": 1}, "infinite"),
        (positive_pmi, {"counts": COUNTS, "k": 0.0}, "k is"),
        (pmi, {"counts": COUNTS, "power": 0.0}, "power is"),
        (pmi, {"counts": COUNTS, "power": 1e300}, "expected a smaller number"),
    ],
)
def test_what_cannot_be_computed_is_refused(function, arguments, message):
    with pytest.raises(ValueError, match=message):
        function(**arguments)
