"""The processes that read foreign formats, each given so much time and memory for an input.

A process starts when there is something to read, stays for the next input, and ends when it has
nothing to do (`worker`). One that takes too long is killed: that costs the input.
"""

from __future__ import annotations

import atexit
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import asdict
from typing import Any, Literal

from qa import system
from qa.errors import GaveUp, InvalidInput, TooLarge, Unavailable
from qa.ingest.documents import Blob, Page
from qa.ingest.limits import MEBIBYTE, Limits
from qa.ingest.processes import frames
from qa.ingest.processes.frames import Header
from qa.types import Document

_log = logging.getLogger(__name__)

Kind = Literal[
    "html",
    "markdown",
    "pdf",
    "docx",
    "odt",
    "pptx",
    "rtf",
    "epub",
    "eml",
    "mhtml",
    "webarchive",
    "subtitles",
]
Many = Literal["mbox", "warc", "feed", "csv", "xlsx"]

# Two, so that one bad input does not hold up all others.
PROCESSES = 2
START_SECONDS = 60.0
# Processor time is what is limited; on a machine that is shared, the clock runs ahead of it.
_CLOCK_FACTOR = 10
_LOOK_SECONDS = 0.1
# -P: no module of the folder that the service was started in.
_COMMAND = (sys.executable, "-P", "-m", "qa.ingest.processes.worker")


def read(kind: Kind, blob: Blob) -> Document:
    """The document of a file. Raises InvalidInput as its reader does, and GaveUp."""
    about = {"kind": kind, "id": blob.id, "origin": blob.origin}
    return frames.document_of(*_ask(about, blob.data, blob.limits), blob.data)


def read_page(markup: str, limits: Limits) -> Page:
    """The text and metadata of a page. Raises InvalidInput and GaveUp."""
    body = markup.encode("utf-8", "surrogatepass")
    return frames.page_of(*_ask({"kind": "page"}, body, limits))


def read_whole(format: Literal["pdf", "docx"], data: bytes, limits: Limits) -> str:
    """All text of a file, as it is. Raises InvalidInput and GaveUp."""
    return frames.page_of(*_ask({"kind": "whole", "format": format}, data, limits)).text


def read_records(format: Many, data: bytes, limits: Limits) -> list[dict[str, Any]]:
    """The records of a file that holds many articles. Raises InvalidInput and GaveUp."""
    _, body = _ask({"kind": "records", "format": format}, data, limits)
    records: list[dict[str, Any]] = json.loads(body)
    return records


def _ask(about: Header, body: bytes, limits: Limits) -> tuple[Header, bytes]:
    with _READERS.one() as reader:
        answer, text = reader.ask({**about, "limits": asdict(limits)}, body, limits)
    if "gave_up" in answer:
        raise GaveUp(
            f"reading it took more than {limits.parse_memory_bytes / MEBIBYTE:,.0f} MiB of memory: "
            "split it, or raise QA_MAX_PARSE_MEMORY_BYTES"
        )
    if "refused" in answer:
        code, message = answer["code"], answer["refused"]
        raise TooLarge(message) if code == TooLarge.code else InvalidInput(message, code=code)
    if "failed" in answer:
        _log.info("cannot read %s: %s", about.get("origin"), answer["traceback"])
        raise InvalidInput(f"it cannot be read: {answer['failed']}", code="unreadable")
    return answer, text


class _Ended(Exception):
    """The process ended and gave no answer; says how."""


class _Reader:
    """One process, started when it is needed. Used by one thread at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False

    def ask(self, request: Header, body: bytes, limits: Limits) -> tuple[Header, bytes]:
        """The answer. Raises GaveUp when there is none, Unavailable when no process starts."""
        try:
            with suppress(_Ended):  # by itself as it was asked, or by another's hand
                return self._ask(self._running(), request, body, limits)
            try:
                return self._ask(self._started(), request, body, limits)
            except _Ended as how:
                raise GaveUp(f"the process that was reading it ended ({how})") from None
        except BaseException:  # a Ctrl-C too: what it would answer is no longer asked for
            self.stop()
            raise

    def close(self) -> None:
        """Ends the process for good: a thread that is still reading starts no other."""
        self._closed = True
        self.stop()

    def stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            assert pipe is not None
            with suppress(OSError):  # of what could not be sent
                pipe.close()
        process.wait()

    def _ask(
        self, process: subprocess.Popen[bytes], request: Header, body: bytes, limits: Limits
    ) -> tuple[Header, bytes]:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            frames.send(process.stdin, request, body)
            _watch(process, limits.parse_seconds)
            return frames.receive(process.stdout)
        except (EOFError, BrokenPipeError):
            code = process.wait()
        if system.ran_out_of_time(code):
            raise _too_long(limits.parse_seconds)
        raise _Ended(signal.Signals(-code).name if code < 0 else f"exit code {code}")

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            return self._started()
        return self._process

    def _started(self) -> subprocess.Popen[bytes]:
        self.stop()
        if self._closed:
            raise Unavailable("the service is shutting down", code="shutting_down")
        try:
            # In a session of its own: a Ctrl-C at the terminal is not meant for it.
            process = self._process = subprocess.Popen(
                _COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=_environment(),
                start_new_session=True,
            )
            assert process.stdout is not None
            if not system.readable(process.stdout, START_SECONDS):
                raise Unavailable(f"the reading process did not start in {START_SECONDS:g} seconds")
            frames.receive(process.stdout)
        except (OSError, EOFError) as error:
            reason = f"the process that reads HTML, PDF and Markdown cannot be started: {error!r}"
            raise Unavailable(reason) from error
        return process


class _Readers:
    """The processes, and those who wait for one: who came first is served first."""

    def __init__(self, number: int) -> None:
        self._readers = tuple(_Reader() for _ in range(number))
        self._free = list(reversed(self._readers))
        self._waiting: deque[Future[_Reader]] = deque()
        self._lock = threading.Lock()

    @contextmanager
    def one(self) -> Iterator[_Reader]:
        """A reader for this thread alone; the one that was used last, since it is running."""
        turn: Future[_Reader] = Future()
        with self._lock:
            self._waiting.append(turn)
            self._hand_over()
        try:
            yield turn.result()
        finally:
            with self._lock:
                if turn.done():
                    self._free.append(turn.result())
                    self._hand_over()
                else:  # a Ctrl-C while it waited
                    self._waiting.remove(turn)

    def close(self) -> None:
        for reader in self._readers:
            reader.close()

    def _hand_over(self) -> None:
        while self._free and self._waiting:
            self._waiting.popleft().set_result(self._free.pop())


_READERS = _Readers(PROCESSES)
atexit.register(_READERS.close)


def _environment() -> dict[str, str]:
    """Our environment less our settings: no key is for a process that reads what anybody sent."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("QA_")}
    # Memory that is reserved and not used would be counted too.
    return {**ours, "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"}


def _watch(process: subprocess.Popen[bytes], seconds: float) -> None:
    """Waits until there is an answer. Raises GaveUp when that takes too long."""
    assert process.stdout is not None
    begun, used = time.monotonic(), system.processor_seconds(process.pid)
    look = min(_LOOK_SECONDS, seconds / 2)
    while not system.readable(process.stdout, look):
        late = time.monotonic() - begun > seconds * _CLOCK_FACTOR
        if late or system.processor_seconds(process.pid) - used > seconds:
            raise _too_long(seconds)


def _too_long(seconds: float) -> GaveUp:
    return GaveUp(
        f"reading it took more than {seconds:g} s of processor time: "
        "split it, or raise QA_MAX_PARSE_SECONDS"
    )
