"""Bulk additions in the background: acknowledged means kept, whatever happens next.

The jobs have turns, so a short one does not wait for the end of a long one. An input at which the
process is ended again and again is given up, and the rest of its job goes on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from typing import Any

from qa.corpus import Corpus
from qa.errors import FootnoteError, InvalidInput, Mismatch, Unavailable
from qa.ingest import Limits, completed, read_record, read_stream, strict_json
from qa.ingest.decode import known_encoding
from qa.ingest.limits import refuse_oversized
from qa.ingest.stated.fields import Metadata, fields_by_hand
from qa.passages.prepare import Batch, Outcome, batches
from qa.storage.disk import MACHINE_ERRORS, PASSING_ERRORS
from qa.storage.records import Job, JobInput, PendingInput
from qa.storage.sql.job_table import QUEUE_LOCK, Cancelled
from qa.storage.sql.writes import Change
from qa.types import Document, Refused

log = logging.getLogger(__name__)

# What can be said of many articles at once; not a title, nor an address.
STATED_OF_ALL = frozenset(("publisher", "author", "published", "language", "tags"))
ENCODING = "encoding"  # beside it, in which files are that do not say it
# How many inputs are read at a time; one commit may hold fewer (qa.passages.prepare).
SLICE = 1024
# How many lines are a turn when other jobs wait: a commit, when they are short.
TURN = 192
# How often an input is begun before it is given up: once among others, so that it was hardly the
# cause, and twice alone.
MOST_STARTS = 3
# A process that was ended from outside is often ended again at once, and what it happens to do then
# is not to blame: so long after a start nothing is begun that an earlier process did not end.
SETTLE_SECONDS = 2.0
# How long after a full disk or a locked database the queue tries again.
RETRY_SECONDS = 1.0
# What is not the input's fault: a full disk, a locked database, no process to read a page in.
_PASSING: tuple[type[Exception], ...] = (*PASSING_ERRORS, Unavailable)
# The queue goes on with the same input, later.
_RETRIED: tuple[type[Exception], ...] = (Mismatch, *_PASSING)


class Jobs:
    """The queue, and the one thread that works through it."""

    def __init__(self, corpus: Corpus, limits: Limits) -> None:
        self.table = corpus.jobs
        self._corpus = corpus
        self._limits = limits
        self._last: Job | None = None  # who had a turn
        self._settled = 0.0
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

    def submit(self, items: Iterable[JobInput], stated: Mapping[str, Any] | None = None) -> Job:
        """Stores the inputs and queues them; what is `stated` fills in what an article does not.

        Raises InvalidInput.
        """
        given = {name: value for name, value in (stated or {}).items() if value}
        _stated(given)
        if ENCODING in given:
            known_encoding(given[ENCODING])
        job = self.table.submit(items, given)
        self._wake.set()
        return job

    def retry(self, id_: str) -> Job:
        """Queues once more what a job could not read. Raises NotFound, Ended."""
        job = self.table.retry(id_)
        self._wake.set()
        return job

    # --- the thread ----------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                # Of several processes on one corpus one works: two would do everything twice.
                with self._corpus.storage.store.exclusive(QUEUE_LOCK) as ours:
                    if ours:
                        self._work()
                        return
            except OSError:  # on a full disk there is no room for its file
                log.exception("the queue tries again in a second")
            self._stopping.wait(1.0)

    def _work(self) -> None:
        self._settled = time.monotonic() + SETTLE_SECONDS
        said = ""  # what stands in the way, logged once
        while not self._stopping.is_set():
            try:
                self._work_on_next()
                said = ""
            except (Mismatch, Unavailable) as error:  # re-indexed, a full disk, no process to read
                if error.message != said:
                    log.error("the queue waits: %s", error.message)
                said = error.message
                self._stopping.wait(RETRY_SECONDS)
            except _PASSING:
                log.exception("the queue tries again in %g s", RETRY_SECONDS)
                self._stopping.wait(RETRY_SECONDS)
        with suppress(*MACHINE_ERRORS):  # else one input at a time is tried after the start
            self.table.leave()

    def _work_on_next(self) -> None:
        self._last = job = self.table.next_job(self._last)
        if job is None:
            self._wake.wait(1.0)
            self._wake.clear()
            return
        try:
            self._turn(job)
        except Cancelled:
            log.info("job %s was cancelled", job.id)
        except _RETRIED:
            raise
        except Exception as error:  # a job may fail, the queue may not
            log.exception("job %s failed", job.id)
            self._fail(job, error)

    def _turn(self, job: Job) -> None:
        """Works on a part of a job: a large one when it is the only job."""
        alone = self.table.pending() == 1
        inputs = self.table.next_inputs(job, SLICE if alone else TURN)
        if inputs and inputs[0].died >= MOST_STARTS:
            self._give_up(job, inputs[0])
        elif inputs and inputs[0].died and time.monotonic() < self._settled:
            self._stopping.wait(0.1)
        elif inputs:
            self._add(job, inputs, alone)
        if not (self._stopping.is_set() or self.table.next_inputs(job, 1)):
            self.table.end(job, "done")

    def _add(self, job: Job, inputs: Sequence[PendingInput], alone: bool) -> None:
        if inputs[0].input.name is None:
            self.table.begin(job, inputs)
            self._add_lines(job, inputs)
        elif alone:
            self.table.begin(job, inputs)
            for file in inputs:
                self._add_file(job, file, None)
        else:
            self.table.begin(job, inputs[:1])
            # What was stored is skipped at each turn: growing turns keep that a small part.
            self._add_file(job, inputs[0], max(SLICE, inputs[0].stored // 16))

    def _add_lines(self, job: Job, lines: Sequence[PendingInput]) -> None:
        ordinals = [line.ordinal for line in lines]
        given = _stated(job.stated)
        parts = batches(completed(self._read_line(line.input), given, None) for line in lines)
        for batch in self._corpus.prepare(parts):
            if self._stopping.is_set():
                return
            count = len(batch.items)
            dealt_with, ordinals = ordinals[:count], ordinals[count:]
            self._commit(job, batch, dealt_with)

    def _add_file(self, job: Job, file: PendingInput, most: int | None) -> None:
        """Adds the articles of a file, in several commits; cut off, it goes on after the last."""
        limits = replace(self._limits, encoding=job.stated.get(ENCODING))
        documents = read_stream(file.input.payload, file.input.name, limits, file.stored)
        given = _stated(job.stated)
        whole = (completed(item, given, None) for item in islice(documents, most))
        came = 0
        for batch in self._corpus.prepare(batches(whole)):
            if self._stopping.is_set():
                return
            self._commit(job, batch, half_done=file.ordinal)
            came += len(batch.items)
        if came != most and not self._stopping.is_set():
            self._commit(job, Batch(), [file.ordinal])

    def _give_up(self, job: Job, pending: PendingInput) -> None:
        reason = f"it was begun {pending.died} times, and each time the service ended meanwhile"
        if pending.stored:
            reason += f"; {pending.stored:,} articles of it are stored"
        refused = Refused(pending.input.origin, "gave_up", reason, len(pending.input.payload))
        self._commit(job, Batch(((refused, None),)), [pending.ordinal])

    def _commit(
        self,
        job: Job,
        batch: Batch,
        dealt_with: Sequence[int] = (),
        half_done: int | None = None,
    ) -> None:
        """Commits articles, progress and the inputs that were dealt with, in one transaction."""

        def settle(change: Change, outcomes: list[Outcome]) -> None:
            became = [(outcome.name, outcome.refused) for outcome in outcomes]
            self.table.settle(change, job, became, dealt_with, half_done)

        self._corpus.commit(batch, settle)
        self.table.forget(job, dealt_with)

    def _read_line(self, item: JobInput) -> Document | Refused:
        try:
            record = strict_json(item.payload)
        except InvalidInput as error:
            return Refused(item.origin, error.code, error.message)
        if not isinstance(record, dict):
            return Refused(item.origin, "invalid_json", "a line must be a JSON object")
        try:
            return read_record(record, origin=item.origin, limits=self._limits)
        except Unavailable:
            raise
        except FootnoteError as error:
            return Refused(item.origin, error.code, error.message)
        except Exception as error:  # a parser's trouble with one page is not the whole job's
            log.exception("job input %s cannot be read", item.origin)
            return Refused(item.origin, "unreadable", f"it cannot be read: {type(error).__name__}")

    def _fail(self, job: Job, error: Exception) -> None:
        reason = error.message if isinstance(error, FootnoteError) else type(error).__name__
        job.problems.append({"origin": job.id, "code": "failed", "reason": reason})
        self.table.end(job, "failed")


def _stated(given: Mapping[str, Any]) -> Metadata | None:
    """What is said of all articles of a job. Raises InvalidInput."""
    fields = {name: value for name, value in given.items() if name != ENCODING}
    unknown = sorted(set(fields) - STATED_OF_ALL)
    if unknown:
        raise InvalidInput(f'"{unknown[0]}" cannot be said of many', code="invalid_field")
    meta = fields_by_hand(fields)
    refuse_oversized(meta)
    return meta if fields else None
