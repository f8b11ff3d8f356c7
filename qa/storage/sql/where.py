"""Filters as a condition in SQL."""

from __future__ import annotations

import json
from typing import Any

from qa.filters import Filters
from qa.storage.sql.columns import NAME_END
from qa.storage.sql.engine import Database


def where(database: Database, filters: Filters) -> tuple[str, dict[str, Any]]:
    """Gives the condition on `articles a`, and its named values."""
    conditions, values = ["TRUE"], {}
    for name, column in (
        ("article_ids", "a.id"),
        ("publishers", database.folded("publisher")),
        ("languages", database.primary("a.language")),
    ):
        wanted: tuple[str, ...] = getattr(filters, name)
        if wanted:
            folded = wanted if name == "article_ids" else [w.casefold() for w in wanted]
            values[name] = json.dumps(folded)
            conditions.append(f"{column} IN ({database.strings_in(name)})")
    if filters.authors:  # each of several; earlier versions kept them as "Jo Reed, Max Blum"
        values["authors"] = json.dumps([f", {name.casefold()}, " for name in filters.authors])
        names = f"', ' || replace({database.folded('author')}, '{NAME_END}', ', ') || ', '"
        conditions.append(
            f"EXISTS (SELECT 1 FROM ({database.strings_in('authors')}) w"
            f" WHERE {database.stands_in('w.value', names)})"
        )
    if filters.tags:
        values["tags"] = json.dumps([tag.casefold() for tag in filters.tags])
        conditions.append(database.has_tag("tags"))
    for name, operator in (("published_from", ">="), ("published_to", "<="), ("not_before", ">=")):
        limit: str | None = getattr(filters, name)
        if limit:
            values[name] = limit[:10]
            dated = (
                f"substr(a.published, 1, {len(values[name])})"
                f" {operator} substr(CAST(:{name} AS TEXT), 1, length(a.published))"
            )
            undated = " OR a.published IS NULL" if name == "not_before" else ""
            conditions.append(f"({dated}{undated})")
    return " AND ".join(conditions), values
