"""What a text states, looked up in constant time.

Of a whole article only what is asked for is read, since each kind takes a second for a megabyte:
names, or numbers with dates and times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import product

from qa.check.facts.days import dates, years
from qa.check.facts.numbers import numbers
from qa.check.facts.numerals import LOOSE
from qa.check.facts.times import times
from qa.check.facts.types import Day, Found, Number, Reading, StatedName, Time
from qa.check.facts.unread import Unread, plain_text
from qa.text.capitals import Capital
from qa.text.names import Name, names
from qa.text.words import variants

_WORD = re.compile(r"[^\W\d_](?:\.[^\W\d_](?!\w))+\.?|\w+(?:'\w+)*")
_POSSESSIVE = re.compile(r"'[sS]\Z")
_LONGEST_INITIALS = 8
# Words within a name that is not known by its end: Bank of England is not England.
_BELONGING = frozenset(("of", "for"))

_Clock = tuple[int, int, int | None]  # hour, minute, second


class StatedIn:
    """A passage or an article, and which facts it has."""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _plain(self) -> str:
        return plain_text(self._text)[0]

    @cached_property
    def _low(self) -> str:
        return self._plain.lower()

    @cached_property
    def _readings(self) -> list[Reading]:
        return [reading for found in _read(self._plain) for reading in found.readings]

    @cached_property
    def _numbers(self) -> _Numbers:
        return _Numbers(r for r in self._readings if isinstance(r, Number))

    @cached_property
    def _times(self) -> _Times:
        return _Times(r for r in self._readings if isinstance(r, Time))

    @cached_property
    def _dates(self) -> _Dates:
        days = (r for r in self._readings if isinstance(r, Day))
        return _Dates(days, self._numbers.bare)

    @cached_property
    def _names(self) -> _Names:
        return _Names(self._plain)

    def has(self, found: Found) -> bool:
        """Whether the passage states a fact, by any of its readings."""
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
                return self._may_name(reading.name) and self._names.have(reading.name)

    def _may_name(self, name: Name) -> bool:
        """Whether a name's last word or its initials stand in the text at all, in any word.

        Most names that an article lacks are nowhere in it, and need none of its names to be read.
        """
        last, letters = name.core[-1], _letters(name)
        if last.acronym or any(word in self._low for word in variants(last.key)):
            return True
        return len(letters) > 1 and letters in self._low.replace(".", "")


def _read(plain: str) -> list[Found]:
    """The dates, times and numbers; "2000" is a number and a year."""
    unread = Unread(plain)
    found = [*dates(unread), *times(unread)]
    return [*found, *numbers(unread.copy()), *years(unread)]


class _Numbers:
    """Numbers by value and unit: 45 tonnes are 45,000 kg; a 45 without a unit may be either."""

    def __init__(self, numbers: Iterable[Number]) -> None:
        known = list(numbers)
        self.bare = {_rounded(n.value) for n in known if not n.unit}
        self._loose = {_rounded(n.value) for n in known if n.unit in LOOSE}
        self._measured = {(_rounded(n.value * n.factor), n.unit) for n in known}

    def have(self, number: Number) -> bool:
        """Whether the number is among them, or without a unit what may have its unit."""
        value = _rounded(number.value)
        if value in self.bare or (not number.unit and value in self._loose):
            return True
        return (_rounded(number.value * number.factor), number.unit) in self._measured


def _rounded(value: float) -> float:
    return float(f"{value:.9g}")


class _Times:
    """Times by parts: 10:30 p.m. is 22:30, and what says 10:30 p.m. says 10:30."""

    def __init__(self, times: Iterable[Time]) -> None:
        known = list(times)
        self._of_day = {clock for time in known for clock in _shortened(_hour_of_day(time), time)}
        self._written = {clock for time in known for clock in _shortened(time.hour, time)}

    def have(self, time: Time) -> bool:
        """Whether the time is among them; a half of the day that it leaves open may be either."""
        if (_hour_of_day(time), time.minute, time.second) in self._of_day:
            return True
        return not time.half and (time.hour, time.minute, time.second) in self._written


def _hour_of_day(time: Time) -> int:
    """The hour of a time from 0 to 23: 12 a.m. -> 0; 10 p.m. -> 22; 22 -> 22."""
    if not time.half or time.hour > 12:
        return time.hour % 24
    return time.hour % 12 + (12 if time.half == "p" else 0)


def _shortened(hour: int, time: Time) -> Iterator[_Clock]:
    """The time with its second, and without."""
    yield hour, time.minute, time.second
    yield hour, time.minute, None


class _Dates:
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
        """Enters a day with every part left out; without a year None and "" tell them apart."""
        self._weekdays |= {day.weekday, _weekday(day)}
        years = (day.year, day.year[:3], None) if day.year else ("", None)
        self._days |= set(product(years, (day.month, None), (day.day, None)))


def _weekday(day: Day) -> int | None:
    try:
        return date(int(day.year or 0), day.month or 0, day.day or 0).isoweekday()
    except ValueError:
        return None


class _Names:
    """Names by their words, initials and surnames: UN is United Nations, Vučić is A. Vučić."""

    def __init__(self, plain: str) -> None:
        written = {_POSSESSIVE.sub("", word).replace(".", "") for word in _WORD.findall(plain)}
        self._words = {word.lower() for word in written}
        self._lower = {word for word in written if word.islower()}
        self._capital = {word.lower() for word in written if word != word.lower()}
        self._initials: set[str] = set()
        self._before: dict[str, set[str]] = {}  # last word of a name -> the words before it
        for name in names(plain):
            self._index(name)

    def _index(self, name: Name) -> None:
        letters = _letters(name)
        for size in range(2, min(len(letters), _LONGEST_INITIALS) + 1):
            self._initials |= {letters[:size], letters[-size:]}
        *earlier, last = (word.key for word in name.core)
        before = self._before.setdefault(last, set())
        before |= {*earlier, *(f"{key[0]}." for key in earlier)} or {""}

    def have(self, name: Name) -> bool:
        """Whether the name is among them: whole, in initials, or shortened at its beginning."""
        telling = self._telling(name)
        *earlier, last = (word.key for word in telling)
        if not earlier and telling[-1].acronym:
            return last in self._capital or last in self._initials
        letters = _letters(name)
        if all(map(self._mentions, [*earlier, last])) or (
            len(letters) > 1 and letters in self._capital
        ):
            return True
        return _BELONGING.isdisjoint(name.text.split()) and self._ends(earlier, last)

    def _telling(self, name: Name) -> Sequence[Capital]:
        """The name without a first word that only opens the sentence: here it is in lower case."""
        telling = name.core
        opens = len(telling) > 1 and telling[0].opens and telling[0].key in self._lower
        return telling[1:] if opens else telling

    def _mentions(self, key: str) -> bool:
        return not self._words.isdisjoint(variants(key))

    def _ends(self, earlier: Sequence[str], last: str) -> bool:
        """Whether a name here ends alike, and has nothing before it that speaks against it."""
        before = self._before.get(last, set())
        fits = any(
            key in before or key[0] in before or (len(key) == 1 and f"{key}." in before)
            for key in earlier
        )
        return "" in before or fits


def _letters(name: Name) -> str:
    """The initials of a name: of "United Nations" un."""
    return "".join(word.key[0] for word in name.words)
