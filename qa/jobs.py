"""Bulk additions in the background: acknowledged means kept, whatever happens next.

The jobs have turns, so a short one does not wait for the end of a long one. An input at which the
process is ended again and again is given up, and the rest of its job goes on.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice

from qa.backlog import Backlog, Cancelled, Item, Job, Pending
from qa.corpus import Corpus
from qa.errors import FootnoteError, InvalidInput, Mismatch, Unavailable
from qa.ingest import Limits, read_record, read_stream, strict_json
from qa.passages.prepare import Outcome, Prepared, batches
from qa.storage.locks import Lock
from qa.types import Document, Refused

log = logging.getLogger(__name__)

# So many inputs are read at a time; one commit may hold fewer (qa.passages.prepare).
SLICE = 1024
# So many lines are a turn when other jobs wait: a commit, when they are short.
TURN = 192
# An input that was begun so often and never done is given up: once among others, so that it was
# hardly the cause, and twice alone.
MOST_STARTS = 3
# A process that was ended from outside is often ended again at once, and what it happens to do then
# is not to blame: so long after a start nothing is begun that an earlier process did not end.
SETTLE_SECONDS = 2.0
# After a full disk or a locked database the queue tries again in so long.
RETRY_SECONDS = 1.0
# What is not the input's fault: a full disk, a locked database, no process to read a page in.
_PASSING = (OSError, sqlite3.OperationalError, Unavailable)


class Jobs:
    """The queue, and the one thread that works through it."""

    def __init__(self, corpus: Corpus, limits: Limits) -> None:
        self.backlog = Backlog(corpus.store)
        self._corpus = corpus
        self._limits = limits
        # Of several processes on one folder one works: two would do everything twice.
        self._lock = Lock(corpus.folder / "queue.lock")
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

    def submit(self, items: Iterable[Item]) -> Job:
        """Stores the inputs and queues them."""
        job = self.backlog.submit(items)
        self._wake.set()
        return job

    # --- the thread ----------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                with self._lock.tried() as ours:
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
        with suppress(OSError, sqlite3.Error):  # else one input at a time is tried after the start
            self.backlog.leave()

    def _work_on_next(self) -> None:
        self._last = job = self.backlog.next_job(self._last)
        if job is None:
            self._wake.wait(1.0)
            self._wake.clear()
            return
        try:
            self._turn(job)
        except Cancelled:
            log.info("job %s was cancelled", job.id)
        except (Mismatch, *_PASSING):
            raise
        except Exception as error:  # a job may fail, the queue may not
            log.exception("job %s failed", job.id)
            self._fail(job, error)

    def _turn(self, job: Job) -> None:
        """A part of a job: a large one when it is the only job."""
        alone = self.backlog.pending() == 1
        inputs = self.backlog.next_inputs(job, SLICE if alone else TURN)
        if inputs and inputs[0].died >= MOST_STARTS:
            self._give_up(job, inputs[0])
        elif inputs and inputs[0].died and time.monotonic() < self._settled:
            self._stopping.wait(0.1)
        elif inputs:
            self._add(job, inputs, alone)
        if not (self._stopping.is_set() or self.backlog.next_inputs(job, 1)):
            self.backlog.end(job, "done")

    def _add(self, job: Job, inputs: Sequence[Pending], alone: bool) -> None:
        if inputs[0].item.name is None:
            self.backlog.begin(job, inputs)
            self._add_lines(job, inputs)
        elif alone:
            self.backlog.begin(job, inputs)
            for file in inputs:
                self._add_file(job, file, None)
        else:
            self.backlog.begin(job, inputs[:1])
            # What was stored is skipped at each turn: growing turns keep that a small part.
            self._add_file(job, inputs[0], max(SLICE, inputs[0].stored // 16))

    def _add_lines(self, job: Job, lines: Sequence[Pending]) -> None:
        ordinals = [line.ordinal for line in lines]
        parts = batches(self._read_line(line.item) for line in lines)
        for prepared in self._corpus.prepared(parts):
            if self._stopping.is_set():
                return
            count = len(prepared.items)
            dealt_with, ordinals = ordinals[:count], ordinals[count:]
            self._commit(job, prepared, dealt_with)

    def _add_file(self, job: Job, file: Pending, most: int | None) -> None:
        """A file of many articles takes several commits; cut off, it goes on after the last."""
        documents = read_stream(file.item.payload, file.item.name, self._limits, file.stored)
        came = 0
        for prepared in self._corpus.prepared(batches(islice(documents, most))):
            if self._stopping.is_set():
                return
            self._commit(job, prepared, half_done=file.ordinal)
            came += len(prepared.items)
        if came != most and not self._stopping.is_set():
            self._commit(job, Prepared([], {}), [file.ordinal])

    def _give_up(self, job: Job, pending: Pending) -> None:
        reason = f"it was begun {pending.died} times, and each time the service ended meanwhile"
        if pending.stored:
            reason += f"; {pending.stored:,} articles of it are stored"
        refused = Refused(pending.item.origin, "gave_up", reason, len(pending.item.payload))
        self._commit(job, Prepared([refused], {}), [pending.ordinal])

    def _commit(
        self,
        job: Job,
        prepared: Prepared,
        dealt_with: Sequence[int] = (),
        half_done: int | None = None,
    ) -> None:
        """Articles, progress and the inputs that are no longer needed, all in one transaction."""

        def also(outcomes: list[Outcome]) -> None:
            self.backlog.advance(job, outcomes, dealt_with, half_done)

        self._corpus.commit(prepared, also)
        self.backlog.forget(job, dealt_with)

    def _read_line(self, item: Item) -> Document | Refused:
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
        self.backlog.end(job, "failed")
