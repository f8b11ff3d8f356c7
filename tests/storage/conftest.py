"""A store to be tested by its interface alone: the same tests run on another engine by `store`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa.storage.records import Chunk, Entry, Placed
from qa.storage.sql import Store, purging
from qa.storage.sqlite import SqliteStore
from tests.conftest import MakeDocument

VECTOR = np.array([0.6, 0.8], "<f4").tobytes()
MakeEntry = Callable[..., Entry]


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of vectors of two numbers."""
    if request.param == "sqlite":
        opened: Store = SqliteStore(tmp_path / "footnote.db")
    else:
        database = request.getfixturevalue("postgres_database")
        from qa.storage.postgres import PostgresStore

        opened = PostgresStore(database)
    with opened.changing() as change:
        change.set_meta({"dimension": "2"})
    yield opened
    opened.close()


@pytest.fixture
def purged_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes out may be purged at once, and not after ten minutes."""
    monkeypatch.setattr(purging, "PURGE_AFTER_SECONDS", -1.0)


@pytest.fixture
def entry(document: MakeDocument) -> MakeEntry:
    """Makes an entry whose passages are the lines of its text."""

    def make(id_: str, text: str, vector: bytes = VECTOR, **fields: Any) -> Entry:
        placed, start = [], 0
        for line in text.split("\n"):
            title = fields.get("title") or ""
            chunk = Chunk(title, fields.get("publisher") or "", start == 0, line)
            placed.append(Placed(start, start + len(line), chunk, vector, b"tokens"))
            start += len(line) + 1
        return Entry(document(id_, text, **fields), tuple(placed))

    return make


def put(store: Store, *entries: Entry) -> int:
    """One change with these entries; its generation."""
    with store.changing() as change:
        for item in entries:
            change.put(item)
    return store.generation()


def remove(store: Store, *ids: str) -> tuple[int, list[str]]:
    """One change without these articles; its generation, and which of them were there."""
    with store.changing() as change:
        gone = change.retire(ids)
    return store.generation(), gone
