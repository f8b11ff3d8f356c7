"""The truth of a corpus in one SQLite file (WAL)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from qa.storage.locks import Lock
from qa.storage.sql.store import Store
from qa.storage.sqlite.address import identity_of
from qa.storage.sqlite.database import SqliteDatabase, readable
from qa.storage.sqlite.versions import bring_to_version, refuse_another


class SqliteStore(Store):
    """What a corpus keeps, in a file of its folder."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Opens the file, or makes it. Raises CorpusBroken, ReadOnly, StorageError."""
        self.path = path
        database = SqliteDatabase(path, read_only=read_only)
        try:
            with readable(path):
                (refuse_another if read_only else bring_to_version)(database)
        except BaseException:
            database.close()
            raise
        super().__init__(database)

    def published(self, timeout: float, stopping: threading.Event) -> bool:
        """SQLite announces nothing, so somebody may have changed something after any `timeout`."""
        return not stopping.wait(timeout)

    @contextmanager
    def exclusive(self, name: str) -> Iterator[bool]:
        with Lock(self.path.parent / name).tried() as ours:
            yield ours

    def readable(self) -> AbstractContextManager[None]:
        return readable(self.path)

    def identity(self) -> str:
        return "-".join(map(str, identity_of(self.path)))

    def size(self) -> int:
        files = self.path.parent.glob(f"{self.path.name}*")
        return sum(file.stat().st_size for file in files)
