import numpy as np
import pytest

from helpers.core.gradient_check import numerical_gradient
from helpers.core.numerics import softmax
from helpers.models.query_gradients import compare_score_scales, how_many_make_half, query_gradients


def test_the_gradients_are_those_of_the_loss_that_arrives():
    d, N, S, scale = 3, 2, 4, 0.7
    found = query_gradients(np.random.default_rng(5), d, scale, N, S)
    rng = np.random.default_rng(5)
    x, W_q = rng.standard_normal((N, d)), rng.standard_normal((d, d)) / np.sqrt(d)
    k, arrives = rng.standard_normal((N, S, d)), rng.standard_normal((N, 1, S))

    def loss_of_scores(scores):
        return (arrives[:, 0] * softmax(scores)).sum()

    def scores(q):
        return scale * np.einsum("nd,nsd->ns", q, k)

    np.testing.assert_allclose(found.heaviest, softmax(scores(x @ W_q)).max(axis=-1))
    dscores = numerical_gradient(loss_of_scores, scores(x @ W_q))
    np.testing.assert_allclose(found.scores, np.linalg.norm(dscores, axis=-1), rtol=1e-6)
    dq = numerical_gradient(lambda q: loss_of_scores(scores(q)), x @ W_q)
    np.testing.assert_allclose(found.queries, np.linalg.norm(dq, axis=-1), rtol=1e-6)
    dW = numerical_gradient(lambda W: loss_of_scores(scores(x @ W)), W_q)
    assert found.W_q == pytest.approx(np.linalg.norm(dW), rel=1e-6)


def test_both_scales_get_the_same_draws():
    found = compare_score_scales([1, 4], range(2), N=3, S=2)
    assert [*found] == ["not scaled", "divided by √d"]
    np.testing.assert_array_equal(found["not scaled"][1][1].queries, found["divided by √d"][1][1].queries)  # √1 = 1
    expected = query_gradients(np.random.default_rng(1), 4, 0.5, 3, 2)
    np.testing.assert_array_equal(found["divided by √d"][4][1].queries, expected.queries)
    assert found["not scaled"][4][1].W_q != expected.W_q


def test_how_many_make_half():
    assert how_many_make_half([1, 1, 1, 1]) == 2
    assert how_many_make_half([0.1, 10, 0.1]) == 1
    assert how_many_make_half([3, 4, 4]) == 2  # 9, 16 and 16 of 41: one has less than half
    for norms in ([], [0.0, 0.0], [1.0, np.nan]):
        with pytest.raises(ValueError, match="norms"):
            how_many_make_half(norms)


@pytest.mark.parametrize("change", [{"d": 0}, {"N": 0}, {"S": 0}, {"scale": 0.0}, {"scale": np.nan}])
def test_bad_sizes_are_refused(change):
    given = {"rng": np.random.default_rng(0), "d": 2, "scale": 1.0} | change
    with pytest.raises(ValueError, match=next(iter(change))):
        query_gradients(**given)
