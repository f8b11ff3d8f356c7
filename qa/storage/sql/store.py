"""The truth of a corpus, in whichever database: articles, passages, vectors, jobs.

Readers never wait for a writer and never see half of a change: every query is asked at a
generation and sees just the rows of that generation (see schema.sql). Rows that went out are purged
once no reader can still be at their generation.
"""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

import numpy as np
from numpy.typing import NDArray

from qa.storage.records import Changes, Placed
from qa.storage.sql import integrity, known
from qa.storage.sql.chunks import Chunks
from qa.storage.sql.engine import Database
from qa.storage.sql.job_claims import JobClaims
from qa.storage.sql.job_table import QUEUE_LOCK, JobTable
from qa.storage.sql.matching import Matching
from qa.storage.sql.moment import Moment
from qa.storage.sql.purging import SHRUNK_AT_ONCE, purge
from qa.storage.sql.reads import Reads
from qa.storage.sql.receiving import Receiver
from qa.storage.sql.writes import Change
from qa.types import Article, Document

Keys = NDArray[np.int64]


class Store(ABC):
    """What a corpus keeps. Safe to use from many threads."""

    def __init__(self, database: Database) -> None:
        """`database` has the tables of this version."""
        self._database = database
        self._chunks = Chunks(database)
        self._matching = Matching(database)
        self._reads = Reads(database, self._chunks, self._matching, -1)
        self.jobs = JobTable(database)
        # Questions that the database itself answers.
        self.meta = database.meta
        self.state = database.state
        self.generation = database.generation
        self.purged_to = database.purged_to
        self.refuse_when_read_only = database.refuse_when_read_only
        self.refuse_other_file = database.refuse_other_file
        self.changed_beneath = database.changed_beneath
        self.close = database.close

    @property
    def name(self) -> str:
        """What messages call it."""
        return self._database.name

    @property
    def read_only(self) -> bool:
        return self._database.read_only

    @property
    def shared(self) -> bool:
        """Whether several processes may work on the jobs at once."""
        return self._database.shared

    @property
    def closed(self) -> bool:
        return self._database.closed

    @property
    def dimension(self) -> int:
        """How long the vectors are."""
        return self._database.dimension

    # --- reading -------------------------------------------------------------------------------

    def reading(self, generation: int) -> Reads:
        """The rows of one generation, and of no other."""
        reads = self._reads
        if reads.generation != generation:  # it remembers what was counted
            reads = self._reads = Reads(self._database, self._chunks, self._matching, generation)
        return reads

    # --- writing -------------------------------------------------------------------------------

    @contextmanager
    def changing(self) -> Iterator[Change]:
        """A change, in one transaction: all or nothing. Raises StorageError, NoSpace or ReadOnly.

        What is put or retired in it carries the next number; a change of nothing has no number.
        """
        with self._database.transaction() as db:
            change = Change(self._database, db)
            yield change
            change.finish()

    @abstractmethod
    def published(self, timeout: float, stopping: threading.Event) -> bool:
        """Waits until somebody else may have changed something; False once `stopping` is set."""

    @abstractmethod
    def exclusive(self, name: str) -> AbstractContextManager[bool]:
        """Takes the lock of that name where it is free: one holder among all processes.

        Says whether it is ours.
        """

    def working(self) -> AbstractContextManager[bool]:
        """Lets this process work on the jobs; says whether it may: else another one does."""
        return self.exclusive(QUEUE_LOCK)

    def claims(self) -> JobClaims:
        """What one worker has claimed of the jobs."""
        return JobClaims(self._database)

    @abstractmethod
    def readable(self) -> AbstractContextManager[None]:
        """Says what mends it when what is stored cannot be read. Raises CorpusBroken."""

    @abstractmethod
    def size(self) -> int:
        """How many bytes it takes."""

    def fingerprint_of(self, id_: str) -> str | None:
        """What identifies the newest article of this id; None where there is none.

        It is "" for a damaged article: adding it again mends it.
        """
        return known.fingerprint_of(self._database, id_)

    def fingerprints_of(self, ids: Sequence[str]) -> dict[str, str]:
        """The same of all of these that are there, by their ids."""
        return known.fingerprints_of(self._database, ids)

    def texts_held(self, digests: Sequence[str]) -> set[str]:
        """Which of these are digests of the texts of articles that are there."""
        return known.texts_held(self._database, digests)

    def held(self, ids: Sequence[str]) -> dict[str, tuple[str | None, str]]:
        """The origin and the digest of the text of the newest articles of these ids."""
        return known.held(self._database, ids)

    def files(self) -> list[tuple[str, str]]:
        """The id and the origin of every article that came with one."""
        return known.files(self._database)

    def copy_of(self, article: Article) -> tuple[Placed, ...] | None:
        """The chunks of another live article with the very same text: nothing to embed."""
        return known.copy_of(self._database, article)

    def known_vectors(self, digests: Sequence[bytes]) -> dict[bytes, tuple[bytes, bytes]]:
        """Vector and token vectors of live chunks, by the digest of what was encoded."""
        return known.known_vectors(self._database, digests)

    # --- what the derived indexes ask ------------------------------------------------------------

    def live_chunks(self, generation: int) -> Keys:
        """All chunk keys of a generation, ascending. Raises CorpusBroken."""
        return self._chunks.live(generation)

    def changes(self, since: int, until: int) -> Changes:
        """The chunks that came and went after `since`, up to `until`; complete from `purged_to`."""
        return self._chunks.changes(since, until)

    def vectors(self, keys: Keys) -> NDArray[np.float32]:
        """The vectors of chunks; shape (len(keys), dimension). Raises CorpusBroken."""
        return self._chunks.vectors(keys)

    def vector_blocks(self, keys: Keys) -> Iterator[NDArray[np.float32]]:
        """The vectors of chunks, some thousand rows at a time. Raises CorpusBroken."""
        return self._chunks.vector_blocks(keys)

    def texts(self, keys: Keys) -> Iterator[tuple[int, str]]:
        """(key, all that a chunk is found by), in the keys' order."""
        return self._chunks.words(keys)

    def document(self, key: int) -> Document:
        """An article of any generation with its raw input, to be stored once more."""
        return known.document_of(self._database, key)

    # --- copies ----------------------------------------------------------------------------------

    @abstractmethod
    def identity(self) -> str:
        """A name for this very store, whatever it is reached by."""

    @contextmanager
    def moment(self) -> Iterator[Moment]:
        """One state of all rows, for as long as it takes to copy them."""
        with self.readable(), self._database.moment() as db:
            yield Moment(db, self.readable)

    def receiver(self) -> Receiver:
        """What takes in the rows of another store."""
        return Receiver(self._database)

    # --- care ------------------------------------------------------------------------------------

    def tidy(self) -> int:
        """Deletes some of what went out long ago and gives room back; says how much was done."""
        with self._database.transaction():
            purged = purge(self._database)
        return purged + self._database.shrink(SHRUNK_AT_ONCE)

    def check(self) -> list[str]:
        """What is wrong with the store, sentence by sentence; empty when nothing is."""
        return integrity.check(self._database)

    def damaged(self) -> tuple[set[int], list[int]]:
        """The chunks that are to be made anew, and the live articles to make them of."""
        chunks, articles = integrity.derived_damage(self._database)
        return chunks, self._affected(chunks, articles)

    def _affected(self, chunks: set[int], articles: set[int]) -> list[int]:
        """The keys of live articles that have one of these chunks, and of these themselves."""
        rows = self._database.reader.execute(
            "SELECT key FROM articles WHERE removed_in IS NULL AND"
            f" (key IN ({self._database.numbers_in('articles')}) OR key IN (SELECT article FROM"
            f" passages WHERE chunk IN ({self._database.numbers_in('chunks')}))) ORDER BY key",
            {"chunks": json.dumps(list(chunks)), "articles": json.dumps(list(articles))},
        )
        return [row["key"] for row in rows]
