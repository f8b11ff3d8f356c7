"""Where a corpus is: a folder with everything in it, or a database and a folder of indexes."""

from __future__ import annotations

import os
import tempfile
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path

from qa.addresses import PostgresAddress
from qa.errors import InvalidInput, StorageError
from qa.storage import disk, manifest
from qa.storage.folder import DATABASE, writable
from qa.storage.sql import Store
from qa.storage.sqlite import SqliteStore


class CorpusPlace(ABC):
    """Where the store and its indexes are; as a string, what messages call it."""

    folder: Path  # of the indexes, and of the lock of those who change them
    is_archive = False  # nothing may be written in the folder

    @abstractmethod
    def lock(self, read_only: bool) -> Path | None:
        """The file that is locked while the indexes change; None when they do not."""

    @abstractmethod
    def open(self, read_only: bool) -> Store:
        """Opens or makes the store. Raises StorageError, CorpusBroken."""

    @abstractmethod
    def store_alone(self, read_only: bool) -> Store:
        """Opens or makes the store for who needs no indexes. Raises StorageError, CorpusBroken."""

    @abstractmethod
    def refuse_loss(self, store: Store) -> None:
        """Sees to it that the indexes do not know more than the store."""

    def reported(self) -> AbstractContextManager[None]:
        """Raises NoSpace or StorageError for what the disk of the folder refuses within."""
        return disk.reported(self.folder)


class FolderPlace(CorpusPlace):
    """A folder that holds all of a corpus."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __str__(self) -> str:
        return str(self.folder)

    def lock(self, read_only: bool) -> Path | None:
        self.is_archive = read_only
        return None if read_only else writable(self.folder) / "lock"

    def open(self, read_only: bool) -> Store:
        path = self.folder / DATABASE
        if read_only and not path.exists():
            raise StorageError(f"there is no corpus in {self} to be read", code="no_corpus")
        if not (path.exists() and path.stat().st_size > 0):
            manifest.refuse_loss(self.folder / "index", lambda: 0)
        return SqliteStore(path, read_only=read_only)

    def store_alone(self, read_only: bool) -> Store:
        if not read_only:
            writable(self.folder)
        return self.open(read_only)

    def refuse_loss(self, store: Store) -> None:
        """Raises CorpusBroken: the store is written first, so what it lacks was lost."""
        manifest.refuse_loss(self.folder / "index", store.generation)


class DatabasePlace(CorpusPlace):
    """A PostgreSQL database that servers share, and this server's folder of indexes."""

    def __init__(self, address: PostgresAddress, cache: Path | None = None) -> None:
        """`cache` holds the folders of indexes, one for each database; may be deleted any time."""
        self.address = address
        self._cache = cache or _cache()
        self.folder = self._cache
        self._store: Store | None = None

    def __str__(self) -> str:
        return str(self.address)

    def store_alone(self, read_only: bool) -> Store:
        try:
            from qa.storage.postgres import PostgresStore
        except ImportError as error:
            raise InvalidInput(
                "PostgreSQL needs a package more: pip install 'footnote-qa[postgres]'",
                code="no_postgres",
            ) from error
        return PostgresStore(self.address, read_only=read_only)

    def lock(self, read_only: bool) -> Path | None:
        self._store = store = self.store_alone(read_only)
        try:
            self.folder = writable(self._cache / store.identity())
        except BaseException:
            store.close()
            raise
        return self.folder / "lock"

    def open(self, read_only: bool) -> Store:
        assert self._store
        return self._store

    def refuse_loss(self, store: Store) -> None:
        """Forgets indexes that know more: the database was brought back to an earlier state."""
        known = manifest.read(self.folder / "index")
        if known and known["generation"] > store.generation():
            manifest.forget(self.folder / "index")


def place_of(given: str | Path | PostgresAddress, cache: Path | None = None) -> CorpusPlace:
    """The place that is meant: postgresql://host/name, or a folder. Raises InvalidInput."""
    address = given if isinstance(given, PostgresAddress) else PostgresAddress.read(str(given))
    return DatabasePlace(address, cache) if address else FolderPlace(Path(str(given)))


def _cache() -> Path:
    """The folder of caches that the user has."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    base = Path(home) if not home.startswith("~") else Path(tempfile.gettempdir())
    return base / "footnote"
