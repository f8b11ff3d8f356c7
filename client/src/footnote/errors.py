"""What a service answers instead of what was asked for."""

from __future__ import annotations

from typing import Any


class FootnoteError(Exception):
    """The service refused: `code` tells one reason from another, `detail` says what mends it."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.code: str = problem.get("code", "error")
        self.detail: str = problem.get("detail", "")
        self.request_id: str | None = problem.get("request_id")
        self.fields: list[dict[str, Any]] = problem.get("errors") or []
        super().__init__(f"{self.code}: {self.detail}")


class InvalidRequest(FootnoteError):
    """What was sent cannot be taken: too large, or not understood (400, 413, 415, 422)."""


class NotAllowed(FootnoteError):
    """A key is needed, or may not do this (401, 403, 421, 429)."""


class NotFound(FootnoteError):
    """There is no such article, passage or job (404)."""


class SourceChanged(FootnoteError):
    """The article has changed since the passage was cited (410)."""


class Ended(FootnoteError):
    """The job has ended already (409)."""


class Unavailable(FootnoteError):
    """The service has no room now, or is starting, or its disk is full (503, 507)."""


_KINDS: dict[int, type[FootnoteError]] = {
    **dict.fromkeys((400, 413, 415, 422), InvalidRequest),
    **dict.fromkeys((401, 403, 421, 429), NotAllowed),
    **dict.fromkeys((503, 507), Unavailable),
    404: NotFound,
    409: Ended,
    410: SourceChanged,
}


def error_of(status: int, problem: object) -> FootnoteError:
    """The error of an answer; `problem` is its body, if that is JSON."""
    said = problem if isinstance(problem, dict) else {"detail": f"the service answered {status}"}
    return _KINDS.get(status, FootnoteError)(status, said)
