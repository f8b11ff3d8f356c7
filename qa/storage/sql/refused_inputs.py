"""Inputs of jobs that could not be read: kept a while, so that they can be tried again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from qa.storage.sql.engine import Connection, Database

KEPT_DAYS = 7
TIME = "%Y-%m-%dT%H:%M:%S.%fZ"  # of jobs
_LEFT = "(SELECT count(*) FROM job_items WHERE job = jobs.id)"


def mark_refused(database: Database, db: Connection, job: str, ordinals: Sequence[int]) -> None:
    """Notes that of each of these inputs something could not be read."""
    if ordinals:
        db.execute(f"UPDATE job_items SET refused = 1 {_these(database)}", _named(job, ordinals))


def keep_refused(database: Database, db: Connection, job: str, ordinals: Sequence[int]) -> None:
    """Keeps those of these inputs that are marked, before they are taken out of the queue."""
    if ordinals:
        db.execute(
            "INSERT INTO refused_items SELECT job, ordinal, origin, name, payload"
            f" FROM job_items {_these(database)} AND refused = 1",
            _named(job, ordinals),
        )


def take_out(database: Database, db: Connection, job: str, ordinals: Sequence[int]) -> int:
    """Takes inputs out of the queue; says how many were there."""
    if not ordinals:
        return 0
    return db.execute(f"DELETE FROM job_items {_these(database)}", _named(job, ordinals)).rowcount


def _these(database: Database) -> str:
    return f"WHERE job = :job AND ordinal IN ({database.numbers_in('ordinals')})"


def _named(job: str, ordinals: Sequence[int]) -> dict[str, str]:
    return {"job": job, "ordinals": json.dumps(list(ordinals))}


def count_refused(db: Connection, job: str) -> int:
    """How many inputs of a job can be tried again: refused ones, and those left when it failed."""
    row = db.execute(
        "SELECT (SELECT count(*) FROM refused_items WHERE job = jobs.id)"
        f" + CASE WHEN state = 'failed' THEN {_LEFT} ELSE 0 END FROM jobs WHERE id = ?",
        (job,),
    ).fetchone()
    return int(row[0]) if row else 0


def queue_again(db: Connection, before: str, job: str) -> int:
    """Gives what can be tried again of one job to another; says how many inputs that are."""
    kept = db.execute(
        "INSERT INTO job_items (job, ordinal, origin, name, payload, stored)"
        " SELECT ?, ordinal, origin, name, payload, 0 FROM refused_items WHERE job = ?",
        (job, before),
    )
    left = db.execute(
        "UPDATE job_items SET job = ?, stored = 0, starts = 0, refused = 0 WHERE job = ?",
        (job, before),
    )
    db.execute("DELETE FROM refused_items WHERE job = ?", (before,))
    return kept.rowcount + left.rowcount


def forget_old(db: Connection) -> None:
    """Lets go of the inputs of jobs that ended long ago."""
    before = datetime.now(UTC) - timedelta(days=KEPT_DAYS)
    db.execute(
        "DELETE FROM refused_items WHERE job IN (SELECT id FROM jobs WHERE finished < ?)",
        (before.strftime(TIME),),
    )
