"""A corpus: the composition root. The API, the command line and the pages are thin skins over it.

>>> corpus = Corpus.open("data")                       # doctest: +SKIP
>>> corpus.ask("Who guides ships?").statement.text     # doctest: +SKIP
'A harbour pilot guides ships.'
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

import embeddings
from embeddings import (
    DEFAULT_MODEL,
    HASH,
    NO_PROMPTS,
    Encoded,
    Encoder,
    EncoderUnavailable,
    Prompts,
    Reader,
)
from embeddings.coalesce import Coalescer
from qa.addresses import PostgresAddress
from qa.ask.ask import Asked, ask
from qa.ask.calibration import Calibrations, made_for
from qa.ask.confidence import coefficients
from qa.ask.context import in_context
from qa.ask.inquiry import Inquiry
from qa.ask.request import Request
from qa.check.types import Against, DraftReport, QuoteInquiry, Verdict
from qa.errors import ArticleChanged, EncoderError, FootnoteError, InvalidInput
from qa.filters import Filters
from qa.observe import Observer, stage, work
from qa.passages.chunking import Chunking
from qa.passages.prepare import Batch, Outcome
from qa.passages.restating import restated
from qa.passages.writer import Settle, TellBytes, Writer
from qa.related.related import Related, related
from qa.related.subject import Subject
from qa.request_limits import (
    MAX_BATCH_CHARACTERS,
    MAX_DRAFT,
    check_batch,
    check_min_generation,
    check_top_k,
    checked_text,
)
from qa.retrieval import lookup
from qa.retrieval.expansion import Surroundings
from qa.retrieval.lookup import PassageView
from qa.storage import Storage, View
from qa.storage.fingerprint import Stamp, refuse_other, refuse_other_weights, stamp_of
from qa.storage.lag import Lag
from qa.storage.place import CorpusPlace, DatabasePlace, place_of
from qa.storage.records import (
    FACETS,
    MOST_COUNTED,
    ArticleList,
    ArticleSort,
    Counted,
    Facet,
    Selection,
    StoredArticle,
    fingerprint,
)
from qa.storage.sql.job_table import JobTable
from qa.threads import one_thread_for_blas
from qa.turns import Turns
from qa.types import (
    DEFAULT_DEPTH,
    Answer,
    Depth,
    Document,
    Expand,
    GroupBy,
    Mode,
    Passage,
    Refused,
    Sort,
)

if TYPE_CHECKING:
    from qa.check.earlier import Earlier
    from qa.check.service import CheckService

_Found = TypeVar("_Found")
# In characters: sixteen usual questions are encoded together, and a long one alone.
QUESTIONS_TOGETHER = 4_000
# How often an article is stated anew that others change at the same time.
RESTATING_ATTEMPTS = 5


class Corpus:
    """Articles in a folder, and what can be asked of them. Safe to use from many threads."""

    def __init__(
        self,
        place: CorpusPlace,
        *,
        model: str = DEFAULT_MODEL,
        prompts: Prompts = NO_PROMPTS,
        chunking: Chunking | None = None,
        encoder: Encoder | None = None,
        threshold: float | None = None,
        read: Depth | None = None,
        reindexing: bool = False,
        read_only: bool = False,
        indexing: bool = True,
    ) -> None:
        self.place = place
        self.read_only = read_only
        self.model = encoder.name if encoder else model
        self._prompts = [prompts] if prompts.given else []
        self.chunking = chunking or Chunking()
        self.threshold = threshold
        # Whoever takes hashes wants no model to be loaded.
        self.depth: Depth = read or ("off" if self.model == HASH else DEFAULT_DEPTH)
        self._encoder = encoder
        self._reader: Reader | None = None
        self._reindexing = reindexing
        self._loading, self._loading_reader = threading.Lock(), threading.Lock()
        # Is told what every stage of asking and adding took (qa.observe).
        self.observer: Observer | None = None
        one_thread_for_blas()
        self._encode_question: Coalescer[str, Encoded] = Coalescer(
            lambda texts: self.encoder.encode_queries(texts), size=len, room=QUESTIONS_TOGETHER
        )
        self._stamp: Stamp | None = None
        self.storage = Storage(
            place,
            self._own_stamp,
            self._accept,
            reindexing=reindexing,
            read_only=read_only,
            indexing=indexing or not isinstance(place, DatabasePlace),
        )
        self._stamp = self.storage.stamp
        self.calibrations = Calibrations(self.storage)
        self._writer = Writer(self.storage, lambda: self.encoder, self.chunking, self._observed)

    @classmethod
    def open(cls, folder: str | Path | PostgresAddress = "data", **options: Any) -> Corpus:
        """Opens or creates the corpus in a folder, or in a database: postgresql://host/name.

        Options: `model` (a name or a folder), `prompts` (for a model that does not say its own),
        `chunking`, `encoder` (one that is loaded already),
        `threshold` (the confidence from which a question counts as answered), `read` (how much the
        reader reads, as in `ask`: "deep" unless it is said, with the encoder "hash" "off").
        Raises Mismatch when the corpus was made with another encoder or chunking, unless it is
        opened with `reindexing` to mend just that. With `read_only` nothing is written in the
        folder, and what would be raises ReadOnly. `cache` is the folder for the indexes of what is
        in a database; without `indexing` there are none, and nothing can be asked: who only adds
        to a database leaves them to those who answer.
        """
        return cls(place_of(folder, options.pop("cache", None)), **options)

    @property
    def folder(self) -> Path:
        """The folder that it is in, or of its indexes, where a database holds the rest."""
        return self.place.folder

    def close(self) -> None:
        """Closes the corpus; doing it twice does no harm."""
        self._writer.close()
        self.storage.close()

    def __enter__(self) -> Corpus:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- the encoder ---------------------------------------------------------------------------

    @property
    def encoder(self) -> Encoder:
        """The encoder, loaded on first use: listing articles or checking a quote needs none."""
        with self._loading:
            if self._encoder is None:
                try:
                    encoder = embeddings.load(self.model, *self._prompts)
                except EncoderUnavailable as error:
                    raise EncoderError(str(error)) from error
                if self._stamp and not self._reindexing:
                    refuse_other_weights(self._stamp, encoder, self.place)
                self._encoder = encoder
            return self._encoder

    @property
    def reader(self) -> Reader:
        """The reader, loaded on first use."""
        with self._loading_reader:
            if self._reader is None:
                try:
                    self._reader = embeddings.load_reader()
                except EncoderUnavailable as error:
                    raise EncoderError(str(error)) from error
            return self._reader

    def load(self, depth: Depth) -> None:
        """Loads what answering to a depth needs, both models at a time. Raises EncoderError."""
        if depth == "off" or self._reader is not None:
            _ = self.encoder
            return
        with ThreadPoolExecutor(1, "reader") as beside:
            reader = beside.submit(lambda: self.reader)
            _ = self.encoder
        reader.result()

    def _own_stamp(self) -> Stamp:
        return stamp_of(self.encoder, self.chunking.fingerprint)

    def _accept(self, stamp: Stamp) -> None:
        refuse_other(stamp, self.model, self.chunking.fingerprint, self.place)
        if self._encoder is not None:
            refuse_other_weights(stamp, self._encoder, self.place)

    # --- adding and removing -------------------------------------------------------------------

    def add(
        self, items: Iterable[Document | Refused], tell: TellBytes | None = None
    ) -> Iterator[Outcome]:
        """Adds documents in batches; yields what became of each once it is safely stored.

        Stopping half-way leaves all batches that were yielded from, and nothing of the others.
        `tell` is told, from other threads, of how many more bytes of input are encoded.
        """
        return self._writer.add(items, tell)

    def add_batch(self, items: Sequence[Document | Refused]) -> list[Outcome]:
        """Adds documents in one commit."""
        return self._writer.commit(self._writer.prepared(items))

    def prepare(self, parts: Iterable[Sequence[Document | Refused]]) -> Iterator[Batch]:
        """Batches that are ready to `commit`, in order; the next is prepared meanwhile."""
        return self._writer.prepare(parts)

    def commit(self, batch: Batch, settle: Settle | None = None) -> list[Outcome]:
        """Stores a batch; what `settle` does is part of the same change: a job's progress."""
        return self._writer.commit(batch, settle) if settle else self._writer.commit(batch)

    def remove(self, ids: Sequence[str], seen: Mapping[str, str] | None = None) -> list[str]:
        """Takes articles out; returns the ids that were there.

        `seen` are fingerprints by id. Raises ArticleChanged when one of them has changed since, and
        takes nothing out.
        """
        return self._writer.remove(ids, seen or {})

    def files(self) -> list[tuple[str, str]]:
        """The id and the origin of every article that came with one: the path of its file."""
        return self.storage.store.files()

    def restate(self, id_: str, given: Mapping[str, Any], seen: str | None = None) -> Outcome:
        """States anew what is given of an article; None takes it out. Its text stays as it is.

        `seen` is the fingerprint that it had when whoever states it looked. Raises NotFound,
        InvalidInput, or ArticleChanged when it has another and does not state all that already.
        """
        for attempt in range(RESTATING_ATTEMPTS):
            stored = self.article(id_)
            new = restated(self.storage.store.document(stored.key), given)
            if fingerprint(new.article) == stored.fingerprint:
                return Outcome("unchanged", new.origin, new.size, new)
            batch = self._writer.prepared([new])
            try:
                return self._writer.commit(batch, seen={id_: seen or stored.fingerprint})[0]
            except ArticleChanged:  # by another meanwhile
                if seen or attempt + 1 == RESTATING_ATTEMPTS:
                    raise
        raise AssertionError

    @property
    def jobs(self) -> JobTable:
        """The bulk additions that were acknowledged."""
        return self.storage.store.jobs

    # --- asking --------------------------------------------------------------------------------

    def ask(
        self,
        question: str,
        *,
        top_k: int = 5,
        filters: Filters | None = None,
        mode: Mode = "hybrid",
        rerank: bool = True,
        threshold: float | None = None,
        read: Depth | None = None,
        offset: int = 0,
        sort: Sort = "relevance",
        group_by: GroupBy | None = None,
        time: bool = True,
        calibrated: bool = True,
        min_score: float = 0.0,
        expand: Expand | None = None,
        max_tokens: int | None = None,
        min_generation: int | None = None,
    ) -> Answer:
        """The passages that answer a question, best first, with their supporting sentences.

        Without `rerank` (or in another mode than hybrid) they come as search found them. From a
        confidence of `threshold` on the question counts as answered; None: that of the corpus, else
        the one that was fitted. `read` says how much the reader reads: "deep", the first passages,
        for their order, the sentence and the words that answer; "fast", the first one; "off",
        nothing. The answer's `read` says how much was.
        The passages are those behind the first `offset` of one list, which `next_offset` goes on
        with; `sort` and `group_by` put them in order by date, or leave the best one of an article.
        Phrases in double marks have to stand in a passage, and what has a minus in front may not;
        what the question says of the time counts unless `time` is false: `understood` tells both.
        The corpus's own calibration, if it has one for that, is left out unless `calibrated`.
        Passages that score less than `min_score` are left out. `expand` shows each within its
        paragraph or between its neighbours (`hit.expanded`); with `max_tokens`, counted by the
        encoder's own tokenizer, the answer has a `context` for a prompt, in which what overlaps or
        adjoins is one.
        With `min_generation` it is asked of that generation of the corpus, or of a later one: that
        of an addition by whomever (`Outcome.generation`). It is waited for, up to a second. Raises
        Behind.
        """
        inquiry = Inquiry(
            question=question,
            top_k=top_k,
            filters=filters,
            mode=mode,
            rerank=rerank,
            threshold=threshold,
            read=read,
            offset=offset,
            sort=sort,
            group_by=group_by,
            time=time,
            calibrated=calibrated,
            min_score=min_score,
            expand=expand,
            max_tokens=max_tokens,
            min_generation=min_generation,
        )
        return self.answer(inquiry)

    def answer(self, inquiry: Inquiry) -> Answer:
        """The answer to a question that has its options with it: as `ask` gives it."""
        self.load(inquiry.read or self.depth)  # which is no part of answering
        started = perf_counter()
        request = inquiry.request()
        with self._observed("ask"):
            with stage("encode"):
                encoded = self._encode_question(request.wording.text)
            answer = self.read(
                lambda view: self._answer(view, inquiry, request, encoded), inquiry.min_generation
            )
        return replace(answer, took_ms=_milliseconds(started))

    def ask_many(
        self, inquiries: Sequence[Inquiry | str], *, seconds: float | None = None
    ) -> list[Answer | FootnoteError]:
        """The answer to each question, or the error that it is answered with; in order.

        They are encoded together and all asked of one moment of the corpus. Those whose turn has
        not come after `seconds` are answered with Overloaded. Raises TooLarge for more than is
        worked on at a time, and what says that nothing can be answered.
        """
        given = [Inquiry(question=one) if isinstance(one, str) else one for one in inquiries]
        characters = sum(len(one.question) for one in given)
        wanted = sum(one.top_k + one.offset for one in given)
        check_batch(len(given), characters, MAX_BATCH_CHARACTERS, wanted)
        for one in given:
            self.load(one.read or self.depth)
        turns = Turns(seconds)
        requests = [turns.own(one.request) for one in given]
        texts = [one.wording.text for one in requests if isinstance(one, Request)]
        with self._observed("batch"), stage("encode"):
            encoded = self._encode_question.many(texts)

        def look(view: View) -> list[Answer | FootnoteError]:
            vectors = iter(encoded)
            return [
                turns.take(partial(self._timed, view, inquiry, request, next(vectors)))
                if isinstance(request, Request)
                else request
                for inquiry, request in zip(given, requests, strict=True)
            ]

        return self.read(look, max((one.min_generation or 0 for one in given), default=0))

    def _timed(self, view: View, inquiry: Inquiry, request: Request, encoded: Encoded) -> Answer:
        started = perf_counter()
        with self._observed("ask"):
            answer = self._answer(view, inquiry, request, encoded)
        return replace(answer, took_ms=_milliseconds(started))

    def _answer(self, view: View, inquiry: Inquiry, request: Request, encoded: Encoded) -> Answer:
        depth, encoder = inquiry.read or self.depth, self.encoder
        fitted = coefficients(encoder.name)
        if inquiry.calibrated and inquiry.rerank and inquiry.mode == "hybrid":
            # The way that it was made in.
            fitted = self.calibrations.applied(fitted, depth, self.made_for(depth))
        asked = Asked(
            *(request, inquiry.top_k, inquiry.filters, inquiry.mode, inquiry.rerank),
            threshold=self.threshold if inquiry.threshold is None else inquiry.threshold,
            depth=depth,
            offset=inquiry.offset,
            sort=inquiry.sort,
            group_by=inquiry.group_by,
            min_score=inquiry.min_score,
        )
        reader = self.reader if depth != "off" else None
        answer = ask(view, asked, encoded, fitted, encoder.name, reader)
        if answer.statement:
            answer = self._checks.said(view, answer)
        return in_context(view, answer, inquiry.expand, inquiry.max_tokens, encoder.token_spans)

    def made_for(self, depth: Depth) -> str:
        """What a calibration holds for, as this corpus is read to a depth: of nothing else."""
        reader = None
        if depth != "off":
            reader = self._reader.digest if self._reader else embeddings.reader_digest()
        stamp = self.storage.stamp
        return made_for(stamp["encoder"], stamp["encoder_digest"], reader, depth)

    def related(
        self,
        *,
        text: str | None = None,
        passage_id: str | None = None,
        top_k: int = 5,
        other_sources_only: bool = False,
        min_generation: int | None = None,
    ) -> Related:
        """Passages about the same matter as a passage (never itself) or as a text, and its copies.

        With `other_sources_only`, none of an article in which the passage or the text stands.
        `min_generation`: as `ask` has it.
        """
        if (text is None) == (passage_id is None):
            raise InvalidInput("give either text or passage_id", code="text_or_passage")
        check_top_k(top_k)

        def find(view: View) -> Related:
            subject = own or Subject.of_passage(
                view, passage_id or "", whole_article=other_sources_only
            )
            return related(view, subject, top_k=top_k, other_sources_only=other_sources_only)

        with self._observed("related"):
            with stage("encode"):
                own = Subject.of_text(text, self.encoder) if text is not None else None
            return self.read(find, min_generation)

    # --- checking ------------------------------------------------------------------------------

    def check(
        self,
        quote: str,
        *,
        article_id: str | None = None,
        passage_id: str | None = None,
        speaker: str | None = None,
        min_generation: int | None = None,
    ) -> Verdict:
        """Whether a quote stands in the corpus, or in the article it is said to be from.

        With `speaker`, also whether the source has that person say it. `min_generation`: as `ask`
        has it.
        """
        claimed = QuoteInquiry(quote, article_id, passage_id, speaker).checked()
        with self._observed("check"):
            return self.read(lambda view: self._checks.quote(view, claimed), min_generation)

    def check_many(
        self, quotes: Sequence[QuoteInquiry | str], *, seconds: float | None = None
    ) -> list[Verdict | FootnoteError]:
        """The verdict on each quote, or the error that it is answered with; in order.

        All are held against one moment of the corpus. `seconds` and what it raises: as `ask_many`.
        """
        given = [QuoteInquiry(one) if isinstance(one, str) else one for one in quotes]
        check_batch(len(given), sum(len(one.quote) for one in given), MAX_DRAFT)
        turns = Turns(seconds)

        def checked(view: View, one: QuoteInquiry) -> Verdict:
            return self._checks.quote(view, one.checked())

        return self.read(lambda view: [turns.take(partial(checked, view, one)) for one in given])

    def check_text(
        self,
        text: str,
        *,
        citations: Sequence[tuple[str, str | None]] = (),
        dialogue: bool = False,
        against: Against | None = None,
        beside: Sequence[Document] = (),
        earlier: Earlier | None = None,
        min_generation: int | None = None,
    ) -> DraftReport:
        """Every quotation of a draft with its verdict, every claim with what supports it.

        `citations` are quotes that came beside the text, each with its source: a URL, an id, a
        title. With `dialogue` what stands behind a dash at the beginning of a line is quoted.
        It is held against the articles that `against` chooses, and against what came `beside` it,
        which is not added. `earlier` is what an earlier check found: what of it still holds is not
        checked again. `min_generation`: as `ask` has it.
        """
        checked = checked_text(text, "text", MAX_DRAFT) if text or not citations else ""
        with self._observed("check_text"):
            return self.read(
                lambda view: self._checks.draft(
                    *(view, checked, lambda: self.encoder, lambda: self.reader, self.depth),
                    citations=citations,
                    dialogue=dialogue,
                    against=against,
                    beside=beside,
                    chunking=self.chunking,
                    earlier=earlier,
                ),
                min_generation,
            )

    @cached_property
    def _checks(self) -> CheckService:
        # A list of articles needs none of it, and it takes 0.2 s to load.
        from qa.check.service import CheckService

        return CheckService()

    # --- what is stored ------------------------------------------------------------------------

    def read(self, look: Callable[[View], _Found], min_generation: int | None = None) -> _Found:
        """What `look` finds in the corpus at its newest moment, or says that it finds nothing.

        With `min_generation` at that one or a later one. Raises Behind, Mismatch, CorpusBroken,
        Unavailable.
        """
        if min_generation is not None:
            check_min_generation(min_generation)
        return self.storage.read(look, min_generation)

    @property
    def view(self) -> View:
        """The newest view, for a caller who knows that nobody re-indexes or purges meanwhile."""
        return self.storage.view

    def article(self, id_: str) -> StoredArticle:
        """The article with this id. Raises NotFound."""
        return self.read(lambda view: lookup.article(view, id_))

    def articles(
        self, *, after: str = "", limit: int = 100
    ) -> list[tuple[StoredArticle, int, int]]:
        """(article without text, its length, its passages) by id, those after `after`."""
        return self.read(lambda view: view.articles(after=after, limit=limit))

    def selected(
        self,
        selection: Selection,
        *,
        sort: ArticleSort = "id",
        after: str = "",
        offset: int = 0,
        limit: int = 100,
    ) -> ArticleList:
        """The selected articles from `offset` on, without their texts, and how many there are.

        With `after`, those whose id comes after it.
        """

        def look(view: View) -> ArticleList:
            listing = view.listing(selection)
            return ArticleList(tuple(listing.page(sort, offset, limit, after)), len(listing))

        return self.read(look)

    def facets(
        self, selection: Selection, facets: Sequence[Facet] = FACETS, most: int = MOST_COUNTED
    ) -> dict[Facet, list[Counted]]:
        """What most of the selected articles state, with how many of them do, the most first."""

        def look(view: View) -> dict[Facet, list[Counted]]:
            listing = view.listing(selection)
            return {facet: listing.facet(facet, most) for facet in facets}

        return self.read(look)

    def raw(self, id_: str) -> bytes:
        """The input of an article as it came. Raises NotFound."""
        return self.read(lambda view: view.raw(lookup.article(view, id_).key))

    def passages_of(self, stored: StoredArticle) -> list[Passage]:
        """The passages of an article, in order. Raises Unavailable when it went out long ago."""
        return self.read(lambda view: lookup.passages(view, stored))

    def passage(self, id_: str, expand: Expand | None = None) -> PassageView:
        """The passage with this id; with `expand`, within what stands around it.

        Raises NotFound, or SourceChanged for one of an earlier version.
        """

        def look(view: View) -> PassageView:
            found = lookup.passage(view, id_)
            if expand is None:
                return found
            around = Surroundings.of(view, found.passage.article_id)
            return replace(found, expanded=around.expanded(found.passage, expand))

        return self.read(look)

    def counts(self) -> dict[str, int]:
        """Articles, passages, and the distinct texts among them that were embedded."""
        return dict(self.read(lambda view: view.counts))

    def checked_generation(self) -> int:
        """The generation that is answered from. Raises Mismatch, CorpusBroken, Unavailable."""
        return self.read(lambda view: view.version)

    def stored_generation(self) -> int:
        """The newest generation that is stored; readers may not be shown it yet. Raises
        CorpusBroken, StorageError."""
        return self.lag().stored

    def lag(self) -> Lag:
        """How far what is answered from is behind what is stored."""
        return self.storage.lag()

    # --- the whole -----------------------------------------------------------------------------

    def refresh(self, patience: float | None = None) -> None:
        """Shows readers what is stored: by another process, or when a disk was too full before."""
        self.storage.refresh(patience)

    def follow(self) -> None:
        """Refreshes if there is something new; to be called now and then by who only reads.

        Raises Mismatch, CorpusBroken, Unavailable; once it raises nothing, all is well again.
        """
        self.storage.follow()

    def maintain(self) -> bool:
        """Gives room back and merges parts of the indexes; says whether there was anything to do.

        One step: to be called until it gives False. Readers and writers go on meanwhile.
        """
        return self.storage.maintain()

    @property
    def repairs(self) -> list[str]:
        """What opening found missing or damaged, and made anew."""
        return self.storage.repairs

    def status(self, *, check: bool = True) -> dict[str, Any]:
        """Counts, generation, encoder, sizes, and with `check` an integrity check of everything."""
        calibration = [
            {
                "read": depth,
                "made": own.made,
                "answerable": own.answerable,
                "unanswerable": own.unanswerable,
                "in_use": own.made_for == self.made_for(depth),
            }
            for depth, own in self.calibrations.stored().items()
        ]
        return {**self.storage.status(check=check), "calibration": calibration}

    def reindex(self, progress: Callable[[int, int], None] = lambda done, total: None) -> str:
        """Builds the indexes anew.

        With another encoder or chunking it embeds everything anew before, else what is damaged.
        All or nothing: cut off, the corpus is as it was. Says what was done, in a sentence.
        """
        return self._writer.reindex(progress)

    def problems(self) -> list[str]:
        """What an integrity check of store and indexes finds; empty when all is well."""
        return self.storage.problems()

    def _observed(self, name: str) -> work:
        return work(name, self.observer)


def _milliseconds(started: float) -> float:
    return round((perf_counter() - started) * 1000, 2)
