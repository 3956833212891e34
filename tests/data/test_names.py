import importlib.metadata

import numpy as np
import pytest

from helpers.data.names import CensusNames, first_names, split_names, surnames


@pytest.fixture(scope="module")
def all_surnames():
    return surnames()


def test_surnames_of_the_census(all_surnames):
    names, counts = all_surnames
    assert len(names) == len(set(names)) == len(counts) == 88_799
    assert names[:3] == ["smith", "johnson", "williams"]
    np.testing.assert_allclose(counts[:3], [1006, 810, 699])
    assert set("".join(names)) == set("abcdefghijklmnopqrstuvwxyz")


def test_surnames_that_the_census_rounds_to_nothing_share_what_is_left(all_surnames):
    _, counts = all_surnames
    assert np.count_nonzero(counts < 1) == 69_960
    np.testing.assert_allclose(counts[counts < 1], 1000 * (90.483 - 77.480) / 69_960)
    assert (np.diff(counts) <= 0).all()
    np.testing.assert_allclose(counts[counts >= 1].sum(), 77_480 + 2_110)
    np.testing.assert_allclose(counts.sum(), 90_483 + 2_110)


def test_first_names():
    women, men, both = first_names("female"), first_names("male"), first_names()
    assert tuple(len(each.names) for each in (women, men, both)) == (4_275, 1_219, 5_163)
    assert (women.names[0], men.names[0], both.names[0]) == ("mary", "james", "james")
    assert len(set(women.names) & set(men.names)) == 331
    assert both.counts[both.names.index("mary")] == pytest.approx((2629 + 9) / 2)  # some men are called Mary too
    np.testing.assert_allclose(both.counts.sum(), (women.counts.sum() + men.counts.sum()) / 2)
    assert (np.diff(both.counts) <= 0).all()
    with pytest.raises(ValueError, match="sex is 'f', expected one of 'female', 'male', None"):
        first_names("f")


def test_held_out_names_are_others_and_the_same_at_every_run(all_surnames):
    train, held_out = split_names(all_surnames, np.random.default_rng(3), held_out=0.3)
    assert len(held_out.names) == round(0.3 * 88_799)
    assert {*train.names}.isdisjoint(held_out.names)
    assert {*train.names, *held_out.names} == {*all_surnames.names}
    known = dict(zip(*all_surnames, strict=True))
    for part in (train, held_out):
        assert [known[name] for name in part.names] == part.counts.tolist()
        assert (np.diff(part.counts) <= 0).all(), "both keep their order"
    assert split_names(all_surnames, np.random.default_rng(3), held_out=0.3)[0].names == train.names
    assert split_names(all_surnames, np.random.default_rng(4), held_out=0.3)[0].names != train.names
    shares = [part.counts.mean() for part in (train, held_out)]
    assert shares[0] == pytest.approx(shares[1], rel=0.2), "neither side has the frequent ones"


@pytest.mark.parametrize("held_out", [0, 1, 0.1, 0.9, float("nan"), -1])
def test_a_split_that_leaves_one_side_empty_is_refused(held_out):
    names = CensusNames(["a", "b"], np.array([2.0, 1.0]))
    with pytest.raises(ValueError, match=f"held_out is {held_out}, expected a (share|number)"):
        split_names(names, np.random.default_rng(0), held_out)


def test_a_missing_package_is_named(monkeypatch):
    def missing(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr("helpers.data.names.distribution", missing)
    with pytest.raises(ValueError, match="the package 'names' is not installed"):
        surnames()
