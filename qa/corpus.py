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
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import embeddings
from embeddings import DEFAULT_MODEL, Encoded, Encoder, EncoderUnavailable, TokenVectors
from embeddings.together import Together
from qa.adding import Outcome, OutcomeName, Prepared, Preparer, batches
from qa.ahead import ahead
from qa.answer import mark, reason, statement
from qa.chunking import Chunking
from qa.coefficients import coefficients
from qa.confidence import READ, Signals
from qa.errors import EncoderError, InvalidInput, Mismatch, NotFound, SourceChanged
from qa.filters import Filters
from qa.generations import Generations, Snapshot
from qa.likeness import untitled
from qa.manifest import Lock
from qa.reading import Question, Reading, read_all
from qa.related import Related, Subject, related
from qa.rerank import DEPTH
from qa.rerank import rerank as reranked
from qa.search import Query, passage_id, place, search
from qa.stages import Observer, stage, work
from qa.store import Entry, Occurrence, Store, StoredArticle, fingerprint, readable
from qa.threads import one_thread_for_blas
from qa.tokens import unpack
from qa.types import Answer, Document, DraftReport, Hit, Mode, Passage, Refused, Source, Verdict

if TYPE_CHECKING:
    from qa.check.desk import Desk

DATABASE = "footnote.db"
MAX_QUESTION = 2_000
MAX_DRAFT = 200_000
MAX_TOP_K = 100
# Characters: sixteen questions of a usual length are encoded together, and a long one alone.
QUESTIONS_TOGETHER = 4_000
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
    ) -> None:
        self.folder = folder
        self.model = encoder.name if encoder else model
        self.chunking = chunking or Chunking()
        self.threshold = threshold
        self._encoder = encoder
        self._reindexing = reindexing
        self._loading = threading.Lock()
        self._counted: tuple[int, dict[str, int]] = (-1, {})
        # Told what every stage of asking and adding took (qa.stages).
        self.observer: Observer | None = None
        one_thread_for_blas()
        self._preparing = ThreadPoolExecutor(PREPARING, "prepare")
        self._read_query: Together[str, Encoded] = Together(
            lambda texts: self.encoder.read_queries(texts), size=len, room=QUESTIONS_TOGETHER
        )
        self.lock = Lock(_writable(folder) / "lock")
        with self.lock.held():
            self.store = Store(folder / DATABASE)
        try:
            with readable(self.store.path):
                self._start()
        except BaseException:
            self.store.close()
            raise

    @classmethod
    def open(cls, folder: str | Path = "data", **options: Any) -> Corpus:
        """Opens or creates the corpus in a folder.

        Options: `model` (a name or a folder), `chunking`, `encoder` (one that is loaded already),
        `threshold` (the confidence from which a question counts as answered).
        Raises Mismatch when the corpus was made with another encoder or chunking, unless it is
        opened with `reindexing` to mend just that.
        """
        return cls(Path(folder), **options)

    def _start(self) -> None:
        if "encoder" not in self.store.meta():
            self._stamp(self.encoder)
        self._meta = self.store.meta()
        if not self._reindexing:
            self._refuse_mismatch()
        self._open_generations()

    def close(self) -> None:
        """Doing it twice does no harm."""
        if not self.store.closed:
            self._preparing.shutdown(cancel_futures=True)
            self.generations.close()
            self.store.close()

    def __enter__(self) -> Corpus:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _open_generations(self) -> None:
        dimension, stamp = int(self._meta["dimension"]), _stamp_of(self._meta)
        self.generations = Generations(
            self.folder / "index", self.store, self.lock, dimension, stamp
        )

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
                if not self._reindexing:
                    self._refuse_other_weights(encoder)
                self._encoder = encoder
            return self._encoder

    def _stamp(self, encoder: Encoder) -> None:
        with self.store.transaction():
            self.store.set_meta({**_encoder_meta(encoder), "chunking": self.chunking.fingerprint})

    def _refuse_mismatch(self) -> None:
        meta = self._meta
        if self.model != meta["encoder"]:
            raise Mismatch(
                f"the corpus in {self.folder} was embedded with {meta['encoder']}, not with "
                f"{self.model}: set QA_MODEL={meta['encoder']}, or run `qa reindex`",
                code="encoder_mismatch",
            )
        if self.chunking.fingerprint != meta["chunking"]:
            raise Mismatch(
                f"the corpus in {self.folder} was cut as “{meta['chunking']}”, and this version "
                f"cuts as “{self.chunking.fingerprint}”: run `qa reindex`",
                code="chunking_mismatch",
            )
        if self._encoder is not None:
            self._refuse_other_weights(self._encoder)

    def _refuse_other_weights(self, encoder: Encoder) -> None:
        digest = self.store.meta().get("encoder_digest", encoder.digest)
        if encoder.digest != digest and self.store.meta()["encoder"] == encoder.name:
            raise Mismatch(
                f"the weights of {encoder.name} are not those that the corpus in {self.folder} was "
                f"embedded with ({encoder.digest[:12]}… instead of {digest[:12]}…): bring the "
                "old ones back, or run `qa reindex`",
                code="encoder_mismatch",
            )

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
        with work("prepare", self.observer):
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
        with self.lock.held():
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
        name: OutcomeName = "replaced" if before else "added"
        return Outcome(name, document.origin, document.size, document, passages=len(entry.placed))

    def _refuse_foreign_state(self) -> None:
        """Another process may have re-indexed with another encoder while we were running."""
        if _stamp_of(self.store.meta()) != _stamp_of(self._meta):
            raise Mismatch("the corpus was re-indexed by another process: start again")

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
        with self.lock.held():
            self._refuse_foreign_state()
            self.generations.advance()
            with self.store.transaction():
                purged = self.store.purge()
            given_back = self.store.shrink()
        return self.generations.compact() or purged + given_back > 0

    def take_over(self) -> None:
        """Shows readers what another process has published. Raises Mismatch if it re-indexed."""
        self._refuse_foreign_state()
        self.generations.advance()

    # --- reading -------------------------------------------------------------------------------

    @property
    def snapshot(self) -> Snapshot:
        return self.generations.snapshot

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
            snapshot, fitted = self.snapshot, coefficients(encoder.name)
            with stage("encode"):
                encoded = self._read_query(text)
            with stage("words"):
                asked = Question.read(text, encoded, snapshot.lexical)
            reranking = rerank and mode == "hybrid"
            wanted = max(top_k, DEPTH) if reranking else max(top_k, READ)
            query = Query(text, encoded.vector, mode, filters, wanted)
            hits = search(self.store, snapshot, query)
            readings = self.read(asked, hits[: DEPTH if reranking else wanted], snapshot)
            with stage("rank"):
                if reranking:
                    hits, readings = reranked(hits, readings, fitted.ranking)
                confidence = fitted.confidence(Signals.of(asked, readings)) if hits else 0.0
            hits, readings = hits[:top_k], readings[:top_k]
            if unread := hits[len(readings) :]:
                readings += self.read(asked, unread, snapshot)
            with stage("mark"):
                hits = mark(hits, readings)
            least = next(t for t in (threshold, self.threshold, fitted.threshold) if t is not None)
            answered = bool(hits) and confidence >= least
            return Answer(
                question=text,
                answered=answered,
                confidence=round(confidence, 4),
                reason=None if answered else reason(asked, hits, snapshot.lexical),
                statement=statement(hits[0]) if answered else None,
                hits=tuple(hits),
                generation=snapshot.generation,
                encoder=encoder.name,
                took_ms=_milliseconds(started),
            )

    def read(self, question: Question, hits: Sequence[Hit], snapshot: Snapshot) -> list[Reading]:
        """The hits' passages against the question, in order."""
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
        snapshot = self.snapshot
        if passage_id is not None:
            subject = self._subject(self.passage(passage_id), other_sources_only, snapshot)
        else:
            text = _checked_text(text or "", "text")
            subject = Subject(text, self.encoder.read_passages([text])[0])
        return related(
            self.store, snapshot, subject, top_k=top_k, other_sources_only=other_sources_only
        )

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
        article = self._cited(article_id, passage_id)
        who = (speaker or "").strip() or None
        return self._desk.quote(quote, self.snapshot, article, passage_id, who)

    def check_text(self, text: str) -> DraftReport:
        """Every quotation of a draft with its verdict, every claim with what supports it."""
        checked = _checked_text(text, "text", MAX_DRAFT)
        return self._desk.draft(checked, self.snapshot, lambda: self.encoder)

    @cached_property
    def _desk(self) -> Desk:
        from qa.check.desk import Desk  # a question needs none of it, and it takes 0.2 s to load

        return Desk(self.store)

    def article(self, id_: str) -> StoredArticle:
        """Raises NotFound."""
        stored = self.store.article(id_, self.snapshot.generation)
        if stored is None:
            raise NotFound(f"there is no article {id_!r}", code="article_not_found")
        return stored

    def articles(
        self, *, after: str = "", limit: int = 100
    ) -> list[tuple[StoredArticle, int, int]]:
        """(article without text, its length, its passages) by id, those after `after`."""
        return self.store.articles(self.snapshot.generation, after=after, limit=limit)

    def raw(self, id_: str) -> bytes:
        """The input of an article as it came. Raises NotFound."""
        return self.store.raw(self.article(id_).key)

    def passages_of(self, stored: StoredArticle) -> list[Passage]:
        """The passages of an article, in order."""
        id_, text = stored.article.id, stored.article.text
        return [
            Passage(passage_id(id_, stored.digest, start, end), id_, start, end, text[start:end])
            for start, end, _ in self.store.passages_of(stored.key)
        ]

    def passage(self, id_: str) -> PassageView:
        """Raises NotFound, or SourceChanged for a passage of an earlier version."""
        article_id, digest, start, end = parse_passage_id(id_)
        stored = self.article(article_id)
        if not stored.digest.startswith(digest):
            raise SourceChanged(
                f"article {article_id!r} has changed since {id_!r} was cited: "
                f"see GET /v1/articles/{article_id}, or check the quote again"
            )
        for at, to, chunk in self.store.passages_of(stored.key):
            if (at, to) == (start, end):
                return self._view(stored, at, to, chunk)
        raise NotFound(
            f"article {article_id!r} has no passage at characters {start}-{end}",
            code="passage_not_found",
        )

    def _view(self, stored: StoredArticle, start: int, end: int, chunk: int) -> PassageView:
        text = stored.article.text[start:end]
        where, passage = place(Occurrence(chunk, text, start, end, stored))
        places = self.store.occurrences([chunk], self.snapshot.generation).get(chunk, [])
        others = {o.stored.article.id: place(o) for o in reversed(places)}
        others.pop(stored.article.id, None)
        return PassageView(passage, where, chunk, stored.key, tuple(reversed(others.values())))

    def _cited(self, article_id: str | None, passage_id: str | None) -> StoredArticle | None:
        """The article that a quote is said to be from."""
        if passage_id is None:
            return self.article(article_id) if article_id else None
        named, *_ = parse_passage_id(passage_id)
        if article_id not in (None, named):
            raise InvalidInput(
                f"passage {passage_id!r} is not of article {article_id!r}", code="passage_of_other"
            )
        return self.article(named)

    def counts(self) -> dict[str, int]:
        """Articles, passages, and the distinct texts among them that were embedded."""
        snapshot = self.snapshot
        if self._counted[0] != snapshot.generation:  # counting takes a while on a large corpus
            self._counted = (snapshot.generation, self.store.counts(snapshot.generation))
        return dict(self._counted[1])

    # --- the whole -----------------------------------------------------------------------------

    def status(self, *, check: bool = True) -> dict[str, Any]:
        """Counts, generation, encoder, sizes, and with `check` an integrity check of everything."""
        snapshot = self.snapshot
        problems = self.problems() if check else None
        return {
            "folder": str(self.folder),
            "generation": snapshot.generation,
            "counts": self.counts(),
            "encoder": {
                "name": self._meta["encoder"],
                "digest": self._meta["encoder_digest"],
                "dimension": int(self._meta["dimension"]),
            },
            "chunking": self._meta["chunking"],
            "bytes": {"store": _bytes(self.store.path), **self.generations.files()},
            "mended": list(self.generations.mended),
            "integrity": None if problems is None else ("ok" if not problems else "failed"),
            "problems": problems or [],
        }

    def reindex(self, progress: Callable[[int, int], None] = lambda done, total: None) -> str:
        """Builds the indexes anew; with another encoder or chunking, embeds everything anew first.

        All or nothing: cut off, the corpus is as it was. Says what was done, in a sentence.
        """
        now = {**_encoder_meta(self.encoder), "chunking": self.chunking.fingerprint}
        if now == _stamp_of(self.store.meta()):
            self.generations.rebuild()
            return "The indexes were built anew from the stored vectors."
        with self.lock.held():
            with self.store.transaction():
                self._embed_anew(progress)
                self.store.set_meta(now)
            self._meta = self.store.meta()
            self._open_generations()
            self.generations.mended.clear()  # that the old indexes do not fit is no damage
        return f"Everything was embedded anew with {self.encoder.name}."

    def _embed_anew(self, progress: Callable[[int, int], None]) -> None:
        generation = self.store.next_generation()
        keys = self.store.retire_all(generation)
        preparer = Preparer(self.store, self.encoder, self.chunking)
        done = 0
        for batch in batches(self.store.document(key) for key in keys):
            documents = [item for item in batch if isinstance(item, Document)]
            for entry in preparer.entries(documents, anew=True):
                self.store.insert(entry, generation)
            done += len(batch)
            progress(done, len(keys))
        self.store.keep_dates(generation)

    def problems(self) -> list[str]:
        """What an integrity check of store and indexes finds; empty when all is well."""
        snapshot = self.snapshot
        live = self.store.live_chunks(snapshot.generation)
        problems = self.store.check() + self.generations.check()
        if not (len(live) == len(snapshot.vectors) and (live == snapshot.vectors.keys()).all()):
            problems.append("the vector index does not hold the chunks of the store: qa reindex")
        if len(live) != len(snapshot.lexical):
            problems.append("the lexical index does not hold the chunks of the store: qa reindex")
        return problems


