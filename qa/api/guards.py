"""What stands in front of the endpoints: names, keys, pages of other sites, the size of a body."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.hosts import Hosts, may_write
from qa.api.problems import problem
from qa.api.wrong_keys import WrongKeys
from qa.errors import TooLarge
from qa.keys import Key
from qa.schemas.paths import SIGN_OUT, body_limit, signed_in, writable

# Probes and styles say nothing of the corpus.
OPEN = ("/health/", "/static/")
READING = ("GET", "HEAD", "OPTIONS")
# How much of a refused body is read and thrown away: a client that is cut off while it sends sees
# a broken connection, and not the answer.
_DRAINED_BYTES = 64 * 1024 * 1024
# Browsers answer Basic by asking: any user name, the key as password.
_ASK = {"WWW-Authenticate": 'Basic realm="Footnote"'}
_HINT = "send one of the keys of QA_API_KEYS as `Authorization: Bearer <key>`"


class Guard:
    """Lets in who calls us by a name of ours, with a key when there are any, from no other's page.

    The key stands in the request's state from then on.
    """

    def __init__(
        self,
        app: ASGIApp,
        hosts: Hosts,
        keys: Sequence[Key],
        wrong: WrongKeys,
        origins: frozenset[str],
        read_only: bool = False,
    ) -> None:
        """`origins` are those whose pages may write besides our own."""
        self._app = app
        self._origins = origins
        self._hosts, self._keys, self._wrong = hosts, keys, wrong
        self._read_only = read_only

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, headers = Request(scope), Headers(scope=scope)
        refused = (
            self._misdirected(request, headers)
            or self._unknown(request, headers)
            or self._foreign(request, headers)
        )
        key: Key | None = getattr(request.state, "key", None)
        writable.set(not self._read_only and (key is None or key.writes))
        await (refused or self._app)(scope, receive, send)

    def _misdirected(self, request: Request, headers: Headers) -> Response | None:
        given = headers.getlist("host")
        if not given and request.scope["http_version"] == "1.0":  # a probe's, and no browser's
            return None
        if len(given) != 1 or not given[0]:
            return problem(request, 400, "invalid_host", "send one Host header")
        if self._hosts.allow(given[0]):
            return None
        detail = (
            f"{given[0][:100]!r} is no name of this service: call it by its address, or set "
            "QA_ALLOWED_HOSTS to the names that it has (comma-separated, without ports)"
        )
        return problem(request, 421, "host_not_allowed", detail)

    def _unknown(self, request: Request, headers: Headers) -> Response | None:
        if not self._keys or request.scope["path"].startswith(OPEN):
            return None
        if request.scope["path"] == SIGN_OUT:  # a browser that is refused forgets the key
            # Where it is known to be a safe origin it need not even ask for another.
            forget = {**_ASK, "Clear-Site-Data": '"cookies"', "Cache-Control": "no-store"}
            return problem(request, 401, "signed_out", "you have signed out", headers=forget)
        given = _given_key(headers)
        # Every key is compared, in constant time: the answer's delay tells nothing.
        matches = [key for key in self._keys if hmac.compare_digest(given, key.secret)]
        if matches:
            request.state.key = matches[0]
            signed_in.set(True)
            return None
        seconds = given and self._wrong.note(request.client.host if request.client else "")
        if not seconds:
            return problem(request, 401, "unauthorized", _HINT, headers=_ASK)
        detail = (
            f"too many wrong keys from this address: wait {seconds} seconds, or send a right one"
        )
        slow = {"Retry-After": str(seconds), "Connection": "close"}
        return problem(request, 429, "too_many_wrong_keys", detail, headers=slow)

    def _foreign(self, request: Request, headers: Headers) -> Response | None:
        if request.method in READING or may_write(headers, self._origins):
            return None
        detail = (
            "a page of another site may not write here: set QA_CORS_ORIGINS if it is yours; behind "
            "a proxy, let the Host header through as it came"
        )
        return problem(request, 403, "cross_site", detail)


class BodyLimit:
    """Refuses a body over the limit: by its declared length, else once it has come that far."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        body_limit.set(self._limit)
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
