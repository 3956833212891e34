"""The block is said again, what is asked for can be foreseen from it, and nothing else can."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest

from helpers.data.tasks.repeated_blocks import best_guess_by_place, repeated_blocks


@pytest.mark.parametrize(
    ("shortest", "longest", "distance"),
    [(5, 7, None), (6, 6, None), (2, 3, None), (2, 2, None), (12, 12, None), (4, 9, 12)],
)
def test_what_is_asked_for_stood_so_far_before(rng, shortest, longest, distance):
    batch = repeated_blocks(rng, 400, 24, 32, shortest, longest, distance)
    lengths = 1 + batch.copied.sum(axis=1)
    assert {*lengths} == {*range(shortest, longest + 1)}
    for row, far, asked, L in zip(*batch, lengths, strict=True):
        last, first = row[24 - L :], row[24 - L - far : 24 - far]
        assert (last == first).all()
        assert len({*last}) == L
        assert np.flatnonzero(asked).tolist() == [*range(24 - L + 1, 24)]
    if distance is None:  # from one block just before the other to one that begins the sequence
        assert {*batch.distance} == {*range(shortest, 24 - shortest + 1)}
    else:
        assert {*batch.distance} == {distance}


def test_what_stands_elsewhere_is_random(rng):
    tokens = repeated_blocks(rng, 4000, 24, 8, 7, 7, 7).tokens
    first = tokens[:, :10]
    counts = np.bincount(first.ravel(), minlength=8)
    p = 1 / 8
    assert (np.abs(counts - first.size * p) < 4 * np.sqrt(first.size * p * (1 - p))).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"longest": 13}, "blocks have 8 to 13 tokens, expected two of the longest in 24, and 32 different ones"),
        ({"shortest": 9, "longest": 8}, "blocks have 9 to 8"),
        ({"V": 9}, "and 9 different ones"),
        ({"distance": 9}, "distance is 9, expected 10 to 14"),
        ({"distance": 15}, "distance is 15, expected 10 to 14"),
        ({"shortest": 1}, "shortest is 1"),
        ({"B": 0}, "B is 0"),
    ],
)
def test_it_refuses(rng, options, message):
    with pytest.raises(ValueError, match=message):
        repeated_blocks(rng, **{"B": 2, **options})


def test_the_best_guess_by_place(rng):
    assert best_guess_by_place(T=6, shortest=3, longest=3) == 1
    assert best_guess_by_place(T=8, shortest=3, longest=3) == pytest.approx(1 / 3)
    batch = repeated_blocks(rng, 20_000)
    counts = [np.bincount(batch.distance[batch.copied[:, t]]) for t in range(15, 24)]
    assert best_guess_by_place() == pytest.approx(sum(c.max() for c in counts) / sum(c.sum() for c in counts), abs=0.01)
    with pytest.raises(ValueError, match="expected two of the longest in 24"):
        best_guess_by_place(longest=13)


@pytest.mark.parametrize(("T", "shortest", "longest"), [(10, 2, 4), (11, 3, 5), (24, 8, 10)])
def test_the_best_guess_counted_token_by_token(T, shortest, longest):
    """Every length is as likely as another, and so is every distance that fits it; the first token does not count."""
    shares = {}
    for L in range(shortest, longest + 1):
        distances = range(L, T - L + 1)
        for far in distances:
            for place in range(T - L + 1, T):
                of_place = shares.setdefault(place, Counter())
                of_place[far] += Fraction(1, len(distances))
    best, total = (sum(f(each.values()) for each in shares.values()) for f in (max, sum))
    assert best_guess_by_place(T, shortest, longest) == pytest.approx(float(best / total), rel=1e-12)
