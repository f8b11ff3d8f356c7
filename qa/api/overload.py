"""Refuses what comes beyond what can be worked on, instead of letting a queue grow.

A queue helps nobody once it is long: every answer comes late, the first ones to clients that have
gone. Whoever is told at once to come back in a second loses a second.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.problems import answer_to
from qa.errors import Overloaded

# Cheap, and asked by those who want to know what is wrong; or streams that stay open.
_ALWAYS = ("/health/", "/metrics", "/static/", "/docs", "/openapi.json", "/v1/jobs/")


class Overload:
    """At most so many questions, checks and pages at a time, and as many writes.

    Writes are counted apart: they wait for one another, and would leave no room for questions. A
    request counts from the moment its body has come, so a slow sender holds no place.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._reading, self._writing = _Places(limit), _Places(limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_ALWAYS):
            await self._app(scope, receive, send)
            return
        place = _Place(self._writing if _writes(scope) else self._reading)
        try:
            if not _has_body(scope):
                place.take()
                await self._app(scope, receive, send)
                return

            async def whole() -> Message:
                message = await receive()
                if message["type"] == "http.request" and not message.get("more_body"):
                    place.take()
                return message

            await self._app(scope, whole, send)
        except Overloaded as error:  # of no body; the application answers what `whole` raises
            await answer_to(Request(scope), error)(scope, receive, send)
        finally:
            place.leave()


class _Places:
    """How many there are of a kind, and how many are free. All on the event loop's thread."""

    def __init__(self, limit: int) -> None:
        self.limit = self.free = limit


class _Place:
    """What one request takes of them."""

    def __init__(self, places: _Places) -> None:
        self._places = places
        self._taken = False

    def take(self) -> None:
        """Raises Overloaded when none is free."""
        if self._taken:
            return
        if not self._places.free:
            raise Overloaded(
                f"{self._places.limit} requests are being worked on: try again in a second, "
                "or raise QA_MAX_CONCURRENT"
            )
        self._places.free -= 1
        self._taken = True

    def leave(self) -> None:
        self._places.free += self._taken
        self._taken = False


def _writes(scope: Scope) -> bool:
    return scope["method"] in ("POST", "DELETE") and scope["path"].startswith("/v1/articles")


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
