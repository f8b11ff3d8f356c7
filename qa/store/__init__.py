"""SQLite (WAL): articles, passages, vectors. The truth; everything else can be made from it.

Readers never wait for a writer and never see half of a change: every query is asked at a
generation and sees just the rows of that generation (see schema.sql). Rows that went out are purged
once no reader can still be at their generation.
"""

from qa.store.database import SCHEMA_VERSION, readable
from qa.store.integrity import Integrity
from qa.store.matching import Matching
from qa.store.records import (
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
from qa.store.seals import lost
from qa.store.writing import Writing


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
