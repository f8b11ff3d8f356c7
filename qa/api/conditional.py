"""Answers that have not changed are not sent again, and lists name their next page.

What is read of articles and passages is tagged by its bytes. An answer to a question is tagged by
the question, the generation and this process: who has it already is told so before it is looked
for again.
"""

from __future__ import annotations

import json
import secrets
from hashlib import blake2b
from urllib.parse import parse_qsl, quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.running_service import Service
from qa.errors import FootnoteError
from qa.schemas.paths import below

_QUESTIONS = "/v1/ask"
_TAGGED = (_QUESTIONS, "/v1/articles", "/v1/passages")
# It may be kept, and is asked for anew each time: it may change or be taken out at any moment.
_KEPT = "private, no-cache"


class Conditional:
    """Gives GET a tag, answers 304 to who has it, and a list `Link: rel="next"`."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service
        # What a process was set to, and which corpus it was given, holds as long as it runs.
        self._process = secrets.token_hex(8)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or scope["method"] != "GET" or not path.startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        tag = await run_in_threadpool(self._tag_of_question, scope) if path == _QUESTIONS else None
        if tag and _has(scope, tag):
            await _unchanged(tag)(scope, receive, send)
            return
        await self._app(scope, receive, _Answer(scope, receive, send, tag))

    def _tag_of_question(self, scope: Scope) -> str | None:
        """The tag that its answer would have now; None when that cannot be told."""
        try:
            corpus = self._service.corpus
            generation, calibrated = corpus.checked_generation(), corpus.calibrations.stored()
        except FootnoteError:  # told by the endpoint
            return None
        said = (self._process, generation, repr(calibrated), scope["query_string"])
        return _tag(repr(said).encode())


class _Answer:
    """Holds an answer back until its body is there. A stream of events is passed on as it comes."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, tag: str | None) -> None:
        self._scope, self._receive, self._send = scope, receive, send
        self._tag = tag
        self._start: Message | None = None
        self._body: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start" and _is_whole(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._body.append(message.get("body", b""))
            if not message.get("more_body"):
                await self._finish(self._start, b"".join(self._body))

    async def _finish(self, start: Message, body: bytes) -> None:
        headers = MutableHeaders(raw=start["headers"])
        if self._scope["path"].startswith(_TAGGED):
            tag = self._tag or headers.get("etag") or _tag(body)  # an endpoint may know better
            if _has(self._scope, tag):
                await _unchanged(tag)(self._scope, self._receive, self._send)
                return
            headers["ETag"], headers["Cache-Control"] = tag, _KEPT
        if link := _next_page(self._scope, body):
            headers["Link"] = link
        await self._send({**start, "headers": headers.raw})
        await self._send({"type": "http.response.body", "body": body})


def tagged(path: str, method: str) -> bool:
    """Whether such an answer has a tag."""
    return method == "get" and path.startswith(_TAGGED)


def _is_whole(start: Message) -> bool:
    kind = Headers(raw=start.get("headers", [])).get("content-type", "")
    return start["status"] == 200 and not kind.startswith("text/event-stream")


def _has(scope: Scope, tag: str) -> bool:
    """Whether the client has the answer of this tag, by RFC 9110 (13.1.2)."""
    given = ",".join(Headers(scope=scope).getlist("if-none-match"))
    tags = [one.strip().removeprefix("W/") for one in given.split(",")]
    return tag in tags or given.strip() == "*"


def _tag(content: bytes) -> str:
    return f'"{blake2b(content, digest_size=16).hexdigest()}"'


def _unchanged(tag: str) -> Response:
    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": _KEPT})


def _next_page(scope: Scope, body: bytes) -> str | None:
    """The `Link` to the page behind this one; None when it is no list, or the last page."""
    if b'"next":"' not in body or not body.startswith(b"{"):
        return None
    cursor = json.loads(body).get("next")
    if not isinstance(cursor, str):  # it stood in a title
        return None
    query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    others = [(name, value) for name, value in query if name != "cursor"]
    path = below(quote(scope["path"]))
    return f'<{path}?{urlencode([*others, ("cursor", cursor)])}>; rel="next"'
