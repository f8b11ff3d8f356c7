"""Filters -> the chunks that pass, remembered from one generation to the next."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from qa.filters import Filters
from qa.storage.sql.columns import LIVE
from qa.storage.sql.engine import Database
from qa.storage.sql.where import where

Keys = NDArray[np.int64]

# How many filters are remembered, those used last. Half of a million chunks are 4 MB.
REMEMBERED = 16
# Resolving the filters anew takes no longer than catching up with more chunks than these.
MOST_CHANGES = 20_000


class Matching:
    """The chunks that pass a filter.

    Resolving a filter takes a third of a second for a million chunks, but only once: when articles
    came and went since, only these are looked at.
    """

    def __init__(self, database: Database) -> None:
        self._db = database
        self._matched: OrderedDict[Filters, tuple[int, Keys]] = OrderedDict()
        self._remembering = threading.Lock()

    def chunks(self, filters: Filters, generation: int) -> Keys:
        """The chunks that stand in an article which passes the filters, ascending."""
        with self._remembering:
            known, keys = self._matched.get(filters, (-1, _NONE))
        if known != generation:
            changed = self._touched(known, generation) if 0 <= known < generation else None
            if changed is None:
                keys = self._matching(filters, generation)
            else:
                rest = keys[np.isin(keys, changed, assume_unique=True, invert=True)]
                keys = np.union1d(rest, self._matching(filters, generation, changed))
            keys.flags.writeable = False
            if known < generation:
                self._remember(filters, generation, keys)
        return keys

    def _remember(self, filters: Filters, generation: int, keys: Keys) -> None:
        with self._remembering:
            self._matched[filters] = generation, keys
            self._matched.move_to_end(filters)
            while len(self._matched) > REMEMBERED:
                self._matched.popitem(last=False)

    def _matching(self, filters: Filters, generation: int, among: Keys | None = None) -> Keys:
        """The chunks of articles that pass; with `among`, only these chunks are looked at."""
        condition, values = where(self._db, filters)
        join = self._db.join
        joined = f"articles a {join} passages p ON p.article = a.key"
        if among is not None:
            joined = (
                f"({self._db.numbers_in('among')}) c {join} passages p ON p.chunk = c.value"
                f" {join} articles a ON a.key = p.article"
            )
            values = {**values, "among": json.dumps(among.tolist())}
        query = f"SELECT p.chunk FROM {joined} WHERE {LIVE} AND {condition}"
        return np.unique(self._db.numbers(query, {**values, "g": generation}))

    def _touched(self, since: int, until: int) -> Keys | None:
        """The chunks of articles that came or went; None when there are many, or not all known."""
        query = (
            "SELECT p.chunk FROM (SELECT key FROM articles"
            "  WHERE added_in > :since AND added_in <= :until UNION"
            "  SELECT key FROM articles WHERE removed_in > :since AND removed_in <= :until) a"
            f" {self._db.join} passages p ON p.article = a.key LIMIT :most"
        )
        values = {"since": since, "until": until, "most": MOST_CHANGES + 1}
        found = self._db.numbers(query, values)
        # Asked afterwards: what is there to the end was there while it was read.
        known = len(found) <= MOST_CHANGES and since >= self._db.purged_to()
        return np.unique(found) if known else None


_NONE = np.empty(0, np.int64)
