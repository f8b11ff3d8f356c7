"""SQLite, the truth of a corpus: the one place in which SQL is written."""

from qa.storage.sqlite.database import readable
from qa.storage.sqlite.store import Store
from qa.storage.sqlite.versions import SCHEMA_VERSION

__all__ = ["SCHEMA_VERSION", "Store", "readable"]
