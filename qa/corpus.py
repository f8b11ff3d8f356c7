"""A corpus: the composition root. The API, the command line and the pages are thin skins over it.

>>> corpus = Corpus.open("data")                       # doctest: +SKIP
>>> corpus.ask("Who guides ships?").statement.text     # doctest: +SKIP
'A harbour pilot guides ships.'
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

import embeddings
from embeddings import DEFAULT_MODEL, Encoded, Encoder, EncoderUnavailable, TokenVectors
from embeddings.coalesce import Together
from qa.ask.coefficients import Coefficients, coefficients
from qa.ask.confidence import READ, Signals
from qa.ask.rerank import DEPTH
from qa.ask.rerank import rerank as reranked
from qa.ask.statement import mark, reason, statement
from qa.check.types import DraftReport, Verdict
from qa.errors import (
    CorpusBroken,
    EncoderError,
    InvalidInput,
    NoSpace,
    NotFound,
    SourceChanged,
    StorageError,
    Unavailable,
)
from qa.filters import Filters
from qa.ids import PassageId
from qa.observe import Observer, stage, work
from qa.passages.ahead import ahead
from qa.passages.chunking import Chunking
from qa.passages.prepare import Outcome, OutcomeName, Prepared, Preparer, batches
from qa.passages.reindexing import embed_all, embed_damaged
from qa.related.likeness import untitled
from qa.related.related import Related, Subject, related
from qa.retrieval.late_interaction import Question, Reading, read_all
from qa.retrieval.search import Query, place, search
from qa.storage.archive import Archive
from qa.storage.disk import refused, reported
from qa.storage.fingerprint import (
    Stamp,
    refuse_foreign,
    refuse_other,
    refuse_other_weights,
    stamp_in,
    stamp_of,
)
from qa.storage.locks import Lock
from qa.storage.manifest import forget, refuse_loss, usable
from qa.storage.published import Generations, Snapshot
from qa.storage.sqlite import Entry, Occurrence, Store, StoredArticle, fingerprint, readable
from qa.storage.token_vectors import unpack
from qa.threads import one_thread_for_blas
from qa.types import Answer, Document, Hit, Mode, Passage, Refused, Source

if TYPE_CHECKING:
    from qa.check.service import Desk

_Read = TypeVar("_Read")
DATABASE = "footnote.db"
MAX_QUESTION = 2_000
MAX_DRAFT = 200_000
MAX_TOP_K = 100
# Characters: sixteen questions of a usual length are encoded together, and a long one alone.
QUESTIONS_TOGETHER = 4_000
# What was read from rows that are purged is read again, so often; a take-over for it waits so long
# for those who write.
ATTEMPTS, PATIENCE_SECONDS = 2, 2.0
# Batches that are cut and embedded at a time: while one waits for the encoder, one is cut.
PREPARING = 2


@dataclass(frozen=True, slots=True)
class PassageView:
    """A passage with its source, and the other articles it stands in."""

    passage: Passage
    source: Source
    chunk: int
    article_key: int
    also_in: tuple[tuple[Source, Passage], ...]


class Corpus:
    """Articles in a folder, and what can be asked of them. Safe to use from many threads."""

    def __init__(
        self,
        folder: Path,
        *,
        model: str = DEFAULT_MODEL,
        chunking: Chunking | None = None,
        encoder: Encoder | None = None,
        threshold: float | None = None,
        reindexing: bool = False,
        read_only: bool = False,
    ) -> None:
        self.folder = folder
        self.read_only = read_only
        self.model = encoder.name if encoder else model
        self.chunking = chunking or Chunking()
        self.threshold = threshold
        self._encoder = encoder
        self._reindexing = reindexing
        self._loading = threading.Lock()
        self._counted: tuple[int, dict[str, int]] = (-1, {})
        self._complete = -1  # the generation of which all articles are known to be there
        # Told what every stage of asking and adding took (qa.observe).
        self.observer: Observer | None = None
        one_thread_for_blas()
        self._preparing = ThreadPoolExecutor(PREPARING, "prepare")
        self._read_query: Together[str, Encoded] = Together(
            lambda texts: self.encoder.read_queries(texts), size=len, room=QUESTIONS_TOGETHER
        )
        self._stamp: Stamp = {}
        self._generations: Generations | None = None
        with reported(folder), usable():
            self.lock = Lock(None if read_only else _writable(folder) / "lock")
            with self.lock.held():
                self._open()

    @classmethod
    def open(cls, folder: str | Path = "data", **options: Any) -> Corpus:
        """Opens or creates the corpus in a folder.

        Options: `model` (a name or a folder), `chunking`, `encoder` (one that is loaded already),
        `threshold` (the confidence from which a question counts as answered).
        Raises Mismatch when the corpus was made with another encoder or chunking, unless it is
        opened with `reindexing` to mend just that. With `read_only` nothing is written in the
        folder, and what would be raises ReadOnly.
        """
        return cls(Path(folder), **options)

    def _open(self) -> None:
        path = self.folder / DATABASE
        if self.read_only and not path.exists():
            raise StorageError(f"there is no corpus in {self.folder} to be read", code="no_corpus")
        if not _holds_anything(path):
            refuse_loss(self._indexes, lambda: 0)
        self.store = Store(path, read_only=self.read_only)
        try:
            with readable(self.store.path):
                self._start()
        except BaseException:
            self.store.close()
            raise

    def _start(self) -> None:
        """With the lock: nobody re-indexes between our reading the stamp and the indexes."""
        if not self.store.generation() and "encoder" not in self.store.meta():
            with self.store.transaction():
                self.store.set_meta(stamp_of(self.encoder, self.chunking.fingerprint))
        self._stamp = stamp_in(self.store.meta())
        refuse_loss(self._indexes, self.store.generation)
        if not self._reindexing:
            refuse_other(self._stamp, self.model, self.chunking.fingerprint, self.folder)
            if self._encoder is not None:
                refuse_other_weights(self._stamp, self._encoder, self.folder)
            self._open_generations()

    def close(self) -> None:
        """Doing it twice does no harm."""
        if not self.store.closed:
            self._preparing.shutdown(cancel_futures=True)
            # What a full disk does not take is made again from the store at the next start.
            with closing(self.store), suppress(StorageError), reported(self.folder):
                if self._generations:
                    self._generations.close()

    def __enter__(self) -> Corpus:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open_generations(self) -> None:
        dimension = int(self._stamp["dimension"])
        kind = Archive if self.read_only else Generations
        self._generations = kind(self._indexes, self.store, self.lock, dimension, self._stamp)

    @property
    def _indexes(self) -> Path:
        return self.folder / "index"

    @property
    def generations(self) -> Generations:
        """The derived indexes. To mend the corpus they need not be readable."""
        if self._generations is None:
            self._open_generations()
        assert self._generations
        return self._generations

    # --- the encoder ---------------------------------------------------------------------------

    @property
    def encoder(self) -> Encoder:
        """Loaded on first use: listing articles or checking a quote does not need it."""
        with self._loading:
            if self._encoder is None:
                try:
                    encoder = embeddings.load(self.model)
                except EncoderUnavailable as error:
                    raise EncoderError(str(error)) from error
                if self._stamp and not self._reindexing:
                    refuse_other_weights(self._stamp, encoder, self.folder)
                self._encoder = encoder
            return self._encoder

    # --- adding and removing -------------------------------------------------------------------

    def add(self, items: Iterable[Document | Refused]) -> Iterator[Outcome]:
        """Adds documents in batches; yields what became of each once it is safely stored.

        Stopping half-way leaves all batches that were yielded from, and nothing of the others.
        """
        for prepared in self.prepared(batches(items)):
            yield from self.commit(prepared)

    def prepared(self, parts: Iterable[Sequence[Document | Refused]]) -> Iterator[Prepared]:
        """Batches that are ready to `commit`, in order; the next is prepared meanwhile."""
        return ahead(self._prepared, parts, self._preparing)

    def add_batch(self, items: Sequence[Document | Refused]) -> list[Outcome]:
        """Adds them in one commit."""
        return self.commit(self._prepared(items))

    def _prepared(self, items: Sequence[Document | Refused]) -> Prepared:
        self.store.refuse_when_read_only()
        with work("prepare", self.observer), readable(self.store.path):
            return Preparer(self.store, self.encoder, self.chunking).prepared(items)

    def commit(
        self, prepared: Prepared, also: Callable[[list[Outcome]], None] = lambda _: None
    ) -> list[Outcome]:
        """One transaction; `also` runs within it, so a job's progress is part of it."""
        with work("commit", self.observer), self._changing():
            entries = {**prepared.entries, **self._overtaken(prepared)}
            # Nothing changed, no new generation: adding a folder again costs next to nothing.
            generation = self.store.next_generation() if entries else 0
            outcomes = [
                Outcome.of(item)
                if isinstance(item, Refused)
                else self._put(item, entries.get(id(item)), generation)
                for item in prepared.items
            ]
            if entries:
                self.store.retire_orphans(generation)
                self.store.purge()
            also(outcomes)
        return outcomes

    def _overtaken(self, prepared: Prepared) -> Mapping[int, Entry]:
        """What was in the store when the batch was prepared, and no longer is."""
        changed = [
            item
            for item in prepared.items
            if isinstance(item, Document)
            and id(item) not in prepared.entries
            and self.store.writer_fingerprint(item.article.id) != fingerprint(item.article)
        ]
        return self._prepared(changed).entries if changed else {}

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """One transaction, published when it is committed.

        What another writer left unpublished goes first: the indexes learn what went out from the
        store, so it may not be purged before.
        """
        with readable(self.store.path), self.lock.held():
            self._refuse_foreign_state()
            self.generations.advance()
            with stage("store"), self.store.transaction():
                yield
            with stage("publish"):
                self.generations.advance()

    def _put(self, document: Document, entry: Entry | None, generation: int) -> Outcome:
        article = document.article
        before = self.store.writer_fingerprint(article.id)
        if entry is None or before == fingerprint(article):
            return Outcome("unchanged", document.origin, document.size, document)
        self.store.put(entry, generation)
        name: OutcomeName = "added" if before is None else "replaced"
        return Outcome(name, document.origin, document.size, document, passages=len(entry.placed))

    def _refuse_foreign_state(self) -> None:
        """Another process may have re-indexed with another encoder while we were running."""
        self.store.refuse_other_file()
        refuse_foreign(self.store.meta(), self._stamp, self.snapshot.generation)

    def remove(self, ids: Sequence[str]) -> list[str]:
        """Takes articles out; returns the ids that were there."""
        with self._changing():
            generation = self.store.next_generation()
            gone = [id_ for id_ in dict.fromkeys(ids) if self.store.retire([id_], generation)]
            self.store.retire_orphans(generation)
        return gone

    def compact(self) -> bool:
        """Gives back what went out, merges parts of the indexes; whether there was anything to do.

        A step of it: to be called until it is False. Readers and writers go on meanwhile.
        """
        with readable(self.store.path):
            with self.lock.held():
                self._refuse_foreign_state()
                self.generations.advance()
                with self.store.transaction():
                    purged = self.store.purge()
                given_back = self.store.shrink()
            return self.generations.compact() or purged + given_back > 0

    def take_over(self, patience: float | None = None) -> None:
        """Shows readers what is stored: by another process, or here when a disk was too full to
        publish it.

        Raises Mismatch if another process re-indexed, and Unavailable when others write for longer
        than `patience` seconds.
        """
        with readable(self.store.path), self.lock.held(patience):
            self._refuse_foreign_state()
            self.generations.advance()

    def follow(self) -> None:
        """Takes over if there is something. Raises Mismatch, CorpusBroken, Unavailable.

        To be called now and then by who only reads. Once it raises nothing, all is well again.
        """
        with readable(self.store.path):
            self._refuse_foreign_state()
            if self.generations.outdated():
                self.take_over(PATIENCE_SECONDS)

    # --- reading -------------------------------------------------------------------------------

    @property
    def snapshot(self) -> Snapshot:
        return self.generations.snapshot

    def _reading(self, read: Callable[[Snapshot], _Read]) -> _Read:
        """What `read` finds at the newest snapshot, or says that it finds nothing.

        Whether the rows of that snapshot were there is asked after the last of them was read. If
        they may be gone, what was read counts for nothing: it is read again at a newer one.
        """
        with readable(self.store.path):
            for _ in range(ATTEMPTS):
                snapshot = self.snapshot
                try:
                    found = read(snapshot)
                except Exception:
                    if self._stands(snapshot):
                        raise
                else:
                    if self._stands(snapshot):
                        return found
                try:
                    self.take_over(PATIENCE_SECONDS)
                except StorageError as error:  # who reads is not told that nothing can be written
                    raise _outdated() from error
        raise _outdated()

    def checked_generation(self) -> int:
        """The one that questions are answered at. Raises Mismatch, CorpusBroken, Unavailable."""
        return self._reading(lambda snapshot: snapshot.generation)

    def _stands(self, snapshot: Snapshot) -> bool:
        """Whether all rows of a snapshot are there still. Raises Mismatch."""
        self.store.refuse_other_file()
        meta, purged_to = self.store.state()
        refuse_foreign(meta, self._stamp, snapshot.generation)
        return snapshot.generation >= purged_to

    def ask(
        self,
        question: str,
        *,
        top_k: int = 5,
        filters: Filters | None = None,
        mode: Mode = "hybrid",
        rerank: bool = True,
        threshold: float | None = None,
    ) -> Answer:
        """The passages that answer a question, best first, with their supporting sentences.

        Without `rerank` (or in another mode than hybrid) they come as search found them. From a
        confidence of `threshold` on the question counts as answered; None: that of the corpus, else
        the one that was fitted.
        """
        encoder = self.encoder  # loading it is no part of answering
        started = time.perf_counter()
        text = _checked_text(question, "question")
        _check_top_k(top_k)
        with work("ask", self.observer):
            fitted = coefficients(encoder.name)
            with stage("encode"):
                encoded = self._read_query(text)
            least = next(t for t in (threshold, self.threshold, fitted.threshold) if t is not None)
            reranking = rerank and mode == "hybrid"
            wanted = max(top_k, DEPTH) if reranking else max(top_k, READ)
            query = Query(text, encoded.vector, mode, filters, wanted)
            answer = self._reading(
                lambda snapshot: self._answer(
                    query, encoded, snapshot, top_k, least, fitted, reranking
                )
            )
        return replace(answer, took_ms=_milliseconds(started))

    def _answer(
        self,
        query: Query,
        encoded: Encoded,
        snapshot: Snapshot,
        top_k: int,
        least: float,
        fitted: Coefficients,
        reranking: bool,
    ) -> Answer:
        text = query.text
        with stage("words"):
            asked = Question.read(text, encoded, snapshot.lexical)
        hits = search(self.store, snapshot, query)
        readings = self._read(asked, hits[: DEPTH if reranking else query.top_k], snapshot)
        with stage("rank"):
            if reranking:
                hits, readings = reranked(hits, readings, fitted.ranking)
            confidence = fitted.confidence(Signals.of(asked, readings)) if hits else 0.0
        hits, readings = hits[:top_k], readings[:top_k]
        if unread := hits[len(readings) :]:
            readings += self._read(asked, unread, snapshot)
        with stage("mark"):
            hits = mark(hits, readings)
        answered = bool(hits) and confidence >= least
        return Answer(
            question=text,
            answered=answered,
            confidence=round(confidence, 4),
            reason=None if answered else reason(asked, hits, snapshot.lexical),
            statement=statement(hits[0]) if answered else None,
            hits=tuple(hits),
            generation=snapshot.generation,
            encoder=self.encoder.name,
            took_ms=0.0,
        )

    def read(self, question: Question, hits: Sequence[Hit], snapshot: Snapshot) -> list[Reading]:
        """The hits' passages against the question, in order. Raises Unavailable when they went."""
        with readable(self.store.path):
            readings = self._read(question, hits, snapshot)
            if not self._stands(snapshot):
                raise _outdated()
        return readings

    def _read(self, question: Question, hits: Sequence[Hit], snapshot: Snapshot) -> list[Reading]:
        dimension = snapshot.vectors.dimension
        return read_all(self.store, question, hits, snapshot.lexical, dimension)

    def related(
        self,
        *,
        text: str | None = None,
        passage_id: str | None = None,
        top_k: int = 5,
        other_sources_only: bool = False,
    ) -> Related:
        """Passages about the same matter as a passage (never itself) or as a text, and its copies.

        With `other_sources_only`, none of an article in which the passage or the text stands.
        """
        if (text is None) == (passage_id is None):
            raise InvalidInput("give either text or passage_id", code="text_or_passage")
        _check_top_k(top_k)
        encoded = None
        if passage_id is None:
            text = _checked_text(text or "", "text")
            encoded = self.encoder.read_passages([text])[0]

        def find(snapshot: Snapshot) -> Related:
            if text is not None and encoded is not None:
                subject = Subject(text, encoded)
            else:
                view = self._passage(passage_id or "", snapshot)
                subject = self._subject(view, other_sources_only, snapshot)
            return related(
                self.store, snapshot, subject, top_k=top_k, other_sources_only=other_sources_only
            )

        return self._reading(find)

    def _subject(self, view: PassageView, whole_article: bool, snapshot: Snapshot) -> Subject:
        """A passage as it is stored: nothing is encoded, so the model need not be loaded."""
        dimension = snapshot.vectors.dimension
        [vector] = self.store.vectors(np.array([view.chunk]), dimension)
        passage = unpack(self.store.readings([view.chunk])[view.chunk], dimension)
        of_text = passage.tokens.spans[:, 0] >= 0  # those before it are of the title
        tokens = TokenVectors(passage.tokens.vectors[of_text], passage.tokens.spans[of_text])
        parts = self.store.passages_of(view.article_key) if whole_article else []
        return Subject(
            text=view.passage.text,
            encoded=Encoded(untitled(passage, vector), tokens),
            title=view.source.title or "",
            article_id=view.passage.article_id,
            chunks=frozenset([view.chunk, *(chunk for _, _, chunk in parts)]),
            copies=view.also_in,
        )

    def check(
        self,
        quote: str,
        *,
        article_id: str | None = None,
        passage_id: str | None = None,
        speaker: str | None = None,
    ) -> Verdict:
        """Whether a quote stands in the corpus, or in the article it is said to be from.

        With `speaker`, also whether the source has that person say it.
        """
        quote = _checked_text(quote, "quote")
        who = (speaker or "").strip() or None
        return self._reading(
            lambda snapshot: self._desk.quote(
                quote, snapshot, self._cited(article_id, passage_id, snapshot), passage_id, who
            )
        )

    def check_text(self, text: str) -> DraftReport:
        """Every quotation of a draft with its verdict, every claim with what supports it."""
        checked = _checked_text(text, "text", MAX_DRAFT)
        return self._reading(
            lambda snapshot: self._desk.draft(checked, snapshot, lambda: self.encoder)
        )

    @cached_property
    def _desk(self) -> Desk:
        from qa.check.service import Desk  # a question needs none of it, and it takes 0.2 s to load

        return Desk(self.store)

    def article(self, id_: str) -> StoredArticle:
        """Raises NotFound."""
        return self._reading(lambda snapshot: self._article(id_, snapshot))

    def _article(self, id_: str, snapshot: Snapshot) -> StoredArticle:
        stored = self.store.article(id_, snapshot.generation)
        if stored is None:
            self._check_articles(snapshot)
            raise NotFound(f"there is no article {id_!r}", code="article_not_found")
        return stored

    def _check_articles(self, snapshot: Snapshot) -> None:
        """That one is not there may be said when all others are. Once for each generation."""
        if self._complete != snapshot.generation:
            self.store.check_articles(snapshot.generation)
            self._complete = snapshot.generation

    def articles(
        self, *, after: str = "", limit: int = 100
    ) -> list[tuple[StoredArticle, int, int]]:
        """(article without text, its length, its passages) by id, those after `after`."""

        def listed(snapshot: Snapshot) -> list[tuple[StoredArticle, int, int]]:
            self._check_articles(snapshot)
            return self.store.articles(snapshot.generation, after=after, limit=limit)

        return self._reading(listed)

    def raw(self, id_: str) -> bytes:
        """The input of an article as it came. Raises NotFound."""
        return self._reading(lambda snapshot: self.store.raw(self._article(id_, snapshot).key))

    def passages_of(self, stored: StoredArticle) -> list[Passage]:
        """The passages of an article, in order. Raises Unavailable when it went out long ago."""
        id_, text = stored.article.id, stored.article.text
        return [
            Passage(
                str(PassageId.of(id_, stored.digest, start, end)), id_, start, end, text[start:end]
            )
            for start, end, _ in self._reading(lambda _: self.store.passages_of(stored.key))
        ]

    def passage(self, id_: str) -> PassageView:
        """Raises NotFound, or SourceChanged for a passage of an earlier version."""
        return self._reading(lambda snapshot: self._passage(id_, snapshot))

    def _passage(self, id_: str, snapshot: Snapshot) -> PassageView:
        named = PassageId.parse(id_)
        stored = self._article(named.article, snapshot)
        if not named.is_of(stored.digest):
            raise SourceChanged(
                f"article {named.article!r} has changed since {id_!r} was cited: "
                f"see GET /v1/articles/{named.article}, or check the quote again"
            )
        for at, to, chunk in self.store.passages_of(stored.key):
            if (at, to) == (named.start, named.end):
                return self._view(stored, at, to, chunk, snapshot)
        raise NotFound(
            f"article {named.article!r} has no passage at characters {named.start}-{named.end}",
            code="passage_not_found",
        )

    def _view(
        self, stored: StoredArticle, start: int, end: int, chunk: int, snapshot: Snapshot
    ) -> PassageView:
        text = stored.article.text[start:end]
        where, passage = place(Occurrence(chunk, text, start, end, stored))
        places = self.store.occurrences([chunk], snapshot.generation).get(chunk, [])
        others = {o.stored.article.id: place(o) for o in reversed(places)}
        others.pop(stored.article.id, None)
        return PassageView(passage, where, chunk, stored.key, tuple(reversed(others.values())))

    def _cited(
        self, article_id: str | None, passage_id: str | None, snapshot: Snapshot
    ) -> StoredArticle | None:
        """The article that a quote is said to be from."""
        if passage_id is None:
            return self._article(article_id, snapshot) if article_id else None
        named = PassageId.parse(passage_id).article
        if article_id not in (None, named):
            raise InvalidInput(
                f"passage {passage_id!r} is not of article {article_id!r}", code="passage_of_other"
            )
        return self._article(named, snapshot)

    def counts(self) -> dict[str, int]:
        """Articles, passages, and the distinct texts among them that were embedded."""
        return self._reading(self._count)

    def _count(self, snapshot: Snapshot) -> dict[str, int]:
        if self._counted[0] != snapshot.generation:  # counting takes a while on a large corpus
            self._counted = (snapshot.generation, self.store.counts(snapshot.generation))
        return dict(self._counted[1])

    # --- the whole -----------------------------------------------------------------------------

    def status(self, *, check: bool = True) -> dict[str, Any]:
        """Counts, generation, encoder, sizes, and with `check` an integrity check of everything."""
        problems = self.problems() if check else None
        try:
            counts = self.counts()
        except CorpusBroken:
            if not problems:
                raise
            counts = {}  # what is wrong is said below, and more of it
        return {
            "folder": str(self.folder),
            "generation": self.snapshot.generation,
            "counts": counts,
            "encoder": {
                "name": self._stamp["encoder"],
                "digest": self._stamp["encoder_digest"],
                "dimension": int(self._stamp["dimension"]),
            },
            "chunking": self._stamp["chunking"],
            "bytes": {"store": _bytes(self.store.path), **self.generations.files()},
            "mended": list(self.generations.mended),
            "integrity": None if problems is None else ("ok" if not problems else "failed"),
            "problems": problems or [],
        }

    def reindex(self, progress: Callable[[int, int], None] = lambda done, total: None) -> str:
        """Builds the indexes anew.

        With another encoder or chunking it embeds everything anew before, else what is damaged.
        All or nothing: cut off, the corpus is as it was. Says what was done, in a sentence.
        """
        self.store.refuse_when_read_only()
        preparer = Preparer(self.store, self.encoder, self.chunking)
        now, mended = stamp_of(self.encoder, self.chunking.fingerprint), 0
        with readable(self.store.path), self.lock.held():
            same = now == stamp_in(self.store.meta())
            with self.store.transaction():
                if same:
                    mended = embed_damaged(self.store, preparer, progress)
                else:
                    embed_all(self.store, preparer, progress)
                    self.store.set_meta(now)
                self.store.settle()
            self._stamp = now
            forget(self._indexes)
            self._open_generations()
            self.generations.mended.clear()  # that the old indexes do not count is no damage
        if not same:
            return f"Everything was embedded anew with {self.encoder.name}."
        also = f" What was damaged of {mended} articles was embedded anew." if mended else ""
        return f"The indexes were built anew from the stored vectors.{also}"

    def problems(self) -> list[str]:
        """What an integrity check of store and indexes finds; empty when all is well."""
        return self._reading(self._problems)

    def _problems(self, snapshot: Snapshot) -> list[str]:
        problems = self.store.check() + self.generations.check()
        try:
            live = self.store.live_chunks(snapshot.generation)
        except CorpusBroken:  # said already
            return problems
        if not (len(live) == len(snapshot.vectors) and (live == snapshot.vectors.keys()).all()):
            problems.append("the vector index does not hold the chunks of the store: qa reindex")
        if len(live) != len(snapshot.lexical):
            problems.append("the lexical index does not hold the chunks of the store: qa reindex")
        return problems


