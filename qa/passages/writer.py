"""Articles in and out of a corpus: one commit each, of which readers see all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from embeddings import Encoder
from qa.errors import ArticleChanged
from qa.observe import work
from qa.passages.ahead import ahead
from qa.passages.chunking import Chunking
from qa.passages.identity import Identities
from qa.passages.prepare import Batch, Outcome, OutcomeName, Preparer, batches
from qa.passages.reindexing import Progress, embed_all, embed_damaged
from qa.storage import Storage
from qa.storage.fingerprint import stamp_of
from qa.storage.records import Entry, fingerprint
from qa.storage.sql.writes import Change
from qa.types import Document, Refused

# Batches that are cut and embedded at a time: while one waits for the encoder, one is cut.
PREPARING = 2

# Does within the change what is kept or lost with it: a job's progress.
Settle = Callable[[Change, list[Outcome]], None]
# Takes how many more bytes of input are encoded; from several threads.
TellBytes = Callable[[float], None]
_NOTHING: Mapping[str, str] = {}
_Item = tuple[Document | Refused, Entry | None]


class Writer:
    """Adds, replaces, removes and embeds anew. Safe to use from many threads."""

    def __init__(
        self,
        storage: Storage,
        encoder: Callable[[], Encoder],
        chunking: Chunking,
        observed: Callable[[str], work],
    ) -> None:
        """`encoder` loads it when there is something to embed; `observed` names what is done."""
        self._storage = storage
        self._encoder, self._chunking = encoder, chunking
        self._observed = observed
        self._identities = Identities(storage.store.held)
        self._threads = ThreadPoolExecutor(PREPARING, "prepare")

    def close(self) -> None:
        """Ends the threads that prepare; nothing more is begun."""
        self._threads.shutdown(cancel_futures=True)

    def add(
        self, items: Iterable[Document | Refused], tell: TellBytes | None = None
    ) -> Iterator[Outcome]:
        """Adds documents in batches; yields what became of each once it is safely stored.

        Stopping half-way leaves all batches that were yielded from, and nothing of the others.
        `tell` is told of how many more bytes of input each part that is encoded was.
        """
        for batch in self.prepare(batches(items), tell):
            yield from self.commit(batch)

    def prepare(
        self, parts: Iterable[Sequence[Document | Refused]], tell: TellBytes | None = None
    ) -> Iterator[Batch]:
        """Batches that are ready to `commit`, in order; the next is prepared meanwhile."""
        prepared = partial(self._prepared, tell=tell)
        return ahead(prepared, map(self._settled, parts), self._threads)

    def prepared(self, items: Sequence[Document | Refused]) -> Batch:
        """One batch that is ready to `commit`."""
        return self._prepared(self._settled(items))

    def _settled(self, items: Sequence[Document | Refused]) -> list[Document | Refused]:
        settled = self._identities.settled
        return [settled(item) if isinstance(item, Document) else item for item in items]

    def _prepared(
        self, items: Sequence[Document | Refused], tell: TellBytes | None = None
    ) -> Batch:
        size = sum(item.size for item in items)
        told = None if tell is None else (lambda share: tell(share * size))
        self._storage.store.refuse_when_read_only()
        with self._observed("prepare"), self._storage.readable():
            return self._preparer().prepare(items, told)

    def commit(
        self,
        batch: Batch,
        settle: Settle = lambda change, outcomes: None,
        seen: Mapping[str, str] = _NOTHING,
    ) -> list[Outcome]:
        """Stores a batch in one change. What is there already costs next to nothing.

        `seen` are fingerprints of articles by id. Raises ArticleChanged when one has another now.
        """
        with self._observed("commit"), self._storage.changing() as change:
            _refuse_changed(change, seen)
            batch = self._resettled(batch)
            overtaken = self._overtaken(batch, change)
            items = [
                (item, entry or overtaken.get(n)) for n, (item, entry) in enumerate(batch.items)
            ]
            outcomes = [one for some in _together(items) for one in _put(change, some)]
            change.purge()
            settle(change, outcomes)
            moment = change.moment
        return [replace(outcome, generation=moment) for outcome in outcomes]

    def _resettled(self, batch: Batch) -> Batch:
        """The batch with other ids for files whose id another process gave to another file."""
        lost = self._identities.overtaken(
            [item for item, entry in batch.items if isinstance(item, Document) and entry]
        )
        anew = {id(item): self._identities.settled(replace(item, named=True)) for item in lost}

        def named(item: Document | Refused, entry: Entry | None) -> _Item:
            document = anew.get(id(item))
            return (
                (document, Entry(document, entry.placed)) if document and entry else (item, entry)
            )

        return Batch(tuple(named(*item) for item in batch.items)) if lost else batch

    def _overtaken(self, batch: Batch, change: Change) -> dict[int, Entry]:
        """Entries for what was stored when the batch was prepared and no longer is, by number."""
        changed = {
            number: item
            for number, (item, entry) in enumerate(batch.items)
            if isinstance(item, Document)
            and entry is None
            and change.fingerprint_of(item.article.id) != fingerprint(item.article)
        }
        entries = self._preparer().entries(list(changed.values())) if changed else []
        return dict(zip(changed, entries, strict=True))

    def remove(self, ids: Sequence[str], seen: Mapping[str, str] = _NOTHING) -> list[str]:
        """Takes articles out; gives the ids that were there. Raises ArticleChanged, as `commit`."""
        with self._storage.changing() as change:
            _refuse_changed(change, seen)
            self._identities.forget(ids)
            return change.retire(ids)

    def reindex(self, progress: Progress) -> str:
        """Builds the indexes anew; says what was done, in a sentence.

        With another encoder or chunking everything is embedded anew before, else what is damaged.
        All or nothing: cut off, the corpus is as it was.
        """
        storage, preparer = self._storage, self._preparer()
        stamp = stamp_of(self._encoder(), self._chunking.fingerprint)
        with storage.rebuilding(stamp) as (change, same):
            if not same:
                embed_all(storage.store, change, preparer, progress)
            mended = embed_damaged(storage.store, change, preparer, progress) if same else 0
        if not same:
            return f"Everything was embedded anew with {self._encoder().name}."
        also = f" What was damaged of {mended} articles was embedded anew." if mended else ""
        return f"The indexes were built anew from the stored vectors.{also}"

    def _preparer(self) -> Preparer:
        return Preparer(self._storage.store, self._encoder(), self._chunking)


def _together(items: Sequence[_Item]) -> Iterator[list[_Item]]:
    """The items in order, in parts in which no id comes twice."""
    part: list[_Item] = []
    ids: set[str] = set()
    for item, entry in items:
        id_ = item.article.id if isinstance(item, Document) else None
        if id_ in ids:
            yield part
            part, ids = [], set()
        part.append((item, entry))
        ids.update([id_] if id_ else ())
    yield part


def _put(change: Change, items: Sequence[_Item]) -> list[Outcome]:
    """Stores what is not there as it is; what has no entry is."""
    entries = {entry.document.article.id: entry for _, entry in items if entry}
    before = change.fingerprints_of(list(entries))
    new = {
        id_: entry
        for id_, entry in entries.items()
        if before.get(id_) != fingerprint(entry.document.article)
    }
    change.put(*new.values())
    return [_outcome(item, new, before) for item, _ in items]


def _outcome(
    item: Document | Refused, new: Mapping[str, Entry], before: Mapping[str, str]
) -> Outcome:
    if isinstance(item, Refused):
        return Outcome.of(item)
    entry = new.get(item.article.id)
    if entry is None:
        return Outcome("unchanged", item.origin, item.size, item)
    name: OutcomeName = "replaced" if item.article.id in before else "added"
    return Outcome(name, item.origin, item.size, item, passages=len(entry.placed))


def _refuse_changed(change: Change, seen: Mapping[str, str]) -> None:
    """Raises ArticleChanged for an article that is no longer as it was seen; gone may it be."""
    changed = [id_ for id_, was in seen.items() if change.fingerprint_of(id_) not in (was, None)]
    if changed:
        raise ArticleChanged(
            f"article {changed[0]!r} has changed since you looked at it: look at it again, and "
            "then write"
        )
