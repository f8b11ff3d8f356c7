"""Dates as sources write them -> ISO 8601, exactly as precise as they were stated."""

from __future__ import annotations

import re
from datetime import date, datetime
from email.utils import parsedate_to_datetime

from qa.text.words.tables import listed, valued

_MONTHS = {
    word: int(number)
    for key in ("months", "month_abbreviations")
    for word, number in valued(key, "en").items()
}
_WEEKDAYS = "|".join(sorted(listed("weekdays", "en") | listed("weekday_abbreviations", "en")))
_MONTH = r"(?P<month>[A-Za-z]{3,9})\.?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?\.?"
_YEAR = r"(?P<year>[0-9]{4})"
_WEEKDAY = re.compile(rf"^(?:{_WEEKDAYS}),?\s+", re.IGNORECASE)
_NUMERIC = re.compile(rf"{_YEAR}(?:([-/.])(?P<month>[0-9]{{1,2}})(?:\2(?P<day>[0-9]{{1,2}}))?)?")
_WRITTEN = (
    re.compile(rf"{_DAY}\s+{_MONTH},?\s+{_YEAR}"),  # 3 March 2021
    re.compile(rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}"),  # March 3, 2021
    re.compile(rf"{_MONTH},?\s+{_YEAR}"),  # March 2021
)
_MOMENT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]"
    r"(?P<time>[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?)"
    r"\s*(?P<offset>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_RFC_2822 = re.compile(r"(?:[A-Za-z]{3},\s*)?[0-9]{1,2}\s+[A-Za-z]{3}\s+[0-9]{4}\s+[0-9]{2}:.+")


def iso_date(value: str) -> str | None:
    """`value` in ISO 8601; None when it is ambiguous ("03/04/2021"), impossible or no date."""
    value = " ".join(value.split())
    if len(value) > 64:
        return None
    try:
        return _moment(value) or _rfc_2822(value) or _day(value)
    except (ValueError, OverflowError):  # the 30th of February
        return None


def _moment(value: str) -> str | None:
    found = _MOMENT.fullmatch(value)
    if not found:
        return None
    time, offset = found["time"].replace(",", "."), _offset(found["offset"])
    # Checked without the fraction, of which Python reads six digits and ISO any number.
    datetime.fromisoformat(f"{found['date']}T{time.partition('.')[0]}{offset}")
    return f"{found['date']}T{time}{offset}"


def _offset(stated: str | None) -> str:
    if not stated:
        return ""
    if stated[0] not in "+-":
        return "Z"
    digits = stated[1:].replace(":", "").ljust(4, "0")
    return f"{stated[0]}{digits[:2]}:{digits[2:]}"


def _rfc_2822(value: str) -> str | None:
    return parsedate_to_datetime(value).isoformat() if _RFC_2822.fullmatch(value) else None


def _day(value: str) -> str | None:
    found = _NUMERIC.fullmatch(value)
    if not found:
        bare = _WEEKDAY.sub("", value)
        found = next((hit for form in _WRITTEN if (hit := form.fullmatch(bare))), None)
    if not found:
        return None
    parts = found.groupdict()
    year, month, day = parts["year"], _number(parts["month"]), _number(parts.get("day"))
    date(int(year), month or 1, day or 1)  # raises for what no calendar has
    if month is None:
        return year
    return f"{year}-{month:02}" if day is None else f"{year}-{month:02}-{day:02}"


def _number(part: str | None) -> int | None:
    """The number that a month's name, its abbreviation, or digits say."""
    if part is None or part.isdigit():
        return None if part is None else int(part)
    if part.lower() not in _MONTHS:
        raise ValueError(part)
    return _MONTHS[part.lower()]
