"""SQLite (WAL): articles, passages, vectors. The truth; everything else can be made from it.

Readers never wait for a writer and never see half of a change: every query is asked at a
generation and sees just the rows of that generation (see schema.sql). Rows that went out are purged
once no reader can still be at their generation.
"""

from qa.storage.records import (
    Changes,
    Chunk,
    Entry,
    Occurrence,
    Placed,
    StoredArticle,
    fingerprint,
    source,
    text_digest,
)
from qa.storage.sqlite.database import SCHEMA_VERSION, readable
from qa.storage.sqlite.integrity import Integrity
from qa.storage.sqlite.matching import Matching
from qa.storage.sqlite.seals import lost
from qa.storage.sqlite.writes import Writing


class Store(Writing, Matching, Integrity):
    """The articles of a corpus in one file. Safe to use from many threads."""


__all__ = [
    "SCHEMA_VERSION",
    "Changes",
    "Chunk",
    "Entry",
    "Occurrence",
    "Placed",
    "Store",
    "StoredArticle",
    "fingerprint",
    "lost",
    "readable",
    "source",
    "text_digest",
]
