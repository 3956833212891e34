"""Dates as people write them in English, and the same dates as ISO 8601 has them: a task with one right answer each.

Tokens are words, marks and single digits: "the 5 th of march 1 9 8 7" becomes "1 9 8 7 - 0 3 - 0 5". A month is always
a word, and a year always has its century, so that no source can be read in two ways. Every digit of the target comes
from one source token, and the hyphens come from none.
"""

from datetime import date
from itertools import product
from typing import NamedTuple

from helpers.core.checks import as_list, check_choice, check_integer
from helpers.data.source_target_pairs import Pair

_FIRST_YEAR, _LAST_YEAR = 1900, 2099


def _words(text):
    return text.split()


_MONTHS = _words("january february march april may june july august september october november december")
_WEEKDAYS = _words("monday tuesday wednesday thursday friday saturday sunday")
_NUMBERS = _words("""
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
""")
_TENS = _words("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
_ORDINALS = _words("""
    zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth
    fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
""")


class Style(NamedTuple):
    """A way of writing a date: which part comes first, and how each is written. "short" is the first three letters."""

    order: str = "day first"  # "day first", "month first" or "year first"
    weekday: str = "none"  # "none", "long" or "short"
    month: str = "long"  # "long" or "short"
    day: str = "digits"  # "digits", "ordinal" (5 th) or "words" (fifth)
    year: str = "digits"  # "digits" or "words"


_CHOICES = Style(
    order=("day first", "month first", "year first"),
    weekday=("none", "long", "short"),
    month=("long", "short"),
    day=("digits", "ordinal", "words"),
    year=("digits", "words"),
)
STYLES = tuple(Style(*choices) for choices in product(*_CHOICES))

# The places in the ISO form: 1 9 8 7 - 0 3 - 0 5. A piece of a source is (token, the places that come from it).
_YEAR, _MONTH, _DAY = (0, 1, 2, 3), (5, 6), (8, 9)


def date_pairs(count, rng, styles=STYLES, years=(_FIRST_YEAR, _LAST_YEAR)):
    """Draw dates, all days of some years equally likely, each written in one of some ways.

    The same date may come twice; `helpers.data.source_target_pairs.split_pairs` keeps it on one side of a split.

    Parameters
    ----------
    count : int
        How many pairs.
    rng : numpy.random.Generator
    styles : sequence of Style
        The ways of writing, all equally likely.
    years : (int, int)
        The first and the last year, within 1900 to 2099.

    Returns
    -------
    list of Pair

    Raises
    ------
    ValueError
        When the count is not at least 1, there is no style, or the years are out of range or order.
    """
    check_integer("count", count)
    if not as_list("styles", styles):
        raise ValueError("styles is empty, expected at least one Style")
    for style in styles:
        _check_style(style)
    if len(as_list("years", years)) != 2:
        raise ValueError(f"years is {years}, expected the first and the last")
    first, last = years
    check_integer("the first year", first)
    check_integer("the last year", last)
    if not _FIRST_YEAR <= first <= last <= _LAST_YEAR:
        raise ValueError(f"years is {years}, expected two from {_FIRST_YEAR} to {_LAST_YEAR}, the earlier first")
    days = rng.integers(date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal() + 1, size=count)
    ways = rng.integers(len(styles), size=count)
    return [write_date(date.fromordinal(int(day)), styles[way]) for day, way in zip(days, ways, strict=True)]


def write_date(day, style):
    """Write a date in a style, beside its ISO form and the true alignment of the two.

    Parameters
    ----------
    day : datetime.date
        From 1900 to 2099.
    style : Style

    Returns
    -------
    Pair
        A digit of the target is aligned to the digit, the month or the number word that it is known from: both digits
        of "0 3" to "march", those of "2 1" to "twenty" and "first". What only joins (",", "th", "of") and the weekday
        are aligned to nothing.

    Raises
    ------
    ValueError
        When the year is out of range, or the style is none.
    """
    if not isinstance(day, date):
        raise ValueError(f"day is {day!r}, expected a datetime.date")
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise ValueError(f"year is {day.year}, expected {_FIRST_YEAR} to {_LAST_YEAR}")
    _check_style(style)
    target = iso_tokens(day)
    pieces = _pieces(day, style)
    source = tuple(token for token, _ in pieces)
    alignment = tuple(
        tuple(s for s, (_, places) in enumerate(pieces) if place in places) for place in range(len(target))
    )
    return Pair(source, target, alignment)


def _check_style(style):
    if not isinstance(style, Style):
        raise ValueError(f"style is {style!r}, expected a Style")
    for name, choice, choices in zip(Style._fields, style, _CHOICES, strict=True):
        check_choice(name, choice, choices)


def iso_tokens(day):
    """The ISO form of a datetime.date, one token for each of its ten characters."""
    return tuple(day.isoformat())


def _pieces(day, style):
    """Put the parts of a date in order: the weekday, if any, then day, month and year."""
    weekday = [(_cut(_WEEKDAYS[day.weekday()], style.weekday), ()), (",", ())] if style.weekday != "none" else []
    month = [(_cut(_MONTHS[day.month - 1], style.month), _MONTH)]
    number = _day(day.day, style.day)
    year = _year_in_words(day.year) if style.year == "words" else list(zip(str(day.year), zip(_YEAR), strict=True))
    if style.order == "month first":
        return [*weekday, *month, *number, (",", ()), *year]
    if style.order == "year first":
        return [*weekday, *year, (",", ()), *month, *number]
    if style.day == "digits":
        return [*weekday, *number, *month, *year]
    return [*weekday, ("the", ()), *number, ("of", ()), *month, *year]


def _cut(name, length):
    return name[:3] if length == "short" else name


def _day(number, style):
    """The day of the month: 5, 5 th, fifth; the 0 of a target's "0 5" is known from the 5 too."""
    if style == "words":
        if number <= 20:
            return [(_ORDINALS[number], _DAY)]
        if number == 30:
            return [("thirtieth", _DAY)]
        return [(_TENS[number // 10], _DAY[:1]), (_ORDINALS[number % 10], _DAY[1:])]
    digits = [(str(number), _DAY)] if number < 10 else list(zip(str(number), zip(_DAY), strict=True))
    return [*digits, (_suffix(number), ())] if style == "ordinal" else digits


def _suffix(number):
    return "th" if number in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")


def _year_in_words(year):
    """Say a year: nineteen hundred, nineteen oh five, nineteen eighty seven, two thousand and five, twenty ten."""
    century, rest = divmod(year, 100)
    if year == 2000:
        return [("two", _YEAR[:1]), ("thousand", _YEAR[1:])]
    if year < 2010 and century == 20:
        return [("two", _YEAR[:1]), ("thousand", _YEAR[1:3]), ("and", ()), (_NUMBERS[rest], _YEAR[3:])]
    if rest == 0:
        return [*_number(century, _YEAR[:2]), ("hundred", _YEAR[2:])]
    if rest < 10:
        return [*_number(century, _YEAR[:2]), ("oh", _YEAR[2:3]), (_NUMBERS[rest], _YEAR[3:])]
    return [*_number(century, _YEAR[:2]), *_number(rest, _YEAR[2:])]


def _number(number, places):
    """A number from 10 to 99 in words, one where English has one."""
    if number < 20:
        return [(_NUMBERS[number], places)]
    if number % 10 == 0:
        return [(_TENS[number // 10], places)]
    return [(_TENS[number // 10], places[:1]), (_NUMBERS[number % 10], places[1:])]
