"""The list of articles: those that are selected, sorted, and counted by what they state."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.storage.records import ArticleSort, Counted, Facet, Selection, StoredArticle
from qa.storage.sqlite.columns import ARTICLE, LIVE, SEALS, listed, stored_from
from qa.storage.sqlite.database import Database
from qa.storage.sqlite.where import where

# What is not dated comes last, whichever way round.
_ORDERS: Mapping[ArticleSort, str] = {
    "id": "a.id",
    "-id": "a.id DESC",
    "title": "casefold(coalesce(a.title, a.id)), a.id",
    "-title": "casefold(coalesce(a.title, a.id)) DESC, a.id",
    "published": "a.published IS NULL, a.published, a.id",
    "-published": "a.published IS NULL, a.published DESC, a.id",
    "added": "a.key",
    "-added": "a.key DESC",
}
# Each distinct value of a column, or of a list in it, with the number of its articles: names of
# several authors are one string, "Jo Reed, Max Blum".
_AUTHORS = """json_each('[' || replace(json_quote(f.value), ', ', '","') || ']')"""
_EACH: Mapping[Facet, tuple[str, str]] = {
    "publisher": ("a.publisher", ""),
    "author": ("a.author", _AUTHORS),
    "year": ("substr(a.published, 1, 4)", ""),
    "language": ("a.language", ""),
    "tag": ("nullif(a.tags, '[]')", "json_each(f.value)"),
}
_ROW = tuple[StoredArticle, int, int]


def articles_of(database: Database, lists: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The keys of the articles that have a chunk of each list; none when there is no list."""
    query = (
        "SELECT DISTINCT p.article FROM passages p"
        " WHERE p.chunk IN (SELECT value FROM json_each(?))"
    )
    found: NDArray[np.int64] | None = None
    for chunks in lists:
        articles = database.numbers(query, (json.dumps(chunks.tolist()),))
        found = articles if found is None else np.intersect1d(found, articles)
    return np.empty(0, np.int64) if found is None else found


class Listing:
    """The selected articles of one generation; `among` are keys that have the selection's words."""

    def __init__(
        self,
        database: Database,
        generation: int,
        selection: Selection,
        among: NDArray[np.int64] | None,
    ) -> None:
        self._db = database
        condition, values = where(selection.filters)
        self._values: dict[str, Any] = {**values, "g": generation}
        self._from = f"FROM articles a WHERE {LIVE} AND {condition}"
        if among is not None:
            # Words of an id are not indexed, nor are all scripts cut into words.
            self._from += (
                " AND (a.key IN (SELECT value FROM json_each(:among))"
                " OR instr(casefold(a.id || ' ' || coalesce(a.title, '')), :typed))"
            )
            self._values["among"] = json.dumps(among.tolist())
            self._values["typed"] = selection.words.strip().casefold()

    def count(self) -> int:
        """How many articles are selected."""
        row = self._db.reader.execute(f"SELECT count(*) {self._from}", self._values).fetchone()
        return int(row[0])

    def page(self, sort: ArticleSort, offset: int, limit: int, after: str = "") -> list[_ROW]:
        """(article without text, its length, its passages) of the articles from `offset` on.

        With `after`, of those whose id comes after it.
        """
        keys = self._db.numbers(
            f"SELECT a.key {self._from} AND a.id > :after"
            f" ORDER BY {_ORDERS[sort]} LIMIT :limit OFFSET :offset",
            {**self._values, "after": after, "limit": limit, "offset": offset},
        )
        rows = self._db.reader.execute(
            f"SELECT {ARTICLE} FROM articles a {SEALS} WHERE a.key IN ({listed(keys.tolist())})"
        )
        found = {r["key"]: (stored_from(r), r["characters"], r["passages"]) for r in rows}
        return [found[key] for key in keys.tolist()]

    def facet(self, facet: Facet, most: int) -> list[Counted]:
        """The values that most of the selected articles have, with how many; case is ignored."""
        column, each = _EACH[facet]
        value, joined = ("v.value", f", {each} v") if each else ("f.value", "")
        rows = self._db.reader.execute(
            f"SELECT min({value}) AS value, sum(f.n) AS n FROM"
            f" (SELECT {column} AS value, count(*) AS n {self._from} GROUP BY 1) f{joined}"
            f" WHERE {value} <> '' GROUP BY casefold({value}) ORDER BY n DESC, value LIMIT :most",
            {**self._values, "most": most},
        )
        return [Counted(str(row["value"]), row["n"]) for row in rows]
