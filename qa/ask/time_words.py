"""What a question says of the time that it asks for: "since 2024", "in May", "the latest".

Only articles that are dated before it are left out by "since": what they say, they say of earlier.
Everything else is a preference: an article of 2021 may well say what happened in 2020. What the
words do is told with the answer, and nobody has to put up with it (docs/api.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from qa.ingest.stated.written_dates import written_date
from qa.text.words import is_unit
from qa.text.words.tables import alternatives, any_of, listed, valued
from qa.types import Understood

_OPENERS = ("time_since", "time_after", "time_before", "time_until", "time_in")
# Counted from today: what it is of, and how many of them ago.
_COUNTED = {
    **{"last_year": ("year", 1), "this_year": ("year", 0), "last_month": ("month", 1)},
    **{"this_month": ("month", 0), "last_week": ("week", 1), "this_week": ("week", 0)},
    "yesterday": ("day", 1),
}
# At most five words are a date: "Tuesday the 4th of May 2024" is read from its day on.
_STRETCH = re.compile(r"[^\s?!;:]+(?:\s+[^\s?!;:]+){0,4}")
_YEAR = re.compile(r"(?:1[89]|20)\d\d(?![\w%]|[.,/-]\d)")
_ISO_MONTH = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?![\w-])")
_MONTH = re.compile(r"([^\W\d_]+)(?!\s+\d)")
_WORDS = re.compile(r"[^\W\d_]+")
_WORD_BEHIND = re.compile(r"\s+(\w+)")
# The names of months in all languages, with their numbers.
_MONTHS = valued("other_months") | valued("month_abbreviations") | valued("months")
_OPENING_WORDS = any_of(frozenset[str]().union(*map(listed, (*_OPENERS, "time_from"))))
_OPENING = re.compile(
    rf"(?<![\w.,/-])(?:(?P<word>{_OPENING_WORDS})\s+)?(?:(?:the|le|el|den)\s+)?"
    rf"(?=\d|(?:{any_of(_MONTHS)})\b)",
    re.IGNORECASE,
)
_JOINING = re.compile(rf"\s+(?:{alternatives('time_to')})\s+|\s*[–—-]\s*", re.IGNORECASE)
# A word for the newest with what is to be it behind: not "by Friday at the latest".
_COUNTED_WORDS = any_of(frozenset[str]().union(*map(listed, _COUNTED)))
_NAMING_WORDS = rf"(?:{alternatives('time_latest')})(?=\s+\S)|(?:{_COUNTED_WORDS})(?!\w)"
_NAMING = re.compile(rf"(?<!\w)(?P<word>{_NAMING_WORDS})".replace(r"\ ", r"\s+"), re.IGNORECASE)
_NO_YEAR = "----"
# A longer question tells of what is latest, and does not ask for it.
_LONG = 20  # words
_MONTH_AND_YEAR = 7  # characters of "2024-05"


def time_words(question: str, today: date) -> tuple[Understood, ...]:
    """The words of a question that say of when its answer is to be, in their order.

    >>> [(u.text, u.published_from) for u in time_words("Talks since May 2024?", date(2026, 1, 1))]
    [('since May 2024', '2024-05')]
    """
    dated = list(_dated(question, today))
    named = (
        one
        for one in _named(question, today)
        if all(one.end <= other.start or other.end <= one.start for other in dated)
    )
    return tuple(sorted([*dated, *named], key=lambda one: one.start))


def _dated(question: str, today: date) -> Iterator[Understood]:
    """What says a date: behind a word that opens it or, with its month and year, alone."""
    if not _may_be_dated(question):
        return
    behind = 0
    for place in _OPENING.finditer(question):
        start, word = place.start(), (place["word"] or "").casefold()
        first = _date_at(question, place.end()) if start >= behind else None
        if first is None:
            continue
        said, behind = first
        second = _second(question, behind) if word in listed("time_from") else None
        key = next((key for key in _OPENERS if word in listed(key)), None)
        bounds: tuple[str | None, str | None]
        if second:
            behind, bounds = second[1], (said, second[0])
        elif key or (not word and len(said) >= _MONTH_AND_YEAR):
            bounds = _bounds(key or "time_in", said)
        else:
            continue
        if bounds != (None, None) and (bounds[0] or "") <= today.isoformat():
            yield _understood(question, start, behind, *bounds)


def _second(question: str, behind: int) -> tuple[str, int] | None:
    """The second of two dates, and where it ends: "(from 2019) to 2021"."""
    joined = _JOINING.match(question, behind)
    return _date_at(question, joined.end()) if joined else None


def _understood(
    question: str, start: int, end: int, since: str | None, until: str | None
) -> Understood:
    filters = since is not None and until is None and _is_since(question[start:end])
    if since and since.startswith(_NO_YEAR):
        month = int(since.removeprefix(_NO_YEAR))
        return Understood("period", "preference", question[start:end], start, end, month=month)
    return Understood(
        "since" if filters else "period",
        "filter" if filters else "preference",
        question[start:end],
        start,
        end,
        published_from=since,
        published_to=until,
    )


def _is_since(words: str) -> bool:
    return any(words.casefold().startswith(f"{word} ") for word in listed("time_since"))


def _bounds(key: str, said: str) -> tuple[str | None, str | None]:
    """From when and to when, both inclusive: "before 2020" is to 2019. None: it is not read."""
    if key == "time_in":
        return said, said
    if said.startswith(_NO_YEAR):  # since May: of which year?
        return None, None
    if key in ("time_since", "time_after"):
        return said, None
    return None, _before(said) if key == "time_before" else said


def _before(said: str) -> str:
    """The year, month or day before one: "2024-01" -> "2023-12"."""
    year, *rest = map(int, said.split("-"))
    if not rest:
        return f"{year - 1:04}"
    first = date(year, *rest) if len(rest) == 2 else date(year, rest[0], 1)
    return (first - timedelta(1)).isoformat()[: len(said)]


def _date_at(question: str, start: int) -> tuple[str, int] | None:
    """The date that begins at a place, as precise as it is said, and where it ends."""
    stretch = _STRETCH.match(question, start)
    ends = [word.end() + start for word in re.finditer(r"\S+", stretch[0])] if stretch else []
    for end in reversed(ends):
        said = question[start:end].rstrip(".,)”\"'’")
        try:
            iso = written_date(said) if _ends_a_date(said) else None
        except (ValueError, OverflowError):
            continue
        if iso:
            return iso[:10], start + len(said)
    if month := _ISO_MONTH.match(question, start):
        return month[0], month.end()
    return _year_at(question, start) or _month_at(question, start)


def _ends_a_date(said: str) -> bool:
    """Whether the last word of some may be a date's: "May 2024 the" goes on."""
    return said.split()[-1:] != [] and said.split()[-1].casefold() not in listed("date_particles")


