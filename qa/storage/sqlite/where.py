"""Filters as a condition in SQL."""

from __future__ import annotations

import json
from typing import Any

from qa.filters import Filters
from qa.storage.sqlite.columns import NAME_END

# Of a stated language its primary subtag: sr of sr-Latn, en of en_GB.
PRIMARY = "lower(substr(a.language, 1, instr(replace(a.language, '_', '-') || '-', '-') - 1))"


def where(filters: Filters) -> tuple[str, dict[str, Any]]:
    """Gives the condition on `articles a`, and its named values."""
    conditions, values = ["1"], {}
    for name, column in (
        ("article_ids", "a.id"),
        ("publishers", "casefold(a.publisher)"),
        ("languages", PRIMARY),
    ):
        wanted: tuple[str, ...] = getattr(filters, name)
        if wanted:
            folded = wanted if name == "article_ids" else [w.casefold() for w in wanted]
            values[name] = json.dumps(folded)
            conditions.append(f"{column} IN (SELECT value FROM json_each(:{name}))")
    if filters.authors:  # each of several; earlier versions kept them as "Jo Reed, Max Blum"
        values["authors"] = json.dumps([f", {name.casefold()}, " for name in filters.authors])
        conditions.append(
            "EXISTS (SELECT 1 FROM json_each(:authors) w"
            f" WHERE instr(', ' || replace(casefold(a.author), '{NAME_END}', ', ') || ', ',"
            " w.value))"
        )
    if filters.tags:
        values["tags"] = json.dumps([tag.casefold() for tag in filters.tags])
        conditions.append(
            "EXISTS (SELECT 1 FROM json_each(a.tags) t"
            " WHERE casefold(t.value) IN (SELECT value FROM json_each(:tags)))"
        )
    for name, operator in (("published_from", ">="), ("published_to", "<="), ("not_before", ">=")):
        limit: str | None = getattr(filters, name)
        if limit:
            values[name] = limit[:10]
            dated = (
                f"substr(a.published, 1, min(10, length(:{name})))"
                f" {operator} substr(:{name}, 1, length(a.published))"
            )
            undated = " OR a.published IS NULL" if name == "not_before" else ""
            conditions.append(f"({dated}{undated})")
    return " AND ".join(conditions), values
