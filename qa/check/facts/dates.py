"""Dates, and the days that they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import product

from qa.check.facts.calendar import MONTHS, WEEKDAYS
from qa.check.facts.date_patterns import DATES, YEARS
from qa.check.facts.types import Day, Found
from qa.check.facts.unread import Unread


def dates(unread: Unread) -> list[Found]:
    """The dates that have more than a year: "4 March 2020", "in May", "on Tuesday"."""
    return [found for pattern in DATES for found in _taken(unread, pattern)]


def years(unread: Unread) -> list[Found]:
    """What is left of dates: "2020", "2019-20", "the 1990s"."""
    return [found for pattern in YEARS for found in _taken(unread, pattern)]


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
    """1990s -> 199; 2019-20 -> 2019, 2020."""
    year = parts.get("y")
    years = [year[:3] if year and parts.get("s") else year]
    return [*years, f"{parts['c']}{parts['z']}"] if parts.get("z") else years


def _month(parts: Mapping[str, str | None]) -> int | None:
    return int(parts.get("n") or 0) or MONTHS.get(parts.get("m") or "")
