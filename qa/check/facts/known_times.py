"""The times of day of a passage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.check.facts.types import Time

_Clock = tuple[int, int, int | None]  # hour, minute, second


class KnownTimes:
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
    """12 a.m. -> 0; 10 p.m. -> 22; 22 -> 22."""
    if not time.half or time.hour > 12:
        return time.hour % 24
    return time.hour % 12 + (12 if time.half == "p" else 0)


def _shortened(hour: int, time: Time) -> Iterator[_Clock]:
    """With its second, and without."""
    yield hour, time.minute, time.second
    yield hour, time.minute, None
