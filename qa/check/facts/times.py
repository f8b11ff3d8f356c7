"""Times of day: 10:30, 10.30 a.m., 5 to 6 pm.

They compare by parts: the hour, the minute, the half of the day. Where no half is written, the
hour is one of 24, or the half is left open.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.check.facts.numerals import AFTERNOON, CLOCK, MORNING
from qa.check.facts.types import TO, Found, Number, Reading, Time
from qa.check.facts.unread import COMMA, Unread

_HALF_UNITS = {"a": MORNING, "p": AFTERNOON, None: CLOCK}
# What is behind a plus is an offset: UTC+02:00.
_BEFORE = r"(?<![\w:#$€£¥+])(?<!\d[.,])"
_HOUR, _SIXTY = r"(?P<hour>[01]?\d|2[0-4])", r"[0-5]\d"
_SECONDS = rf"(?::(?P<second>{_SIXTY}))?"
_HALF = r"(?P<half>[ap])(?:m(?!\w)|\. ?m(?!\w)\.?)"
_LATER = _HALF.replace("half", "later")
_MARKED = re.compile(
    rf"{_BEFORE}{_HOUR}(?:[:.](?P<minute>{_SIXTY}){_SECONDS})?"
    rf"(?: ?{_HALF}|(?={TO}\d\d?(?:[:.]\d\d)? ?{_LATER}))"
)
_UNMARKED = re.compile(
    rf"{_BEFORE}{_HOUR}:(?P<minute>{_SIXTY}){_SECONDS}(?P<half>)(?P<later>)(?!\w|[:.,]\d)"
)
_DOTTED = re.compile(r"([01]?\d|2[0-3])\.([0-5]\d)")


def times(unread: Unread) -> list[Found]:
    """The times of day that are written as such: "10:30", "5 p.m."."""
    return [
        Found("number", match.start(), match.end(), frozenset(_readings(match)))
        for pattern in (_MARKED, _UNMARKED)
        # A word after a time opens no sentence: at 5 pm Ana left.
        for match in unread.take(pattern, mark=COMMA)
    ]


def dotted_time(digits: str) -> Time | None:
    """The time of day that a decimal may be: "10.30" -> Time(10, 30, None, None)."""
    match = _DOTTED.fullmatch(digits)
    return Time(int(match[1]), int(match[2]), None, None) if match else None


def _readings(match: re.Match[str]) -> Iterator[Reading]:
    """What a time may mean: the 10 of "10 to 11 p.m." may take its half of the day from the 11."""
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    second = int(match["second"]) if match["second"] else None
    for half in {match["half"] or None, match["later"] or match["half"] or None}:
        yield Time(hour, minute, second, half)
        if not (minute or second):
            yield Number(hour, 1.0, _HALF_UNITS[half])
