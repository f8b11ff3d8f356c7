"""What is deprecated; answers say so by `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link`.

docs/api.md has the policy: what is deprecated stays as long as `/v1` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from qa.api.bulk_endpoints import MULTIPART, NDJSON
from qa.schemas.paths import below


@dataclass(frozen=True, slots=True)
class Deprecated:
    """An operation that another has taken the place of; with `kinds`, for these bodies alone."""

    method: str
    path: str
    since: date
    instead: str
    kinds: tuple[str, ...] = ()
    until: date | None = None

    def concerns(self, method: str, path: str, kind: str) -> bool:
        """Whether a request of this method, path and media type is of the old form."""
        return (method, path) == (self.method, self.path) and (
            not self.kinds or kind.partition(";")[0].strip().lower() in self.kinds
        )

    def tell(self, headers: MutableHeaders) -> None:
        """Adds what the answer says of it."""
        headers["Deprecation"] = f"@{int(_midnight(self.since).timestamp())}"
        if self.until:
            headers["Sunset"] = format_datetime(_midnight(self.until), usegmt=True)
        headers.append(
            "Link",
            f'<{below("/docs")}>; rel="deprecation"; type="text/html", '
            f'<{below(self.instead)}>; rel="successor-version"',
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


_LINES_AND_FILES_ANYWHERE = date(2026, 11, 28)
DEPRECATED = (
    Deprecated(
        *("POST", "/v1/articles", _LINES_AND_FILES_ANYWHERE, "/v1/articles/bulk"), kinds=NDJSON
    ),
    Deprecated(
        *("POST", "/v1/articles", _LINES_AND_FILES_ANYWHERE, "/v1/articles/files"),
        kinds=(MULTIPART,),
    ),
)


class Deprecations:
    """Says in every answer, a refusal too, that what was used is deprecated."""

    def __init__(self, app: ASGIApp, deprecated: Sequence[Deprecated] = DEPRECATED) -> None:
        self._app = app
        self._deprecated = deprecated

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._of(scope) if scope["type"] == "http" else None
        if found is None:
            await self._app(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                found.tell(MutableHeaders(scope=message))
            await send(message)

        await self._app(scope, receive, told)

    def _of(self, scope: Scope) -> Deprecated | None:
        kind = Headers(scope=scope).get("content-type", "")
        asked = scope["method"], scope["path"], kind
        return next((one for one in self._deprecated if one.concerns(*asked)), None)


def deprecated_operation(
    method: str, path: str, deprecated: Sequence[Deprecated] = DEPRECATED
) -> bool:
    """Whether the whole operation is, as the OpenAPI document says it."""
    return any(
        (one.method, one.path, one.kinds) == (method.upper(), path, ()) for one in deprecated
    )
