import pytest

from helpers.data.world.grammar import Choice, maybe, one_of, weighted, zipf


def test_weights():
    assert one_of("a", "b") == Choice(("a", "b"), (1, 1))
    assert zipf(["a", "b", "c"]) == Choice(("a", "b", "c"), (1, 1 / 2, 1 / 3))
    assert weighted([(3, "a"), (1, ("b", "c"))]) == Choice(("a", ("b", "c")), (3, 1))
    assert maybe(0.25, "a") == Choice(("a", ""), (0.25, 0.75))


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf")])
def test_bad_weights_are_refused(weight):
    with pytest.raises(ValueError, match="weight is"):
        weighted([(weight, "a")])


def test_a_choice_of_nothing_is_refused():
    for empty in (lambda: one_of(), lambda: zipf([]), lambda: weighted([])):
        with pytest.raises(ValueError, match="at least one option"):
            empty()


@pytest.mark.parametrize("probability", [0, 1, 1.5, float("nan")])
def test_maybe_needs_a_probability(probability):
    with pytest.raises(ValueError, match="probability is"):
        maybe(probability, "a")
