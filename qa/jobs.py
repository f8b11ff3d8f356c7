"""Bulk additions in the background: acknowledged means kept, whatever happens next.

A job's inputs are in the store before its id is given out. Each is taken out in the very
transaction that stores its articles, so after a crash the work goes on where it stopped.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import uuid
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Literal

from qa.adding import Outcome, Prepared, batches
from qa.corpus import Corpus
from qa.errors import FootnoteError, InvalidInput, Mismatch, NotFound
from qa.ingest import Limits, read_record, read_stream, strict_json
from qa.types import Document, Refused

log = logging.getLogger(__name__)

# So many inputs are read at a time; one commit may hold fewer (qa.adding).
SLICE = 1024
# All problems are counted; so many are kept in full.
KEPT_PROBLEMS = 1000
# After a full disk or a locked database the queue tries again in so long.
RETRY_SECONDS = 5.0

State = Literal["queued", "running", "done", "failed"]


@dataclass(frozen=True, slots=True)
class Item:
    """One input of a job: a line of JSON, or a file when it has a name."""

    origin: str
    payload: bytes
    name: str | None = None


@dataclass(frozen=True, slots=True)
class _Pending:
    """An input that is not dealt with, or a file of which the first `stored` articles are."""

    ordinal: int
    item: Item
    stored: int


@dataclass(slots=True)
class Job:
    """A bulk addition and how far it is."""

    id: str
    state: State
    total: int
    created: str
    finished: str | None = None
    counts: dict[str, int] = field(default_factory=dict)
    problems: list[dict[str, str]] = field(default_factory=list)

    @property
    def ended(self) -> bool:
        return self.state in ("done", "failed")

    def note(self, outcome: Outcome) -> None:
        self.counts[outcome.name] = self.counts.get(outcome.name, 0) + 1
        if outcome.refused and len(self.problems) < KEPT_PROBLEMS:
            refused = outcome.refused
            self.problems.append(
                {"origin": refused.origin, "code": refused.code, "reason": refused.reason}
            )


class Jobs:
    """The queue, and the one thread that works through it."""

    def __init__(self, corpus: Corpus, limits: Limits) -> None:
        self._corpus = corpus
        self._store = corpus.store
        self._limits = limits
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobs", daemon=True)

    def start(self) -> None:
        """Goes on with whatever an earlier process left."""
        self._thread.start()

    def stop(self, timeout: float = 20.0) -> None:
        """Finishes the commit at hand; the rest stays queued."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout)

    def submit(self, items: Iterable[Item]) -> Job:
        """Stores the inputs and queues them."""
        kept = list(items)
        if not kept:
            raise InvalidInput(
                "the body holds no article: send one JSON object a line", code="empty"
            )
        job = Job(uuid.uuid4().hex, "queued", len(kept), _now())
        with self._store.transaction() as db:
            self._write(job)
            db.executemany(
                "INSERT INTO job_items VALUES (?, ?, ?, ?, ?, 0)",
                (
                    (job.id, number, item.origin, item.name, zlib.compress(item.payload, 1))
                    for number, item in enumerate(kept)
                ),
            )
        self._wake.set()
        return job

    def get(self, id_: str) -> tuple[Job, int]:
        """The job, and how many of its inputs are dealt with. Raises NotFound."""
        # One statement: between two, a commit would show its inputs done and its counts not.
        row = self._store.reader.execute(
            "SELECT *, (SELECT count(*) FROM job_items WHERE job = jobs.id) AS left_over"
            " FROM jobs WHERE id = ?",
            (id_,),
        ).fetchone()
        if row is None:
            raise NotFound(f"there is no job {id_!r}", code="job_not_found")
        fields = dict(row)
        left = fields.pop("left_over")
        job = _job(fields)
        return job, job.total - left

    def pending(self) -> int:
        """How many jobs are waiting or under way."""
        query = "SELECT count(*) FROM jobs WHERE state IN ('queued', 'running')"
        return int(self._store.reader.execute(query).fetchone()[0])

    # --- the thread ----------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._work_on_next()
            except Mismatch as error:  # the jobs go on after the restart that this asks for
                log.error("the queue stops: %s", error.message)
                return
            except (OSError, sqlite3.OperationalError):
                log.exception("the queue tries again in %g seconds", RETRY_SECONDS)
                self._stopping.wait(RETRY_SECONDS)

    def _work_on_next(self) -> None:
        job = self._read("state IN ('running', 'queued')")
        if job is None:
            self._wake.wait(1.0)
            self._wake.clear()
            return
        try:
            self._work(job)
        except (Mismatch, OSError, sqlite3.OperationalError):
            raise
        except Exception as error:  # a job may fail, the queue may not
            log.exception("job %s failed", job.id)
            self._fail(job, error)

    def _work(self, job: Job) -> None:
        while items := self._next_items(job.id):
            lines = [pending for pending in items if pending.item.name is None]
            files = [pending for pending in items if pending.item.name is not None]
            if not (self._add_lines(job, lines) and self._add_files(job, files)):
                return
        job.state, job.finished = "done", _now()
        with self._store.transaction():
            self._write(job)

    def _add_lines(self, job: Job, lines: Sequence[_Pending]) -> bool:
        """False when it was told to stop."""
        ordinals = [line.ordinal for line in lines]
        parts = batches(self._read_line(line.item) for line in lines)
        for prepared in self._corpus.prepared(parts):
            if self._stopping.is_set():
                return False
            count = len(prepared.items)
            dealt_with, ordinals = ordinals[:count], ordinals[count:]
            self._commit(job, prepared, dealt_with)
        return True

    def _add_files(self, job: Job, files: Sequence[_Pending]) -> bool:
        """A file of many articles takes several commits; cut off, it goes on after the last."""
        for file in files:
            documents = read_stream(file.item.payload, file.item.name, self._limits)
            for prepared in self._corpus.prepared(batches(islice(documents, file.stored, None))):
                if self._stopping.is_set():
                    return False
                self._commit(job, prepared, half_done=file.ordinal)
            self._commit(job, Prepared([], {}), [file.ordinal])
        return True

    def _commit(
        self,
        job: Job,
        prepared: Prepared,
        dealt_with: Sequence[int] = (),
        half_done: int | None = None,
    ) -> None:
        """Articles, progress and the inputs that are no longer needed, all in one transaction."""

        def also(outcomes: list[Outcome]) -> None:
            job.state = "running"
            for outcome in outcomes:
                job.note(outcome)
            self._store.writer.executemany(
                "DELETE FROM job_items WHERE job = ? AND ordinal = ?",
                ((job.id, ordinal) for ordinal in dealt_with),
            )
            self._store.writer.execute(
                "UPDATE job_items SET stored = stored + ? WHERE job = ? AND ordinal = ?",
                (len(prepared.items), job.id, half_done),
            )
            self._write(job)

        self._corpus.commit(prepared, also)

    def _read_line(self, item: Item) -> Document | Refused:
        try:
            record = strict_json(item.payload)
        except InvalidInput as error:
            return Refused(item.origin, error.code, error.message)
        if not isinstance(record, dict):
            return Refused(item.origin, "invalid_json", "a line must be a JSON object")
        try:
            return read_record(record, origin=item.origin, limits=self._limits)
        except FootnoteError as error:
            return Refused(item.origin, error.code, error.message)
        except Exception as error:  # a parser's trouble with one page is not the whole job's
            log.exception("job input %s cannot be read", item.origin)
            return Refused(item.origin, "unreadable", f"it cannot be read: {type(error).__name__}")

    def _fail(self, job: Job, error: Exception) -> None:
        reason = error.message if isinstance(error, FootnoteError) else type(error).__name__
        job.state, job.finished = "failed", _now()
        job.problems.append({"origin": job.id, "code": "failed", "reason": reason})
        with self._store.transaction():
            self._write(job)

    # --- rows ----------------------------------------------------------------------------------

    def _next_items(self, id_: str) -> list[_Pending]:
        rows = self._store.reader.execute(
            "SELECT ordinal, origin, name, payload, stored FROM job_items WHERE job = ?"
            " ORDER BY ordinal LIMIT ?",
            (id_, SLICE),
        )
        return [
            _Pending(
                row["ordinal"],
                Item(row["origin"], zlib.decompress(row["payload"]), row["name"]),
                row["stored"],
            )
            for row in rows
        ]

    def _read(self, condition: str, *values: str) -> Job | None:
        row = self._store.reader.execute(
            f"SELECT * FROM jobs WHERE {condition} ORDER BY created, id LIMIT 1", values
        ).fetchone()
        return None if row is None else _job(dict(row))

    def _write(self, job: Job) -> None:
        """Inside a transaction."""
        fields = asdict(job)
        fields["counts"] = json.dumps(job.counts)
        fields["problems"] = json.dumps(job.problems)
        self._store.writer.execute(
            # An upsert and not a REPLACE: that would delete the row, and its inputs with it.
            "INSERT INTO jobs VALUES"
            " (:id, :state, :total, :created, :finished, :counts, :problems)"
            " ON CONFLICT (id) DO UPDATE SET state = :state, finished = :finished,"
            " counts = :counts, problems = :problems",
            fields,
        )


def _job(row: dict[str, Any]) -> Job:
    row["counts"], row["problems"] = json.loads(row["counts"]), json.loads(row["problems"])
    return Job(**row)


def _now() -> str:
    """To the microsecond: jobs are worked through in this order."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
