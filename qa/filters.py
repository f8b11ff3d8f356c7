"""Filters on articles, as SQL: applied before ranking, so a narrow filter still finds its best."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

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

    def __post_init__(self) -> None:
        for name in ("published_from", "published_to"):
            date: str | None = getattr(self, name)
            if date and not _DATE.match(date):
                raise InvalidInput(
                    f"{name} is {date!r}; give YYYY, YYYY-MM or YYYY-MM-DD", code="invalid_date"
                )

    def __bool__(self) -> bool:
        return any(getattr(self, name) for name in self.__slots__)


def where(filters: Filters) -> tuple[str, dict[str, Any]]:
    """The condition on `articles a`, and its named values."""
    conditions, values = ["1"], {}
    for name, column in (
        ("article_ids", "a.id"),
        ("publishers", "casefold(a.publisher)"),
        ("authors", "casefold(a.author)"),
        ("languages", "a.language"),
    ):
        wanted: tuple[str, ...] = getattr(filters, name)
        if wanted:
            folded = wanted if name == "article_ids" else [w.casefold() for w in wanted]
            values[name] = json.dumps(folded)
            conditions.append(f"{column} IN (SELECT value FROM json_each(:{name}))")
    if filters.tags:
        values["tags"] = json.dumps([tag.casefold() for tag in filters.tags])
        conditions.append(
            "EXISTS (SELECT 1 FROM json_each(a.tags) t"
            " WHERE casefold(t.value) IN (SELECT value FROM json_each(:tags)))"
        )
    for name, operator in (("published_from", ">="), ("published_to", "<=")):
        limit: str | None = getattr(filters, name)
        if limit:
            values[name] = limit[:10]
            conditions.append(
                f"substr(a.published, 1, min(10, length(:{name})))"
                f" {operator} substr(:{name}, 1, length(a.published))"
            )
    return " AND ".join(conditions), values
