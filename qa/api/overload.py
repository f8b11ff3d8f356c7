"""Refuses what comes beyond what can be worked on, instead of letting a queue grow.

A queue helps nobody once it is long: every answer comes late, the first ones to clients that have
gone. Whoever is told at once to come back in a second loses a second.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.problems import answer_to
from qa.errors import Overloaded

# How long an addition may wait for memory; and how many times what is prepared at a time may wait.
WAIT_SECONDS = 5.0
_LINE = 4
# Of how many places of single questions there is one for a batch.
BATCH_PLACES = 10
_BATCHES = "/batch"
_PLACE = "footnote.place"  # of a request, in its scope
# Paths that are never refused: cheap, and asked by those who want to know what is wrong; or streams
# that stay open.
_WRITING = ("/v1/articles", "/add", "/correct", "/remove")
_ALWAYS = ("/health/", "/metrics", "/static/", "/docs", "/openapi.json", "/v1/jobs/")


class Overload:
    """Limits how many questions, checks and pages run at a time, and how many writes and bytes.

    Batches are counted apart, a tenth as many.
    Writes are counted apart: they wait for one another, and would leave no room for questions. A
    request counts from the moment its body has come, so a slow sender holds no place. Preparing an
    article takes memory in proportion to its bytes: what is more than `pending_bytes` together
    waits in line.
    """

    def __init__(self, app: ASGIApp, limit: int, pending_bytes: int) -> None:
        self._app = app
        self._reading, self._writing = _Places(limit), _Places(limit)
        # Each is worked on for seconds: were there as many as of questions, all would be late.
        self._batches = _Places(max(1, limit // BATCH_PLACES))
        self._bytes = _Bytes(pending_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_ALWAYS):
            await self._app(scope, receive, send)
            return
        writes = _writes(scope)
        place = scope[_PLACE] = _Place(self._places(scope["path"], writes))
        came = taken = 0
        try:
            if not _has_body(scope):
                place.take()
                await self._app(scope, receive, send)
                return

            async def whole() -> Message:
                nonlocal came, taken
                message = await receive()
                if message["type"] == "http.request":
                    came += len(message.get("body", b""))
                    if not message.get("more_body"):
                        place.take()
                        if writes and not taken:
                            await self._bytes.take(came)
                            taken = came
                return message

            await self._app(scope, whole, send)
        except Overloaded as error:  # of no body; the application answers what `whole` raises
            await answer_to(Request(scope), error)(scope, receive, send)
        finally:
            place.leave()
            self._bytes.give_back(taken)

    def _places(self, path: str, writes: bool) -> _Places:
        if writes:
            return self._writing
        return self._batches if path.endswith(_BATCHES) else self._reading


class _Places:
    """The places of one kind, and how many of them are free. All on the event loop's thread."""

    def __init__(self, limit: int) -> None:
        self.limit = self.free = limit


class _Place:
    """The place that one request takes."""

    def __init__(self, places: _Places) -> None:
        self._places = places
        self._taken = False

    def take(self) -> None:
        """Takes the place. Raises Overloaded when none is free."""
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


@asynccontextmanager
async def standing_aside(scope: Scope) -> AsyncIterator[None]:
    """Gives the place of a request to others while it waits for something, and takes one again.

    Raises Overloaded when none is free by then.
    """
    place: _Place = scope[_PLACE]
    place.leave()
    yield
    place.take()


class _Bytes:
    """The bytes that are being prepared, and the requests that wait: first come, first served."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._used = self._queued = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def take(self, size: int) -> None:
        """Takes the bytes once there is room; a body that is larger than all of it has it alone.

        Raises Overloaded when that takes too long, or too much is waiting already.
        """
        if self._waiting and self._queued + size > _LINE * self._most:
            raise self._overloaded()
        turn = asyncio.get_running_loop().create_future()
        waits = (size, turn)
        self._waiting.append(waits)
        self._queued += size
        self._hand_over()
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                await turn
        except BaseException as error:
            if waits in self._waiting:
                self._waiting.remove(waits)
                self._queued -= size
                self._hand_over()
            else:  # its turn came in the moment in which it gave up
                self.give_back(size)
            if isinstance(error, TimeoutError):
                raise self._overloaded() from None
            raise

    def give_back(self, size: int) -> None:
        self._used -= size
        self._hand_over()

    def _hand_over(self) -> None:
        while self._waiting and self._room(self._waiting[0][0]):
            size, turn = self._waiting.popleft()
            self._queued -= size
            self._used += size
            if not turn.done():
                turn.set_result(None)

    def _room(self, size: int) -> bool:
        return not self._used or self._used + size <= self._most

    def _overloaded(self) -> Overloaded:
        return Overloaded(
            f"articles of {self._used:,} bytes are being prepared: try again in a second, "
            "or raise QA_MAX_PENDING_BYTES where there is memory for it"
        )


def _writes(scope: Scope) -> bool:
    return scope["method"] in ("POST", "PATCH", "DELETE") and scope["path"].startswith(_WRITING)


def _has_body(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
