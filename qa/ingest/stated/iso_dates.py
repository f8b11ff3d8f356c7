"""Dates as sources write them -> ISO 8601, exactly as precise as they were stated."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

from qa.ingest.stated.written_dates import written_date

_NUMERIC = re.compile(r"([0-9]{4})(?:([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?)?\.?")
_MOMENT = re.compile(
    r"(?P<year>[0-9]{4})(?P<dash>-?)(?P<month>[0-9]{2})(?P=dash)(?P<day>[0-9]{2})[Tt ]"
    r"(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]{1,9})?)?|[0-9]{4}(?:[0-9]{2})?)"
    r"\s*(?P<offset>[Zz]|UTC|GMT|[+-][0-9]{2}(?::?[0-9]{2})?)?"
)
_RFC_2822 = re.compile(r"(?:[A-Za-z]{3},\s*)?[0-9]{1,2}\s+[A-Za-z]{3}\s+[0-9]{4}\s+[0-9]{2}:.+")
_CLOCK = re.compile("[0-9]{2}")
_SECONDS = re.compile("1[0-9]{9}(?:[0-9]{3})?")  # since 1970, from 2001 to 2033; or thousandths
_LONGEST = 64


def iso_date(value: str, language: str | None = None) -> str | None:
    """`value` in ISO 8601; None when it is ambiguous ("03/04/2021"), impossible or no date.

    The language in which it stands, if that is known, tells November from October ("listopada").
    """
    value = " ".join(value.split())
    if len(value) > _LONGEST:
        return None
    try:
        return (
            _moment(value)
            or _rfc_2822(value)
            or _unix(value)
            or _day(value)
            or written_date(value, language)
        )
    except (ValueError, OverflowError):  # the 30th of February
        return None


def _moment(value: str) -> str | None:
    found = _MOMENT.fullmatch(value)
    if not found:
        return None
    day = f"{found['year']}-{found['month']}-{found['day']}"
    time, offset = found["time"].replace(",", "."), _offset(found["offset"])
    if ":" not in time:
        time = ":".join(_CLOCK.findall(time))
    time = time if time[2] == ":" else f"0{time}"
    # Checked without the fraction, of which Python reads six digits and ISO any number.
    datetime.fromisoformat(f"{day}T{time.partition('.')[0]}{offset}")
    return f"{day}T{time}{offset}"


def _offset(stated: str | None) -> str:
    if not stated:
        return ""
    if stated[0] not in "+-":
        return "Z"
    digits = stated[1:].replace(":", "").ljust(4, "0")
    return f"{stated[0]}{digits[:2]}:{digits[2:]}"


def _rfc_2822(value: str) -> str | None:
    if not _RFC_2822.fullmatch(value):
        return None
    try:
        return parsedate_to_datetime(value).isoformat()
    except (ValueError, OverflowError):  # not all that looks like it: 5 Mar 2024 10:30 PM CET
        return None


def _unix(value: str) -> str | None:
    if not _SECONDS.fullmatch(value):
        return None
    return datetime.fromtimestamp(int(value[:10]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(value: str) -> str | None:
    found = _NUMERIC.fullmatch(value)
    if not found:
        return None
    year, _, month, day = found.groups()
    date(int(year), int(month or 1), int(day or 1))  # raises for what no calendar has
    return "-".join(filter(None, (year, month and f"{month:0>2}", day and f"{day:0>2}")))
