"""SQLite, the truth of a corpus in a folder."""

from qa.storage.sqlite.database import readable
from qa.storage.sqlite.sqlite_store import SqliteStore

__all__ = ["SqliteStore", "readable"]
