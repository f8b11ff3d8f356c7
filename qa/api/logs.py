"""Logs on standard error: lines for people, or JSON; each with its request id, never with a key.

What is asked stays out of them: a question says what a reporter works on.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import MutableMapping
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

import structlog
from asgi_correlation_id import correlation_id

from qa.api.request_ids import trace_id
from qa.errors import InvalidInput
from qa.text.printable import visible

# What a record may carry besides its words; `request`, of the access log, is for JSON alone.
_AUDITED = ("key", "client", "method", "path", "status", "location", "request_id", "request")


def configure(
    log_format: str = "text",
    level: int = logging.INFO,
    *,
    audit_log: Path | None = None,
) -> None:
    """Routes the standard library's logging, uvicorn's included, through structlog.

    Warnings, and what ends a thread, are events of the log too: in JSON every line is JSON. Raises
    InvalidInput for an `audit_log` that cannot be written to.
    """
    colours = sys.stderr.isatty()
    to_people = [_without_fields, _visible, structlog.dev.ConsoleRenderer(colors=colours)]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_formatter(*(_JSON if log_format == "json" else to_people)))
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for noisy in ("httpx", "sentence_transformers", "trafilatura", "pypdfium2", "faiss.loader"):
        logging.getLogger(noisy).setLevel(logging.ERROR)
    logging.captureWarnings(True)
    threading.excepthook = _thread_ended
    if audit_log:
        logging.getLogger("qa.audit").addHandler(_appending_to(audit_log))


def _fields_of_request(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    event.update(event.pop("request", {}))
    return event


_JSON = [_fields_of_request, structlog.processors.JSONRenderer()]


def _formatter(*renderers: Any) -> logging.Formatter:
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(allow=_AUDITED),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_ids,
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            *renderers,
        ],
    )


def _appending_to(path: Path) -> logging.Handler:
    """A handler that only its owner may read from, and that lets the file be rotated."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600))
        handler = WatchedFileHandler(path, encoding="utf-8")
    except OSError as error:
        message = f"QA_AUDIT_LOG: cannot write to {path}: {error.strerror}"
        raise InvalidInput(message, code="unwritable") from error
    handler.setFormatter(_formatter(*_JSON))
    return handler


def _without_fields(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    event.pop("request", None)
    return event


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None and not isinstance(ended.exc_value, SystemExit):
        name = ended.thread.name if ended.thread else "a thread"
        logging.getLogger("qa").error("%s has ended", name, exc_info=ended.exc_value)


def _visible(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name, value in event.items():
        if isinstance(value, str):
            event[name] = visible(value)
    event["event"] = str(event["event"]).rstrip("\n").replace("\n", "\\n")  # a line is one event
    return event


def _add_ids(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    if request_id := correlation_id.get():
        event.setdefault("request_id", request_id)
    if trace := trace_id():
        event["trace_id"] = trace
    return event
