"""What stands in front of the endpoints: keys, cross-site writes, the size of a body."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.problems import problem
from qa.errors import TooLarge

# Probes and styles say nothing of the corpus.
_OPEN = ("/health/", "/static/")
_READING = ("GET", "HEAD", "OPTIONS")
# So much of a refused body is read and thrown away: a client that is cut off while it sends sees a
# broken connection, and not the answer.
_DRAINED_BYTES = 64 * 1024 * 1024


class Guard:
    """Asks for a key when there are any, and refuses writes that another site's page makes."""

    def __init__(self, app: ASGIApp, keys: Iterable[str]) -> None:
        self._app = app
        self._keys = [key.encode() for key in keys]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, headers = Request(scope), Headers(scope=scope)
        if self._keys and not scope["path"].startswith(_OPEN) and not self._known(headers):
            detail = "send one of the keys of QA_API_KEYS as `Authorization: Bearer <key>`"
            # Browsers answer Basic by asking: any user name, the key as password.
            ask = {"WWW-Authenticate": 'Basic realm="Footnote"'}
            answer = problem(request, 401, "unauthorized", detail, headers=ask)
        elif scope["method"] not in _READING and _cross_site(headers):
            answer = problem(request, 403, "cross_site", "another site's page may not write here")
        else:
            await self._app(scope, receive, send)
            return
        await answer(scope, receive, send)

    def _known(self, headers: Headers) -> bool:
        given = _given_key(headers)
        # Every key is compared, in constant time: the answer's delay tells nothing.
        return sum(hmac.compare_digest(given, key) for key in self._keys) > 0


class BodyLimit:
    """Refuses a body over the limit: by its declared length, else once it has come that far."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = Headers(scope=scope).get("content-length", "0")
        if declared.isdecimal() and int(declared[:18]) > self._limit:
            if "expect" not in Headers(scope=scope):  # else it waits for a word before it sends
                await _drain(receive)
            answer = problem(Request(scope), 413, "body_too_large", self._message(declared))
            await answer(scope, receive, send)
            return
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > self._limit:
                await _drain(receive, message)
                raise TooLarge(self._message(f"over {self._limit}"), code="body_too_large")
            return message

        await self._app(scope, counted, send)

    def _message(self, size: str) -> str:
        return (
            f"the body has {size} bytes and the limit is {self._limit}: send less at a time, "
            "or raise QA_MAX_BODY_BYTES"
        )


async def _drain(receive: Receive, message: Message | None = None) -> None:
    read = 0
    while (message is None or message.get("more_body")) and read < _DRAINED_BYTES:
        message = await receive()
        read += len(message.get("body", b""))


def _given_key(headers: Headers) -> bytes:
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip().encode("latin-1")  # as it came: header bytes are read as Latin-1
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).partition(b":")[2]
        except (binascii.Error, ValueError):
            return b""
    return headers.get("x-api-key", "").encode("latin-1")


def _cross_site(headers: Headers) -> bool:
    return headers.get("sec-fetch-site") == "cross-site"