def _year_at(question: str, start: int) -> tuple[str, int] | None:
    year = _YEAR.match(question, start)
    if year is None:
        return None
    counted = _WORD_BEHIND.match(question, year.end())
    return None if counted and is_unit(counted[1].casefold()) else (year[0], year.end())


def _month_at(question: str, start: int) -> tuple[str, int] | None:
    """A month of no year; in English it has a capital: they may march."""
    word = _MONTH.match(question, start)
    number = _MONTHS.get(word[1].casefold()) if word else None
    if word is None or number is None:
        return None
    if word[1].casefold() in listed("months", "en") and not word[1][0].isupper():
        return None
    return f"{_NO_YEAR}{int(number)}", word.end()


def _named(question: str, today: date) -> Iterator[Understood]:
    """What says no date: the latest, last year."""
    if _first_words().isdisjoint(_words(question)):
        return
    for word in _NAMING.finditer(question):
        start, end = word.span("word")
        key = next(key for key in ("time_latest", *_COUNTED) if _folded(word["word"]) in _set(key))
        if key == "time_latest" and len(question.split()) > _LONG:
            continue
        if key == "time_latest":
            yield Understood("latest", "preference", word["word"], start, end)
        else:
            yield _understood(question, start, end, *_counted(key, today))


def _counted(key: str, today: date) -> tuple[str, str]:
    """The first and the last day, month or year: ("2025", "2025")."""
    unit, ago = _COUNTED[key]
    if unit == "year":
        return (f"{today.year - ago:04}",) * 2
    if unit == "month":
        month = today.replace(day=1) - timedelta(ago)
        return (month.isoformat()[:_MONTH_AND_YEAR],) * 2
    if unit == "week":
        monday = today - timedelta(today.weekday() + 7 * ago)
        return monday.isoformat(), (monday + timedelta(6)).isoformat()
    return ((today - timedelta(ago)).isoformat(),) * 2


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())


@cache
def _set(key: str) -> frozenset[str]:
    return frozenset(map(_folded, listed(key)))


def _words(question: str) -> set[str]:
    return set(_WORDS.findall(question.casefold()))


def _may_be_dated(question: str) -> bool:
    """Whether it has a digit or a month at all: most questions have neither."""
    return any(map(str.isdigit, question)) or not _words(question).isdisjoint(_MONTHS)


@cache
def _first_words() -> frozenset[str]:
    phrases = frozenset[str]().union(*map(_set, ("time_latest", *_COUNTED)))
    return frozenset(word for phrase in phrases for word in _WORDS.findall(phrase)[:1])
