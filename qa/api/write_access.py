"""Writes: who may make them, and a line in the audit log for each."""

from __future__ import annotations

import logging

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.guards import READING
from qa.api.problems import problem
from qa.keys import LOCAL, Key

log = logging.getLogger("qa.audit")

# Sent by POST for what they hold, but they change nothing. All else that is not read by GET writes.
_QUESTIONS = (
    *("/v1/ask", "/v1/ask/batch", "/v1/related"),
    *("/v1/check", "/v1/check/batch", "/v1/check/text", "/v1/check/text/report"),
    *("/check/text", "/check/report", "/mcp"),
)
_BROKEN_OFF = 499  # as nginx says it: no answer was sent


class WriteAccess:
    """Refuses the writes of a key that may only read, and logs all of them with how they ended."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not writes(scope["method"], scope["path"]):
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        key: Key = getattr(request.state, "key", None) or Key(LOCAL, b"")
        status, location = _BROKEN_OFF, ""

        async def noted(message: Message) -> None:
            nonlocal status, location
            if message["type"] == "http.response.start":
                status = message["status"]
                location = dict(message.get("headers", ())).get(b"location", b"").decode("latin-1")
            await send(message)

        try:
            if key.writes:
                await self._app(scope, receive, noted)
            else:
                detail = f"the key {key.name!r} may only read: use one that may write"
                answer = problem(request, 403, "read_only_key", detail)
                await answer(scope, receive, noted)
        except Exception:
            status = 500  # answered outside of us
            raise
        finally:
            _record(request, key.name, status, location)


def writes(method: str, path: str) -> bool:
    """Whether such a request changes something."""
    return method not in READING and not (method == "POST" and path in _QUESTIONS)


def _record(request: Request, key: str, status: int, location: str) -> None:
    """Logs a write; `location` names what was written: the article, or the job that adds many."""
    said = {
        "key": key,
        "client": request.client.host if request.client else "",
        "method": request.method,
        "path": request.url.path,
        "status": status,
        "location": location,
    }
    log.info("%s %s", request.method, request.url.path, extra=said)
