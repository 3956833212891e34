"""The readings here are written apart from the module: a second way from the words to the date."""

import re
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.data.source_target_pairs import alignment_matrix, pair_vocabs, split_pairs
from helpers.data.tasks.dates import STYLES, Style, date_pairs, iso_tokens, write_date


def numbered(text, start=0, step=1):
    return {word: start + step * n for n, word in enumerate(text.split())}


VALUES = numbered("twenty thirty forty fifty sixty seventy eighty ninety", start=20, step=10) | numbered(
    "oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
ORDINAL_VALUES = {"thirtieth": 30} | numbered(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth",
    start=1,
)
MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
some_date = st.dates(date(1900, 1, 1), date(2099, 12, 31))


def read_year(text):
    if re.fullmatch(r"\d \d \d \d", text):
        return int(text.replace(" ", ""))
    words = text.split()
    if "thousand" in words:
        return 2000 + (VALUES[words[3]] if len(words) > 2 else 0)
    if words[1] == "hundred":
        return 100 * VALUES[words[0]]
    return 100 * VALUES[words[0]] + sum(VALUES[word] for word in words[1:])


def read_day(text):
    if text[0].isdigit():
        return int("".join(re.findall(r"\d", text)))
    *tens, last = text.split()
    return sum(VALUES[word] for word in tens) + ORDINAL_VALUES[last]


def read(source):
    """Find day, month and year in a source: its date, and its weekday or None."""
    text = " ".join(source)
    weekday = re.match(r"((?:mon|tue|wed|thu|fri|sat|sun)[a-z]*) , ", text)
    text = text[weekday.end() :] if weekday else text
    year_first = re.fullmatch(rf"(?P<y>.+) , (?P<m>{MONTH})[a-z]* (?P<d>.+)", text)
    month_first = re.fullmatch(rf"(?P<m>{MONTH})[a-z]* (?P<d>.+) , (?P<y>.+)", text)
    day_first = re.fullmatch(rf"(?:the )?(?P<d>[^,]+?)(?: of)? (?P<m>{MONTH})[a-z]* (?P<y>[^,]+)", text)
    (found,) = filter(None, (year_first, month_first, day_first))  # one reading, never two
    month = MONTH.split("|").index(found["m"]) + 1
    return date(read_year(found["y"]), month, read_day(found["d"])), weekday and weekday[1]


@pytest.mark.parametrize(
    ("day", "style", "source"),
    [
        (date(1987, 3, 5), Style(), "5 march 1 9 8 7"),
        (date(1987, 3, 5), Style("month first"), "march 5 , 1 9 8 7"),
        (date(1987, 3, 5), Style("month first", "short", "short"), "thu , mar 5 , 1 9 8 7"),
        (date(1987, 3, 15), Style("day first", day="ordinal"), "the 1 5 th of march 1 9 8 7"),
        (date(1987, 3, 22), Style("day first", day="ordinal"), "the 2 2 nd of march 1 9 8 7"),
        (date(1987, 3, 5), Style("day first", "long", year="words"), "thursday , 5 march nineteen eighty seven"),
        (date(1987, 3, 31), Style("year first", day="words"), "1 9 8 7 , march thirty first"),
        (date(2024, 2, 29), Style("year first", year="words"), "twenty twenty four , february 2 9"),
        (date(2005, 2, 20), Style(day="words", year="words"), "the twentieth of february two thousand and five"),
        (date(2000, 5, 30), Style(day="words", year="words"), "the thirtieth of may two thousand"),
        (date(1900, 1, 1), Style(year="words"), "1 january nineteen hundred"),
        (date(1905, 1, 1), Style(year="words"), "1 january nineteen oh five"),
        (date(1909, 1, 1), Style(year="words"), "1 january nineteen oh nine"),
        (date(1913, 1, 1), Style(year="words"), "1 january nineteen thirteen"),
        (date(2010, 1, 1), Style(year="words"), "1 january twenty ten"),
        (date(2090, 1, 1), Style(year="words"), "1 january twenty ninety"),
    ],
)
def test_ways_of_writing_by_hand(day, style, source):
    pair = write_date(day, style)
    assert " ".join(pair.source) == source
    assert "".join(pair.target) == str(day)


def test_suffixes_by_hand():
    style = Style("month first", day="ordinal")
    suffixes = [write_date(date(2000, 1, number), style).source[-6] for number in range(1, 32)]
    assert " ".join(suffixes) == (
        "st nd rd th th th th th th th th th th th th th th th th th st nd rd th th th th th th th st"
    )


@pytest.mark.parametrize(
    ("pair", "came_from"),
    [
        (write_date(date(1987, 3, 5), Style("month first")), "1 9 8 7 - march march - 5 5"),
        (
            write_date(date(1987, 3, 21), Style("day first", "long", "short", "words", "words")),
            "nineteen nineteen eighty seven - mar mar - twenty first",
        ),
        (
            write_date(date(2005, 12, 30), Style(day="words", year="words")),
            "two thousand thousand five - december december - thirtieth thirtieth",
        ),
        (write_date(date(1900, 5, 17), Style(year="words")), "nineteen nineteen hundred hundred - may may - 1 7"),
        (write_date(date(1905, 5, 17), Style(year="words")), "nineteen nineteen oh five - may may - 1 7"),
        (write_date(date(2000, 5, 17), Style(year="words")), "two thousand thousand thousand - may may - 1 7"),
        (write_date(date(2090, 5, 17), Style(year="words")), "twenty twenty ninety ninety - may may - 1 7"),
    ],
)
def test_alignments_by_hand(pair, came_from):
    tokens = ["".join(pair.source[s] for s in positions) or "-" for positions in pair.alignment]
    assert tokens == came_from.split()


def test_equal_digits_are_told_apart_by_their_position():
    pair = write_date(date(1999, 9, 9), Style())  # 9 september 1 9 9 9
    assert pair.alignment == ((2,), (3,), (4,), (5,), (), (1,), (1,), (), (0,), (0,))
    pair = write_date(date(2022, 12, 22), Style("year first"))  # 2 0 2 2 , december 2 2
    assert pair.alignment == ((0,), (1,), (2,), (3,), (), (5,), (5,), (), (6,), (7,))


def check(day, style):
    pair = write_date(day, style)
    found, weekday = read(pair.source)
    assert found == day
    assert pair.target == tuple(day.isoformat()) == iso_tokens(day)
    assert (
        weekday
        == {"none": None, "long": day.strftime("%A").lower(), "short": day.strftime("%a").lower()}[style.weekday]
    )
    matrix = alignment_matrix(pair)
    np.testing.assert_array_equal(matrix.sum(axis=1), [1, 1, 1, 1, 0, 1, 1, 0, 1, 1])
    for t, s in zip(*np.nonzero(matrix), strict=True):
        if pair.source[s].isdigit() and matrix[:, s].sum() == 1:
            assert pair.source[s] == pair.target[t]


@settings(deadline=None)
@given(some_date)
def test_every_way_of_writing_a_date_is_read_as_that_date(day):
    for style in STYLES:
        check(day, style)


def test_every_day_and_every_year():
    """The day with its month, and the year, are written apart, so these cover what can be said."""
    few = [Style(day="words"), Style("month first", day="ordinal"), Style("year first", year="words")]
    for number in range(366):
        for style in few:
            check(date(2000, 1, 1) + timedelta(number), style)
    for year in range(1900, 2100):
        for style in few:
            check(date(year, 2, 28), style)


def test_distinct_dates_have_distinct_sources_and_targets():
    days = [date(1999, 1, 1) + timedelta(number) for number in range(2000)]
    pairs = [write_date(day, Style(year="words", day="words")) for day in days]
    assert len({pair.source for pair in pairs}) == len({pair.target for pair in pairs}) == 2000


def test_leap_days_are_real(rng):
    assert len(STYLES) == len(set(STYLES)) == 108
    targets = {"".join(pair.target) for pair in date_pairs(5000, rng, years=(1900, 1904))}
    assert "1904-02-29" in targets
    assert "1900-02-29" not in targets  # 1900 was no leap year
    assert len(targets) == len({date.fromisoformat(target) for target in targets})
    assert len(targets) > 1600  # of 1,826, all about equally likely
    assert min(targets)[:4] == "1900"
    assert max(targets)[:4] == "1904"


def test_the_generator_decides_and_all_styles_come():
    one, two, other = (date_pairs(3000, np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert one == two
    assert one != other
    source_vocab, target_vocab = pair_vocabs(one)
    assert set(target_vocab.tokens[4:]) == set("0123456789-")
    assert 100 < len(source_vocab) < 120  # the words of all styles
    only = date_pairs(50, np.random.default_rng(0), styles=[Style("month first", year="words")])
    assert all(pair.source[-1] not in "0123456789" and pair.source[0].isalpha() for pair in only)


def test_a_split_keeps_a_date_on_one_side(rng):
    train, test = split_pairs(date_pairs(2000, rng, years=(1990, 1993)), 0.2, rng)
    assert len({pair.target for pair in train + test}) < 1462  # so dates came more than once
    assert not {read(pair.source)[0] for pair in train} & {read(pair.source)[0] for pair in test}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"count": 0}, "count is 0"),
        ({"styles": []}, "styles is empty"),
        ({"years": (1899, 2000)}, r"years is \(1899, 2000\), expected two from 1900 to 2099"),
        ({"years": (2000, 2100)}, r"years is \(2000, 2100\)"),
        ({"years": (2000, 1999)}, "the earlier first"),
        ({"years": (1990.0, 1999)}, "the first year is 1990.0"),
        ({"styles": [Style("backwards")]}, "order is 'backwards', expected one of 'day first'"),
        ({"styles": [Style(year="roman")]}, "year is 'roman'"),
    ],
)
def test_bad_input(change, message):
    with pytest.raises(ValueError, match=message):
        date_pairs(**{"count": 3, "rng": np.random.default_rng(0)} | change)


def test_a_year_out_of_range():
    with pytest.raises(ValueError, match="year is 1899, expected 1900 to 2099"):
        write_date(date(1899, 12, 31), Style())
