"""Dates as they are written in plain text and lower case, and the days that they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product

from qa.check.facts.numerals import SHORT_SCALES, UNITS
from qa.check.facts.types import TH, TO, Day, Found
from qa.check.facts.unread import Unread, plain_text
from qa.text.words.tables import alternatives, any_of, valued


def _numbered(*keys: str) -> dict[str, int]:
    """The words under some keys, in plain text, with their numbers."""
    found = {word: number for key in keys for word, number in valued(key).items()}
    return {plain_text(word)[0]: int(number) for word, number in found.items()}


MONTHS, WEEKDAYS = _numbered("months", "month_abbreviations"), _numbered("weekdays")

# Groups: y year, m month by name, n month by number, d day, e another day, o day or month,
# w weekday, c century and z year of another year, s a decade's s.
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH, _YEAR = rf"(?P<m>{any_of(MONTHS)})\.?(?!\w)", r"(?P<y>[12]\d{3})(?!\w)"
_UNIT = any_of({*UNITS, *SHORT_SCALES})

_ISO = r"(?<![\w.-])(?P<y>\d{4})-(?P<n>\d\d)-(?P<d>\d\d)(?:t[\d:.+-]+z?)?(?!\w)"
_DOTTED = rf"(?<![\w.])(?P<d>\d\d?)\. ?(?P<n>\d\d?)\. ?{_YEAR}"
_SLASHED = rf"(?<![\w/])(?P<d>\d\d?)/(?P<o>\d\d?)/{_YEAR}"
_DAY_FIRST = (
    rf"(?<![\w.,])(?<!\d:)(?:(?P<e>{_DAY}){TH}?{TO})?(?P<d>{_DAY})(?:{TH}|\.)?(?: of)? {_MONTH}"
    rf"(?: ?,? {_YEAR})?"
)
_MONTH_FIRST = (
    rf"(?<!\w){_MONTH} (?P<d>{_DAY}){TH}?(?:{TO}(?P<e>{_DAY}))?(?![\w:]|[.,]\d)(?: ?,? {_YEAR})?"
)
_OF_YEAR = rf"(?<!\w){_MONTH}(?: ?,)?(?: of)? {_YEAR}"
_ISO_MONTH = r"(?<![\w-])(?P<y>[12]\d{3})-(?P<n>0[1-9]|1[0-2])(?![\w-])"
_WEEKDAY = rf"(?<!\w)(?P<w>{any_of(WEEKDAYS)})s?(?!\w)"
_MONTH_ALONE = (
    rf"(?<!\w)(?:{alternatives('before_month')})[ -](?P<m>{alternatives('months', 'en')})(?!\w)"
)
_SEASON = r"(?<![\w.,/])(?P<y>(?P<c>1\d|20)\d\d)[-/](?P<z>\d\d)(?!\w)"
_YEAR_ALONE = (
    r"(?<![\d.,$€£¥/])(?<![^\W\d_])(?P<y>1\d{3}|20\d\d)(?P<s> ?'?s)?"
    rf"(?![\w%]|[.,]\d|[ -]?(?:{_UNIT})(?!\w))"
)

# What an earlier pattern takes is taken.
_DATES = [
    re.compile(pattern)
    for pattern in (
        _ISO,
        _DOTTED,
        _SLASHED,
        _DAY_FIRST,
        _MONTH_FIRST,
        _OF_YEAR,
        _ISO_MONTH,
        _WEEKDAY,
        _MONTH_ALONE,
    )
]
_YEARS = [re.compile(pattern) for pattern in (_SEASON, _YEAR_ALONE)]


def dates(unread: Unread) -> list[Found]:
    """The dates that have more than a year: "4 March 2020", "in May", "on Tuesday"."""
    return [found for pattern in _DATES for found in _taken(unread, pattern)]


def years(unread: Unread) -> list[Found]:
    """The years that stand in no date: "2020", "2019-20", "the 1990s"."""
    return [found for pattern in _YEARS for found in _taken(unread, pattern)]


def _taken(unread: Unread, pattern: re.Pattern[str]) -> Iterator[Found]:
    for match in unread.take(pattern):
        parts = match.groupdict()
        # A month alone: its preposition is no part of it, and "in may" is no month.
        alone = parts.get("m") and not parts.keys() & {"d", "y"}
        start, end = match.span("m") if alone else match.span()
        if not alone or unread.text[start].isupper():
            yield Found("date", start, end, frozenset(_days(parts)))


def _days(parts: Mapping[str, str | None]) -> Iterator[Day]:
    """The readings of a date: 3/4/2020 has two, and so has 4-5 March."""
    weekday = WEEKDAYS.get(parts.get("w") or "")
    days: list[int | None] = [int(day) for day in map(parts.get, "de") if day] or [None]
    for year, day in product(_years(parts), days):
        if parts.get("o"):
            other = int(parts["o"] or 0)
            yield Day(year, other, day)
            yield Day(year, day, other)
        else:
            yield Day(year, _month(parts), day, weekday)


def _years(parts: Mapping[str, str | None]) -> list[str | None]:
    """The years that are written: 1990s -> 199; 2019-20 -> 2019, 2020."""
    year = parts.get("y")
    years = [year[:3] if year and parts.get("s") else year]
    return [*years, f"{parts['c']}{parts['z']}"] if parts.get("z") else years


def _month(parts: Mapping[str, str | None]) -> int | None:
    return int(parts.get("n") or 0) or MONTHS.get(parts.get("m") or "")
