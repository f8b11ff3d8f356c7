"""What a corpus keeps in one place: the store and the indexes that derive from it, as one thing."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from qa.errors import Behind, CorpusBroken, StorageError, Unavailable
from qa.observe import stage
from qa.storage.archive import Archive
from qa.storage.fingerprint import Stamp, refuse_foreign, stamp_in
from qa.storage.lag import Lag, LagClock
from qa.storage.locks import Lock
from qa.storage.manifest import distrust, forget, usable
from qa.storage.place import CorpusPlace
from qa.storage.published import Published
from qa.storage.sql.engine import refuse_unfinished
from qa.storage.sql.writes import Change
from qa.storage.view import View

# How often a reader looks, should rows be purged meanwhile; and how long a refresh in between waits
# for those who write.
ATTEMPTS, PATIENCE_SECONDS = 2, 2.0
# How long is waited for a generation that is not shown yet, and how often it is looked for.
AWAITED_SECONDS, LOOK_SECONDS = 1.0, 0.02

_Found = TypeVar("_Found")


class Storage:
    """The store and its indexes. Safe to use from many threads."""

    def __init__(
        self,
        place: CorpusPlace,
        stamp: Callable[[], Stamp],
        accept: Callable[[Stamp], None],
        *,
        reindexing: bool = False,
        read_only: bool = False,
        indexing: bool = True,
    ) -> None:
        """Opens or creates what is in a place.

        A new corpus gets the `stamp` of its encoder and chunking; that of another goes to `accept`,
        which raises Mismatch when it is not wanted. With `reindexing` the indexes stay closed
        until they are asked for: they need not be readable. Without `indexing` they stay closed and
        as they are, whatever is written: who reads has indexes of their own.
        """
        self.place = place
        self._indexing = indexing
        self._new_stamp, self._accept = stamp, accept
        self._reindexing = reindexing
        self._published: Published | None = None
        self._clock = LagClock()
        self._gone_back = False  # an older state was seen in the place of the corpus
        with place.reported(), usable():
            self.lock = Lock(place.lock(read_only))
            with self.lock.held():
                self._open(read_only)

    def _open(self, read_only: bool) -> None:
        self.store = self.place.open(read_only)
        try:
            with self.readable():
                self._start()
        except BaseException:
            self.store.close()
            raise

    def _start(self) -> None:
        """Reads stamp and indexes, with the lock: nobody re-indexes between the two."""
        refuse_unfinished(self.store.meta(), str(self.place))
        if not self.store.generation() and "encoder" not in self.store.meta():
            with self.store.changing() as change:
                change.set_meta(self._new_stamp())
        self.stamp = stamp_in(self.store.meta())
        self.place.refuse_loss(self.store)
        if not self._reindexing:
            self._accept(self.stamp)
            if self._indexing:
                self._open_indexes()

    def _open_indexes(self) -> None:
        kind = Archive if self.place.is_archive else Published
        dimension = int(self.stamp["dimension"])
        self._published = kind(self._indexes, self.store, self.lock, dimension, self.stamp)

    def close(self) -> None:
        """Closes store and indexes; doing it twice does no harm."""
        if not self.store.closed:
            # What a full disk does not take is made again from the store at the next start.
            with closing(self.store), suppress(StorageError), self.place.reported():
                if self._published:
                    self._published.close()

    @property
    def _indexes(self) -> Path:
        return self.place.folder / "index"

    @property
    def published(self) -> Published:
        """The derived indexes."""
        if self._published is None:
            self._open_indexes()
        assert self._published
        return self._published

    def readable(self) -> AbstractContextManager[None]:
        """Says what mends it when the store cannot be read. Raises CorpusBroken."""
        return self.store.readable()

    # --- reading -------------------------------------------------------------------------------

    @property
    def view(self) -> View:
        """The newest view, for a caller who knows that nobody re-indexes or purges meanwhile."""
        indexes = self.published.indexes
        return View(self.store.reading(indexes.generation), indexes)

    def read(self, look: Callable[[View], _Found], min_generation: int | None = None) -> _Found:
        """What `look` finds at the newest moment, or says that it finds nothing.

        With `min_generation` at that one or a later one, which is waited for. Raises Behind.

        Whether the rows of that moment were there is asked after the last of them was read. If they
        may be gone, what was read counts for nothing: it is read again at a newer one. Raises
        Mismatch, CorpusBroken, Unavailable.
        """
        if min_generation is not None:
            self.come_to(min_generation)
        with self.readable():
            for _ in range(ATTEMPTS):
                view = self.view
                try:
                    found = look(view)
                except Exception:
                    if self._stands(view):
                        raise
                else:
                    if self._stands(view):
                        return found
                try:
                    self.refresh(PATIENCE_SECONDS)
                except StorageError as error:  # who reads is not told that nothing can be written
                    raise _outdated() from error
        raise _outdated()

    def _stands(self, view: View) -> bool:
        """Whether all rows of a moment are there still. Raises Mismatch."""
        self.store.refuse_other_file()
        meta, purged_to = self.store.state()
        self._refuse_foreign(meta, view.version)
        return view.version >= purged_to

    def refresh(self, patience: float | None = None) -> None:
        """Shows readers what is stored: by another process, or here when a disk was too full to
        publish it.

        Raises Mismatch if another process re-indexed, and Unavailable when others write for longer
        than `patience` seconds.
        """
        with self.readable(), self.lock.held(patience):
            self._refuse_foreign_state()
            self.published.publish()

    def follow(self) -> None:
        """Refreshes if there is something new. Raises Mismatch, CorpusBroken, Unavailable.

        To be called now and then by who writes nothing. Once it raises nothing, all is well again.
        """
        with self.readable():
            self._refuse_foreign_state()
            if self.published.is_behind():
                self.refresh(PATIENCE_SECONDS)

    def _refuse_foreign_state(self) -> None:
        """Raises Mismatch: another process may have re-indexed with another encoder meanwhile."""
        self.store.refuse_other_file()
        shown = self.shown if self._indexing else 0  # first: what is shown here was stored before
        meta = self.store.meta()
        if not self._gone_back and int(meta["generation"]) < shown:
            self._go_back()
        self._refuse_foreign(meta, shown)
        if self._indexing:
            self._clock.note(shown, int(meta["generation"]))

    def _refuse_foreign(self, meta: Mapping[str, str], generation: int) -> None:
        refuse_foreign(meta, self.stamp, math.inf if self._gone_back else generation)

    def _go_back(self) -> None:
        """Sees to it that no index is used any more: an older state is in the place of the corpus.

        Written to since, it may soon be as far as they are, and is another history all the same.
        """
        if not self.place.is_archive:
            with self.lock.held(PATIENCE_SECONDS):
                distrust(self._indexes)
        self._gone_back = True

    # --- which moment it is ----------------------------------------------------------------------

    @property
    def shown(self) -> int:
        """The generation that readers are shown."""
        return self.published.indexes.generation

    def lag(self) -> Lag:
        """How far that is behind what is stored. Raises CorpusBroken, StorageError."""
        with self.readable():
            stored = self.store.generation()
        return self._clock.note(self.shown, stored)

    def come_to(self, generation: int) -> None:
        """Waits a second until readers are shown this generation, or a later one. Raises Behind.

        Raises also Mismatch, CorpusBroken, StorageError.
        """
        until = time.monotonic() + AWAITED_SECONDS
        while self.shown < generation:
            try:
                self.follow()
            except StorageError:
                raise
            except Unavailable:  # others write
                pass
            if self.shown >= generation:
                return
            if time.monotonic() > until:
                raise self.behind(generation)
            time.sleep(LOOK_SECONDS)

    def behind(self, generation: int) -> Behind:
        """What is said to who asks for a generation that is not shown."""
        stored = self._clock.stored
        newest = f" ({stored} is the newest that is stored)" if stored < generation else ""
        return Behind(
            f"generation {generation} is asked for{newest}, and this server is at {self.shown}: "
            "ask again in a second"
        )

    # --- writing -------------------------------------------------------------------------------

    @contextmanager
    def changing(self) -> Iterator[Change]:
        """One change, published when it is committed. Raises StorageError, NoSpace, ReadOnly.

        What another writer left unpublished goes first: the indexes learn what went out from the
        store, so it may not be purged before.
        """
        with self.readable(), self.lock.held():
            self._refuse_foreign_state()
            self._publish()
            with stage("store"), self.store.changing() as change:
                yield change
            with stage("publish"):
                self._publish()

    def _publish(self) -> None:
        if self._indexing:
            self.published.publish()

    @contextmanager
    def rebuilding(self, stamp: Stamp) -> Iterator[tuple[Change, bool]]:
        """A change after which the indexes are made anew from the store; the corpus is of `stamp`.

        Gives also whether the corpus is of that stamp already.
        """
        self.store.refuse_when_read_only()
        with self.readable(), self.lock.held():
            same = stamp == stamp_in(self.store.meta())
            with self.store.changing() as change:
                yield change, same
                if not same:
                    change.set_meta(stamp)
                change.recount()
            self.stamp = stamp
            forget(self._indexes)
            self._open_indexes()
            self._gone_back = False
            self.published.repairs.clear()  # that the old indexes do not count is no damage

    def maintain(self) -> bool:
        """Gives room back and merges parts of the indexes; says whether there was anything to do.

        One step: to be called until it gives False. Readers and writers go on meanwhile.
        """
        with self.readable():
            with self.lock.held():
                self._refuse_foreign_state()
                self.published.publish()
                done = self.store.tidy()
            return self.published.compact() or done > 0

    # --- the whole -----------------------------------------------------------------------------

    @property
    def repairs(self) -> list[str]:
        """What opening found missing or damaged, and made anew."""
        return list(self.published.repairs)

    def sizes(self) -> Mapping[str, int]:
        """Bytes on disk of the store and of each index."""
        return {"store": self.store.size(), **self.published.files()}

    def status(self, *, check: bool) -> dict[str, Any]:
        """Where the corpus is and of what, how much it holds; with `check`, whether it is right."""
        problems = self.problems() if check else None
        return {
            "folder": str(self.place),
            **self.lag().told(),
            "counts": self._counts(problems),
            "encoder": {
                "name": self.stamp["encoder"],
                "digest": self.stamp["encoder_digest"],
                "dimension": int(self.stamp["dimension"]),
            },
            "chunking": self.stamp["chunking"],
            "bytes": dict(self.sizes()),
            "mended": self.repairs,
            "integrity": None if problems is None else ("ok" if not problems else "failed"),
            "problems": problems or [],
        }

    def _counts(self, problems: Sequence[str] | None) -> dict[str, int]:
        """How much the corpus holds; {} when `problems` say already why that cannot be counted."""
        try:
            return dict(self.read(lambda view: view.counts))
        except CorpusBroken:
            if not problems:
                raise
            return {}

    def problems(self) -> list[str]:
        """What an integrity check of store and indexes finds; empty when all is well."""
        return self.read(self._problems)

    def _problems(self, view: View) -> list[str]:
        problems = self.store.check() + self.published.check()
        try:
            live = self.store.live_chunks(view.version)
        except CorpusBroken:  # said already
            return problems
        return problems + view.differences(live)


def _outdated() -> Unavailable:
    return Unavailable("what was read is purged meanwhile: ask again", code="outdated")
