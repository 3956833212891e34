import numpy as np
import pytest

from helpers.figures.task_shapes import STEPS_SHOWN, draw_shape, share_right, trained_shape
from helpers.models.small_shapes import TASK_SHAPES, shape_task, small_shape_numbers, train_small_shape


@pytest.mark.parametrize("shape", TASK_SHAPES)
def test_every_small_network_has_learned_its_task(shape):
    task, wrong = shape_task(shape), 0
    for sequence in range(task.ids.shape[1]):
        _, p = small_shape_numbers(shape, trained_shape(shape), sequence)
        wrong += (p.argmax(axis=-1) != task.targets[:, sequence])[task.asked].sum()
    assert share_right(shape) == 1 - wrong == 1


@pytest.mark.parametrize("shape", TASK_SHAPES)
def test_the_last_step_shows_every_number_and_a_right_answer(shape):
    figure, told = draw_shape(shape, STEPS_SHOWN)
    best, right = told.split("“")[1].split("”")[0], told.split("“")[2].split("”")[0]
    assert best == right
    labels = [artist.get_label() for artist in figure.get_children()]
    task = shape_task(shape)
    rows = max(task.layers, 1 + task.bidirectional)
    assert sum(label.startswith("part h") for label in labels) == rows * len(task.asked)
    assert sum(label.startswith("part y") for label in labels) == task.asked.sum()
    written = [artist.get_text() for artist in figure.get_children() if hasattr(artist, "get_text")]
    assert "?" not in written


def test_before_the_first_step_nothing_is_computed():
    figure, told = draw_shape("many to one", 0)
    assert told.endswith("Nothing is computed yet.")
    assert "?" in [artist.get_text() for artist in figure.get_children() if hasattr(artist, "get_text")]


@pytest.mark.parametrize("shape", TASK_SHAPES)
def test_no_two_neighbouring_steps_of_a_long_shape_tell_the_same(shape):
    told = [draw_shape(shape, step)[1] for step in range(STEPS_SHOWN + 1)]
    assert len({*told}) >= {"one to one": 3, "many to one": 6}.get(shape, 9)


def test_tasks_by_hand():
    assert shape_task("many to one").targets[-1].tolist() == [1, 0] * 4 + [0, 1] * 4
    after = shape_task("many, then many")
    np.testing.assert_array_equal(after.ids[:3], after.targets[3:])
    assert (after.ids[3:] == 2).all()
    assert after.asked.tolist() == [False] * 3 + [True] * 3
    both = shape_task("two directions")
    np.testing.assert_array_equal(both.ids[1:] == 1, both.targets[:-1] == 1)
    before = shape_task("many to many")
    np.testing.assert_array_equal(before.ids[:-1] == 1, before.targets[1:] == 1)


def test_bad_arguments():
    with pytest.raises(ValueError, match="shape is 'many'"):
        draw_shape("many", 1)
    with pytest.raises(ValueError, match="at most 12"):
        draw_shape("one to one", 13)
    with pytest.raises(ValueError, match="H is 0"):
        train_small_shape("one to one", np.random.default_rng(0), H=0)


@pytest.mark.parametrize("shape", TASK_SHAPES)
def test_the_question_is_told_at_every_step(shape):
    question = shape_task(shape).question
    assert all(question in draw_shape(shape, step)[1] for step in range(STEPS_SHOWN + 1))
