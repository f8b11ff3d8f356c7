"""A worker's turn at a job: inputs are claimed, read, encoded, and stored as they are taken out.

An input at which the worker ends or fails again and again is given up, and the rest goes on.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from math import inf

from qa.corpus import Corpus
from qa.errors import FootnoteError, InvalidInput, Mismatch, Unavailable
from qa.ingest import Limits, completed, read_stream
from qa.passages.job_inputs import ENCODING, line_of, stated_of_all
from qa.passages.prepare import BATCH_CHUNKS, Batch, Outcome, batches
from qa.storage.disk import PASSING_ERRORS
from qa.storage.records import Job, PendingInput
from qa.storage.sql.job_claims import JobClaim
from qa.storage.sql.job_table import Overtaken
from qa.storage.sql.writes import Change
from qa.types import Document, Refused

log = logging.getLogger(__name__)

# How many inputs are a turn; one commit may hold fewer (qa.passages.prepare).
SLICE = 1024
# How many lines are a turn when other jobs wait: a commit, when they are short.
TURN = 192
# Where several work, a claim is about so much encoding: a slow machine does not hold many.
CLAIM_SECONDS = 5.0
# How often an input is begun before it is given up: once among others, so that it was hardly the
# cause, and twice alone.
MOST_STARTS = 3
# So many inputs that fail with nothing stored between them, and it is not they that are at fault.
MOST_IN_A_ROW = 100
# What is not the input's fault: a full disk, a locked database, no process to read a page in.
PASSING: tuple[type[Exception], ...] = (*PASSING_ERRORS, Unavailable)
# The queue goes on with the same input, later.
RETRIED: tuple[type[Exception], ...] = (Mismatch, *PASSING)

# Is told of a job, and how many more of its inputs are done.
TellDone = Callable[[Job, int], None]
_Part = tuple[JobClaim, list[PendingInput]]


class JobWorker:
    """Works on parts of jobs, in one thread."""

    def __init__(
        self, corpus: Corpus, limits: Limits, stopping: threading.Event, tell: TellDone | None
    ) -> None:
        store = corpus.storage.store
        self.claims = store.claims()
        self._table = store.jobs
        self._shared = store.shared
        self._corpus = corpus
        self._limits = limits
        self._stopping = stopping
        self._tell = tell
        self._pace: float = BATCH_CHUNKS if store.shared else inf  # passages in CLAIM_SECONDS
        self._failed_in_a_row = 0

    def turn(self, job: Job, settled: bool) -> bool:
        """Works on a part of a job: a large one when it is the only job; says whether it did.

        Until it has `settled`, nothing is begun that an earlier worker did not end. Raises
        Overtaken.
        """
        try:
            return self._turn(job, settled)
        finally:
            self.claims.give_back()

    def _turn(self, job: Job, settled: bool) -> bool:
        alone = self._table.pending() == 1
        most = SLICE if alone else TURN
        claim = self._take(job, most)
        if not claim.inputs:
            return self._table.end_if_done(job)
        first = claim.inputs[0]
        if first.died >= MOST_STARTS:
            self._give_up(job, first, _ended_meanwhile(first))
        elif first.died and not settled:
            self._stopping.wait(0.1)
        elif first.is_line:
            self._add_lines(claim, most)
        else:
            # What was stored is skipped at each turn: growing turns keep that a small part.
            self._add_files(claim, None if alone else max(SLICE, first.stored // 16))
        if not self._stopping.is_set():
            self._table.end_if_done(job)
        return True

    def _take(self, job: Job, most: int) -> JobClaim:
        return self.claims.take(job, most, self._pace)

    # --- lines ---------------------------------------------------------------------------------

    def _add_lines(self, claim: JobClaim, most: int) -> None:
        job, began = claim.job, time.monotonic()
        parts: deque[_Part] = deque()
        try:
            for batch in self._corpus.prepare(self._parts(claim, most, parts)):
                if self._stopping.is_set():
                    return
                claim, lines = parts[0]
                self._commit(job, batch, lines)
                parts.popleft()
                claim.dealt_with(len(lines))
                self._pace_of(sum(line.work for line in lines), time.monotonic() - began)
                began = time.monotonic()
        except Exception as error:
            if not parts or not _is_of_input(error):
                raise
            self._blame(job, parts[0][1], error)

    def _parts(
        self, claim: JobClaim, most: int, parts: deque[_Part]
    ) -> Iterator[list[Document | Refused]]:
        """What is committed together, of this claim and further ones; `parts` are its inputs.

        The next is claimed while one is stored, so that the encoder does not wait.
        """
        job, given = claim.job, stated_of_all(claim.job.stated)
        while claim.inputs:
            self.claims.begin(job, claim.inputs)
            lines = iter(claim.inputs)
            documents = (line_of(line.input, self._limits) for line in claim.inputs)
            for part in batches(completed(item, given, None) for item in documents):
                parts.append((claim, list(islice(lines, len(part)))))
                yield part
            most -= len(claim.inputs)
            if most <= 0 or not self._shared or claim.inputs[0].died or self._stopping.is_set():
                return
            claim = self._take(job, most)
            if claim.inputs and (claim.inputs[0].died or not claim.inputs[0].is_line):
                return  # of a turn of its own

    def _pace_of(self, work: int, seconds: float) -> None:
        if self._shared:
            self._pace = min(max(1.0, work / max(seconds, 1e-3) * CLAIM_SECONDS), BATCH_CHUNKS)

    # --- files ---------------------------------------------------------------------------------

    def _add_files(self, claim: JobClaim, most: int | None) -> None:
        files = claim.inputs[:1] if most else claim.inputs
        self.claims.begin(claim.job, files)
        for file in files:
            if self._stopping.is_set() or not self._add_file(claim, file, most):
                return

    def _add_file(self, claim: JobClaim, file: PendingInput, most: int | None) -> bool:
        """Adds articles of a file, in several commits; cut off, it goes on after the last.

        Says whether nothing failed.
        """
        job = claim.job
        limits = replace(self._limits, encoding=job.stated.get(ENCODING))
        documents = read_stream(file.input.payload, file.input.name, limits, file.stored)
        given = stated_of_all(job.stated)
        whole = (completed(item, given, None) for item in islice(documents, most))
        came = 0
        try:
            for batch in self._corpus.prepare(batches(whole)):
                if self._stopping.is_set():
                    return True
                self._commit(job, batch, half_done=file)
                came += len(batch.items)
                file = replace(file, stored=file.stored + len(batch.items), died=0)
            if came != most and not self._stopping.is_set():
                self._commit(job, Batch(), [file])
        except Exception as error:
            if not _is_of_input(error):
                raise
            self._blame(job, [file], error)
            return False
        return True

    # --- what becomes of them ------------------------------------------------------------------

    def _commit(
        self,
        job: Job,
        batch: Batch,
        done: Sequence[PendingInput] = (),
        half_done: PendingInput | None = None,
    ) -> None:
        """Commits articles, progress and the inputs that were dealt with, in one transaction."""
        ordinals = [pending.ordinal for pending in done]

        def settle(change: Change, outcomes: list[Outcome]) -> None:
            became = [(outcome.name, outcome.refused) for outcome in outcomes]
            self._table.settle(change, job, became, ordinals, half_done)

        self.claims.keep()
        self._corpus.commit(batch, settle)
        self.claims.forget(job, ordinals)
        self._failed_in_a_row = 0
        if self._tell and done:
            self._tell(job, len(done))

    def _blame(self, job: Job, inputs: Sequence[PendingInput], error: Exception) -> None:
        """Has inputs tried again, each alone, or given up: something failed at one of them."""
        log.error("job %s: %s failed", job.id, _named(inputs), exc_info=error)
        self.claims.forget(job, [pending.ordinal for pending in inputs])  # their starts count
        if len(inputs) > 1 or inputs[0].died + 1 < MOST_STARTS:
            return
        failed = self._failed_in_a_row + 1
        if failed > MOST_IN_A_ROW:
            self._table.fail(job, reason_of(error))
            return
        times = f"it was tried {MOST_STARTS} times, and the last time it failed"
        self._give_up(job, inputs[0], f"{times}: {reason_of(error)}")
        self._failed_in_a_row = failed

    def _give_up(self, job: Job, pending: PendingInput, reason: str) -> None:
        if pending.stored:
            reason += f"; {pending.stored:,} articles of it are stored"
        refused = Refused(pending.input.origin, "gave_up", reason, len(pending.input.payload))
        self._commit(job, Batch(((refused, None),)), [pending])


def reason_of(error: Exception) -> str:
    """What is said of an error: of one that is not ours the name alone, which holds no secret."""
    return error.message if isinstance(error, FootnoteError) else type(error).__name__


def _is_of_input(error: Exception) -> bool:
    """Whether an error may come of what is in an input, and not of corpus, model or machine."""
    if isinstance(error, (Overtaken, *RETRIED)):
        return False
    return isinstance(error, InvalidInput) or not isinstance(error, FootnoteError)


def _ended_meanwhile(pending: PendingInput) -> str:
    return f"it was begun {pending.died} times, and each time the service ended meanwhile"


def _named(inputs: Sequence[PendingInput]) -> str:
    more = f" and {len(inputs) - 1} more" if len(inputs) > 1 else ""
    return f"{inputs[0].input.origin}{more}"
