"""Facts as they come out, and as they compare."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from qa.text.names import Name

# How ordinals end, and what stands between the ends of a range, in patterns.
TH, TO = "(?:st|nd|rd|th)", r"\ ?(?:-|to|and)\ ?"

Kind: TypeAlias = Literal["number", "name", "date"]


@dataclass(frozen=True, slots=True)
class Fact:
    """A number, date or name that a sentence states; a time of day is a number."""

    kind: Kind
    text: str  # as written
    start: int  # in the sentence
    end: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its unit. 45 tonnes: Number(45, 1000, "kg")."""

    value: float
    factor: float
    unit: str  # the class of units: what is of one class compares


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day. 10:30 p.m.: Time(10, 30, None, "p")."""

    hour: int  # as written
    minute: int
    second: int | None
    half: str | None  # of the day: a, p


@dataclass(frozen=True, slots=True)
class Day:
    """A date. 4 March 2020: Day("2020", 3, 4); the 1990s: Day("199"); Tuesday: Day(weekday=2)."""

    year: str | None = None  # or decade
    month: int | None = None
    day: int | None = None
    weekday: int | None = None


@dataclass(frozen=True, slots=True)
class StatedName:
    """A name. Bank of America: StatedName(("bank", "america"))."""

    keys: tuple[str, ...]
    name: Name = field(compare=False)


Reading: TypeAlias = Number | Time | Day | StatedName


class Found(NamedTuple):
    """A fact as it compares: by any of its readings."""

    kind: Kind
    start: int
    end: int
    readings: frozenset[Reading]
