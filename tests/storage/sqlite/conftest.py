"""What SQLite alone has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.storage.sqlite import SqliteStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """An empty store of vectors of two numbers, in a file."""
    opened = SqliteStore(tmp_path / "footnote.db")
    with opened.changing() as change:
        change.set_meta({"dimension": "2"})
    yield opened
    opened.close()