def parse_passage_id(id_: str) -> tuple[str, str, int, int]:
    """
    >>> parse_passage_id("report.v2.1a2b3c4d.10-25")
    ('report.v2', '1a2b3c4d', 10, 25)
    """
    article_id, _, rest = id_.rpartition(".")
    article_id, _, digest = article_id.rpartition(".")
    start, dash, end = rest.partition("-")
    if not (article_id and len(digest) == 8 and dash and _offset(start) and _offset(end)):
        raise NotFound(
            f"{id_!r} is not a passage id: <article_id>.<digest>.<start>-<end>",
            code="passage_not_found",
        )
    return article_id, digest, int(start), int(end)


def _offset(digits: str) -> bool:
    return digits.isascii() and digits.isdecimal() and len(digits) <= 12


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(0o700, parents=True, exist_ok=True)  # what is kept is nobody else's
        probe = folder / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise InvalidInput(
            f"cannot write to the folder {folder}: {error.strerror}; choose another with "
            "--data or QA_DATA",
            code="unwritable",
        ) from error
    return folder


def _encoder_meta(encoder: Encoder) -> dict[str, str]:
    return {
        "encoder": encoder.name,
        "encoder_digest": encoder.digest,
        "dimension": str(encoder.dimension),
    }


def _stamp_of(meta: dict[str, str]) -> dict[str, str]:
    return {key: meta[key] for key in ("encoder", "encoder_digest", "dimension", "chunking")}


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
