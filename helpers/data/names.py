"""Real names: the surnames and first names of the United States census of 1990, and how many people have each."""

from importlib.metadata import PackageNotFoundError, distribution
from typing import NamedTuple

import numpy as np

from helpers.core.checks import check_choice, check_counts, check_shape, check_share

# The files of the package `names`: a name, its percentage, the sum of the percentages down to it, and its rank.
_FILES = {"surnames": "dist.all.last", "female": "dist.female.first", "male": "dist.male.first"}


class CensusNames(NamedTuple):
    """Names in lower case, letters a to z only, from frequent to rare; each stands once."""

    names: list[str]  # N of them
    counts: np.ndarray  # (N,) of float, people with this name in 100,000


def surnames():
    """Read the 88,799 surnames of the package `names`.

    The census rounds percentages to 0.001, one person in 100,000, so 69,960 surnames have 0.000 and look as if nobody
    had them. The sum of the percentages, which the file holds too, says what all of them have together, 13.003 %.
    Each gets an equal part of it: 0.186 people in 100,000. All counts sum to 92,593, while the file's own sum is
    90.483 %: rounding has made the percentages of the others too large by 2.110 in all. The rest of the people, about
    one in ten, have names that are not listed.

    Returns
    -------
    CensusNames

    Raises
    ------
    ValueError
        When the package is not installed.

    References
    ----------
    https://pypi.org/project/names/, from https://www.census.gov/topics/population/genealogy/data/1990_census.html
    """
    return _read("surnames")


def first_names(sex=None):
    """Read the first names of the package `names`: 4,275 of women, 1,219 of men, 331 of both.

    Parameters
    ----------
    sex : {"female", "male"}, optional
        Without it all 5,163 different names, counted in 50,000 women and 50,000 men.

    Returns
    -------
    CensusNames

    Raises
    ------
    ValueError
        When the sex is another, or the package is not installed.
    """
    check_choice("sex", sex, ("female", "male", None))
    if sex is not None:
        return _read(sex)
    both = {}
    for part in (_read("female"), _read("male")):
        for name, count in zip(part.names, part.counts, strict=True):
            both[name] = both.get(name, 0.0) + count / 2
    names = sorted(both, key=lambda name: (-both[name], name))
    return CensusNames(names, np.array([both[name] for name in names]))


def split_names(names, rng, held_out=0.5):
    """Divide names at random into those to learn from and those held out; both keep their order.

    Each name stands once, so what a model knows of held-out names is how names are made, not the names.

    Parameters
    ----------
    names : CensusNames
    rng : numpy.random.Generator
        The same state gives the same division.
    held_out : float
        The share that is held out, between 0 and 1.

    Returns
    -------
    train, held_out : CensusNames

    Raises
    ------
    ValueError
        When one of the two would have no name, or the names are no list of str, each with a finite count.
    """
    if not isinstance(names.names, list) or not all(isinstance(name, str) for name in names.names):
        raise ValueError(f"names.names is {str(names.names)[:60]}, expected a list of str")
    N = len(names.names)
    counts = check_counts(names.counts)
    check_shape("names.counts", counts, "N", N=N)
    check_share("held_out", held_out)
    held_out = float(held_out)
    if not 0 < round(held_out * N) < N:
        raise ValueError(f"held_out is {held_out}, expected a share that leaves some of {N} names on both sides")
    is_held_out = np.zeros(N, bool)
    is_held_out[rng.permutation(N)[: round(held_out * N)]] = True
    return tuple(
        CensusNames([names.names[i] for i in np.flatnonzero(chosen)], counts[chosen])
        for chosen in (~is_held_out, is_held_out)
    )


def _read(kind):
    try:
        # By its distribution, as a file names.py of the reader's own would be imported in its place.
        path = distribution("names").locate_file(f"names/{_FILES[kind]}")
    except PackageNotFoundError as error:
        raise ValueError("the package 'names' is not installed, expected it: pip install names") from error
    rows = [line.split() for line in path.read_text(encoding="ascii").splitlines()]
    percent, summed = np.array([(float(row[1]), float(row[2])) for row in rows]).T
    rare = percent == 0
    if rare.any():
        percent[rare] = (summed[-1] - summed[~rare][-1]) / np.count_nonzero(rare)
    return CensusNames([row[0].lower() for row in rows], 1000 * percent)
