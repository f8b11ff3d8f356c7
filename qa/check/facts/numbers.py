"""Numbers as they are written in plain text and lower case, and what they may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from qa.check.facts.numerals import (
    ONES,
    ORDINAL,
    ORDINALS,
    PARTS,
    SCALES,
    SHORT_SCALES,
    TEENS,
    TENS,
    UNITS,
    values,
)
from qa.check.facts.times import dotted_time
from qa.check.facts.types import TH, TO, Found, Number, Reading, Time
from qa.check.facts.unread import Unread
from qa.text.words.tables import any_of

_BEFORE = r"(?<![\w#])(?<![^\W\d]-)(?<!\d[.,])"
_CURRENCY = r"(?P<currency>us\$|[$€£¥]|(?:usd|eur|gbp)(?= ))? ?"

# 2/3; 1,000.5 or 1.000,5 or 1 000,5 or 1000.5; 3rd
_FRACTION = r"(?P<over>\d{1,9})/(?P<under>\d{1,9})(?!\d)"
_DIGITS = (
    r"(?P<digits>(?:minus |-)?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d+)?"
    rf"|\d{{1,3}}(?:[ ']\d{{3}})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)(?!\d))(?P<th>{TH}(?!\w))?"
)

# two-thirds; twenty-first; two hundred and five thousand, half a million, a dozen
_PART = rf"(?P<top>an?|{any_of(ONES)})[ -](?P<part>{any_of(PARTS)})s?(?!\w)"
_ORDINAL = rf"(?P<tens>(?:{any_of(TENS)})-)?(?P<ordinal>{any_of(ORDINALS)})(?!\w)"
_SCALED = rf"[ -](?:{any_of(SCALES)})(?!\w)"
_TENS_AND_ONES = rf"(?:{any_of(TENS)})(?:[ -](?:{any_of(ONES)}))?"
_SMALL = rf"(?:{_TENS_AND_ONES}|{any_of(TEENS)}|{any_of(ONES)}|zero)"
_HUNDREDS = rf"(?:(?:{_SMALL}|an?)[ -]hundred(?:(?: and |[ -]){_SMALL})?|{_SMALL})(?!\w)"
_SPELT = (
    rf"(?P<spelt>(?:{_HUNDREDS}|half(?: an?(?={_SCALED}))?(?!\w)|an?(?={_SCALED}))"
    rf"(?:{_SCALED}(?:(?: and |[ -]){_HUNDREDS})?)*)"
)

_SCALE = rf"(?:[ -]?(?P<scale>{any_of(SHORT_SCALES)})(?!\w))?"
_NAMES_OF_UNITS = any_of([*UNITS, "per cent"])
_UNIT = rf"(?:[ -]?(?P<power>square |cubic )?(?P<unit>{_NAMES_OF_UNITS})(?!\w))?(?!\w)"

NUMBER = re.compile(
    f"{_BEFORE}{_CURRENCY}(?:{_FRACTION}|{_DIGITS}|{_PART}|{_ORDINAL}|{_SPELT}){_SCALE}{_UNIT}"
)

_POWERS = {"square ": 2, "cubic ": 3}
_RANGE = re.compile(TO)
_MILLIONS = re.compile(r".*\dm", re.DOTALL)


def numbers(unread: Unread) -> list[Found]:
    """The numbers: "45 tonnes", "two-thirds", "$3bn"."""
    matches = unread.take(NUMBER)
    return [_found(match, after, unread.low) for match, after in zip_longest(matches, matches[1:])]


def _found(match: re.Match[str], after: re.Match[str] | None, low: str) -> Found:
    readings = set(_readings(match))
    bare = not (match["unit"] or match["currency"])
    if after and bare and _RANGE.fullmatch(low, match.end(), after.start()):
        readings |= set(_measured(match, after))  # the 10 of "10 to 12 %" is 10 %
    start = match.end() - len(match[0].lstrip())
    return Found("number", start, match.end(), frozenset(readings))


def _readings(match: re.Match[str]) -> Iterator[Reading]:
    yield from _measured(match, match)
    if time := _time(match):
        yield time


def _time(match: re.Match[str]) -> Time | None:
    measured = match["currency"] or match["scale"] or match["unit"] or match["th"]
    return None if measured else dotted_time(match["digits"] or "")


def _measured(match: re.Match[str], measure: re.Match[str]) -> Iterator[Number]:
    """What a number means with the scale and unit of `measure`."""
    scale = SHORT_SCALES.get(measure["scale"] or "", 1.0)
    factor, unit = _unit(match, measure)
    for value in values(match):
        yield Number(value * scale, factor, unit)
        yield from _shares(match, value)
        if measure["unit"] == "m" and _MILLIONS.fullmatch(measure[0]):  # 5m people, $5m
            currency = measure["currency"]
            yield Number(value * 1e6, 1.0, UNITS[currency][1] if currency else "")


def _unit(match: re.Match[str], measure: re.Match[str]) -> tuple[float, str]:
    """The factor and class of a unit: of "square km" 1e6 and "square m"."""
    factor, unit = UNITS.get((measure["unit"] or "").replace(" ", ""), (1.0, ""))
    if measure["currency"]:
        factor, unit = UNITS[measure["currency"]]
    elif match["ordinal"] or match["th"]:  # the 20th century is no 2,000 years
        factor, unit = 1.0, ORDINAL
    power = measure["power"] or ""
    return factor ** _POWERS.get(power, 1), power + unit


def _shares(match: re.Match[str], value: float) -> Iterator[Number]:
    """What else a fraction says: half is 50 % too; a fifth may be the fifth."""
    if match["part"] or match["spelt"] == "half":
        yield Number(100 * value, 1.0, "%")
    if match["top"] in ("a", "an"):
        yield Number(PARTS[match["part"]], 1.0, ORDINAL)
