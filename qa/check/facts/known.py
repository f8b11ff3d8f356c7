"""What a passage states, looked up in constant time."""

from __future__ import annotations

from qa.check.facts.dates import dates, years
from qa.check.facts.known_dates import KnownDates
from qa.check.facts.known_names import KnownNames
from qa.check.facts.known_numbers import KnownNumbers
from qa.check.facts.known_times import KnownTimes
from qa.check.facts.numbers import numbers
from qa.check.facts.plain import plain_text
from qa.check.facts.times import times
from qa.check.facts.types import Day, Found, Number, Reading, StatedName, Time
from qa.check.facts.unread import Unread


class Known:
    """A passage, and which facts it has."""

    def __init__(self, text: str) -> None:
        plain, _ = plain_text(text)
        readings = [reading for found in _read(plain) for reading in found.readings]
        self._numbers = KnownNumbers(r for r in readings if isinstance(r, Number))
        self._times = KnownTimes(r for r in readings if isinstance(r, Time))
        self._dates = KnownDates((r for r in readings if isinstance(r, Day)), self._numbers.bare)
        self._names = KnownNames(plain)

    def has(self, found: Found) -> bool:
        """Whether the passage states it: by any of its readings."""
        return any(map(self._has, found.readings))

    def _has(self, reading: Reading) -> bool:
        match reading:
            case Number():
                return self._numbers.have(reading)
            case Time():
                return self._times.have(reading)
            case Day():
                return self._dates.have(reading)
            case StatedName():
                return self._names.have(reading.name)


def _read(plain: str) -> list[Found]:
    """The dates, times and numbers; "2000" is a number and a year."""
    unread = Unread(plain)
    found = [*dates(unread), *times(unread)]
    return [*found, *numbers(unread.copy()), *years(unread)]
