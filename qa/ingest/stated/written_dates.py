"""Dates as people write them, in words or in the order of their country -> ISO 8601."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from qa.text.words.tables import any_of, listed, tables, valued

_ENDING = any_of(listed("ordinal_endings"))  # of a day: 5th, 1er, 1º
# The parts of a date in any order. 2024年3月5日 and 2024년 3월 5일 have their signs behind numbers.
_PART = re.compile(
    r"(?P<asian>[0-9]{4}[年년] ?[0-9]{1,2}[月월](?: ?[0-9]{1,2}[日일])?)"
    r"|(?P<numeric>[0-9]{4}([-/.])[0-9]{1,2}\3[0-9]{1,2}(?![0-9])"
    r"|[0-9]{1,2}(?P<sign>[-/.] ?)[0-9]{1,2}(?P=sign)[0-9]{4}(?![0-9])\.?"
    r"|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2}(?![0-9.])"
    r"|[12][0-9]{7}(?![0-9]))"
    r"|(?P<time>[0-9]{1,2}(?::[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,9})?)?|h[0-9]{2})(?![0-9]))"
    r"(?: ?(?P<half>[AaPp])\.? ?[Mm]\b\.?)?"
    r"|(?P<offset>\(?(?:GMT|UTC)?[+-][0-9]{2}:?[0-9]{2}(?![0-9])\)?)"
    r"|(?P<year>[0-9]{4})(?![0-9])\.?"
    rf"|(?P<day>[0-9]{{1,2}})(?![0-9])(?:{_ENDING})?\.?(?![0-9:])"
    r"|(?P<word>[^\W\d_]+)\.?"
    r"|(?P<between>[\s,;:|•·–—@/()-])"
)
_DIGITS = re.compile("[0-9]+")
_LABEL = re.compile(
    rf"(?:{any_of(listed('published_labels'))})(?!\w)|(?:{any_of(listed('dated_labels'))})\s*:",
    re.IGNORECASE,
)
_CHANGED = re.compile(rf"(?<!\w)(?:{any_of(listed('changed_labels'))})(?!\w)", re.IGNORECASE)
# What a text begins with: "(5.3.2024) The port", "Northport, 5 March 2024 – The port".
_DATELINE = re.compile(
    r"(?:[^\W\d_][^\d()–—|]{1,30},? )?\(?([^()–—|]{6,30}?)(?:\s*\)|\s+[-–—|:](?=\s))"
)

# Where a date may stand in a line such as "By Ann Lee, 5 March 2024 at 10:30 | Northport".
_WITHIN = re.compile(
    r"(?<![0-9./-])[0-9]{4}(?P<sign>[./-])[0-9]{1,2}(?P=sign)[0-9]{1,2}(?![0-9])"
    r"(?:[T ][0-9]{2}:[0-9]{2}\S*)?"
    r"|[0-9]{4}[年년] ?[0-9]{1,2}[月월] ?[0-9]{1,2}[日일]"
    r"|(?<![0-9./])[0-9]{1,2}(?P<dot>[./-] ?)[0-9]{1,2}(?P=dot)[0-9]{4}(?![0-9])"
    r"|(?<![0-9./])[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2}(?![0-9.])"
    rf"|(?<!\w)[0-9]{{1,2}}(?:{_ENDING})?\.? (?:de )?[^\W\d_]{{3,12}}\.?,? (?:de )?"
    r"[0-9]{4}(?![0-9])"
    rf"|(?<!\w)[^\W\d_]{{3,12}}\.? [0-9]{{1,2}}(?:{_ENDING})?,? [0-9]{{4}}(?![0-9])"
)


def date_within(text: str, language: str | None = None) -> str | None:
    """The one day that stands in a short text; None where it has none, or two."""
    found: list[str] = []
    for place in _WITHIN.finditer(text):
        try:
            found += filter(None, [written_date(place[0].replace("T", " "), language)])
        except (ValueError, OverflowError):
            continue
    return found[0] if len({day[:10] for day in found}) == 1 else None


def is_date_label(text: str) -> bool:
    """Whether a text begins as a date of publication does: Published on 5 March, Datum: 5.3."""
    return bool(_LABEL.match(text))


def tells_a_change(text: str) -> bool:
    """Whether a line says that its date is of a change: Updated 5 March."""
    return bool(_CHANGED.search(text))


def dateline(text: str) -> str | None:
    """What may be a date in the dateline with which a text begins: (5.3.2024) The port opens."""
    found = _DATELINE.match(text[:80])
    return found[1] if found and found[1][-1].isdigit() else None


@dataclass(slots=True)
class _Parts:
    """What is known of a date so far; each part may be stated once."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    time: str = ""
    zone: str = ""

    def take(self, **parts: int | str) -> None:
        for name, value in parts.items():
            if getattr(self, name):
                raise ValueError(f"two of {name}")
            setattr(self, name, value)


