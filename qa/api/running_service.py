"""What runs behind the endpoints: the corpus, the job queue, and a watch for other processes."""

from __future__ import annotations

import logging
import threading
import time
from typing import Annotated

from fastapi import Depends, Request

from embeddings import WARM_UP_CALLS
from qa.api.arrivals import Arrivals
from qa.corpus import Corpus
from qa.errors import Behind, FootnoteError, StorageError, Unavailable
from qa.ingest import Limits
from qa.jobs import Jobs
from qa.observe import Observer
from qa.settings import Settings
from qa.storage.lag import Lag
from qa.threads import behind_others

log = logging.getLogger(__name__)

# How soon articles that another process adds (`qa add` beside `qa serve`) are found.
WATCH_SECONDS = 0.5
# How long a change may wait to be shown here before others are to be asked instead. It is looked
# for twice a second; where changes come all the time each is shown in its turn, and none waits so
# long.
BEHIND_SECONDS = 2.0
# How soon what went out is given back, and small parts of the indexes are merged.
COMPACT_SECONDS = 5.0
# How soon a corpus is opened again that could not be: a full disk, a medium not mounted yet.
REOPEN_SECONDS = 2.0
# How long models are called before the service is ready; a large one is called once.
WARM_UP_SECONDS = 0.5


class Service:
    """The corpus and its job queue, opened in the background: liveness answers at once."""

    def __init__(self, settings: Settings, corpus: Corpus | None = None) -> None:
        self.settings = settings
        self.limits = Limits.of(settings)
        self.failure: FootnoteError | None = None
        self.observer: Observer | None = None
        self.arrivals = Arrivals()
        self._given = corpus
        self._corpus: Corpus | None = None
        self._jobs: Jobs | None = None
        self._ready = threading.Event()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []

    @property
    def ready(self) -> bool:
        return self._ready.is_set() and not self._stopping.is_set()

    @property
    def corpus(self) -> Corpus:
        if self._corpus is None or not self.ready:
            raise self._unavailable()
        return self._corpus

    @property
    def jobs(self) -> Jobs:
        if self._jobs is None or not self.ready:
            raise self._unavailable()
        return self._jobs

    def checked_lag(self) -> Lag:
        """How far the server is behind. Raises Behind for too long, Unavailable, Mismatch."""
        corpus = self.corpus
        corpus.checked_generation()
        lag = corpus.lag()
        if lag.behind_seconds > BEHIND_SECONDS:
            raise Behind(
                f"this server shows generation {lag.generation} and {lag.stored} is stored: a "
                f"change has waited for {lag.behind_seconds:.0f} seconds"
            )
        return lag

    def start(self) -> None:
        compacts = () if self.settings.read_only else (self._compact,)
        for target in (self._open, self._watch, *compacts):
            thread = threading.Thread(target=target, name=target.__name__, daemon=True)
            thread.start()
            self._threads.append(thread)

    def announce_stop(self) -> None:
        """Says that the service will stop: nothing new is begun, and event streams end."""
        self._stopping.set()

    def stop(self) -> None:
        """Finishes the commit at hand, leaves the rest queued, writes the indexes."""
        self.announce_stop()
        for thread in self._threads:
            thread.join(30)
        if self._jobs:
            self._jobs.stop()
        if self._corpus and self._given is None:
            self._corpus.close()

    def _open(self) -> None:
        """Tries until the corpus is open, or cannot be: what a disk refuses now it may not soon."""
        while not self._opened():
            if not isinstance(self.failure, StorageError) or self._stopping.wait(REOPEN_SECONDS):
                return

    def _opened(self) -> bool:
        try:
            corpus = self._given or _opened(self.settings)
            try:
                self._begin(corpus)
            except BaseException:
                if self._given is None:
                    corpus.close()
                raise
        except FootnoteError as error:
            if self.failure is None or self.failure.message != error.message:
                log.error("cannot open the corpus: %s", error.message)
            # Without its traceback, whose frames hold what was open.
            self.failure = type(error)(error.message, code=error.code)
            return False
        except Exception as error:  # readiness must say so; a dead thread says nothing
            self.failure = FootnoteError(f"cannot open the corpus: {type(error).__name__}: {error}")
            log.exception("cannot open the corpus")
            return False
        return True

    def _begin(self, corpus: Corpus) -> None:
        corpus.observer = self.observer
        for mended in corpus.repairs:
            log.warning("index mended: %s", mended)
        _warm_up(corpus)
        self.failure = None
        self._corpus = corpus
        self._jobs = Jobs(corpus, self.limits)
        if self.settings.work and not corpus.read_only:
            self._jobs.start()
        self._ready.set()

    def _watch(self) -> None:
        said = ""
        while self._may_be_news():
            if self._corpus:
                said = self._follow(self._corpus, said)

    def _may_be_news(self) -> bool:
        """Waits until something may have changed; False when the service is to stop."""
        if self._corpus is None:
            return not self._stopping.wait(WATCH_SECONDS)
        return self._corpus.storage.store.published(WATCH_SECONDS, self._stopping)

    def _follow(self, corpus: Corpus, said: str) -> str:
        """Shows what is stored by now; the service is ready as long as that can be answered from.

        Returns what stands in the way of showing it, which is logged once.
        """
        try:
            corpus.follow()
        except StorageError as error:  # a disk that is full now may not be in a second
            if error.message != said:
                log.error("what is stored cannot be shown yet: %s", error.message)
            return error.message
        except Unavailable:
            return said  # another process writes: what we have stands until then
        except FootnoteError as error:
            if self.failure is None:
                log.error("%s", error.message)
            # Without its traceback, whose frames hold what was open.
            self.failure = type(error)(error.message, code=error.code)
            self._ready.clear()
        except Exception:  # whatever it is, it may pass
            log.exception("what another process added cannot be read yet")
        else:
            if self.failure:
                log.warning("the corpus can be read again")
            self.failure = None
            self._ready.set()
        return ""

    def _compact(self) -> None:
        behind_others()
        while not self._stopping.wait(COMPACT_SECONDS):
            try:
                while self.ready and self._corpus and self._corpus.maintain():
                    pass
            except FootnoteError as error:  # re-indexed by another process; the disk is full
                log.warning("nothing is compacted: %s", error.message)
            except Exception:  # whatever it is, it may pass
                log.exception("the indexes could not be compacted")

    def _unavailable(self) -> FootnoteError:
        if self.failure:
            return Unavailable(self.failure.message, code=self.failure.code)
        if self._stopping.is_set():
            return Unavailable("the service is shutting down", code="shutting_down")
        return Unavailable("the service is starting: try again in a few seconds", code="starting")


def _opened(settings: Settings) -> Corpus:
    return Corpus.open(
        settings.data,
        model=settings.model,
        prompts=settings.prompts,
        threshold=settings.threshold,
        read=settings.read,
        read_only=settings.read_only,
        cache=settings.cache,
    )


def _warm_up(corpus: Corpus) -> None:
    """Loads the models and calls each until it is as fast as it gets: the first call is slow.

    Raises EncoderError for one that is not there or damaged.
    """
    corpus.load(corpus.depth)
    until = time.monotonic() + WARM_UP_SECONDS
    for _ in range(WARM_UP_CALLS):
        corpus.encoder.encode_queries(["warm-up"])
        if corpus.depth != "off":
            corpus.reader.read("warm-up", [("", "warm-up")])
        if time.monotonic() > until:
            return


async def service(request: Request) -> Service:
    """The running service; a coroutine, as `qa.dependencies.corpus` is."""
    running: Service = request.app.state.service
    return running


ServiceHere = Annotated[Service, Depends(service)]
