"""Bulk additions in the background: acknowledged means kept, whatever happens next.

The jobs have turns, so a short one does not wait for the end of a long one.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from qa.corpus import Corpus
from qa.errors import Mismatch, Unavailable
from qa.ingest import Limits
from qa.job_work import PASSING, RETRIED, JobWorker, TellDone, reason_of
from qa.passages.job_inputs import stated_of_all
from qa.storage.disk import MACHINE_ERRORS
from qa.storage.records import Job, JobInput
from qa.storage.sql.job_table import Overtaken

log = logging.getLogger(__name__)

# A process that was ended from outside is often ended again at once, and what it happens to do then
# is not to blame: so long after a start nothing is begun that an earlier process did not end.
SETTLE_SECONDS = 2.0
# How long after a full disk or a locked database the queue tries again.
RETRY_SECONDS = 1.0
# How soon a job is looked for that another process took, and one of which others have the rest.
LOOK_SECONDS = 1.0
SHARED_SECONDS = 0.25


class Jobs:
    """The queue, and the one thread that works through it."""

    def __init__(self, corpus: Corpus, limits: Limits, tell: TellDone | None = None) -> None:
        """`tell` is told of each step of the work."""
        self.table = corpus.jobs
        self._store = corpus.storage.store
        self._last: Job | None = None  # who had a turn
        self._in_vain = 0  # turns one after the other in which there was nothing to do
        self._settled = 0.0
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._worker = JobWorker(corpus, limits, self._stopping, tell)
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

    @property
    def working(self) -> bool:
        """Whether it goes on: it ends when it is told to, or when nothing can be read any more."""
        return self._thread.is_alive()

    def submit(self, items: Iterable[JobInput], stated: Mapping[str, Any] | None = None) -> Job:
        """Stores the inputs and queues them; what is `stated` fills in what an article does not.

        Raises InvalidInput.
        """
        given = {name: value for name, value in (stated or {}).items() if value}
        stated_of_all(given)
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
        said = False
        while not self._stopping.is_set():
            try:
                # In a folder one process works: two would do everything twice.
                with self._store.working() as ours:
                    if ours:
                        self._work()
                        return
            except (OSError, Unavailable):  # no room for its file, or the database is away
                log.exception("the queue tries again in a second")
            if not said:
                log.info(
                    "another process works on the jobs of %s: when it ends, this one does",
                    self._store.name,
                )
            said = True
            self._stopping.wait(1.0)

    def _work(self) -> None:
        self._settled = time.monotonic() + SETTLE_SECONDS
        said = ""  # what stands in the way, logged once
        while not self._stopping.is_set():
            try:
                self._work_on_next()
                if said:
                    log.info("the queue goes on")
                said = ""
            except (Mismatch, Unavailable) as error:  # re-indexed, a full disk, no process to read
                if error.message != said:
                    log.error("the queue waits: %s", error.message)
                said = error.message
                self._stopping.wait(RETRY_SECONDS)
            except PASSING:
                log.exception("the queue tries again in %g s", RETRY_SECONDS)
                self._stopping.wait(RETRY_SECONDS)
        with suppress(Unavailable, *MACHINE_ERRORS):  # else they are tried one at a time later
            self._worker.claims.give_back()

    def _work_on_next(self) -> None:
        self._last = job = self.table.next_job(self._last)
        if job is None:
            self._wait(LOOK_SECONDS)
            return
        try:
            worked = self._worker.turn(job, time.monotonic() >= self._settled)
        except Overtaken as reason:
            log.info("a part of job %s is dropped: %s", job.id, reason)
        except RETRIED:
            raise
        except Exception as error:  # a job may fail, the queue may not
            log.exception("job %s failed", job.id)
            self.table.fail(job, reason_of(error))
        else:
            self._in_vain = 0 if worked else self._in_vain + 1
            if self._in_vain > self.table.pending():
                self._wait(SHARED_SECONDS)

    def _wait(self, seconds: float) -> None:
        self._wake.wait(seconds)
        self._wake.clear()
