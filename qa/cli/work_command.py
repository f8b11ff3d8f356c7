"""`qa work`."""

from __future__ import annotations

import logging
import signal
import threading

from qa.api.logs import configure
from qa.cli.options import AsJson, Data, corpus_of, settings_for
from qa.corpus import Corpus
from qa.errors import StorageError
from qa.ingest import Limits
from qa.jobs import Jobs
from qa.settings import Settings
from qa.storage.records import Job

log = logging.getLogger("qa.work")

# How soon a corpus is opened again that could not be: its database is away.
REOPEN_SECONDS = 1.0
WATCH_SECONDS = 1.0
# How long the batch at hand may take when the worker is told to stop; then others have it anew.
GRACE_SECONDS = 60.0


def work(data: Data = None, as_json: AsJson = False) -> None:
    """Work on bulk additions that services took, until it is stopped; on any number of machines.

    The corpus is in a database that they share. On a folder it works beside `qa serve --no-work`.
    """
    settings = settings_for(data)
    configure("json" if as_json else settings.log_format)
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda ended_by, _: _told(stopping, ended_by))
    corpus = _opened(settings, stopping)
    if corpus is None:
        return
    with corpus:
        corpus.storage.store.refuse_when_read_only()
        _ = corpus.encoder  # one that is not there is said at once, and not of each job
        jobs = Jobs(corpus, Limits.of(settings), _progress)
        jobs.start()
        log.info("works on the bulk additions of %s (stop: Ctrl-C)", settings.data)
        while jobs.working and not stopping.wait(WATCH_SECONDS):
            pass
        jobs.stop(GRACE_SECONDS)
    if not stopping.is_set():  # whoever started it may start it again
        raise StorageError("the work cannot go on: the log says what ended it")
    log.info("has stopped; what is left goes to others, or waits")


def _told(stopping: threading.Event, ended_by: int) -> None:
    """Ends in order; told once more, at once."""
    signal.signal(ended_by, signal.SIG_DFL)
    stopping.set()


def _opened(settings: Settings, stopping: threading.Event) -> Corpus | None:
    """Opens the corpus, as soon as that can be done; None when it is told to stop before."""
    said = ""
    while not stopping.is_set():
        try:
            return corpus_of(settings, indexing=False)
        except StorageError as error:
            if error.message != said:
                log.error("waits: %s", error.message)
            said = error.message
            stopping.wait(REOPEN_SECONDS)
    return None


def _progress(job: Job, done: int) -> None:
    log.info("job %s: %d more of %d inputs are done", job.id, done, job.total)
