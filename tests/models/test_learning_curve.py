import numpy as np
import pytest

from helpers.core.params import named_arrays
from helpers.data.tasks.delayed_recall import latest_letter
from helpers.models.learning_curve import learning_curve
from helpers.models.reader import init_reader, reader_accuracy, reader_loss, train_reader


def network():
    rng = np.random.default_rng(0)
    return init_reader(rng, "lstm", 6, 3, 4, np.float32), lambda: latest_letter(rng, 4, 6)


def loss_and_grads(params, *batch):
    return reader_loss(params, *batch)[:2]


def test_the_model_is_measured_where_it_would_stand_if_training_ended_there():
    test = latest_letter(np.random.default_rng(1), 20, 6)

    def measure(params):
        return params, reader_accuracy(params, *test)

    last, measured = learning_curve(loss_and_grads, *network(), [9, 4, 0], measure, rate=1e-2, clip=0.5)
    assert sorted(measured) == [0, 4, 9]
    start, draw = network()
    for steps in (0, 4, 9):
        params, draw = network()
        params = train_reader(params, draw, steps, rate=1e-2, clip=0.5)[0] if steps else start
        for (name, ours), (_, theirs) in zip(named_arrays(measured[steps][0]), named_arrays(params), strict=True):
            np.testing.assert_array_equal(ours, theirs, err_msg=f"{name} after {steps} steps")
        assert measured[steps][1] == reader_accuracy(params, *test)
    assert last is measured[9][0]


def test_what_training_refuses_is_refused():
    with pytest.raises(ValueError, match="steps"):
        learning_curve(loss_and_grads, *network(), [0], lambda params: None)


@pytest.mark.parametrize("checkpoints", [None, [], [2.5], [-1, 4], [None, 3]])
def test_what_is_no_number_of_steps_is_refused(checkpoints):
    with pytest.raises(ValueError, match="checkpoint"):
        learning_curve(None, None, None, checkpoints, None)
