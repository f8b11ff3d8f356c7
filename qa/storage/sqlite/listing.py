"""The list of articles: those that are selected, sorted, and counted by what they state.

All of it is remembered for the generation that it was asked of: who pages through a hundred
thousand articles has them selected, sorted and counted once.
"""

from __future__ import annotations

import json
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.storage.records import MOST_SUGGESTED, ArticleSort, Counted, Facet, Selection, StoredArticle
from qa.storage.sqlite.columns import ARTICLE, LIVE, NAME_END, SEALS, listed, stored_from
from qa.storage.sqlite.database import Database
from qa.storage.sqlite.seals import gone
from qa.storage.sqlite.where import where

# How many selections are remembered, those used last.
REMEMBERED = 16
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
# several authors are one string, with a sign of ours or commas between them.
_NAMES = f"replace(f.value, '{NAME_END}', ', ')"
_AUTHORS = f"""json_each('[' || replace(json_quote({_NAMES}), ', ', '","') || ']')"""
_EACH: Mapping[Facet, tuple[str, str]] = {
    "publisher": ("a.publisher", ""),
    "author": ("a.author", _AUTHORS),
    "year": ("substr(a.published, 1, 4)", ""),
    "language": ("a.language", ""),
    "tag": ("nullif(a.tags, '[]')", "json_each(f.value)"),
}
Keys = NDArray[np.int64]
Row = tuple[StoredArticle, int, int]  # without its text; its length, its passages


class Listings:
    """The lists of articles of one generation. Safe to use from many threads."""

    def __init__(self, database: Database, generation: int) -> None:
        self._db, self._generation = database, generation
        self._known: OrderedDict[Selection, Listing] = OrderedDict()
        self._orders: dict[ArticleSort, Keys] = {}
        self._remembering = threading.Lock()

    def of(self, selection: Selection, having: Callable[[], Sequence[Keys]]) -> Listing:
        """The selected articles; `having` gives the chunks that have each of its words."""
        with self._remembering:
            found = self._known.get(selection)
        if found is None:
            found = Listing(self._db, self._generation, self.ordered, self._keys(selection, having))
        with self._remembering:
            self._known[selection] = found
            self._known.move_to_end(selection)
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found

    def ordered(self, sort: ArticleSort) -> Keys:
        """The keys of all articles in this order."""
        if sort not in self._orders:
            query = f"SELECT a.key FROM articles a WHERE {LIVE} ORDER BY {_ORDERS[sort]}"
            self._orders[sort] = self._db.numbers(query, {"g": self._generation})
        return self._orders[sort]

    def _keys(self, selection: Selection, having: Callable[[], Sequence[Keys]]) -> Keys | None:
        """The keys of the selected articles, ascending; None for all of them."""
        typed = selection.words.strip().casefold()
        if not (typed or selection.filters):
            return None
        condition, values = where(selection.filters)
        if typed:
            # Words of an id are not indexed, nor are all scripts cut into words.
            condition += (
                " AND (a.key IN (SELECT value FROM json_each(:having))"
                " OR instr(casefold(a.id || ' ' || coalesce(a.title, '')), :typed))"
            )
            articles = self._articles_of(having())
            values = {**values, "typed": typed, "having": json.dumps(articles.tolist())}
        query = f"SELECT a.key FROM articles a WHERE {LIVE} AND {condition}"
        return np.sort(self._db.numbers(query, {**values, "g": self._generation}))

    def _articles_of(self, lists: Sequence[Keys]) -> Keys:
        """The keys of the articles that have a chunk of each list; none when there is no list."""
        query = (
            "SELECT DISTINCT p.article FROM passages p"
            " WHERE p.chunk IN (SELECT value FROM json_each(?))"
        )
        found: Keys | None = None
        for chunks in lists:
            articles = self._db.numbers(query, (json.dumps(chunks.tolist()),))
            found = articles if found is None else np.intersect1d(found, articles)
        return np.empty(0, np.int64) if found is None else found


class Listing:
    """The selected articles of one generation."""

    def __init__(
        self,
        database: Database,
        generation: int,
        ordered: Callable[[ArticleSort], Keys],
        keys: Keys | None,
    ) -> None:
        """`keys` are those of the selected articles, ascending; None: all of them."""
        self._db, self._ordered, self._keys = database, ordered, keys
        self._generation = generation
        self._sorted: tuple[ArticleSort, Keys] | None = None  # as it was paged through last
        self._counted: dict[Facet, list[Counted]] = {}

    def __len__(self) -> int:
        return len(self._ordered("id") if self._keys is None else self._keys)

    def page(self, sort: ArticleSort, offset: int, limit: int, after: str = "") -> list[Row]:
        """The articles from `offset` on; with `after`, by id, of those that come after it."""
        keys = self._in_order(sort)
        first = offset + (self._position(keys, after) if after else 0)
        wanted = keys[first : first + limit].tolist()
        rows = self._db.reader.execute(
            f"SELECT {ARTICLE} FROM articles a {SEALS} WHERE a.key IN ({listed(wanted)})"
        )
        found = {r["key"]: (stored_from(r), r["characters"], r["passages"]) for r in rows}
        if len(found) < len(wanted):
            raise gone()
        return [found[key] for key in wanted]

    def _in_order(self, sort: ArticleSort) -> Keys:
        if self._keys is None:
            return self._ordered(sort)
        known = self._sorted
        if known is None or known[0] != sort:
            every = self._ordered(sort)
            known = self._sorted = sort, every[np.isin(every, self._keys, assume_unique=True)]
        return known[1]

    def _position(self, keys: Keys, after: str) -> int:
        """Where those begin whose id comes after this one, among keys by id."""
        query = "SELECT id FROM articles WHERE key = ?"

        def id_of(key: int) -> str:
            row = self._db.reader.execute(query, (int(key),)).fetchone()
            if row is None:
                raise gone()
            return str(row["id"])

        return bisect_right(keys, after, key=id_of)

    def facet(self, facet: Facet, most: int) -> list[Counted]:
        """The values that most of the articles have, with how many; case is ignored."""
        if facet not in self._counted:
            self._counted[facet] = self._count(facet)
        return self._counted[facet][:most]

    def _count(self, facet: Facet) -> list[Counted]:
        column, each = _EACH[facet]
        values: dict[str, Any] = {"g": self._generation, "most": MOST_SUGGESTED}
        among = ""
        if self._keys is not None:
            among = " AND a.key IN (SELECT value FROM json_each(:keys))"
            values["keys"] = json.dumps(self._keys.tolist())
        live = f"FROM articles a WHERE {LIVE}{among}"
        counted = f"SELECT {column} AS value, count(*) AS n {live} GROUP BY 1"
        if each:
            counted = (
                f"SELECT v.value AS value, sum(f.n) AS n FROM ({counted}) f, {each} v GROUP BY 1"
            )
        rows = self._db.reader.execute(
            f"SELECT min(value) AS value, sum(n) AS n FROM ({counted})"
            " WHERE value <> '' GROUP BY casefold(value) ORDER BY n DESC, 1 LIMIT :most",
            values,
        )
        return [Counted(str(row["value"]), row["n"]) for row in rows]