def written_date(value: str, language: str | None = None) -> str | None:
    """`value`, if all that stands in it are the parts of one date: "Tue, 5 mars 2024 à 10h30".

    Raises ValueError when it is none, or when a second reading is as likely: 03/04/2021.
    """
    found, place = _Parts(), 0
    while place < len(value):
        part = _PART.match(value, place)
        if part is None:
            raise ValueError(value)
        _read(part, found, language)
        place = part.end()
    return _iso(found)


def _read(part: re.Match[str], found: _Parts, language: str | None) -> None:
    if part["asian"]:
        found.take(**dict(zip(("year", "month", "day"), _numbers(part["asian"]), strict=False)))
    elif part["numeric"]:
        found.take(**_numeric(part["numeric"], language))
    elif part["time"]:
        found.take(time=_time(part["time"], part["half"]))
    elif part["offset"]:
        digits = part["offset"].strip("()").lstrip("GMTUC").replace(":", "")
        found.zone = f"{digits[:3]}:{digits[3:]}"  # GMT+0100 (CET): said twice
    elif part["year"] or part["day"]:
        found.take(**{part.lastgroup or "": int(part[part.lastgroup or ""])})
    elif part["word"]:
        _read_word(part["word"], found, language)


def _numbers(text: str) -> list[int]:
    return [int(digits) for digits in _DIGITS.findall(text)]


def _numeric(text: str, language: str | None) -> dict[str, int]:
    """Year, month and day of digits; of 14/01/2020 no second reading is possible.

    Only English has both orders: in any other language 03.04.2021 is of April. Where dates are
    written with dots, 03/04/2021 is written by a program, in whatever order.
    """
    numbers = _numbers(text)
    if len(numbers) == 1:  # 20240305
        year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    elif numbers[0] > 31:
        year, month, day = numbers
    else:
        one, other, year = numbers
        dotted = language in listed("dates_with_dots") and "/" in text
        european = language not in (None, "en") and not dotted
        if year < 100:  # 28.01.22
            if not european:
                raise ValueError(text)
            year += 2000
        if one != other and max(one, other) <= 12 and not european:
            raise ValueError(text)
        month, day = (one, other) if other > 12 else (other, one)
    return {"year": year, "month": month, "day": day}


def _time(clock: str, half: str | None) -> str:
    hours, *rest = clock.replace("h", ":").split(":")
    hour = int(hours)
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(clock)
        hour = hour % 12 + 12 * (half in "Pp")
    return ":".join((f"{hour:02}", *rest))


def _read_word(stated: str, found: _Parts, language: str | None) -> None:
    word = stated.lower()
    months, zone = _months(language).get(word, frozenset()), valued("time_zones").get(word)
    if len(months) == 1 and not found.month:
        found.take(month=min(months))
    elif zone and found.time:
        found.zone = found.zone or zone
    elif word not in _passed_over() and not (found.time and stated.isupper()):
        raise ValueError(word)  # behind a time it is a zone: the day is certain all the same


@cache
def _months(language: str | None) -> dict[str, frozenset[int]]:
    """The months that a word may mean in a language, or in any where it is not known."""
    if language is not None:
        own = valued("months", language) if language in tables() else valued("other_months")
        return {**_months(None), **{word: frozenset({int(n)}) for word, n in own.items()}}
    known: dict[str, set[int]] = {}
    for table in tables().values():
        for key in ("months", "month_abbreviations", "other_months"):
            for word, number in table.get(key, {}).items():
                known.setdefault(word, set()).add(int(number))
    return {word: frozenset(numbers) for word, numbers in known.items()}


@cache
def _passed_over() -> frozenset[str]:
    keys = ("weekdays", "weekday_abbreviations", "other_weekdays", "date_particles", "date_labels")
    return frozenset().union(*map(listed, keys))


def _iso(found: _Parts) -> str | None:
    if found.year is None or found.month is None:
        raise ValueError("no month of a year")
    stated = f"{found.year:04}-{found.month:02}"
    date(found.year, found.month, found.day or 1)  # raises for what no calendar has
    if found.day is None:
        return stated if not found.time else None
    stated += f"-{found.day:02}"
    if not found.time:
        return stated
    moment = f"{stated}T{found.time}{found.zone}"
    datetime.fromisoformat(moment.replace("Z", "+00:00").partition(".")[0])
    return moment
