"""The jobs as rows: what was acknowledged, how far it is, what is still to be done.

A job's inputs are in the store before its id is given out. Each is taken out in the very
transaction that stores its articles, so after a crash the work goes on where it stopped.
"""

from __future__ import annotations

import json
import uuid
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import compress, count
from typing import Any

from qa.errors import Ended, InvalidInput, NotFound
from qa.storage.records import KEPT_PROBLEMS, Job, JobInput, JobState, PendingInput
from qa.storage.sql.engine import Connection, Database, refuse_unfinished
from qa.storage.sql.refused_inputs import (
    TIME,
    count_refused,
    forget_old,
    keep_refused,
    mark_refused,
    queue_again,
    take_out,
)
from qa.storage.sql.writes import Change
from qa.types import Refused

# The lock of who works on the jobs of a corpus: one process on it.
QUEUE_LOCK = "queue.lock"
_LEFT = "(SELECT count(*) FROM job_items WHERE job = jobs.id) AS left_over"
_WAITING = "state IN ('queued', 'running')"


class Overtaken(Exception):
    """The job has ended, or another worker was faster, while a part of it was being prepared."""


class JobTable:
    """The jobs of a corpus. Used by those who work, and by those who ask."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def submit(self, items: Iterable[JobInput], stated: Mapping[str, Any] | None = None) -> Job:
        """Stores the inputs, one after the other as they come, and queues them.

        What is `stated` holds of every article that does not state it.
        """
        job = Job(uuid.uuid4().hex, "queued", 0, _now(), stated=dict(stated or {}))
        numbers = count()
        with self._db.transaction() as db:
            refuse_unfinished(self._db.meta_of(db), self._db.name)
            forget_old(db)
            self._write(job)
            db.executemany(
                "INSERT INTO job_items (job, ordinal, origin, name, payload, stored)"
                " VALUES (?, ?, ?, ?, ?, 0)",
                (
                    (job.id, next(numbers), item.origin, item.name, zlib.compress(item.payload, 1))
                    for item in items
                ),
            )
            job.total = next(numbers)
            if not job.total:
                raise InvalidInput(
                    "the body holds no article: send one JSON object a line", code="empty"
                )
            self._write(job)
        return job

    def get(self, id_: str) -> tuple[Job, int]:
        """The job, and how many of its inputs are dealt with. Raises NotFound."""
        # One statement: between two, a commit would show its inputs done and its counts not.
        row = self._db.reader.execute(
            f"SELECT *, {_LEFT} FROM jobs WHERE id = ?", (id_,)
        ).fetchone()
        if row is None:
            raise _not_found(id_)
        return _job_and_done(row)

    def page(self, after: str, limit: int, state: JobState | None) -> list[tuple[Job, int]]:
        """A page of jobs as `get` gives them, the newest first: those before the job `after`."""
        rows = self._db.reader.execute(
            f"SELECT *, {_LEFT} FROM jobs WHERE (CAST(:state AS TEXT) IS NULL OR state = :state)"
            " AND (:after = '' OR (created, id) < (SELECT created, id FROM jobs WHERE id = :after))"
            " ORDER BY created DESC, id DESC LIMIT :limit",
            {"state": state, "after": after, "limit": limit},
        )
        return [_job_and_done(row) for row in rows]

    def total(self, state: JobState | None) -> int:
        """How many jobs there are in this state, or in any."""
        query = "SELECT count(*) FROM jobs WHERE (:state IS NULL OR state = :state)"
        return int(self._db.reader.execute(query, {"state": state}).fetchone()[0])

    def pending(self) -> int:
        """How many jobs are waiting or under way."""
        query = f"SELECT count(*) FROM jobs WHERE {_WAITING}"
        return int(self._db.reader.execute(query).fetchone()[0])

    def cancel(self, id_: str) -> None:
        """Drops what is left of a job. Raises NotFound, or Ended when nothing is."""
        with self._db.transaction() as db:
            row = db.execute("SELECT state FROM jobs WHERE id = ?", (id_,)).fetchone()
            if row is None:
                raise _not_found(id_)
            if row["state"] in ("done", "failed"):
                raise Ended(f"job {id_!r} has ended already: {row['state']}", code="job_ended")
            left = db.execute("DELETE FROM job_items WHERE job = ?", (id_,)).rowcount
            db.execute(
                "UPDATE jobs SET state = 'cancelled', finished = ?, dropped = ?"
                " WHERE id = ? AND state != 'cancelled'",
                (_now(), left, id_),
            )

    def refused(self, id_: str) -> int:
        """How many inputs of a job can be tried again."""
        return count_refused(self._db.reader, id_)

    def retry(self, id_: str) -> Job:
        """Queues what can be tried again of a job that has ended, as a job of its own.

        Raises NotFound, or Ended when there is nothing: it goes on, or it was tried again already.
        """
        job = Job(uuid.uuid4().hex, "queued", 0, _now())
        with self._db.transaction() as db:
            row = db.execute("SELECT * FROM jobs WHERE id = ?", (id_,)).fetchone()
            if row is None:
                raise _not_found(id_)
            before = _job(dict(row))
            job.stated = before.stated
            self._write(job)
            job.total = queue_again(db, id_, job.id) if before.ended else 0
            if not job.total:
                raise Ended(f"nothing of job {id_!r} can be tried again", code="nothing_to_retry")
            self._write(job)
        return job

    # --- for the worker ------------------------------------------------------------------------

    def next_job(self, before: Job | None) -> Job | None:
        """The job whose turn it is: in the order they came, and after the last the first again."""
        created, id_ = (before.created, before.id) if before else ("", "")
        row = self._db.reader.execute(
            f"SELECT * FROM jobs WHERE {_WAITING}"
            " ORDER BY (created, id) <= (?, ?), created, id LIMIT 1",
            (created, id_),
        ).fetchone()
        return None if row is None else _job(dict(row))

    def settle(
        self,
        change: Change,
        job: Job,
        outcomes: Sequence[tuple[str, Refused | None]],
        dealt_with: Sequence[int],
        half_done: PendingInput | None,
    ) -> None:
        """Counts what became of articles, and takes out the inputs they were, within a change.

        They may be the next articles of the file `half_done`: it gets on, and was started but once.
        Raises Overtaken, also when another worker has done them meanwhile, or the job has ended.
        """
        db = change.db
        now = self._read(db, job.id)
        if now.ended:
            raise Overtaken(f"it is {now.state}")
        now.state = "running"
        for outcome in outcomes:
            now.note(*outcome)
        refused = [name == "refused" for name, _ in outcomes]
        if half_done is not None:
            self._get_on(db, job.id, half_done, len(outcomes), any(refused))
        # Of lines each is an outcome; of a file it was noted as its articles came.
        mark_refused(self._db, db, job.id, list(compress(dealt_with, refused)))
        if now.counts.get("refused", 0) <= KEPT_PROBLEMS:
            keep_refused(self._db, db, job.id, dealt_with)
        if take_out(self._db, db, job.id, dealt_with) < len(dealt_with):
            raise Overtaken("another worker has done a part of it")
        self._write(now)

    def _get_on(
        self, db: Connection, job: str, file: PendingInput, stored: int, refused: bool
    ) -> None:
        """Counts further articles of a file. Raises Overtaken."""
        got_on = db.execute(
            "UPDATE job_items SET stored = stored + ?, starts = 1, refused = refused | ?"
            " WHERE job = ? AND ordinal = ? AND stored = ?",
            (stored, int(refused), job, file.ordinal, file.stored),
        )
        if not got_on.rowcount:
            raise Overtaken("another worker has gone on with a file of it")

    def end_if_done(self, job: Job) -> bool:
        """Ends a job of which no input is left; says whether it has ended."""
        left = "EXISTS (SELECT 1 FROM job_items WHERE job = ?)"
        if self._db.reader.execute(f"SELECT 1 WHERE {left}", (job.id,)).fetchone():
            return False
        with self._db.transaction() as db:
            ended = db.execute(
                "UPDATE jobs SET state = 'done', finished = ?"
                f" WHERE id = ? AND {_WAITING} AND NOT {left}",
                (_now(), job.id, job.id),
            )
        return ended.rowcount > 0

    def fail(self, job: Job, reason: str) -> None:
        """Ends a job that cannot go on: what is left of it can be tried again."""
        with self._db.transaction() as db:
            now = self._read(db, job.id)
            if not now.ended:
                now.problems.append({"origin": job.id, "code": "failed", "reason": reason})
                now.state, now.finished = "failed", _now()
                self._write(now)

    # --- rows ----------------------------------------------------------------------------------

    @staticmethod
    def _read(db: Connection, id_: str) -> Job:
        """A job as a transaction sees it: other workers count in it too."""
        return _job(dict(db.execute("SELECT * FROM jobs WHERE id = ?", (id_,)).fetchone()))

    def _write(self, job: Job) -> None:
        """Writes a job, inside a transaction. What is cancelled stays so."""
        fields = asdict(job)
        fields["counts"] = json.dumps(job.counts)
        fields["problems"] = json.dumps(job.problems)
        fields["stated"] = json.dumps(job.stated)
        self._db.writer.execute(
            # An upsert and not a REPLACE: that would delete the row, and its inputs with it.
            "INSERT INTO jobs (id, state, total, created, finished, counts, problems, dropped,"
            " stated) VALUES (:id, :state, :total, :created, :finished, :counts, :problems,"
            " :dropped, :stated)"
            " ON CONFLICT (id) DO UPDATE SET state = :state, total = :total, finished = :finished,"
            " counts = :counts, problems = :problems WHERE jobs.state != 'cancelled'",
            fields,
        )


def _job_and_done(row: Any) -> tuple[Job, int]:
    fields = dict(row)
    left = fields.pop("left_over")
    job = _job(fields)
    return job, job.total - job.dropped - left


def _job(row: dict[str, Any]) -> Job:
    for column in ("counts", "problems", "stated"):
        row[column] = json.loads(row[column])
    return Job(**row)


def _not_found(id_: str) -> NotFound:
    return NotFound(f"there is no job {id_!r}", code="job_not_found")


def _now() -> str:
    """The time, to the microsecond: jobs have their turns in this order."""
    return datetime.now(UTC).strftime(TIME)
