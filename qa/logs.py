"""Logs on standard error: lines for people, or JSON; each with its request id, never with a key."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from asgi_correlation_id import correlation_id


def configure(log_format: str = "text", level: int = logging.INFO) -> None:
    """Routes the standard library's logging, uvicorn's included, through structlog."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request_id,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            renderer,
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for noisy in ("httpx", "sentence_transformers", "trafilatura", "pypdf", "faiss.loader"):
        logging.getLogger(noisy).setLevel(logging.ERROR)


def _add_request_id(_: Any, __: str, event: dict[str, Any]) -> dict[str, Any]:
    if request_id := correlation_id.get():
        event["request_id"] = request_id
    return event
