"""The dates of a passage."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import product

from qa.check.facts.types import Day


class KnownDates:
    """Dates by the parts that are given: 4 March 2020 is in March, in 2020 and on a Wednesday."""

    def __init__(self, days: Iterable[Day], numbers: Iterable[float]) -> None:
        self._days: set[tuple[str | None, int | None, int | None]] = set()
        self._weekdays: set[int | None] = set()
        for day in days:
            self._index(day)
        years = (number for number in numbers if 1000 <= number < 2100 and number % 1 == 0)
        self._days |= {(str(int(year)), None, None) for year in years}

    def have(self, day: Day) -> bool:
        """Whether the day is among them, or its year and the rest of it, each somewhere."""
        if day.weekday:
            return day.weekday in self._weekdays
        if (day.year, day.month, day.day) in self._days:
            return True
        apart = {("", day.month, day.day), (day.year, None, None)}
        return bool(day.month) and apart <= self._days

    def _index(self, day: Day) -> None:
        """With every part left out; those without a year are told apart by None and ""."""
        self._weekdays |= {day.weekday, _weekday(day)}
        years = (day.year, day.year[:3], None) if day.year else ("", None)
        self._days |= set(product(years, (day.month, None), (day.day, None)))


def _weekday(day: Day) -> int | None:
    try:
        return date(int(day.year or 0), day.month or 0, day.day or 0).isoweekday()
    except ValueError:
        return None