def _outdated() -> Unavailable:
    return Unavailable("what was read is purged meanwhile: ask again", code="outdated")


def _holds_anything(database: Path) -> bool:
    return database.exists() and database.stat().st_size > 0


def _writable(folder: Path) -> Path:
    """Itself. A full disk is for others to report."""
    try:
        folder.mkdir(0o700, parents=True, exist_ok=True)  # what is kept is nobody else's
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        if isinstance(refused(error), NoSpace):
            raise
        # A file in its place stays there; a medium may only not be mounted yet.
        no_folder = isinstance(error, FileExistsError | NotADirectoryError)
        kind = InvalidInput if no_folder else StorageError
        raise kind(
            f"cannot write to the folder {folder}: {error.strerror}; choose another with "
            f"--data or QA_DATA{_or_read_only(folder)}",
            code="unwritable",
        ) from error
    return folder


def _or_read_only(folder: Path) -> str:
    there = (folder / DATABASE).exists()
    return ", or read the corpus that is there with --read-only" if there else ""


def _checked_text(text: str, field: str, limit: int | None = MAX_QUESTION) -> str:
    text = text.encode("utf-8", "replace").decode().replace("\0", " ")
    if not text.strip():
        raise InvalidInput(f"{field} is empty: write something to look for", code="empty")
    if limit is not None and len(text) > limit:
        raise InvalidInput(
            f"{field} has {len(text):,} characters; at most {limit:,} are taken", code="too_long"
        )
    return text


def _check_top_k(top_k: int) -> None:
    if not 1 <= top_k <= MAX_TOP_K:
        raise InvalidInput(f"top_k is {top_k}; give 1 to {MAX_TOP_K}", code="invalid_top_k")


def _milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 2)


def _bytes(path: Path) -> int:
    return sum(p.stat().st_size for p in path.parent.glob(f"{path.name}*"))
