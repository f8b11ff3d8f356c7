"""Filters on articles: applied before ranking, so a narrow filter still finds its best."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from qa.errors import InvalidInput

_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}([T ].*)?)?)?$")


@dataclass(frozen=True, slots=True)
class Filters:
    """An article passes when it passes each one that is given.

    Lists: any of these, case ignored for names. Dates are inclusive ISO prefixes and compare as
    far as both sides go: an article of "2023" passes published_from="2023-05".
    """

    article_ids: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    published_from: str | None = None
    published_to: str | None = None
    not_before: str | None = None  # likewise, and an article without a date passes

    def __post_init__(self) -> None:
        # Of a language its primary subtag is stored: en of en-GB.
        primary = (re.split("[-_]", name.strip())[0].lower() for name in self.languages)
        object.__setattr__(self, "languages", tuple(primary))
        for name in ("published_from", "published_to", "not_before"):
            stated: str | None = getattr(self, name)
            if stated and not (_DATE.match(stated) and _in_calendar(stated)):
                raise InvalidInput(
                    f"{name} is {stated!r}; give YYYY, YYYY-MM or YYYY-MM-DD of the calendar",
                    code="invalid_date",
                )

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)


def _in_calendar(given: str) -> bool:
    """Whether there is such a day, month or year: no 2024-02-30, and no 2020-13."""
    year = "2000" if given.startswith("0000") else given[:4]  # both are leap years; Python has no 0
    try:
        date.fromisoformat(year + (given[4:10] + "-01-01"[len(given) - 4 :])[:6])
    except ValueError:
        return False
    return True
