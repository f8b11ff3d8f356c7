"""What holds for every request and answer alike, whatever the endpoint."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from qa.schemas.paths import prefix, signed_in

# Answers that are no pages: nobody's page may show them, nor guess what they are.
PRIVATE = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PRIVATE = [(name.lower().encode(), value.encode()) for name, value in PRIVATE.items()]


class Front:
    """Takes the root path away, answers HEAD where there is GET, keeps answers out of frames."""

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app = app
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        prefix.set(self._root_path)
        signed_in.set(False)
        # A proxy may take the root path off or leave it. In place: errors are told outside of us.
        scope["path"] = without_root(self._root_path, scope["path"])
        head, ended = scope["method"] == "HEAD", False
        if head:  # by its own method for the server, which leaves the body out
            scope = {**scope, "method": "GET"}

        async def guarded(message: Message) -> None:
            nonlocal ended
            if ended:
                return
            if message["type"] == "http.response.start":
                given = message.get("headers", [])
                names = {name for name, _ in given}
                more = [pair for pair in _PRIVATE if pair[0] not in names]
                message = {**message, "headers": [*given, *more]}
            elif head and message["type"] == "http.response.body":
                message, ended = {"type": "http.response.body"}, True
            await send(message)

        await self._app(scope, receive, guarded)


def without_root(root_path: str, path: str) -> str:
    """The path as the endpoints have it, which a proxy may have left below its own."""
    if root_path and (path == root_path or path.startswith(f"{root_path}/")):
        return path[len(root_path) :] or "/"
    return path


class Forwarded:
    """Believes a trusted proxy about the client, the scheme and the name it was called by."""

    def __init__(self, app: ASGIApp, trusted: Iterable[str]) -> None:
        self._inner: Any = ProxyHeadersMiddleware(cast(Any, app), list(trusted))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if scope["type"] == "http" and client and client[0] in self._inner.trusted_hosts:
            _rename(scope)
        await self._inner(scope, receive, send)


def _rename(scope: Scope) -> None:
    if name := Headers(scope=scope).get("x-forwarded-host", "").strip():
        others = [(key, value) for key, value in scope["headers"] if key != b"host"]
        scope["headers"] = [*others, (b"host", name.encode("latin-1"))]
