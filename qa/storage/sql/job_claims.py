"""Which inputs of jobs a worker has for itself: several may work on one job at once.

A start of each input is counted before anything of it is done, and taken back when it is given
back; so one that ends its worker again and again is known by its starts.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import groupby
from math import inf

from qa.storage.records import Job, JobInput, PendingInput
from qa.storage.sql.engine import TOGETHER, Connection, Database, Hold


class JobClaim:
    """Inputs that nobody else works on until they are dealt with, or it is closed."""

    def __init__(
        self, job: Job, inputs: Sequence[PendingInput], hold: Hold, closing: ExitStack
    ) -> None:
        self.job = job
        self.inputs = inputs
        self._left = len(inputs)
        self._hold = hold
        self._closing = closing

    def dealt_with(self, number: int) -> None:
        """Lets go of them once all are dealt with."""
        self._left -= number
        if self._left <= 0:
            self.close()

    def keep(self) -> None:
        if self._left > 0:
            self._hold.keep()

    def close(self) -> None:
        self._left = 0
        self._closing.close()


class JobClaims:
    """What one worker has claimed and begun."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._begun: set[tuple[str, int]] = set()  # and not dealt with
        self._open: list[JobClaim] = []

    def take(self, job: Job, most: int, work: float = inf) -> JobClaim:
        """JobClaims lines or files that may be worked on together, and at most so many.

        They are no more than so much `work`, but for the first of them. One that an earlier worker
        began and did not end comes alone: it may be what ended it.
        """
        with ExitStack() as stack:
            hold = stack.enter_context(self._db.holding())
            claim = JobClaim(
                job, list(self._inputs(hold, job.id, most, work)), hold, stack.pop_all()
            )
        self._open.append(claim)
        return claim

    def _inputs(self, hold: Hold, job: str, most: int, work: float) -> Iterator[PendingInput]:
        taken: list[PendingInput] = []
        after, step, done = -1, TOGETHER, 0
        while len(taken) < most:
            ordinals = hold.free(job, after + 1, min(step, most - len(taken)))
            if not ordinals:
                return
            # Asked only now: what was just let go of may be done.
            for pending in self._pending(job, ordinals):
                if taken and (pending.died or pending.is_line != taken[0].is_line):
                    return
                yield pending
                taken.append(pending)
                done += pending.work
                if pending.died or (done >= work and _ends_row(pending)):
                    return
            after, step = ordinals[-1], 2 * step
            if taken:  # no more than are needed, if they go on like this
                step = int(min(step, max(TOGETHER, (work - done) * len(taken) / done)))

    def _pending(self, job: str, ordinals: Sequence[int]) -> Iterator[PendingInput]:
        rows = self._db.reader.execute(
            "SELECT ordinal, origin, name, payload, stored, starts FROM job_items WHERE job = :job"
            f" AND ordinal IN ({self._db.numbers_in('ordinals')}) ORDER BY ordinal",
            {"job": job, "ordinals": json.dumps(ordinals)},
        )
        for row in rows:
            yield PendingInput(
                row["ordinal"],
                JobInput(row["origin"], zlib.decompress(row["payload"]), row["name"]),
                row["stored"],
                0 if (job, row["ordinal"]) in self._begun else row["starts"],
            )

    def begin(self, job: Job, inputs: Sequence[PendingInput]) -> None:
        """Counts a start of each input, before anything of it is done."""
        begun = {(job.id, pending.ordinal) for pending in inputs} - self._begun
        if begun:
            with self._db.transaction() as db:
                self._count(db, begun, "+ 1")
        self._begun |= begun

    def forget(self, job: Job, ordinals: Iterable[int]) -> None:
        """Forgets that these were begun: they are stored, or have failed and count as begun."""
        self._begun -= {(job.id, ordinal) for ordinal in ordinals}

    def keep(self) -> None:
        """Says that this worker is there still. Raises StorageError when its claims are lost."""
        for claim in self._open:
            claim.keep()

    def give_back(self) -> None:
        """Lets go of all claims, and takes back the starts of what was begun."""
        while self._open:
            self._open.pop().close()
        if self._begun:
            with self._db.transaction() as db:
                self._count(db, self._begun, "- 1")
            self._begun.clear()

    def _count(self, db: Connection, items: Iterable[tuple[str, int]], change: str) -> None:
        for job, of_job in groupby(sorted(items), key=lambda item: item[0]):
            db.execute(
                f"UPDATE job_items SET starts = starts {change} WHERE job = :job"
                f" AND ordinal IN ({self._db.numbers_in('ordinals')})",
                {"job": job, "ordinals": json.dumps([ordinal for _, ordinal in of_job])},
            )


def _ends_row(pending: PendingInput) -> bool:
    """Whether the next input may be another worker's."""
    return not pending.is_line or pending.ordinal % TOGETHER == TOGETHER - 1
