"""The list of articles: those that are selected, sorted, and counted by what they state.

All of it is remembered for the generation that it was asked of: who pages through a hundred
thousand articles has them selected, sorted and counted once.
"""

from __future__ import annotations

import json
import threading
from bisect import bisect_right
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from heapq import nsmallest
from typing import Any

import numpy as np
from numpy.typing import NDArray

from qa.storage.records import MOST_SUGGESTED, ArticleSort, Counted, Facet, Selection, StoredArticle
from qa.storage.sql.columns import ARTICLE, LIVE, NAME_END, SEALS, listed, stored_from
from qa.storage.sql.engine import Database
from qa.storage.sql.seals import gone
from qa.storage.sql.where import where

# How many selections are remembered, those used last.
REMEMBERED = 16
# What is not dated comes last, whichever way round.
_ORDERS: Mapping[ArticleSort, str] = {
    "id": "a.id",
    "-id": "a.id DESC",
    "title": "{title}, a.id",
    "-title": "{title} DESC, a.id",
    "published": "a.published IS NULL, a.published, a.id",
    "-published": "a.published IS NULL, a.published DESC, a.id",
    "added": "a.key",
    "-added": "a.key DESC",
}
# What is counted, and how one value of it is taken apart.
_COUNTED: Mapping[Facet, tuple[str, Callable[[str], Sequence[str]]]] = {
    "publisher": ("a.publisher", lambda value: (value,)),
    "author": ("a.author", lambda value: value.replace(NAME_END, ", ").split(", ")),
    "year": ("substr(a.published, 1, 4)", lambda value: (value,)),
    "language": ("a.language", lambda value: (value,)),
    "tag": ("a.tags", json.loads),
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
            order = _ORDERS[sort].format(title=self._db.folded("sorted"))
            query = f"SELECT a.key FROM articles a WHERE {LIVE} ORDER BY {order}"
            self._orders[sort] = self._db.numbers(query, {"g": self._generation})
        return self._orders[sort]

    def _keys(self, selection: Selection, having: Callable[[], Sequence[Keys]]) -> Keys | None:
        """The keys of the selected articles, ascending; None for all of them."""
        typed = selection.words.strip().casefold()
        if not (typed or selection.filters):
            return None
        condition, values = where(self._db, selection.filters)
        if typed:
            # Words of an id are not indexed, nor are all scripts cut into words.
            condition += (
                f" AND (a.key IN ({self._db.numbers_in('having')})"
                f" OR {self._db.stands_in(':typed', self._db.folded('named'))})"
            )
            articles = self._articles_of(having())
            values = {**values, "typed": typed, "having": json.dumps(articles.tolist())}
        query = f"SELECT a.key FROM articles a WHERE {LIVE} AND {condition}"
        return np.sort(self._db.numbers(query, {**values, "g": self._generation}))

    def _articles_of(self, lists: Sequence[Keys]) -> Keys:
        """The keys of the articles that have a chunk of each list; none when there is no list."""
        query = (
            "SELECT DISTINCT p.article FROM passages p"
            f" WHERE p.chunk IN ({self._db.numbers_in('chunks')})"
        )
        found: Keys | None = None
        for chunks in lists:
            articles = self._db.numbers(query, {"chunks": json.dumps(chunks.tolist())})
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
        column, apart = _COUNTED[facet]
        values: dict[str, Any] = {"g": self._generation}
        among = ""
        if self._keys is not None:
            among = f" AND a.key IN ({self._db.numbers_in('keys')})"
            values["keys"] = json.dumps(self._keys.tolist())
        rows = self._db.reader.execute(
            f"SELECT {column} AS value, count(*) AS n FROM articles a WHERE {LIVE}{among}"
            " GROUP BY 1",
            values,
        )
        articles: Counter[str] = Counter()
        written: dict[str, str] = {}  # of several ways to write it, the first by its letters
        for value, number in rows:
            for said in filter(None, apart(value)) if value else ():
                folded = said.casefold()
                articles[folded] += number
                written[folded] = min(said, written.get(folded, said))
        counted = [Counted(written[folded], n) for folded, n in articles.items()]
        return nsmallest(MOST_SUGGESTED, counted, key=lambda one: (-one.articles, one.value))
