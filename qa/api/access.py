"""The access log: a line for each request as it ends; what was asked stays out of it.

So does the `Referer`: of a page of answers it holds the question.
"""

from __future__ import annotations

import logging
from time import perf_counter
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.request_ids import traceparent, traceparent_of

log = logging.getLogger("qa.access")

_BROKEN_OFF = 499  # as nginx says it: no answer was sent
# In characters: of a path and a query, and of what a client says that it is.
_LONGEST, _LONGEST_AGENT = 1000, 200


class Access:
    """The outermost of all: logs how each request ended, and sends its `traceparent` back."""

    def __init__(self, app: ASGIApp, *, queries: bool = False) -> None:
        """`queries`: whether the log has what stands behind the `?`."""
        self._app = app
        self._queries = queries

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status, size = perf_counter(), _BROKEN_OFF, 0
        traceparent.set(traceparent_of(scope["headers"]))

        async def noted(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                if trace := traceparent.get():
                    named = (b"traceparent", trace.encode())
                    message = {**message, "headers": [*message.get("headers", ()), named]}
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            self._record(scope, status, size, perf_counter() - started)

    def _record(self, scope: Scope, status: int, size: int, seconds: float) -> None:
        client = scope.get("client") or ("", 0)
        query = scope["query_string"].decode("latin-1") if self._queries else ""
        target = quote(scope["path"][:_LONGEST]) + (f"?{query[:_LONGEST]}" if query else "")
        said = {
            "method": scope["method"],
            "path": scope["path"][:_LONGEST],
            **({"query": query[:_LONGEST]} if query else {}),
            "status": status,
            "duration_ms": round(1000 * seconds, 1),
            "bytes": size,
            "client": client[0],
            "user_agent": Headers(scope=scope).get("user-agent", "")[:_LONGEST_AGENT],
        }
        log.info(
            '%s - "%s %s HTTP/%s" %d',
            *(":".join(map(str, client)) if client[0] else "", scope["method"], target),
            *(scope["http_version"], status),
            extra={"request": said},
        )
