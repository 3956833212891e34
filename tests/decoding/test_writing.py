"""A model that writes: what it reads, what it draws from, and that what is drawn is read in its turn."""

import numpy as np
import pytest

from helpers.decoding import temperature, tokens_of, top_k, top_p, write_tokens

NEXT = np.array([[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.1, 0.1], [0.25, 0.25, 0.25, 0.25], [0.4, 0.3, 0.2, 0.1]])


def step(tokens, state):
    """The next token depends on the last one; the state counts the steps."""
    return np.log(NEXT[tokens]), (state[0] + 1,)


def write(seed=0, **options):
    return write_tokens(step, (np.zeros((1, 1)),), 0, -1, np.random.default_rng(seed), **options)


def test_each_token_that_comes_is_read_next():
    written = write(max_length=30)
    assert [each.read for each in written] == [0, *tokens_of(written)[:-1]]
    assert [each.state[0].item() for each in written] == list(range(1, 31))
    assert all(np.allclose(each.p, NEXT[each.read]) for each in written)
    assert not any(each.given for each in written)


def test_tokens_come_as_often_as_they_are_probable():
    written = write(max_length=20_000)
    after_0 = [each.next for each in written if each.read == 0]
    assert np.allclose(np.bincount(after_0, minlength=4) / len(after_0), NEXT[0], atol=0.02)


def test_the_beginning_is_given_and_uses_up_its_draws():
    free, given = write(max_length=10), write(beginning=[3, 3], max_length=10)
    assert tokens_of(given)[:2] == [3, 3]
    assert [each.given for each in given] == [True, True] + [False] * 8
    same = write(beginning=tokens_of(free)[:2], max_length=10)
    assert tokens_of(same) == tokens_of(free)


def test_what_is_drawn_from_is_changed_by_each_setting():
    log_p = np.log(NEXT[:1])
    for options, expected in (
        ({"T": 0.5}, temperature(log_p, 0.5)),
        ({"k": 2}, top_k(log_p, 2)),
        ({"p": 0.6}, top_p(log_p, 0.6)),
        ({"T": 2.0, "k": 3, "p": 0.5}, top_p(top_k(temperature(log_p, 2.0), 3), 0.5)),
    ):
        assert np.allclose(write(**options)[0].p, np.exp(expected[0]))


def test_it_stops_at_the_end():
    written = write_tokens(step, (np.zeros((1, 1)),), 0, 3, np.random.default_rng(0), max_length=1000)
    assert tokens_of(written)[-1] == 3
    assert 3 not in tokens_of(written)[:-1]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"max_length": 0}, "max_length"), ({"beginning": [1, 2], "max_length": 2}, "at least 3"),
     ({"beginning": [4]}, "beginning"), ({"beginning": [-1]}, "<end>"), ({"T": 0}, "T is 0"), ({"p": 0}, "p is 0")],
)  # fmt: skip
def test_what_cannot_be_written_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        write(**options)
