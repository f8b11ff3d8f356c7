"""The process that reads foreign formats, which `pool` starts by `python -m`."""

from __future__ import annotations

import json
import logging
import math
import os
import queue
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from typing import Any, BinaryIO

import trafilatura  # noqa: F401 - all is loaded before memory is measured

from qa import system
from qa.errors import InvalidInput
from qa.ingest import pdf
from qa.ingest.documents import Blob, Page
from qa.ingest.formats import books, docx, mail, office, saved_pages, sheets, subtitles
from qa.ingest.limits import Limits
from qa.ingest.markdown import markdown_files
from qa.ingest.processes import frames
from qa.ingest.processes.frames import Header
from qa.ingest.stated.fields import Metadata
from qa.ingest.web import html
from qa.types import Document

# How long a process waits for an input before it ends: it holds some 100 MB.
IDLE_SECONDS = 60.0

_FILES: dict[str, Callable[[Blob], Document]] = {
    "html": html.read,
    "markdown": markdown_files.read,
    "pdf": pdf.read,
    "docx": docx.read,
    "odt": office.read_odt,
    "pptx": office.read_pptx,
    "rtf": office.read_rtf,
    "epub": books.read,
    "eml": mail.read_eml,
    "mhtml": mail.read_mhtml,
    "webarchive": saved_pages.read_webarchive,
    "subtitles": subtitles.read,
}

# What holds many articles, each of which is then read as a record.
_RECORDS: dict[str, Callable[[Blob], list[dict[str, Any]]]] = {
    "mbox": mail.read_mbox,
    "warc": saved_pages.read_warc,
    "feed": saved_pages.read_feed,
    "csv": sheets.read_csv,
    "xlsx": sheets.read_xlsx,
}

# What gives its text alone, as it is.
_TEXTS: dict[str, Callable[[Blob], str]] = {"pdf": pdf.read_text, "docx": docx.read_text}

Frame = tuple[Header, bytes]


def main() -> None:
    """Answers one frame after the other, until there is no more to do or nobody to ask."""
    logging.disable()
    requests, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    for standard in (0, 1, 2):  # what a parser prints is no answer
        os.dup2(os.open(os.devnull, os.O_RDWR), standard)
    system.no_core_dumps()
    asked: queue.SimpleQueue[Frame] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, asked), daemon=True).start()
    loaded = system.address_space()
    frames.send(answers, {"ready": True})
    with suppress(queue.Empty, BrokenPipeError):
        while _answer(answers, *asked.get(timeout=IDLE_SECONDS), loaded):
            pass
    os._exit(0)  # at once: the thread may be reading


def _listen(requests: BinaryIO, asked: queue.SimpleQueue[Frame]) -> None:
    """Ends the process with the one that asks, even in the middle of an input."""
    try:
        while True:
            asked.put(frames.receive(requests))
    finally:
        os._exit(0)


def _answer(answers: BinaryIO, request: Header, body: bytes, loaded: int) -> bool:
    """Whether the process is fit for another input: one that has grown gives its memory back."""
    limits = Limits(**request["limits"])
    _limit(limits, loaded)
    try:
        answer = _read(request, body, limits)
    except MemoryError:
        answer = {"gave_up": "memory"}, b""
    except InvalidInput as error:
        answer = {"refused": error.message, "code": error.code}, b""
    except Exception as error:  # a KeyError in a PDF, a RecursionError in a page
        answer = {"failed": type(error).__name__, "traceback": traceback.format_exc()}, b""
    frames.send(answers, *answer)
    return system.address_space() - loaded < limits.parse_memory_bytes // 4


def _read(request: Header, body: bytes, limits: Limits) -> Frame:
    if request["kind"] == "page":
        return frames.of_page(html.read_page(body.decode("utf-8", "surrogatepass")))
    if request["kind"] == "whole":
        text = _TEXTS[request["format"]](Blob(body, limits))
        return frames.of_page(Page(text, (), Metadata()))
    if request["kind"] == "records":
        return {}, json.dumps(_RECORDS[request["format"]](Blob(body, limits))).encode("ascii")
    blob = Blob(body, limits, request["id"], request["origin"])
    return frames.of_document(_FILES[request["kind"]](blob))


def _limit(limits: Limits, loaded: int) -> None:
    """Sets the limits that the kernel sees to, in whole seconds; who asks counts more finely."""
    seconds = math.ceil(time.process_time() + limits.parse_seconds) + 1
    system.limit_time_and_memory(seconds, loaded + limits.parse_memory_bytes if loaded else None)


if __name__ == "__main__":
    main()
