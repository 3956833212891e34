"""The machine of one layer: its numbers, when each comes, what is told, and that nothing meets."""

import numpy as np
import pytest
from matplotlib.patches import Patch
from matplotlib.text import Text

from helpers.figures.softmax_machine import MOMENTS, draw_softmax_layer, pass_through
from helpers.layers.linear import LinearParams

X, LAYER = np.array([1.0, 2.0]), LinearParams(np.array([[0.0, 0, 1], [0, 1, 0]]), np.zeros(3))
NAMES = ["sun", "rain", "snow"]


def draw(moment, target=2):
    return draw_softmax_layer(X, LAYER, target, NAMES, moment)


def texts(moment):
    return [text.get_text() for text in draw(moment)[0].findobj(Text)]


def test_the_pass_by_hand():
    found = pass_through(X, LAYER, 2)
    e = np.exp([0, 2, 1])
    np.testing.assert_allclose(found.logits, [0, 2, 1])
    np.testing.assert_allclose(found.p, e / e.sum())
    assert found.loss == pytest.approx(np.log(e.sum()) - 1)
    dz = e / e.sum() - [0, 0, 1]
    np.testing.assert_allclose(found.dlogits, dz)
    np.testing.assert_allclose(found.grads.W, [dz, 2 * dz])
    np.testing.assert_allclose(found.dx, [dz[2], dz[1]])


@pytest.mark.parametrize("target", range(3))
@pytest.mark.parametrize("moment", range(len(MOMENTS)))
def test_nothing_meets_and_nothing_moves(moment, target, check_machine):
    figure, said = draw(moment, target)
    check_machine(figure)
    assert figure.get_figheight() == draw(0)[0].get_figheight()
    assert len(said) < 130
    others = [draw(other, target)[1] for other in range(len(MOMENTS)) if other != moment]
    assert said not in others
    assert said not in [draw(moment, other)[1] for other in range(3) if other != target]


def test_every_number_comes_when_it_is_computed():
    for number, moment in (("7.39", "e"), ("0.67", "p"), ("1.41", "L"), ("−0.76", "dz"), ("−1.51", "dW")):
        first = next(k for k in range(len(MOMENTS)) if number in texts(k))
        assert MOMENTS[first] == moment, number


@pytest.mark.parametrize("moment", range(len(MOMENTS)))
def test_both_gradients_come_from_that_of_the_scores(moment):
    names = [patch.get_label().split()[1:] for patch in draw(moment)[0].findobj(Patch) if _is_arrow(patch)]
    ends = {frozenset(name) for name in names}
    assert {frozenset(("dz", "dW")), frozenset(("dz", "dx"))} <= ends
    assert frozenset(("dW", "dx")) not in ends


def _is_arrow(patch):
    return str(patch.get_label()).startswith("arrow ")


def test_the_step_lowers_the_loss():
    _, said = draw(len(MOMENTS) - 1)
    assert said.endswith("rises from 0.24 to 0.89, and the loss falls from 1.41 to 0.12.")
    assert {"1.38", "0.12", "0.89"} <= {*texts(len(MOMENTS) - 1)}


@pytest.mark.parametrize("moment", [-1, len(MOMENTS)])
def test_there_is_no_other_moment(moment):
    with pytest.raises(ValueError, match=f"moment = {moment}"):
        draw(moment)
